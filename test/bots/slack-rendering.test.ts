// Cards as blocks, checked against limits that were written down from Slack's reference and not from
// the renderer; against Slack's own types they are checked by the compiler.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../src/bots/slack/render.ts';
import { renderCardView } from '../../src/bots/slack/view.ts';
import type { Card } from '../../src/commands/card.ts';
import { balanceCard, hostileCard, previewCard } from './playground-cards.ts';
import { readBlocks } from './slack-reading.ts';
import { blocksSchema, findProblem, type Surface } from './slack-server/blocks.ts';

const hostile =
  '@everyone @here <!channel> <@U123> <#C1> *b* _i_ ~s~ `c` [a](https://x.y) ||s|| ' +
  'https://evil.example :emoji: &lt; > quote, # head, - list, 1. list';

const problemOf = (blocks: unknown, surface: Surface = 'message') =>
  findProblem(blocks, surface, () => true);
const wordsOf = (blocks: unknown) => readBlocks(blocksSchema.parse(blocks)).words;

function cardWith(text: string): Card {
  return {
    tone: 'warning',
    title: text,
    text: `${text}\n\n${text}`,
    fields: [{ label: text, value: text }],
    table: {
      caption: text,
      columns: [
        { label: text, align: 'start' },
        { label: text, align: 'end', isHeadline: true },
      ],
      groups: [
        {
          title: text,
          status: text,
          text,
          tone: 'bad',
          rows: [[{ text }, { text, tone: 'quiet' }]],
        },
      ],
    },
    notes: [text],
    suggestions: [text],
    buttons: [
      {
        action: 'do:1',
        label: text,
        style: 'danger',
        confirm: { title: text, text, yes: text },
      },
    ],
    reference: text,
    mark: text,
  };
}

/** Every string that Slack would parse for markup: all others are shown as they are. */
function listMarkup(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(listMarkup);
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'type' in value && value.type === 'mrkdwn' && 'text' in value && typeof value.text === 'string'
      ? [value.text]
      : [];
  return [...own, ...Object.values(value).flatMap(listMarkup)];
}

