// Cards in Discord: any text is shown literally, everything fits, and every word is there. What a
// reader sees is judged by two readers of Discord's markdown: our own, and a library's.
import { parse } from 'discord-markdown-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutEscaped, escapeLine, escapeText } from '../../src/bots/discord/escape.ts';
import { renderMessage } from '../../src/bots/discord/message.ts';
import type { Card } from '../../src/commands/card.ts';
import { readComponents, readMarkdown } from './discord-reading.ts';
import { findMessageProblems, walk } from './discord-server/components.ts';
import type { Component } from './discord-server/index.ts';
import { balanceCard, hostileCard } from './playground-cards.ts';

const hostile =
  '@everyone @here <!channel> <@U123> <#C1> <@100000000000000001> <@&5> <id:guide> </pay:1> *b* _i_ __u__ ~~s~~ ~s~ ' +
  '`c` ``c`` ```c``` [a](https://x.y) ||s|| https://evil.example <https://evil.example> steam://x ' +
  ':emoji: <:pay:1> <a:pay:2> <t:0> <t:0:R> &lt; *** ___ \\* a:b 12:30 http:// mail@x.y';
const starts = [
  '> quote',
  '>>> quote',
  '# head',
  '### head',
  '-# small',
  '- list',
  '* list',
  '+ list',
  '1. list',
  '12) list',
  ' - inner',
];

const fragment = fc.oneof(
  fc.constantFrom(
    ...hostile.split(' '),
    ...starts,
    ' ',
    '\n',
    '\\',
    '*',
    '_',
    '`',
    ':',
    '\u202E',
    '\r\n',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const text = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

const letters = (words: string) =>
  words.replace(/[\s\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2060\uFFFD]+/gu, '');

interface Node {
  readonly type: string;
  readonly content?: unknown;
  /** Of a character that Discord draws as a picture: the character. */
  readonly name?: string;
}

/** What the library makes of it besides text, and the text. */
function judge(source: string): { kinds: string[]; words: string } {
  const kinds: string[] = [];
  const collect = (nodes: unknown): string =>
    typeof nodes === 'string'
      ? nodes
      : ([nodes].flat() as Node[])
          .map((node) => {
            if (node === undefined || node === null) return '';
            if (node.type === 'twemoji') return node.name ?? '';
            if (!['text', 'newline', 'br', 'paragraph'].includes(node.type)) kinds.push(node.type);
            return node.type === 'newline' || node.type === 'br'
              ? '\n'
              : collect(node.content ?? '');
          })
          .join('');
  const words = collect(parse(source));
  return { kinds, words };
}

describe('text', () => {
  it('is formatted by both readers where it is not escaped', () => {
    const { marks } = readMarkdown(`${starts.join('\n')}\n${hostile}`);
    for (const mark of [
      'quote',
      'heading',
      'small',
      'list',
      'bold',
      'code',
      'link',
      'emoji',
      'time',
      'mention',
      'spoiler',
    ]) {
      if (mark === 'bold') continue;
      expect(marks.map((one) => one.split(' ')[0])).toContain(mark);
    }
    const { kinds } = judge(`${starts.join('\n')}\n${hostile}`);
    expect(kinds.length).toBeGreaterThan(12);
  });

  it.each([...starts, hostile, `${hostile}\n${starts.join('\n')}`])(
    'stays what it is: %s',
    (source) => {
      expect(readMarkdown(escapeText(source))).toEqual({ words: source, marks: [] });
      expect(judge(escapeText(source)).kinds).toEqual([]);
    },
  );

  it('is shown literally, whatever it is', () => {
    fc.assert(
      fc.property(text, (source) => {
        for (const escaped of [escapeText(source), escapeLine(source)]) {
          const own = readMarkdown(escaped);
          expect(own.marks).toEqual([]);
          expect(letters(own.words)).toBe(letters(source));
          const other = judge(escaped);
          expect(other.kinds).toEqual([]);
          expect(letters(other.words)).toBe(letters(source));
        }
        expect(escapeLine(source)).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 500 },
    );
  });

  it('is literal between the bot’s own marks too, and wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (source, length) => {
        const line = escapeLine(source).trim();
        if (line === '') return;
        expect(readMarkdown(`**${line}** after`).marks).toEqual(['bold']);
        expect(judge(`**${line}** after`).kinds).toEqual(['strong']);
        const cut = cutEscaped(line, length + 1);
        expect(cut.length).toBeLessThanOrEqual(length + 1);
        expect(readMarkdown(cut).marks).toEqual([]);
        expect(cut).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: 500 },
    );
  });

  it('loses what would turn the reading order around', () => {
    expect(escapeLine('pay \u202E001\u202C USD')).toBe('pay 001 USD');
  });
});

