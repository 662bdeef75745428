// What people type, press and fill in: mostly real commands with something wrong in them.
import fc from 'fast-check';
import { actions, commands } from '../../src/commands/registry.ts';
import type { ArgumentKind } from '../../src/commands/types.ts';
import { ana, ben, cy, dan, eve, mallory } from '../commands/office.ts';
import { bend, edits, nastyText } from './bending.ts';

export type Input = { readonly by: number } & (
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'named'; readonly line: string; readonly named: Record<string, string> }
  /** One of the buttons and forms that were seen before in this world. */
  | { readonly kind: 'seen'; readonly nth: number; readonly values: Record<string, string> }
  | {
      readonly kind: 'press';
      readonly action: string;
      readonly values: Record<string, string> | undefined;
    }
  | { readonly kind: 'complete'; readonly line: string; readonly named?: Record<string, string> }
  /** What the providers do from now on. */
  | { readonly kind: 'world'; readonly what: (typeof happenings)[number] }
);

export const happenings = [
  ...(['fails', 'answers', 'answers', 'answers', 'refuses', 'takes', 'loses'] as const),
  ...(['pays', 'hour', 'hour', 'day'] as const),
];

export const people = [
  ...[ana, ben, cy, eve, ana, ben, eve, ana, eve, ben, ana, cy, eve, dan, mallory],
  { ...ana, doubt: 'guest' as const },
  { platform: 'slack' as const, team: 'T01', user: 'U02' },
  { platform: 'slack' as const, team: 'T99', user: 'U02' },
  { platform: 'discord' as const, user: '__proto__' },
];

/** Typed into the fields for them, and then searched for everywhere else. */
export const typedNumbers = ['55556666777788', '99998888777766', '12345678901234567890'];

