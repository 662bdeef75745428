// Typed lines of payouts, payees, freezes and the audit: what they become, and what would have fit.
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../src/commands/errors.ts';
import { parseLine } from '../../src/commands/parse.ts';
import { ana, createOffice } from './office.ts';

const office = await createOffice();
const { world } = office;

async function parsed(line: string) {
  const { command, values } = await parseLine(line, world);
  return [command.path.join(' '), values];
}

async function refused(line: string): Promise<CommandError> {
  try {
    await parseLine(line, world);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error(`${line} is not refused`);
}

const usage = 'Usage: /payout [request] [provider] [amount] [currency] [payee] [note…]';

const whole = {
  provider: 'payermax',
  amount: '125.50',
  currency: 'USD',
  payee: 'maria',
  'note…': 'invoice 42',
};

describe('a payout line', () => {
  it.each([
    ['/payout', {}],
    ['/payout request', {}],
    ['/payout payermax 125.50 USD maria invoice 42', whole],
    ['/payout request payermax 125.50 USD maria invoice 42', whole],
    ['/PAYOUT Request PAYERMAX 125.50 usd MARIA invoice 42', whole],
    ['  payout\tpayermax  125.50 USD maria   invoice   42  ', whole],
    ['/payout monnet 5', { provider: 'alignet', amount: '5' }],
    // Two readings: the desk says both, the parser only sees that it is a number.
    [
      '/payout payermax 1.250,50 USD maria',
      { provider: 'payermax', amount: '1.250,50', currency: 'USD', payee: 'maria' },
    ],
    [
      '/payout payermax 5 USD maria list USD payermax <!channel> @everyone /payout',
      {
        ...whole,
        amount: '5',
        'note…': 'list USD payermax <!channel> @everyone /payout',
      },
    ],
  ])('%j is a request for %j', async (line, values) => {
    expect(await parsed(line)).toEqual(['payout', values]);
  });

  it.each([
    ['/payout list', 'payout list', {}],
    ['/payout list MINE', 'payout list', { 'pending|mine|stuck|all': 'mine' }],
    ['/payout show p7k2m9qx4', 'payout show', { id: 'P7K2M9QX4' }],
    ['/payout cancel P7K2M9QX4', 'payout cancel', { id: 'P7K2M9QX4' }],
    ['/payee show Maria', 'payee show', { id: 'maria' }],
    ['/purser freeze', undefined, {}],
    ['/purser freeze looks odd', 'purser freeze', { 'reason…': 'looks odd' }],
    [
      '/purser freeze Monnet looks  odd',
      'purser freeze',
      { 'provider|all': 'alignet', 'reason…': 'looks odd' },
    ],
    ['/purser freeze all stop', 'purser freeze', { 'provider|all': 'all', 'reason…': 'stop' }],
    ['/purser unfreeze', 'purser unfreeze', {}],
    ['/purser audit export 2026-11', 'purser audit export', { month: '2026-11' }],
  ])('%j is %j with %j', async (line, name, values) => {
    if (name === undefined) expect((await refused(line)).title).toBe('The reason is missing');
    else expect(await parsed(line)).toEqual([name, values]);
  });
});

describe('a word that does not fit', () => {
  it.each([
    ['/payout lst', 'There is no “/payout lst”', 'Did you mean /payout list?', ['/payout list']],
    ['/payout SHWO', 'There is no “/payout SHWO”', 'Did you mean /payout show?', ['/payout show']],
    [
      '/payout payermx 5 USD maria rent',
      'There is no provider “payermx”',
      'Did you mean payermax? Providers here: alignet, payermax and smilepayz.',
      ['/payout payermax 5 USD maria rent'],
    ],
    [
      '/payout payermax USD 5 maria',
      '“USD” stands in the wrong place',
      usage,
      ['/payout payermax 5 USD maria'],
    ],
    [
      '/payout 12500.50 USD maria',
      '“12500.50” stands in the wrong place',
      usage,
      ['/payout payermax 12500.50 USD maria'],
    ],
    [
      '/payout maria 10 usd the rent',
      '“maria” stands in the wrong place',
      usage,
      ['/payout payermax 10 USD maria the rent'],
    ],
    [
      '/payout 10 USD maria alignet',
      '“10” stands in the wrong place',
      usage,
      ['/payout alignet 10 USD maria'],
    ],
    [
      '/payout 10 USD',
      '“10” stands in the wrong place',
      usage,
      ['/payout alignet 10 USD', '/payout payermax 10 USD'],
    ],
    [
      '/payout payermax 10 USD 9234567890',
      '“••7890” is no payee’s short name',
      'Short names have lower-case letters, digits, - and _. /payee list shows them.',
      [],
    ],
    ['/payout 10 USD maria to 9234567890', '“10” stands in the wrong place', usage, []],
    [
      '/payout maria 10',
      '“maria” stands in the wrong place',
      'Write it like this: /payout payermax 10 [currency] maria',
      [],
    ],
    [
      '/payout payermax -5 USD maria',
      '“-5” is no amount',
      'Write digits, with a dot before the decimals and nothing between thousands, like 125.50.',
      [],
    ],
    [
      '/payout payermax 5 UDS maria',
      'There is no currency “UDS”',
      'Did you mean USD? A currency is written by its code, like USD.',
      ['/payout payermax 5 USD maria'],
    ],
    [
      '/payout payermax 5 USD @maria',
      '“@maria” is no payee’s short name',
      'Short names have lower-case letters, digits, - and _. /payee list shows them.',
      [],
    ],
    [
      '/payout list stuk',
      '/payout list has no “stuk”',
      'It can be pending, mine, stuck or all.',
      ['/payout list stuck'],
    ],
    [
      '/payout list everything',
      '/payout list has no “everything”',
      'It can be pending, mine, stuck or all.',
      ['pending', 'mine', 'stuck', 'all'].map((one) => `/payout list ${one}`),
    ],
    [
      '/payout show maria',
      '“maria” is no payout’s id',
      'Ids stand on the cards, like P7K2M9QX4. /payout list shows them.',
      [],
    ],
    [
      '/payout show P7K2M9QX4 now',
      '“now” is one word too many',
      'Usage: /payout show <id>',
      ['/payout show P7K2M9QX4'],
    ],
    ['/payout cancel', 'The id is missing', 'Usage: /payout cancel <id>', []],
    [
      '/purser audit export 2026-13',
      '“2026-13” is no month',
      'Write the year and the month, like 2026-11.',
      [],
    ],
    [
      '/purser audit verfy',
      '/purser cannot do “audit verfy”',
      expect.stringMatching(/^Did you mean audit verify\?/),
      ['/purser audit verify'],
    ],
    [
      '/purser frezee payermax now',
      '/purser cannot do “frezee payermax now”',
      expect.stringMatching(/^Did you mean freeze\?/),
      ['/purser freeze'],
    ],
    [
      '/payee',
      '/payee what?',
      'It can do add, change, list, show and remove.',
      ['add', 'change', 'list', 'show', 'remove'].map((one) => `/payee ${one}`),
    ],
  ])('%j: %s', async (line, title, message, suggestions) => {
    expect(await refused(line)).toMatchObject({ title, message, suggestions });
  });

  it('is never skipped for the sake of a later one', async () => {
    for (const line of [
      '/payout 125.50',
      '/payout USD',
      '/payout payermax maria',
      '/payout maria',
    ]) {
      expect((await refused(line)).title).toMatch(/^(There is no|“)/);
    }
  });
});

describe('a line with marks that cannot be seen', () => {
  it('is read as what can be seen', async () => {
    const bidi =
      '/payout \u202Epayermax\u202C 125.50\u200F USD\uFEFF maria \u2066rent\u2069\u0000now';
    const { card } = await office.types(ana, bidi);
    expect(card.title).toBe('Ask for 125.50 USD to María López?');
    expect(card.fields).toContainEqual({ label: 'Note', value: 'rent now' });
  });

  it('is not repeated with them', async () => {
    const { card } = await office.types(ana, '/weather\u202E \u0007now');
    expect(card.title).toBe('There is no command “/weather”');
  });
});

describe('an amount of more digits than money has', () => {
  it.each([29, 30, 31, 38, 40, 41])(
    '%i of them are refused, as every other mistake',
    async (digits) => {
      const { card } = await office.types(
        ana,
        `/payout payermax ${'1'.repeat(digits)} USD maria x`,
      );
      expect(card.title).toBe('That did not work');
    },
  );
});
