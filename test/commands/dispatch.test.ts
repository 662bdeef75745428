// The one way in: who may, what they read when they may not, and that nothing is ever thrown out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import type { Account } from '../../src/commands/types.ts';
import { teamSchema } from '../../src/team.ts';
import {
  ana,
  ask,
  basics,
  ben,
  commandThat,
  createGate,
  createScene,
  eve,
  failureOf,
  lineOf,
  readingOf,
  spot,
} from './world.ts';

describe('a person', () => {
  it.each([
    [{ platform: 'playground', user: 'cy' }],
    [{ platform: 'slack', team: 'T01', user: 'U03' }],
    [{ platform: 'slack', team: 'T02', user: 'U03' }],
    [{ platform: 'discord', user: '100000000000000003' }],
  ] as const)('is known by %j', async (account) => {
    const { dispatcher, log } = createScene();
    const { card } = await ask(dispatcher, account, '/purser help');
    expect(card.text).toBe('You are Cy: viewer.');
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'answered',
        fields: {
          reference: 'R1',
          person: 'cy',
          platform: account.platform,
          command: 'purser help',
          ms: 0,
          outcome: 'answered',
        },
      },
    ]);
  });

  it.each([
    [{ platform: 'slack', team: 'T99', user: 'U03' }],
    [{ platform: 'slack', user: 'U03' }],
    [{ platform: 'slack', team: 'T01', user: '100000000000000003' }],
    [{ platform: 'discord', user: 'U03' }],
    [{ platform: 'discord', user: 'cy' }],
    [{ platform: 'slack', user: 'cy' }],
    [{ platform: 'playground', user: 'Cy' }],
    [{ platform: 'playground', user: 'U03' }],
    [{ platform: 'playground', user: '' }],
  ] as const)('is not known by %j, and is told who can change that', async (account) => {
    const { dispatcher, teller, log } = createScene();
    expect(await ask(dispatcher, account, '/balance')).toEqual({
      audience: 'asker',
      card: {
        tone: 'warning',
        title: 'Purser does not know you',
        text: `Your ${account.platform} account is not in the team file. Ana can add you.`,
        suggestions: [],
        reference: 'R1',
      },
    });
    expect(teller('payermax').asked).toBe(0);
    const { platform } = account;
    const key = [platform, 'team' in account ? [account.team] : [], account.user].flat().join(':');
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'command refused',
        fields: {
          reference: 'R1',
          person: undefined,
          account: key,
          platform,
          command: 'balance',
          refused: 'Purser does not know you',
          ms: 0,
          outcome: 'refused',
        },
      },
    ]);
    expect(await dispatcher.complete({ account, line: '/' })).toEqual([]);
    expect(await dispatcher.listWaiting(account)).toEqual([]);
    expect((await dispatcher.press({ account, spot, action: 'share:R1' })).card.title).toBe(
      'Purser does not know you',
    );
  });

  it('of no team with admins is told that nobody can', async () => {
    const team = teamSchema.parse({ people: [{ id: 'ben', name: 'Ben', roles: ['viewer'] }] });
    const { dispatcher } = createScene({ team });
    expect((await ask(dispatcher, ana, '/balance')).card.text).toMatch(/nobody can add you\.$/);
  });
});

describe('a role', () => {
  it('that is missing refuses, saying who could do it and who could change it', async () => {
    const { dispatcher, teller } = createScene();
    expect(await ask(dispatcher, eve, '/balance payermax')).toEqual({
      audience: 'asker',
      card: {
        tone: 'warning',
        title: '/balance is for viewers',
        text: 'You are requester. Ana, Ben or Cy can do this for you; Ana can change roles.',
        suggestions: [],
        reference: 'R1',
      },
    });
    expect(teller('payermax').asked).toBe(0);
  });

  it('of several that are allowed is enough', async () => {
    const command = commandThat(
      async () => ({ card: { tone: 'good', title: 'Done' }, audience: 'channel' }),
      ['admin', 'requester'],
    );
    const { dispatcher } = createScene({ commands: [command] });
    const titles = await Promise.all(
      [ana, eve, ben].map(async (one) => (await ask(dispatcher, one, '/probe')).card.title),
    );
    expect(titles).toEqual(['Done', 'Done', '/probe is for admins or requesters']);
  });

  it('decides what is completed', async () => {
    const { dispatcher } = createScene({ commands: basics });
    const lines = async (account: Account) =>
      (await dispatcher.complete({ account, line: '/' })).map(({ line }) => line);
    expect(await lines(ben)).toEqual(['/balance ', '/purser providers', '/purser help']);
    expect(await lines(eve)).toEqual(['/purser help']);
    expect(await dispatcher.complete({ account: eve, line: '/balance ' })).toEqual([]);
  });
});