const digits = fc.oneof(
  fc.integer({ min: 0, max: 2_000_000 }).map(String),
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
);
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('125.50', '1', '0.01', '999.99', '1000', '250', '12,5') },
  {
    weight: 3,
    arbitrary: fc
      .tuple(digits, fc.constantFrom('.', ',', "'", '’', ' ', '..', ''), digits)
      .map((parts) => parts.join('')),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom('.', ','),
        fc.array(fc.constantFrom('000', '250', '500', '00'), { minLength: 1, maxLength: 2 }),
        fc.constantFrom('', '', '', '', '.50', ',50', '.5', ',000', '.000'),
      )
      .map(([first, separator, groups, end]) => `${[first, ...groups].join(separator)}${end}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['٣٤', '１２５', '1e3', '0x10', '+5', '-5', '$5', '5USD', '1 250', '0', '0.00', '١٢٫٥'],
      ...['1\u200b25', '1\u202e25', '12\u00a0500', '１,250', '1,250,000', '0,250', '.5', '5.', ','],
    ),
  },
);
const words: Readonly<Record<ArgumentKind, fc.Arbitrary<string>>> = {
  provider: fc.constantFrom('payermax', 'alignet', 'monnet', 'PayerMax', 'smilepayz', 'paycross'),
  provider_or_all: fc.constantFrom('payermax', 'alignet', 'all', 'ALL', 'smilepayz', 'payme'),
  currency: fc.constantFrom('USD', 'usd', 'PEN', 'EUR', 'COP', 'XXX', 'USDT'),
  amount,
  payee: fc.constantFrom('maria', 'luz', 'Maria', 'john', 'nobody'),
  payout: fc.integer({ min: 1, max: 12 }).map((one) => `P${String(one).padStart(8, '0')}`),
  choice: fc.constantFrom('pending', 'mine', 'stuck', 'all', 'nothing'),
  month: fc.constantFrom('2026-11', '2026-10', '2026-13', '1999-01'),
  rest: fc.oneof(fc.constantFrom('invoice 42', 'the bank file looks odd', 'x'), nastyText),
};

/** A command with words for its arguments, some left out, some too many, in Slack's escapes. */
const goodLine = fc
  .constantFrom(...commands)
  .chain(({ path, arguments: all }) =>
    fc
      .tuple(...all.map(({ kind }) => fc.option(words[kind], { freq: 9, nil: '' })))
      .map((values) => `/${[...path, ...values.filter((one) => one !== '')].join(' ')}`),
  );
const payoutLine = fc
  .tuple(words.provider, amount, words.currency, words.payee, words.rest)
  .map((parts) => `/payout ${parts.join(' ')}`);
/** Everything right, but for the amount. */
const amountLine = fc
  .tuple(fc.oneof(amount, fc.constantFrom('5', '125.50', '999.99', '1001')), edits, fc.nat(3))
  .map(([one, all, chance]) => (chance === 0 ? bend(one, all) : one))
  .map((one) => `/payout payermax ${one} USD maria invoice 42`);

export const line: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: goodLine },
  { weight: 2, arbitrary: payoutLine },
  { weight: 14, arbitrary: amountLine },
  { weight: 5, arbitrary: fc.tuple(fc.oneof(goodLine, payoutLine), edits).map(bendPair) },
  { weight: 1, arbitrary: nastyText },
  { weight: 1, arbitrary: nastyText.map((text) => `/payout ${text}`) },
);

const argumentNames = [
  ...new Set(commands.flatMap((one) => one.arguments.map(({ name }) => name))),
];
const nameOfArgument = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...argumentNames) },
  { weight: 1, arbitrary: nastyText },
);
const anyWord = fc.oneof(...Object.values(words), nastyText);
const named = fc.constantFrom(...commands).chain(({ path, arguments: all }) =>
  fc
    .tuple(
      fc.tuple(
        ...all.map(({ kind }) => fc.oneof({ weight: 6, arbitrary: words[kind] }, nastyText)),
      ),
      fc.array(fc.tuple(nameOfArgument, anyWord), { maxLength: 2 }),
    )
    .map(([values, more]) => ({
      line: `/${path.join(' ')}`,
      named: Object.fromEntries([
        ...all.map(({ name }, index) => [name, values[index] ?? ''] as const),
        ...more,
      ]),
    })),
);

const fieldNames = [
  ...[
    'payee',
    'amount',
    'currency',
    'note',
    'reason',
    'id',
    'name',
    'bank',
    'phone',
    'way',
    'scope',
  ],
] as const;
const values: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...fieldNames), anyWord), { maxLength: 4 }),
    fc.constantFrom(...typedNumbers),
    fc.record({
      payee: fc.oneof({ weight: 5, arbitrary: words.payee }, nastyText),
      amount,
      currency: words.currency,
      note: words.rest,
      reason: fc.oneof({ weight: 3, arbitrary: fc.constant('I looked in its portal') }, nastyText),
      id: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('john', 'jack', 'maria') }, nastyText),
      name: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('John Doe', 'Luz') }, nastyText),
      bank: fc.constantFrom('BCP', 'BBVA', 'nope', ''),
      way: fc.constantFrom('payermax/pe-bank', 'alignet/us-wallet', 'payermax/', '/', ''),
    }),
    fc.boolean(),
  )
  .map(([more, number, usual, isShort]) => ({
    ...usual,
    account_no: number,
    wallet: number.slice(0, 12),
    ...(isShort ? { cci: '' } : { cci: number }),
    ...Object.fromEntries(more),
  }));

const argumentOfAction = fc.oneof(
  words.payout,
  words.payout.map((id) => `${id}.0123456789abcdef`),
  fc.constantFrom(
    'payermax/pe-bank',
    'payermax/pe-bank/maria',
    'maria.1',
    'luz.99',
    'alignet/',
    '',
  ),
  nastyText,
);
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom(...actions.map(({ name }) => name), 'share'), argumentOfAction)
      .map((parts) => parts.join(':')),
  },
  { weight: 1, arbitrary: nastyText },
);

const by = fc.nat({ max: people.length - 1 });

export const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('line'), by, line }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(by, named)
      .map(([who, one]) => ({ kind: 'named' as const, by: who, ...one })),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('seen'), by, nth: fc.nat(5), values }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('press'),
      by,
      action,
      values: fc.option(values, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('complete'), by, line }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(by, named)
      .map(([who, one]) => ({ kind: 'complete' as const, by: who, ...one })),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('world'), by, what: fc.constantFrom(...happenings) }),
  },
);

function bendPair([text, all]: [string, Parameters<typeof bend>[1]]): string {
  return bend(text, all);
}
