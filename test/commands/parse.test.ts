// Typed lines: what they become, and what people read when they become nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandError } from '../../src/commands/errors.ts';
import { parseLine } from '../../src/commands/parse.ts';
import type { Command } from '../../src/commands/types.ts';
import { usageOf } from '../../src/commands/usage.ts';
import { basics, createScene, lineOf, readingOf } from './world.ts';

const { world } = createScene({ commands: basics });

async function parsed(line: string, commands: readonly Command[] = world.commands) {
  const { command, values } = await parseLine(line, { ...world, commands });
  return [command.path.join(' '), values];
}

async function refused(line: string, from = world): Promise<CommandError> {
  try {
    await parseLine(line, from);
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error(`${line} is not refused`);
}

describe('a line', () => {
  it.each([
    ['/balance', {}],
    ['balance', {}],
    ['  /BALANCE  ', {}],
    ['/balance all', { 'provider|all': 'all' }],
    ['/balance ALL usd', { 'provider|all': 'all', currency: 'USD' }],
    ['/balance payermax', { 'provider|all': 'payermax' }],
    ['/balance PayerMax\tUSD', { 'provider|all': 'payermax', currency: 'USD' }],
    ['/balance monnet', { 'provider|all': 'alignet' }],
    ['/balance Payme pen', { 'provider|all': 'alignet', currency: 'PEN' }],
    ['/balance usdt', { currency: 'USDT' }],
    // The lek of Albania has the code ALL, but the first word is everybody.
    ['/balance all all', { 'provider|all': 'all', currency: 'ALL' }],
    ['/balance USD', { currency: 'USD' }],
    ['/balance paycross', { 'provider|all': 'paycross' }],
  ])('%j asks for a balance of %j', async (line, values) => {
    expect(await parsed(line)).toEqual(['balance', values]);
  });

  it('of two words is found among those that begin alike', async () => {
    expect(await parsed('/purser help')).toEqual(['purser help', {}]);
    expect(await parsed('/Purser  Providers')).toEqual(['purser providers', {}]);
  });

  it('takes a currency that is held here though the world does not list it', async () => {
    const scene = createScene({ commands: basics });
    expect((await refused('/balance payermax XAUT', scene.world)).title).toContain('no currency');
    scene.teller('payermax').says(readingOf(lineOf('gold', 'XAUT', { available: '1' })));
    await scene.balances.read(['payermax']);
    expect((await parseLine('/balance payermax xaut', scene.world)).values['currency']).toBe(
      'XAUT',
    );
  });
});

describe('a line that is no command', () => {
  it.each([
    [
      '/balnace payermax',
      'There is no command “/balnace”',
      'Did you mean /balance?',
      ['/balance payermax'],
    ],
    ['/blance', 'There is no command “/blance”', 'Did you mean /balance?', ['/balance']],
    [
      '/weather',
      'There is no command “/weather”',
      'Purser knows /balance and /purser.',
      ['/purser help'],
    ],
    [
      'hello there',
      'There is no command “/hello”',
      'Purser knows /balance and /purser.',
      ['/purser help'],
    ],
    ['', 'There is no command “/”', 'Purser knows /balance and /purser.', ['/purser help']],
    ['/', 'There is no command “/”', 'Purser knows /balance and /purser.', ['/purser help']],
    [
      '/purser',
      '/purser what?',
      'It can do providers and help.',
      ['/purser providers', '/purser help'],
    ],
    [
      '/purser hlep',
      '/purser cannot do “hlep”',
      'Did you mean help? It can do providers and help.',
      ['/purser help'],
    ],
    [
      '/PURSER dance',
      '/PURSER cannot do “dance”',
      'It can do providers and help.',
      ['/purser providers', '/purser help'],
    ],
  ])('%j says what would be one', async (line, title, message, suggestions) => {
    expect(await refused(line)).toMatchObject({ title, message, suggestions });
  });
});

describe('a word that fits nothing', () => {
  const providers = 'Providers here: alignet, payermax, payneteasy and smilepayz.';
  const code = 'A currency is written by its code, like USD.';

  it.each([
    [
      '/balance payrmax USD',
      'There is no provider or currency “payrmax”',
      `Did you mean payermax? ${providers} ${code}`,
      ['/balance payermax USD'],
    ],
    [
      '/balance monet',
      'There is no provider or currency “monet”',
      `Did you mean monnet? ${providers} ${code}`,
      ['/balance monnet'],
    ],
    [
      '/balance EURO',
      'There is no provider or currency “EURO”',
      `Did you mean EUR? ${providers} ${code}`,
      ['/balance EUR'],
    ],
    [
      '/balance payermax UDS',
      'There is no currency “UDS”',
      `Did you mean USD? ${code}`,
      ['/balance payermax USD'],
    ],
    ['/balance payermax dollars', 'There is no currency “dollars”', code, []],
    [
      '/balance everything',
      'There is no provider or currency “everything”',
      `${providers} ${code}`,
      ['/balance alignet', '/balance payermax', '/balance payneteasy', '/balance smilepayz'],
    ],
    [
      '/balance payermax USD please',
      '“please” is one word too many',
      'Usage: /balance [provider|all] [currency]',
      ['/balance payermax USD'],
    ],
    [
      '/balance USD payermax',
      '“payermax” is one word too many',
      'Usage: /balance [provider|all] [currency]',
      ['/balance USD'],
    ],
    ['/purser help me', '“me” is one word too many', 'Usage: /purser help', ['/purser help']],
  ])('%j gets the nearest that does', async (line, title, message, suggestions) => {
    expect(await refused(line)).toMatchObject({ title, message, suggestions });
  });

  it('prefers a currency that is held here', async () => {
    const scene = createScene({ commands: basics });
    expect((await refused('/balance payermax PEM', scene.world)).message).toContain(
      'Did you mean PEN?',
    );
    scene.teller('payermax').says(readingOf(lineOf('main', 'BEM', { available: '1' })));
    await scene.balances.read(['payermax']);
    expect((await refused('/balance payermax PEM', scene.world)).message).toContain(
      'Did you mean BEM?',
    );
  });

  it('names no provider where none is connected', async () => {
    const alone = createScene({ connected: [], commands: basics });
    expect(await refused('/balance everything', alone.world)).toMatchObject({
      message: code,
      suggestions: [],
    });
  });

  it('is repeated, but not at any length and never as half a character', async () => {
    expect((await refused(`/balance ${'x'.repeat(41)}`)).title).toBe(
      `There is no provider or currency “${'x'.repeat(40)}…”`,
    );
    expect((await refused(`/balance ${'x'.repeat(40)}`)).title).toContain(`“${'x'.repeat(40)}”`);
    const faces = (await refused(`/balance ${'x'.repeat(39)}😀😀`)).title;
    expect(faces).toContain(`${'x'.repeat(39)}😀…`);
    expect(faces).not.toMatch(/\p{Cs}/u);
  });
});

describe('a line of ten thousand characters', () => {
  it('is refused before it is read', async () => {
    for (const line of [`/balance ${'x'.repeat(10_000)}`, `/balance${' USD'.repeat(2_500)}`]) {
      const { title, message } = await refused(line);
      expect(title).toBe('That is too long for a command');
      expect(message).toMatch(/^A command has at most 500 characters; this has 100\d\d\.$/);
    }
  });
});

describe('a required argument', () => {
  const command: Command = {
    path: ['probe'],
    summary: 'Probes one provider',
    arguments: [
      { name: 'provider', kind: 'provider', isRequired: true, help: 'Which' },
      { name: 'currency', kind: 'currency', isRequired: false, help: 'In what' },
    ],
    roles: [],
    examples: [],
    run: async () => ({ card: { tone: 'neutral', title: 'Probe' }, audience: 'asker' }),
  };

  it('is asked for when it is missing', async () => {
    const from = { ...world, commands: [command] };
    expect(usageOf(command)).toBe('/probe <provider> [currency]');
    expect(await refused('/probe', from)).toMatchObject({
      title: 'The provider is missing',
      message: 'Usage: /probe <provider> [currency]',
    });
    expect(await parsed('/probe monnet USD', [command])).toEqual([
      'probe',
      { provider: 'alignet', currency: 'USD' },
    ]);
    expect((await refused('/probe everybody', from)).title).toContain('There is no provider');
  });

  it('is not skipped by a word for a later one', async () => {
    expect(await refused('/probe USD', { ...world, commands: [command] })).toMatchObject({
      title: 'There is no provider “USD”',
      message: 'Providers here: alignet, payermax, payneteasy and smilepayz.',
    });
  });
});

describe('any text', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('/balance', 'balance', '/purser', 'help', 'all', 'payermax', 'USD', 'PAYME'),
  );

  it('becomes a command or a short refusal whose suggestions are commands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 8 }),
        fc.constantFrom(' ', '\t', '\n'),
        async (all, gap) => {
          const line = all.join(gap);
          try {
            await parseLine(line, world);
          } catch (error) {
            if (!(error instanceof CommandError)) throw error;
            expect(error.title.length).toBeLessThan(120);
            expect(error.message.length).toBeLessThan(300);
            for (const suggestion of error.suggestions) {
              expect(suggestion.length).toBeLessThanOrEqual(520);
              expect(suggestion.startsWith('/')).toBe(true);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