describe('a text of a card', () => {
  test('is shown letter by letter, whatever markup it looks like', () => {
    const { blocks, text } = renderMessage(cardWith(hostile));
    expect(problemOf(blocks)).toBeUndefined();
    expect(wordsOf(blocks).split(hostile).length - 1).toBeGreaterThanOrEqual(13);
    expect(readBlocks(blocksSchema.parse(blocks)).mentions).toEqual([]);
    expect(listMarkup(blocks)).toEqual([]);
    expect(text).not.toMatch(/<[!@#]/);
  });

  test('never reaches a place where Slack reads markup, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { blocks, text: fallback } = renderMessage(cardWith(text));
        expect(problemOf(blocks)).toBeUndefined();
        expect(problemOf(renderCardView(cardWith(text), {}).blocks, 'modal')).toBeUndefined();
        for (const markup of listMarkup(blocks)) expect(markup).toMatch(/^\*[^*_~`<>&:]+\*$/);
        expect(fallback.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
      }),
      { numRuns: 200 },
    );
  });

  test('fits, however long it is, and every cut shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (length) => {
        const { blocks } = renderMessage(cardWith('x'.repeat(length)));
        expect(problemOf(blocks)).toBeUndefined();
        if (length > 3000) expect(wordsOf(blocks)).toContain('…');
      }),
      { numRuns: 40 },
    );
  });

  test('that is hostile to a page is shown too', () => {
    const { form: _, ...card } = hostileCard;
    const { blocks } = renderMessage(card);
    expect(problemOf(blocks)).toBeUndefined();
    expect(wordsOf(blocks)).toContain('<img src=x');
  });
});

describe('every word of a card stands in the message', () => {
  test.each([
    ['balances', balanceCard(5)],
    ['balances on their way', balanceCard(2)],
    ['a preview', previewCard],
  ])('%s', (_, card) => {
    const { blocks } = renderMessage(card);
    expect(problemOf(blocks)).toBeUndefined();
    const shown = `${wordsOf(blocks)}\n${JSON.stringify(readBlocks(blocksSchema.parse(blocks)).buttons)}`;
    for (const text of listTexts(card)) expect(shown).toContain(text);
    const view = renderCardView(card, {});
    expect(problemOf(view.blocks, 'modal')).toBeUndefined();
    const inView = wordsOf(view.blocks);
    for (const { text } of (card.table?.groups ?? []).flatMap(({ rows }) => rows.flat())) {
      expect(inView).toContain(text);
    }
  });
});

function listTexts(card: Card): string[] {
  const { title, text, fields = [], table, notes = [], buttons = [], suggestions = [] } = card;
  return [
    title,
    ...(text ?? '').split('\n\n'),
    ...fields.flatMap(({ label, value }) => [label, value]),
    table?.caption ?? '',
    ...(table?.columns ?? []).map(({ label }) => label),
    ...(table?.groups ?? []).flatMap((group) => [
      group.title ?? '',
      group.status ?? '',
      group.text ?? '',
      ...group.rows.flat().map((cell) => cell.text),
    ]),
    ...notes,
    ...buttons.map(({ label }) => label),
    ...suggestions,
    card.reference ?? '',
  ];
}

describe('a table', () => {
  const tableOf = (rows: number, text = '1.00', columns = 2): Card => ({
    tone: 'neutral',
    title: 'Balances',
    table: {
      caption: 'Balances',
      columns: Array.from({ length: columns }, (_, index) => ({
        label: `Column ${index}`,
        align: index === 0 ? ('start' as const) : ('end' as const),
        ...(index === 1 ? { isHeadline: true } : {}),
      })),
      groups: [
        {
          title: 'PayerMax',
          status: 'live',
          rows: Array.from({ length: rows }, () =>
            Array.from({ length: columns }, () => ({ text })),
          ),
        },
      ],
    },
  });

  test('is Slack’s own, with figures at the right and the headline in bold', () => {
    const { blocks } = renderMessage(tableOf(1, '12.50', 3));
    const table = blocksSchema.parse(blocks).find(({ type }) => type === 'table');
    expect(table).toMatchObject({
      column_settings: [{ align: 'left' }, { align: 'right' }, { align: 'right' }],
    });
    const text = JSON.stringify(table);
    expect(text).toContain('{"type":"text","text":"12.50","style":{"bold":true}}');
    expect(text).toContain('{"type":"text","text":"12.50"}');
  });

  test('of a hundred rows and more says how many had no room', () => {
    const { blocks } = renderMessage(tableOf(150));
    expect(problemOf(blocks)).toBeUndefined();
    // A row of labels and one with the provider's name are among the hundred.
    expect(wordsOf(blocks)).toContain('52 more rows have no room here');
  });

  test('of more than ten thousand characters says how many rows had no room', () => {
    const { blocks } = renderMessage(tableOf(90, 'x'.repeat(100)));
    expect(problemOf(blocks)).toBeUndefined();
    expect(wordsOf(blocks)).toMatch(/\d+ more rows have no room here/);
  });

  test('of too many columns becomes lines', () => {
    const { blocks } = renderMessage(tableOf(2, '7.77', 25));
    expect(problemOf(blocks)).toBeUndefined();
    expect(wordsOf(blocks)).toContain('Column 24 7.77');
  });

  test('in a dialog is a line for each row', () => {
    const view = renderCardView(tableOf(120, '5.00', 3), {});
    expect(problemOf(view.blocks, 'modal')).toBeUndefined();
    expect(wordsOf(view.blocks)).toContain('5.00 · 5.00 · Column 2 5.00');
  });

  test('links a cell by itself, and only over https', () => {
    const linkTo = (link: string): Card => ({
      tone: 'neutral',
      title: 'Payouts',
      table: {
        caption: 'Payouts',
        columns: [{ label: 'Payout', align: 'start' }],
        groups: [{ rows: [[{ text: 'P7K2', link }]] }],
      },
    });
    const good = renderMessage(linkTo('https://acme.slack.com/archives/C01/p1')).blocks;
    expect(JSON.stringify(good)).toContain('"url":"https://acme.slack.com/archives/C01/p1"');
    expect(JSON.stringify(renderMessage(linkTo('javascript:alert(1)')).blocks)).not.toContain(
      'url',
    );
  });
});

describe('buttons', () => {
  test('carry their action uncut, ask once more where they say so, and go on in a second row', () => {
    const buttons = Array.from({ length: 30 }, (_, index) => ({
      action: `approve:${'x'.repeat(1900)}${index}`,
      label: `Approve ${index}`,
      style: 'primary' as const,
      confirm: { title: 'Approve?', text: '125.50 USD', yes: 'Yes' },
    }));
    const { blocks } = renderMessage({ tone: 'neutral', title: 'Payout', buttons });
    expect(problemOf(blocks)).toBeUndefined();
    expect(JSON.stringify(blocks)).toContain(`approve:${'x'.repeat(1900)}29"`);
    expect(JSON.stringify(blocks)).toContain('"confirm":{"title"');
  });

  test('with an action that has no room are a mistake', () => {
    const button = { action: 'x'.repeat(2001), label: 'Go', style: 'plain' as const };
    expect(() => renderMessage({ tone: 'neutral', title: 'x', buttons: [button] })).toThrow(
      'too long',
    );
  });

  test('are never what is left out', () => {
    const card: Card = {
      tone: 'neutral',
      title: 'Much',
      fields: Array.from({ length: 400 }, (_, index) => ({ label: `L${index}`, value: 'v' })),
      buttons: [{ action: 'go', label: 'Go', style: 'plain' }],
      mark: 'mark-1',
    };
    const { blocks } = renderMessage(card);
    expect(problemOf(blocks)).toBeUndefined();
    const read = readBlocks(blocksSchema.parse(blocks));
    expect(read.buttons.map(({ label }) => label)).toEqual(['Go']);
    expect(read.words).toContain('more parts have no room');
    expect(read.words).toContain('mark-1');
  });
});

test('a mark is found whole, however much small print there is', () => {
  const card: Card = {
    tone: 'neutral',
    title: 'Digest',
    notes: Array.from({ length: 30 }, () => 'n'.repeat(900)),
    mark: 'digest morning 2026-11-26',
  };
  const { blocks } = renderMessage(card);
  expect(problemOf(blocks)).toBeUndefined();
  expect(wordsOf(blocks)).toContain('digest morning 2026-11-26');
});

test('nothing turns the reading order around, whoever wrote it', () => {
  const text = '\u202E001 DSU\u2066';
  const fields = [{ label: text, value: text }];
  const notes = [text];
  const rendered = renderMessage({ tone: 'bad', title: text, text, fields, notes });
  expect(JSON.stringify(rendered)).not.toMatch(/[\u200E\u200F\u202A-\u202E\u2066-\u2069]/);
});