const strings = (max: number) => fc.array(text, { maxLength: max });
const cell = fc.record({ text });
const card: fc.Arbitrary<Card> = fc.record(
  {
    tone: fc.constantFrom('neutral', 'good', 'warning', 'bad'),
    title: text,
    text,
    fields: fc.array(fc.record({ label: text, value: text }), { maxLength: 30 }),
    table: fc.record({
      caption: text,
      columns: fc.constant([
        { label: 'Account', align: 'start' } as const,
        { label: 'Available', align: 'end', isHeadline: true } as const,
        { label: 'Total', align: 'end' } as const,
      ]),
      groups: fc.array(
        fc.record(
          {
            title: text,
            status: text,
            text,
            rows: fc.array(fc.tuple(cell, cell, cell), { maxLength: 40 }),
          },
          { requiredKeys: ['rows'] },
        ),
        { maxLength: 8 },
      ),
    }),
    notes: strings(20),
    suggestions: strings(8),
    reference: text,
    mark: text,
    buttons: fc.uniqueArray(
      fc.record({
        action: fc.stringMatching(/^[a-z.]{1,20}:[A-Za-z0-9]{1,30}$/),
        label: text,
        style: fc.constant('plain'),
      }),
      { maxLength: 12, selector: ({ action }) => action },
    ) as fc.Arbitrary<NonNullable<Card['buttons']>>,
  },
  { requiredKeys: ['tone', 'title'] },
);

const allowed = new Set(['heading', 'small', 'bold']);

