// What goes wrong in a command becomes a card with a reference that is in the log.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { BotError, UserError } from '../../src/errors.ts';
import {
  ana,
  ask,
  commandThat,
  createGate,
  createScene,
  failureOf,
  lineOf,
  readingOf,
  spot,
} from './world.ts';

describe('what goes wrong in a command', () => {
  it('inside Purser becomes a card with a reference that is in the log, and nothing else', async () => {
    const mistake = new TypeError('secretToken is not a function');
    const command = commandThat(async () => {
      throw mistake;
    });
    const { dispatcher, log } = createScene({ commands: [command] });
    const { card } = await ask(dispatcher, ana, '/probe');
    expect(card).toEqual({
      tone: 'bad',
      title: 'Something went wrong inside Purser',
      text: 'Look at what you wanted to change before you try again. Whoever runs Purser finds the cause in the log under R1.',
      reference: 'R1',
    });
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { reference: 'R1', person: 'ana', err: mistake } },
    ]);
    expect(log.text()).toContain('failures.test.ts');
  });

  it.each([['text'], [undefined], [null], [{ stack: 'x' }], [new BotError('slack')]])(
    'and is %j rather than an error is treated the same',
    async (thrown) => {
      const command = commandThat(async () => {
        throw thrown;
      });
      const { dispatcher } = createScene({ commands: [command] });
      expect((await ask(dispatcher, ana, '/probe')).card.title).toBe(
        'Something went wrong inside Purser',
      );
    },
  );

  it('before its promise exists is caught as well', async () => {
    const command = commandThat(() => {
      throw new RangeError('at once');
    });
    const { dispatcher } = createScene({ commands: [command] });
    expect((await ask(dispatcher, ana, '/probe')).card.tone).toBe('bad');
  });

  it('at a provider says so with its remedy', async () => {
    const command = commandThat(async () => {
      throw failureOf('payermax');
    });
    const { dispatcher, log } = createScene({ commands: [command] });
    expect((await ask(dispatcher, ana, '/probe')).card).toMatchObject({
      tone: 'bad',
      text: 'payermax did not answer within 8 s. Try again in a minute.',
      reference: 'R1',
    });
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { reference: 'R1' } }]);
  });

  it.each(['/balance', '/purser providers'])(
    'at a provider or at one of its accounts is in the log under the reference of %s',
    async (line) => {
      const { dispatcher, teller, log } = createScene({ connected: ['alignet', 'payermax'] });
      const [whole, partial] = [failureOf('alignet'), failureOf('payermax', 'auth_failed')];
      teller('alignet').says(whole);
      teller('payermax').says({
        ...readingOf(lineOf('main', 'USD', { available: '1' })),
        failures: [{ account: 'second', error: partial }],
      });
      const { card } = await ask(dispatcher, ana, line);
      expect(card.reference).toBe('R1');
      const warnings = log.lines.filter(({ level }) => level === 'warn');
      const command = line.slice(1);
      const said = { reference: 'R1', person: 'ana', platform: 'playground', command };
      expect(warnings.map(({ fields }) => fields)).toEqual([
        { ...said, err: whole },
        { ...said, err: partial },
      ]);
    },
  );

  it('because of the person says what to do', async () => {
    const command = commandThat(async () => {
      throw new UserError('Write the amount with a dot.');
    });
    const { dispatcher } = createScene({ commands: [command] });
    expect((await ask(dispatcher, ana, '/probe')).card).toEqual({
      tone: 'warning',
      title: 'That did not work',
      text: 'Write the amount with a dot.',
      reference: 'R1',
    });
  });

  it('ends its progress: what comes later does not take the place of the outcome', async () => {
    const { dispatcher, teller } = createScene({ connected: ['alignet', 'payermax', 'smilepayz'] });
    const gate = createGate();
    teller('alignet').says(new TypeError('x is not a function'));
    teller('payermax').waits(gate.opened);
    const seen: Card[] = [];
    const { card } = await dispatcher.run({ account: ana, spot, line: '/balance' }, (one) => {
      seen.push(one);
    });
    expect(card.title).toBe('Something went wrong inside Purser');
    const before = seen.length;
    gate.open();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(teller('payermax').asked).toBe(1);
    expect(seen).toHaveLength(before);
  });
});
