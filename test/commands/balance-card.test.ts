// What a balance card says, and above all what it does not: no sum, no zero that nobody gave.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../src/money.ts';
import { amountKinds, type BalanceLine } from '../../src/providers/types.ts';
import { answered, cardOf, columns, pen, rows, usd } from './balance-answers.ts';
import { lineOf, readingOf } from './world.ts';

describe('a balance card', () => {
  it('shows what was said, digit by digit, with available as the headline', () => {
    expect(cardOf([answered('payermax', usd)])).toEqual({
      tone: 'neutral',
      title: 'PayerMax balances',
      text: 'PayerMax answered in 210 ms.',
      table: {
        caption: 'PayerMax balances, by provider and account',
        columns: [
          { label: 'Account', align: 'start' },
          { label: 'Currency', align: 'start' },
          { label: 'Available', align: 'end', isHeadline: true },
          { label: 'Total', align: 'end' },
        ],
        groups: [
          {
            title: 'PayerMax',
            status: '210 ms',
            rows: [
              [
                { text: 'main' },
                { text: 'USD', tone: 'quiet' },
                { text: '8,854.000' },
                { text: '9,000' },
              ],
            ],
          },
        ],
      },
      notes: ['Not given at all: held, reserve, settling, in flight.'],
      reference: 'R1',
    });
  });

  it('has a dash for a figure that a provider does not give, and says that it is not zero', () => {
    const card = cardOf([answered('payermax', usd), answered('alignet', pen)]);
    expect(rows(card)).toEqual([
      [['main', 'USD', '8,854.000', '9,000']],
      [['payout ••1031', 'PEN', '-12.50', '—']],
    ]);
    expect(card.notes).toEqual([
      'Alignet, payout ••1031: seen once a day',
      '— means that the provider does not give this figure; it is not zero.',
      'Not given at all: held, reserve, settling, in flight.',
    ]);
  });

  it('has a dash for available too', () => {
    const card = cardOf([answered('payermax', readingOf(lineOf('main', 'USD', { total: '5' })))]);
    expect(columns(card)).toEqual(['Account', 'Currency', 'Available', 'Total']);
    expect(rows(card)).toEqual([[['main', 'USD', '—', '5']]]);
  });

  it('shows a zero as what the provider said', () => {
    const card = cardOf([
      answered('payermax', readingOf(lineOf('main', 'USD', { available: '0.00' }))),
    ]);
    expect(rows(card)).toEqual([[['main', 'USD', '0.00']]]);
    expect(card.notes).toEqual(['Not given at all: total, held, reserve, settling, in flight.']);
  });

  it('marks what is below zero', () => {
    expect(cardOf([answered('alignet', pen)]).table?.groups[0]?.rows[0]?.[2]).toEqual({
      text: '-12.50',
      tone: 'bad',
    });
  });

  it('does not guess a currency', () => {
    const card = cardOf([
      answered('payermax', readingOf(lineOf('main', undefined, { available: '1' }))),
    ]);
    expect(rows(card)).toEqual([[['main', '?', '1']]]);
  });

  it('says that a provider lists nothing', () => {
    expect(cardOf([answered('payermax', readingOf())]).table?.groups[0]).toEqual({
      title: 'PayerMax',
      status: '210 ms',
      text: 'It lists no account.',
      rows: [],
    });
  });
});

describe('a balance card in one currency', () => {
  const mixed = readingOf(
    lineOf('main', 'USD', { available: '1' }),
    lineOf('main', 'EUR', { available: '2', reserve: '7' }),
  );

  it('leaves out the others, and their columns', () => {
    const card = cardOf([answered('payermax', mixed), answered('alignet', pen)], {
      currency: 'USD',
    });
    expect(card.title).toBe('Balances in USD');
    expect(columns(card)).toEqual(['Account', 'Currency', 'Available']);
    expect(rows(card)).toEqual([[['main', 'USD', '1']], []]);
    expect(card.table?.groups[1]?.text).toBe('No account in USD. It holds PEN.');
  });

  it('lists what is held instead, each once', () => {
    const twice = readingOf(...mixed.lines, lineOf('second', 'EUR', { available: '1' }));
    const card = cardOf([answered('payermax', twice)], { currency: 'CLP' });
    expect(card.title).toBe('PayerMax balances in CLP');
    expect(card.table?.groups[0]?.text).toBe('No account in CLP. It holds EUR, USD.');
    expect(card.notes).toEqual([]);
  });

  it('tells of the accounts that name no currency: they may be in it', () => {
    const unnamed = lineOf('pot', undefined, { available: '9' });
    const text = (...lines: BalanceLine[]) =>
      cardOf([answered('payermax', readingOf(...lines))], { currency: 'USD' }).table?.groups[0]
        ?.text;
    expect(text(unnamed)).toBe('No account in USD. Left out because they name no currency: 1.');
    expect(text(unnamed, ...mixed.lines)).toBe('Left out because they name no currency: 1.');
    expect(text(...mixed.lines)).toBeUndefined();
  });
});

describe('a balance card while providers are still being asked', () => {
  it('shows who is awaited and how far it is, and no summary yet', () => {
    const card = cardOf([answered('payermax', usd)], {
      asked: ['alignet', 'payermax', 'paycross'],
    });
    expect(card.progress).toEqual({ done: 1, of: 3 });
    expect(card.text).toBeUndefined();
    expect(card.notes).toEqual([]);
    expect(card.table?.groups.map(({ title, status }) => [title, status])).toEqual([
      ['Alignet', 'asking…'],
      ['PayerMax', '210 ms'],
      ['PayCross', 'asking…'],
    ]);
  });

  it('keeps the order asked whatever the order of the answers', () => {
    const results = [answered('payermax', usd), answered('alignet', pen)];
    const card = cardOf(results, { asked: ['alignet', 'payermax'] });
    expect(card.table?.groups.map(({ title }) => title)).toEqual(['Alignet', 'PayerMax']);
    expect(card.progress).toBeUndefined();
  });
});

describe('any balances', () => {
  const money = (currency: string) =>
    fc.record({
      units: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
      decimals: fc.nat({ max: 8 }),
      currency: fc.constant(currency),
    });
  const lines = fc.constantFrom('USD', 'EUR', 'KWD').chain((currency) =>
    fc.record(
      {
        account: fc.string({ minLength: 1, maxLength: 12 }),
        currency: fc.constant(currency),
        amounts: fc.record(Object.fromEntries(amountKinds.map((kind) => [kind, money(currency)])), {
          requiredKeys: [],
        }),
      },
      { requiredKeys: ['account', 'currency', 'amounts'] },
    ),
  );

  it('are shown one by one: every figure is one that a provider gave, or a dash', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 6 }), fc.array(lines, { maxLength: 6 }), (a, b) => {
        const card = cardOf([
          answered('payermax', readingOf(...a)),
          answered('alignet', readingOf(...b)),
        ]);
        const given = [a, b].map((all) =>
          all.map(({ amounts }) =>
            Object.values(amounts)
              .flatMap((amount) => (amount === undefined ? [] : [formatAmount(amount)]))
              .sort(),
          ),
        );
        const shown = card.table?.groups.map((group) =>
          group.rows.map((row) =>
            row
              .slice(2)
              .map(({ text }) => text)
              .filter((text) => text !== '—')
              .sort(),
          ),
        );
        expect(shown).toEqual(given);
      }),
    );
  });
});