describe('/balance', () => {
  const usd = readingOf(lineOf('main', 'USD', { available: '1.50' }));

  it('asks only the provider named, by any of its names', async () => {
    const { dispatcher, teller } = createScene();
    teller('alignet').says(usd);
    const { card, audience } = await ask(dispatcher, ana, '/balance monnet usd');
    expect(card.title).toBe('Alignet balances in USD');
    expect(audience).toBe('asker');
    expect([teller('alignet').asked, teller('payermax').asked]).toEqual([1, 0]);
  });

  it('shows each provider as soon as it answers', async () => {
    const { dispatcher, teller } = createScene({ connected: ['alignet', 'payermax'] });
    const gate = createGate();
    teller('alignet').waits(gate.opened);
    const seen: (Card['progress'] | 'over')[] = [];
    const answer = dispatcher.run({ account: ana, spot, line: '/balance' }, (card) => {
      seen.push(card.progress);
      expect(card.reference).toBe('R1');
    });
    while (seen.length < 2) await Promise.resolve();
    expect(seen).toEqual([
      { done: 0, of: 2 },
      { done: 1, of: 2 },
    ]);
    gate.open();
    const { card } = await answer;
    expect(card.progress).toBeUndefined();
    expect(seen).toHaveLength(2);
  });

  it('suggests the currencies that are held when the one asked for is not', async () => {
    const { dispatcher, teller } = createScene();
    teller('payermax').says(
      readingOf(lineOf('a', 'USD', { available: '1' }), lineOf('b', 'KWD', { available: '1' })),
    );
    const empty = await ask(dispatcher, ana, '/balance payermax CLP');
    expect(empty.card.suggestions).toEqual(['/balance payermax KWD', '/balance payermax USD']);
    const full = await ask(dispatcher, ana, '/balance all USD');
    expect(full.card.suggestions).toBeUndefined();
  });

  it('says how to connect a provider that is not, and which are', async () => {
    const { dispatcher } = createScene();
    expect((await ask(dispatcher, ana, '/balance paycross USD')).card).toMatchObject({
      tone: 'warning',
      title: 'PayCross is not connected',
      text:
        'Set PAYCROSS_ID and its other variables, as .env.example shows, and start Purser again. ' +
        'Connected now: Alignet, PayerMax, PaynetEasy and SmilePayz.',
      suggestions: [
        '/balance alignet',
        '/balance payermax',
        '/balance payneteasy',
        '/balance smilepayz',
      ],
    });
  });

  it('says how to connect one when there is none', async () => {
    const { dispatcher } = createScene({ connected: [] });
    expect((await ask(dispatcher, ana, '/balance')).card).toMatchObject({
      title: 'No provider is connected',
      text: 'Set the variables of a provider, as .env.example shows, and start Purser again.',
      suggestions: [],
    });
  });
});

describe('any line of anybody', () => {
  const accounts = fc.oneof(
    fc.constant(ana),
    fc.record(
      {
        platform: fc.constantFrom('slack', 'discord', 'playground'),
        team: fc.constantFrom('T01', 'T02', '__proto__'),
        user: fc.oneof(fc.constantFrom('ana', 'ben', 'eve', 'U02', 'constructor'), fc.string()),
      },
      { requiredKeys: ['platform', 'user'] },
    ),
  );
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('help', 'list', 'show', 'all', 'payermax', '5', 'USD', 'toString', '__proto__'),
    fc.constant('x'.repeat(10_000)),
  );
  const lines = fc
    .tuple(
      fc.constantFrom('/balance', '/payout', '/payee', '/purser', '/purser audit', ''),
      fc.array(words, { maxLength: 4 }),
    )
    .map(([first, rest]) => [first, ...rest].join(' '));

  it('is answered with a card and never throws', async () => {
    const { dispatcher, teller } = createScene();
    teller('alignet').says(failureOf('alignet'));
    let balances = 0;
    await fc.assert(
      fc.asyncProperty(accounts, lines, async (account, line) => {
        const { card, audience } = await ask(dispatcher, account, line);
        expect(card.title).not.toBe('Something went wrong inside Purser');
        expect(card.title.length).toBeLessThan(120);
        expect(audience).toBe('asker');
        expect(Array.isArray(await dispatcher.complete({ account, line }))).toBe(true);
        const pressed = await dispatcher.press({ account, spot, action: line });
        expect(pressed.audience).toBe('asker');
        if (card.title.includes('alances')) balances += 1;
      }),
      { numRuns: 500 },
    );
    expect(balances).toBeGreaterThan(0);
  });
});