describe('a card', () => {
  it('fits, keeps its buttons and is shown literally, whatever is in it', () => {
    fc.assert(
      fc.property(card, (one) => {
        const { body } = renderMessage(one);
        const components = body.components as unknown as Component[];
        expect(findMessageProblems(components, [])).toEqual([]);
        const read = readComponents(components);
        expect(read.marks.filter((mark) => !allowed.has(mark))).toEqual([]);
        for (const part of walk(components).filter(({ type }) => type === 10)) {
          const { kinds } = judge(String(part['content']));
          expect(kinds.filter((kind) => !['heading', 'subtext', 'strong'].includes(kind))).toEqual(
            [],
          );
        }
        const actions = read.buttons.map(({ customId }) => customId);
        for (const { action } of one.buttons ?? []) expect(actions).toContain(action);
        expect(body.allowed_mentions).toEqual({ parse: [] });
      }),
      { numRuns: 40 },
    );
  });

  it('shows every word of the balances, with the headline figures bold', () => {
    const one = balanceCard(5);
    const [container] = renderMessage(one).body.components;
    const read = readComponents([container as unknown as Component]);
    for (const { title = '', status = '', text: why = '', rows } of one.table?.groups ?? []) {
      for (const word of [title, status, why, ...rows.flat().map((found) => found.text)]) {
        expect(read.words).toContain(word);
      }
    }
    expect(JSON.stringify(container)).toContain('**48,310.22**');
    // What a phone shows of a line without breaking it.
    const lines = read.words.split('\n').filter((line) => /\d,\d/.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
  });

  it('of hostile text fits and links nowhere', () => {
    const { body } = renderMessage(hostileCard);
    expect(findMessageProblems(body.components, [])).toEqual([]);
    const read = readComponents(body.components as unknown as Component[]);
    expect(read.marks.filter((mark) => !allowed.has(mark))).toEqual([]);
  });

  it('links to https addresses only, and nothing leaves the address', () => {
    const linked = (link: string) => {
      const groups = [{ rows: [[{ text: 'Deploy [x]', link }]] }];
      const table = { caption: 'x', columns: [{ label: 'L', align: 'start' } as const], groups };
      const { body } = renderMessage({ tone: 'neutral', title: 'T', table });
      return JSON.stringify(body.components);
    };
    expect(linked('https://discord.com/channels/1/2/3')).toContain(
      '](https://discord.com/channels/1/2/3)',
    );
    expect(linked('https://x.y/a)b(c d>')).toContain('](https://x.y/a%29b%28c%20d%3E)');
    expect(linked('javascript:alert(1)')).not.toContain('](');
    expect(linked('http://x.y')).not.toContain('](');
    expect(linked('no address')).not.toContain('](');
  });

  it('says how many rows are left out, and which lines', () => {
    const rows = Array.from({ length: 300 }, (_, row) => [
      { text: `account ${row}` },
      { text: '1.00' },
    ]);
    const columns = [
      { label: 'Account', align: 'start' } as const,
      { label: 'Available', align: 'end', isHeadline: true } as const,
    ];
    const fields = Array.from({ length: 60 }, (_, index) => ({
      label: `L${index}`,
      value: 'v'.repeat(100),
    }));
    const full: Card = {
      tone: 'neutral',
      title: 'T',
      text: 'w '.repeat(2_000),
      fields,
      table: { caption: 'c', columns, groups: [{ rows }] },
    };
    const { words } = readComponents(renderMessage(full).body.components as unknown as Component[]);
    const shown = words.match(/account \d+/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(5);
    expect(words).toContain(`… and ${300 - shown} more rows, left out here`);
    expect(words).toMatch(/… and \d+ more, left out here/);
  });

  it.each([...Array(24).keys()])('cuts a field without breaking its marks: %i', (extra) => {
    const label = 'l'.repeat(60 + extra);
    const fields = Array.from({ length: 30 }, () => ({ label, value: 'v'.repeat(200) }));
    const full: Card = { tone: 'neutral', title: 'T', fields };
    const [container] = renderMessage(full).body.components;
    const read = readComponents([container as unknown as Component]);
    expect(new Set(read.marks)).toEqual(new Set(['heading', 'bold', 'small']));
    expect(judge(JSON.stringify(container)).kinds).not.toContain('em');
    expect(read.words).not.toContain('*');
  });

  it('says that a file is too large for Discord, and leaves it out', () => {
    const file = {
      name: 'audit.csv',
      contentType: 'text/csv',
      text: 'x'.repeat(10 * 1024 * 1024 + 1),
    };
    const { body, files } = renderMessage({ tone: 'neutral', title: 'Audit' }, { file });
    expect(files).toEqual([]);
    expect(JSON.stringify(body)).toContain(
      '“audit.csv” is larger than the 10 MB that Discord takes',
    );
  });

  it('refuses a button whose action Discord cannot carry', () => {
    const buttons = [{ action: `a:${'x'.repeat(99)}`, label: 'A', style: 'plain' }] as const;
    expect(() => renderMessage({ tone: 'neutral', title: 'T', buttons })).toThrow(RangeError);
  });

  it('keeps its mark whole, however much small print there is', () => {
    const mark = 'digest morning 2026-11-26';
    const notes = Array.from({ length: 30 }, () => 'n'.repeat(200));
    const { body } = renderMessage({
      tone: 'neutral',
      title: 'T',
      text: 't'.repeat(9000),
      notes,
      mark,
    });
    expect(findMessageProblems(body.components, [])).toEqual([]);
    expect(JSON.stringify(body)).toContain(escapeLine(mark));
  });
});
