// What a balance card shows of providers that fail, wholly or in part, and of what they remark.
import { describe, expect, it } from 'vitest';
import { answered, cardOf, columns, failed, pen, rows, timed, usd } from './balance-answers.ts';
import { failureOf, lineOf, readingOf } from './world.ts';

describe('a balance card of a provider that fails', () => {
  it('shows why, and the last good answer with its age, quietly', () => {
    const card = cardOf([answered('payermax', usd), failed('alignet', pen, 4 * 60_000)]);
    expect(card.tone).toBe('warning');
    expect(card.text).toBe('1 of 2 providers answered in 8.0 s.');
    expect(card.table?.groups[1]).toEqual({
      title: 'Alignet',
      status: 'no answer',
      tone: 'bad',
      text:
        'Alignet did not answer within 8 s. Try again in a minute. ' +
        'Shown is its last good answer, 4 min ago.',
      rows: [
        [
          { text: 'payout ••1031', tone: 'quiet' },
          { text: 'PEN', tone: 'quiet' },
          { text: '-12.50', tone: 'quiet' },
          { text: '—', tone: 'quiet' },
        ],
      ],
    });
  });

  it('shows no row where there was never an answer', () => {
    const card = cardOf([failed('alignet')]);
    expect(card).toMatchObject({ tone: 'bad', text: 'Alignet did not answer as it should.' });
    expect(card.table?.groups[0]).toMatchObject({
      text: 'Alignet did not answer within 8 s. Try again in a minute. There is no earlier answer to show.',
      rows: [],
    });
    expect(card.notes).toEqual([]);
  });

  it('says when the last good answer had nothing in this currency', () => {
    expect(
      cardOf([failed('alignet', pen, 3_600_000)], { currency: 'USD' }).table?.groups[0],
    ).toMatchObject({
      text: expect.stringMatching(/Its last good answer, 1 h ago, had nothing here\.$/),
      rows: [],
    });
  });

  it('is bad only when all fail', () => {
    expect(cardOf([failed('alignet', pen), failed('payermax', usd)]).tone).toBe('bad');
    expect(cardOf([failed('alignet', pen), answered('payermax', usd)]).tone).toBe('warning');
  });
});

describe('a balance card of a provider that half answers', () => {
  const both = readingOf(
    lineOf('main', 'USD', { available: '1' }),
    lineOf('second', 'USD', { available: '2', held: '0.5' }),
  );
  const half = {
    lines: [lineOf('main', 'USD', { available: '3' })],
    failures: [{ account: 'second', error: failureOf('PayerMax', 'rate_limited') }],
  };

  it('shows the other half from its last good answer, with every figure it had', () => {
    const card = cardOf([answered('payermax', half, { last: timed(both, 120_000) })]);
    expect(card.tone).toBe('warning');
    expect(columns(card)).toEqual(['Account', 'Currency', 'Available', 'Held']);
    expect(card.table?.groups[0]).toEqual({
      title: 'PayerMax',
      status: '1 of its accounts failed',
      tone: 'warning',
      text:
        'second: PayerMax did not answer within 8 s. Try again in a minute. ' +
        'Shown is its last good answer, 2 min ago.',
      rows: [
        [
          { text: 'main' },
          { text: 'USD', tone: 'quiet' },
          { text: '3' },
          { text: '—', tone: 'quiet' },
        ],
        [
          { text: 'second', tone: 'quiet' },
          { text: 'USD', tone: 'quiet' },
          { text: '2', tone: 'quiet' },
          { text: '0.5', tone: 'quiet' },
        ],
      ],
    });
  });

  it('has no second row for an account that did answer', () => {
    const card = cardOf([answered('payermax', half, { last: timed(half, 1) })]);
    expect(rows(card)).toEqual([[['main', 'USD', '3']]]);
    expect(card.table?.groups[0]?.text).toMatch(/There is no earlier answer to show\.$/);
  });
});

describe('a balance card of several failures and notes', () => {
  it('says what failed alike once, with what to do', () => {
    const failures = ['b', 'c'].map((account) => ({ account, error: failureOf('PayerMax') }));
    const reading = { lines: [lineOf('a', 'USD', { available: '3' })], failures };
    const card = cardOf([answered('payermax', reading)]);
    expect(card.table?.groups[0]?.text).toBe(
      'b and c: PayerMax did not answer within 8 s. Try again in a minute. There is no earlier answer to show.',
    );
  });

  it('shows nothing old of an account that answered in another currency', () => {
    const old = readingOf(
      lineOf('main', 'USD', { available: '1' }),
      lineOf('second', 'EUR', { available: '2' }),
    );
    const now = {
      lines: [lineOf('main', 'EUR', { available: '3' })],
      failures: [{ account: 'second', error: failureOf('PayerMax') }],
    };
    const card = cardOf([answered('payermax', now, { last: timed(old, 1) })]);
    expect(rows(card)).toEqual([
      [
        ['main', 'EUR', '3'],
        ['second', 'EUR', '2'],
      ],
    ]);
  });

  it('keeps the old currency of an account that answered in one and failed in another', () => {
    const old = readingOf(
      lineOf('main', 'USD', { available: '1' }),
      lineOf('main', 'EUR', { available: '2' }),
    );
    const now = {
      lines: [lineOf('main', 'EUR', { available: '3' })],
      failures: [{ account: 'main', error: failureOf('PayerMax') }],
    };
    const card = cardOf([answered('payermax', now, { last: timed(old, 1) })]);
    expect(rows(card)).toEqual([
      [
        ['main', 'EUR', '3'],
        ['main', 'USD', '1'],
      ],
    ]);
  });

  it('has its notes in the order asked, whoever answered first', () => {
    const noted = (note: string) => readingOf(lineOf('main', 'USD', { available: '1' }, note));
    const results = [answered('payermax', noted('late')), answered('alignet', noted('early'))];
    expect(cardOf(results, { asked: ['alignet', 'payermax'] }).notes?.slice(0, 2)).toEqual([
      'Alignet, main: early',
      'PayerMax, main: late',
    ]);
    expect(cardOf([answered('alignet', noted('alone'))]).notes?.[0]).toBe('main: alone');
  });
});
