// People who type, press and fill in whatever stands before them, in no order at all.
import type { SeenForm } from '../bots/chat.ts';
import type { Platform, Town, Townsperson } from '../town/index.ts';
import { createDice, type Dice } from './dice.ts';

export interface Crowd {
  /** Lines typed, buttons pressed, forms sent. */
  readonly done: number;
  /** Amounts that were asked for, each once. */
  readonly amounts: readonly string[];
  /** Resolves when everybody has put down what they were at. */
  stop(): Promise<void>;
}

export interface CrowdOptions {
  readonly seed: number;
  /** The longest that one person thinks between two things. */
  readonly pauseMaxMs: number;
}

const crowd: readonly Townsperson[] = ['ana', 'ben', 'cy', 'gus', 'eve'];
/** Nobody scrolls back for ever. */
const lookBack = 40;

export function gatherCrowd(town: Town, { seed, pauseMaxMs }: CrowdOptions): Crowd {
  const amounts: string[] = [];
  const counts = { done: 0 };
  let isOver = false;
  /** Those below 50 need one approver, the others two. */
  const newAmount = () => {
    const number = amounts.length;
    const cents = number % 2 === 0 ? 1_000 + number : 6_000 + number;
    const amount = (cents / 100).toFixed(2);
    amounts.push(amount);
    return amount;
  };
  const lives = crowd.flatMap((who, index) =>
    town.platforms.map((platform, second) =>
      live(who, platform, createDice(seed + 1000 * index + 100 * second)),
    ),
  );

  async function live(who: Townsperson, platform: Platform, dice: Dice): Promise<void> {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, 5 + dice.below(pauseMaxMs)));
      try {
        await doSomething({ town, who, platform, dice, newAmount });
        counts.done += 1;
      } catch (error) {
        // What stood there is gone, or the platform would not let anybody send that.
        if (!isHarmless(error)) throw error;
      }
    }
  }

  return {
    get done() {
      return counts.done;
    },
    amounts,
    async stop() {
      isOver = true;
      await Promise.all(lives);
    },
  };
}

const harmless =
  /sees no button|no form is open|has no form open|there is no button|must be filled in|is not filled in|does not offer|has no option|is too long|takes no/;

function isHarmless(error: unknown): boolean {
  return error instanceof Error && harmless.test(error.message);
}

interface Moment {
  readonly town: Town;
  readonly who: Townsperson;
  readonly platform: Platform;
  readonly dice: Dice;
  newAmount(): string;
}

async function doSomething({ town, who, platform, dice, newAmount }: Moment): Promise<void> {
  const chat = town.chat(platform);
  const form = chat.form(who);
  if (form !== undefined && !dice.oneIn(4)) return chat.submit(who, fillIn(form, dice, newAmount));
  if (dice.oneIn(2)) {
    const channel = dice.oneIn(8) ? 'dm' : 'approvals';
    const seen = chat.look(who, channel).slice(-lookBack);
    const all = seen.flatMap((one) => one.buttons.map((label) => ({ one, label })));
    // Most people are there for this.
    const forward = all.filter(({ label }) => /^(Approve|Ask for approval)$/.test(label)).slice(-4);
    const choice = dice.pick(forward.length > 0 && !dice.oneIn(3) ? forward : all);
    if (choice !== undefined) return chat.press(who, choice.one, choice.label);
  }
  await chat.type(who, 'approvals', chooseLine(dice, newAmount));
}

function chooseLine(dice: Dice, newAmount: () => string): string {
  const lines = [
    () => `/payout payermax ${newAmount()} USD maria`,
    () => `/payout payermax ${newAmount()} USD maria note ${dice.below(1000)}`,
    () => `/payout payermax ${newAmount()} USD maria`,
    () => '/payout',
    () => '/balance payermax USD',
    () => '/payout list',
    () => '/payee show maria',
    () => '/purser help',
    () => '/purser unfreeze payermax',
    () => (dice.oneIn(30) ? '/purser freeze payermax looks odd' : '/purser unfreeze payermax'),
  ];
  return dice.pick(lines)?.() ?? '/purser help';
}

function fillIn(form: SeenForm, dice: Dice, newAmount: () => string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { label, options } of form.fields) {
    if (options !== undefined) values[label] = dice.pick(options) ?? '';
    else if (label === 'Amount') values[label] = dice.oneIn(4) ? '1,250' : newAmount();
    else if (label === 'Currency') values[label] = 'USD';
    else values[label] = dice.oneIn(4) ? 'no' : `because ${dice.below(1000)}`;
  }
  return values;
}
