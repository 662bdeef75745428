// A team with rules, two providers that pay, and people who type, press and fill in: what tests of
// payouts and payees begin with. Every card that anybody gets is kept, to be searched.
import type { Card } from '../../src/commands/card.ts';
import type { Account, Outcome } from '../../src/commands/types.ts';
import type { Log } from '../../src/log.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { type Team, teamSchema } from '../../src/team.ts';
import { createPayer, type Payer } from './payer.ts';
import { ana, ask, createScene, eve, lineOf, readingOf, type Scene, spot } from './world.ts';

export { ana, ben, eve } from './world.ts';
/** May approve, like Ana and Ben. */
export const cy: Account = { platform: 'playground', user: 'cy' };
/** May look, and nothing else. */
export const dan: Account = { platform: 'playground', user: 'dan' };
/** Nobody knows this one. */
export const mallory: Account = { platform: 'playground', user: 'mallory' };

export const officeTeam: Team = teamSchema.parse({
  people: [
    { id: 'ana', name: 'Ana', roles: ['viewer', 'requester', 'approver', 'admin'] },
    { id: 'ben', name: 'Ben', roles: ['viewer', 'approver'], slack: { team: 'T01', user: 'U02' } },
    { id: 'cy', name: 'Cy', roles: ['viewer', 'approver'] },
    { id: 'dan', name: 'Dan', roles: ['viewer'] },
    { id: 'eve', name: 'Eve', roles: ['requester'] },
  ],
  approvals: [
    {
      when: { provider: 'payermax', currency: 'USD', up_to: '1000.00' },
      need: 1,
      from: 'approver',
    },
    { when: { currency: 'USD', up_to: '50000.00' }, need: 2, from: 'approver' },
    { when: { provider: 'alignet' }, need: 2, from: ['ben', 'cy'] },
  ],
  limits: [
    { per: 'person', window: '24h', currency: 'USD', amount: '20000.00' },
    { per: 'provider', provider: 'payermax', window: '24h', currency: 'USD', amount: '30000.00' },
  ],
});

/** Full account numbers that no card and no log line may hold. */
export const accountNumbers = {
  maria: '19398765432101',
  mariaCci: '00219300987654321017',
  luz: '19311112222333',
};

export interface Office extends Scene {
  /** Can be asked how a payout stands. */
  readonly payermax: Payer;
  /** Cannot be asked: people close its payouts. */
  readonly alignet: Payer;
  /** Every card that anybody got, in order. */
  readonly cards: readonly Card[];
  types(account: Account, line: string): Promise<Outcome>;
  presses(account: Account, action: string): Promise<Outcome>;
  fills(
    account: Account,
    action: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Outcome>;
  /** Types a request, looks at the preview and posts it. */
  requests(account: Account, line: string): Promise<Payout>;
  findPayout(id: string): Promise<Payout>;
  /** `payout.approve:…` of the posted card as it is now. */
  actionOf(payout: Payout, name: string): Promise<string>;
}

/** Maria is paid by PayerMax in USD or PEN, Luz by Alignet; both were agreed to by Ben. */
export async function createOffice(
  config: { readonly team?: Team; readonly log?: Log } = {},
): Promise<Office> {
  const payermax = createPayer({ id: 'payermax' });
  const alignet = createPayer({ id: 'alignet', isAskable: false });
  const scene = createScene({
    connected: ['alignet', 'payermax', 'smilepayz'],
    team: config.team ?? officeTeam,
    payers: { payermax, alignet },
    ...(config.log === undefined ? {} : { log: config.log }),
  });
  const { dispatcher, world } = scene;
  for (const id of ['payermax', 'alignet'] as const) {
    const lines = ['USD', 'PEN'].map((code) => lineOf('main', code, { available: '40000.005' }));
    scene.teller(id).says(readingOf(...lines));
  }
  const cards: Card[] = [];
  const keep = async (answer: Promise<Outcome>) => {
    const outcome = await answer;
    cards.push(outcome.card);
    return outcome;
  };
  const findPayout = async (id: string) => {
    const payout = await world.payouts.desk.find(id);
    if (payout === undefined) throw new RangeError(`there is no payout ${id}`);
    return payout;
  };
  const office: Office = {
    ...scene,
    payermax,
    alignet,
    cards,
    types: (account, line) => keep(ask(dispatcher, account, line)),
    presses: (account, action) => keep(dispatcher.press({ account, spot, action })),
    fills: (account, action, values) => keep(dispatcher.press({ account, spot, action, values })),
    async requests(account, line) {
      const { card } = await office.types(account, line);
      const action = actionIn(card, 'payout.post');
      await office.presses(account, action);
      return findPayout(action.slice('payout.post:'.length));
    },
    findPayout,
    async actionOf({ id }, name) {
      const { card } = await office.types(ana, `/payout show ${id}`);
      return actionIn(card, name);
    },
  };
  await savePayees(scene);
  return office;
}

/** The action of the button or of the form on a card. */
export function actionIn(card: Card, name: string): string {
  const all = [...(card.buttons ?? []).map(({ action }) => action), card.form?.action ?? ''];
  const found = all.find((action) => action.startsWith(`${name}:`));
  if (found === undefined)
    throw new RangeError(`“${card.title}” has no ${name}, but ${all.join(' ')}`);
  return found;
}

/** Everything that a card could show, as one text. */
export function textOf(card: Card): string {
  return JSON.stringify(card);
}

export function fieldOf(card: Card, label: string): string | undefined {
  return card.fields?.find((one) => one.label === label)?.value;
}

async function savePayees({ world }: Scene): Promise<void> {
  const { payees, payers } = world.payouts;
  const by = { platform: 'playground', user: eve.user };
  const saved = [
    {
      id: 'maria',
      name: 'María López',
      provider: 'payermax',
      fields: { bank: 'BCP', account_no: accountNumbers.maria, cci: accountNumbers.mariaCci },
    },
    {
      id: 'luz',
      name: 'Luz Vega',
      provider: 'alignet',
      fields: { bank: 'BBVA', account_no: accountNumbers.luz },
    },
  ];
  for (const input of saved) {
    const route = payers.get(input.provider)?.payouts.routes[0];
    if (route === undefined) throw new RangeError(`${input.provider} does not pay`);
    await payees.propose({ ...input, route }, true, eve.user, by);
    await payees.decide(input.id, 1, true, 'ben', { platform: 'playground', user: 'ben' });
  }
}
