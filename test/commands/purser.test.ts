// /purser help and /purser providers: made from declarations and answers, so they cannot be stale.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { commands } from '../../src/commands/registry.ts';
import { usageOf } from '../../src/commands/usage.ts';
import { createPayer } from './payer.ts';
import { ana, basics, createScene, eve, failureOf, lineOf, readingOf, spot } from './world.ts';

const texts = ({ table }: Card) =>
  table?.groups.flatMap((group) => group.rows.map((row) => row.map(({ text }) => text)));

describe('/purser help', () => {
  it('lists every command with its summary and roles', async () => {
    const { dispatcher } = createScene();
    const { card } = await dispatcher.run({ account: ana, spot, line: '/purser help' }, () => {});
    expect(texts(card)).toEqual(
      commands.map((command) => [
        usageOf(command),
        command.summary,
        command.roles.join(' or ') || 'everybody',
      ]),
    );
    const examples = commands.flatMap((command) => command.examples);
    expect(card.suggestions).toEqual(examples.filter((line) => line !== '/purser help'));
    expect(card.suggestions).toContain('/payout list');
  });

  it('pales what the person may not do, and does not suggest it', async () => {
    const { dispatcher } = createScene({ commands: basics });
    const { card } = await dispatcher.run({ account: eve, spot, line: '/purser help' }, () => {});
    expect(card.table?.groups[0]?.rows.map((row) => row[0]?.tone)).toEqual([
      'quiet',
      'quiet',
      undefined,
    ]);
    expect(card.suggestions).toEqual([]);
  });
});

describe('/purser providers', () => {
  it('says who answers, who does not, and who is not connected', async () => {
    const { dispatcher, teller, clock } = createScene({
      connected: ['alignet', 'payermax', 'smilepayz'],
    });
    const good = readingOf(lineOf('main', 'USD', { available: '1' }));
    teller('payermax').says(good);
    await dispatcher.run({ account: ana, spot, line: '/balance payermax' }, () => {});
    clock.advance(180_000);
    teller('payermax').says(failureOf('payermax', 'auth_failed'));
    teller('smilepayz').says({
      ...good,
      failures: [{ account: 'second', error: failureOf('smilepayz') }],
    });
    const { card, audience } = await dispatcher.run(
      { account: ana, spot, line: '/purser providers' },
      () => {},
    );
    expect(audience).toBe('asker');
    expect(card).toMatchObject({ tone: 'warning', text: '2 of 3 answer.' });
    expect(texts(card)?.map((row) => [row[0], row[1], row[3]])).toEqual([
      ['Alignet', 'answers in 0 ms', 'alignet.test'],
      ['PayerMax', 'credentials refused', 'payermax.test (sandbox)'],
      ['SmilePayz', '1 of its accounts failed', 'smilepayz.test'],
      ['PayCross', 'not connected', 'set PAYCROSS_ID'],
      ['PaynetEasy', 'not connected', 'set PAYNETEASY_ID'],
    ]);
    expect(card.table?.groups[1]).toMatchObject({
      tone: 'bad',
      text: 'payermax did not answer within 8 s. Try again in a minute. Its last good answer was 3 min ago.',
    });
    expect(texts(card)?.[0]?.[2]).toContain('balances');
  });

  it('says what each can do: only what it has methods for', async () => {
    const payers = {
      payermax: createPayer({ id: 'payermax' }),
      alignet: createPayer({ id: 'alignet', isAskable: false }),
    };
    const { dispatcher } = createScene({ connected: ['alignet', 'payermax', 'smilepayz'], payers });
    const { card } = await dispatcher.run(
      { account: ana, spot, line: '/purser providers' },
      () => {},
    );
    expect(texts(card)?.map(([name, , can]) => [name, can])).toEqual([
      ['Alignet', 'balances, payouts (people close them)'],
      ['PayerMax', 'balances, payouts'],
      ['SmilePayz', 'balances'],
      ['PayCross', '—'],
      ['PaynetEasy', '—'],
    ]);
  });

  it('is not good when one account of many failed', async () => {
    const { dispatcher, teller } = createScene({ connected: ['payermax'] });
    teller('payermax').says({
      lines: [lineOf('main', 'USD', { available: '1' })],
      failures: [{ account: 'second', error: failureOf('payermax') }],
    });
    const { card } = await dispatcher.run(
      { account: ana, spot, line: '/purser providers' },
      () => {},
    );
    expect(card).toMatchObject({ tone: 'warning', text: '1 of 1 answer.' });
  });

  it('shows its progress', async () => {
    const { dispatcher } = createScene({ connected: ['alignet', 'payermax'] });
    const seen: (Card['progress'] | undefined)[] = [];
    const { card } = await dispatcher.run(
      { account: ana, spot, line: '/purser providers' },
      (one) => {
        seen.push(one.progress);
      },
    );
    expect(seen.slice(0, 2)).toEqual([
      { done: 0, of: 2 },
      { done: 1, of: 2 },
    ]);
    expect(card.progress).toBeUndefined();
    expect(card).toMatchObject({ tone: 'good', text: '2 of 2 answer.' });
  });
});
