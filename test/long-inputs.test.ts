// Patterns that meet what people and providers write take time in proportion to its length: thirty
// thousand signs of the kind that makes a careless pattern try everything twice are read in a moment.
import { describe, expect, it } from 'vitest';
import { escapeLine, escapeText } from '../src/bots/discord/escape.ts';
import { escapeText as escapeForSlack } from '../src/bots/slack/text.ts';
import { splitLine } from '../src/commands/parse.ts';
import { toPlainLine } from '../src/commands/typed.ts';
import { quote } from '../src/commands/words.ts';
import { configureProvider, showPath } from '../src/config.ts';
import { createScrubber } from '../src/log.ts';
import { parseDecimal, parseTypedAmount } from '../src/money.ts';
import { toProviderNote } from '../src/payouts/executor.ts';
import { createMask } from '../src/providers/paycross/payout-mask.ts';
import { providerModules } from '../src/providers/registry.ts';
import { maskNumbers } from '../src/providers/types.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from './support.ts';

const length = 30_000;
/** Quadratic, this would be ten seconds; on a busy machine linear is still far below. */
const mostMs = 2_000;
const pieces = [
  ...[
    'a',
    'A',
    '0',
    '1',
    ' ',
    '.',
    '-',
    '_',
    '\t',
    '/',
    '\\',
    '*',
    '`',
    '<',
    '@',
    ':',
    '|',
    '~',
    '>',
  ],
  ...[
    '1 ',
    '1-',
    '1.',
    ',1',
    '1,',
    "'",
    'a1',
    '-a',
    '_1',
    '\u00e4',
    '\u200b',
    '\u{1f4b8}',
    '\ud800',
  ],
  ...['\n', '\r\n', ' a', '. ', '[a](', '<@', 'https://', '&', '(', '{', 'a@', 'a.'],
];
const inputs = pieces.flatMap((piece) => {
  const run = piece.repeat(Math.ceil(length / piece.length));
  return [run, `${run}!`, `1${run}x`, `!${run}\u0000`];
});

function slowest(read: (text: string) => unknown): number {
  return Math.max(
    ...inputs.map((input) => {
      const startedAt = performance.now();
      try {
        read(input);
      } catch {
        // A refusal is an answer.
      }
      return performance.now() - startedAt;
    }),
  );
}

describe('a long text is read in a moment', () => {
  it.each<[string, (text: string) => unknown]>([
    ['a typed line', (text) => splitLine(toPlainLine(text))],
    ['an amount that is typed', (text) => parseTypedAmount(text, 'USD')],
    ['an amount that is answered', (text) => parseDecimal(text, 'USD')],
    ['numbers to be masked', maskNumbers],
    ['words to be quoted', quote],
    ['a note for a provider', toProviderNote],
    ['a text for Discord', escapeText],
    ['a line for Discord', escapeLine],
    ['a text for Slack', escapeForSlack],
    ['PayCross’s words', createMask(['12345678'], ['P1'])],
    ['a line of the log', createScrubber(['aaaaaaaaaa', '1 1 1 1 1', 'a1a1a1!'])],
  ])('%s', (_what, read) => {
    expect(slowest(read)).toBeLessThan(mostMs);
  });

  it.each(providerModules.map((module) => [module.id, module] as const))(
    'by the pattern of every field of %s',
    async (_id, module) => {
      const sandbox = (await module.loadSandbox())({ clock: createFakeClock() });
      const { environment, settings } = sandbox.connect('http://127.0.0.1:1');
      const config = configureProvider(module, environment, settings, showPath, []);
      if (config === undefined) throw new TypeError('its sandbox does not fit');
      const provider = module.create(config, {
        clock: createFakeClock(),
        log: createRecordingLog(),
        newNonce: newTestNonce,
        scrub: (text) => text,
      });
      const fields = provider.payouts?.routes.flatMap((route) => route.fields) ?? [];
      await provider.close();
      const patterns = new Set(fields.map(({ pattern }) => pattern));
      expect(patterns.size).toBeGreaterThan(0);
      for (const pattern of patterns) {
        const expression = new RegExp(pattern);
        expect(
          slowest((text) => expression.test(text)),
          pattern,
        ).toBeLessThan(mostMs);
      }
    },
  );
});
