// The life of one payout as a list of acts, any of which the death of a process may follow. Whoever
// hears nothing does what people do: the same again.
import type { Seen } from '../bots/chat.ts';
import { createPlayer, type Player, plain, posted, told } from '../town/player.ts';
import type { Platform } from '../town/team.ts';
import type { Fleet } from './index.ts';

export interface Tale {
  readonly fleet: Fleet;
  readonly platform: Platform;
  readonly ana: Player;
  readonly ben: Player;
  readonly cy: Player;
  /** `1500.00`; each tale has an amount of its own. */
  readonly amount: string;
  /** `1,500.00 USD to Maria Santos` */
  readonly title: string;
}

export interface Act {
  readonly name: string;
  act(tale: Tale): Promise<void>;
  isDone(tale: Tale): boolean;
}

/** Until somebody does it again, and how often. */
const againMs = 5_000;
const triesMax = 12;

export function beginTale(fleet: Fleet, platform: Platform, cents: number): Tale {
  const play = (id: 'ana' | 'ben' | 'cy') => createPlayer(fleet, id, platform);
  const amount = `15${String(cents).padStart(2, '0')}.00`;
  const title = `1,${amount.slice(1)} USD to Maria Santos`;
  return {
    ...{ fleet, platform, amount, title },
    ...{ ana: play('ana'), ben: play('ben'), cy: play('cy') },
  };
}

const card = ({ ben, title }: Tale): Seen | undefined => ben.look(posted(title)).at(-1);
const says = (tale: Tale, ...words: readonly string[]) =>
  words.some((one) => plain(card(tale)?.words ?? '').includes(one));
const hasForm = ({ fleet, platform }: Tale) =>
  fleet.chat(platform).form('ana')?.title.includes('Ask for a payout') === true;
const preview = ({ ana, title }: Tale) => ana.look(told(`Ask for ${title}?`)).at(-1);
export const isOrdered = ({ fleet, amount }: Tale) =>
  fleet.orders('payermax', `${amount} USD`).length > 0;

const openForm: Act = {
  name: 'the form is open',
  async act(tale) {
    await tale.ana.type('/payout');
    await tale.ana.opens('Ask for a payout');
  },
  isDone: hasForm,
};

const sendForm: Act = {
  name: 'the preview is there',
  async act(tale) {
    if (!hasForm(tale)) await openForm.act(tale);
    await tale.ana.submit({ payee: 'maria', amount: tale.amount, currency: 'USD' });
  },
  isDone: (tale) => preview(tale) !== undefined,
};

const askForApproval: Act = {
  name: 'it is posted',
  async act(tale) {
    const seen = preview(tale);
    if (seen?.buttons.includes('Ask for approval') !== true) return;
    await tale.fleet.chat(tale.platform).press('ana', seen, 'Ask for approval');
  },
  isDone: (tale) => card(tale) !== undefined,
};

const agree = (who: 'ben' | 'cy', name: string): Act => ({
  name: `${who} has agreed`,
  async act(tale) {
    const seen = card(tale);
    if (seen?.buttons.includes('Approve') !== true) return;
    await tale.fleet.chat(tale.platform).press(who, seen, 'Approve');
  },
  isDone: (tale) => says(tale, `${name} approved`),
});

const nothing = async () => {};

export const acts = [
  openForm,
  sendForm,
  askForApproval,
  agree('ben', 'Ben Okafor'),
  agree('cy', 'Cy Lindqvist'),
  { name: 'the provider has it', act: nothing, isDone: isOrdered },
  {
    name: 'it is submitted',
    act: nothing,
    isDone: (tale: Tale) => says(tale, 'With the provider.', 'Paid.'),
  },
  {
    name: 'it is paid',
    act: ({ fleet }: Tale) => fleet.advance(10_000),
    isDone: (tale: Tale) => says(tale, 'Paid.'),
  },
] as const satisfies readonly Act[];

/** Does it until it is done. `onActed` happens once, as soon as the platform has taken the first try. */
export async function perform(tale: Tale, act: Act, onActed?: () => Promise<void>): Promise<void> {
  let toCall = onActed;
  for (let tries = 0; tries < triesMax && !act.isDone(tale); tries += 1) {
    await act.act(tale).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
    await toCall?.();
    toCall = undefined;
    await until(() => act.isDone(tale), againMs);
  }
  if (!act.isDone(tale)) {
    const there = tale.ben.look(() => true).slice(-3);
    const shown = JSON.stringify([card(tale)?.words, there.map(({ words }) => words)], null, 1);
    throw new Error(`${tale.title}: “${act.name}” in vain: ${shown}`);
  }
}

/** False when the time is over. */
export async function until(is: () => boolean, patienceMs: number): Promise<boolean> {
  const startedAt = performance.now();
  while (!is()) {
    if (performance.now() - startedAt > patienceMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** What stood there changed meanwhile, or a form did not come. */
function isGone(error: unknown): boolean {
  const words = /sees no button|no form is open|has no form open|does not get the form/;
  return error instanceof Error && words.test(error.message);
}
