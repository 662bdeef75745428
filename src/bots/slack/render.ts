// Cards as Slack messages. A card says the same here as everywhere: every word of it stands in some
// block, what has no room is cut with a visible note, and nothing in a text can format or mention.
import type { types } from '@slack/bolt';
import type { Button, Card, Field } from '../../commands/card.ts';
import type { Block, Message, RenderOptions } from './layout.ts';
import { limits } from './limits.ts';
import { renderPicture } from './render-picture.ts';
import { renderTable } from './render-table.ts';
import {
  bold,
  cut,
  escapeText,
  isText,
  plain,
  richText,
  section,
  symbolOf,
  words,
} from './text.ts';

export function renderMessage(card: Card, options: Omit<RenderOptions, 'surface'> = {}): Message {
  const blocks = renderBlocks(card, { ...options, surface: 'message' });
  return { text: renderFallback(card), blocks };
}

/** Everything but the form. */
export function renderBlocks(card: Card, options: RenderOptions): Block[] {
  const isNative = options.surface === 'message' && options.isPlain !== true;
  const table = card.table === undefined ? undefined : renderTable(card.table, isNative);
  const head = renderTitle(card);
  const body = [
    ...renderParagraphs(card.text),
    ...renderFields(card.fields ?? []),
    ...(table?.blocks ?? []),
    ...renderPicture(card.picture, options),
  ];
  const tail = [
    ...renderMentions(options.mentions ?? []),
    ...renderActions(card),
    ...renderSmallPrint(card, table?.notes ?? []),
  ];
  const most = options.surface === 'view' ? limits.blocksInViewMax : limits.blocksInMessageMax;
  const room = most - head.length - tail.length;
  if (body.length <= room) return [...head, ...body, ...tail];
  const left = body.length - room + 1;
  const note = richText(section(words(`… ${left} more parts have no room in one message.`)));
  return [...head, ...body.slice(0, room - 1), note, ...tail];
}

function renderTitle({ tone, title }: Card): Block[] {
  const shown = `${symbolOf(tone)}${title}`;
  if (shown.length > limits.headerMax) return [richText(section(bold(cut(shown, 2000))))];
  return [{ type: 'header', text: plain(shown, limits.headerMax) }];
}

function renderParagraphs(text: string | undefined): Block[] {
  if (text === undefined || text === '') return [];
  const paragraphs = cut(text, limits.paragraphsMax).split('\n\n');
  return [richText(...paragraphs.map((paragraph) => section(words(paragraph))))];
}

/** Label and value side by side: what a section draws as two columns. */
function renderFields(fields: readonly Field[]): Block[] {
  const pairs = limits.fieldsInSectionMax / 2;
  const sections: Block[] = [];
  for (let from = 0; from < fields.length; from += pairs) {
    const shown = fields.slice(from, from + pairs);
    sections.push({
      type: 'section',
      fields: shown.flatMap((field) => [renderLabel(field.label), renderValue(field)]),
    });
  }
  return sections;
}

/** A link is markup too, so only words without any of its signs become one. */
function renderValue({ value, link }: Field): types.TextObject {
  const isSafe = /^[\p{L}\p{N}][\p{L}\p{N} ,.:’()/-]{0,300}$/u.test(value);
  if (link === undefined || !isSafe || !/^https:\/\/[^\s<>|]+$/.test(link)) {
    return plain(value, limits.fieldMax);
  }
  return { type: 'mrkdwn', text: `<${escapeText(link)}|${value}>`, verbatim: true };
}

/** Bold is markup, so only words without any of its signs are made bold. */
function renderLabel(label: string): types.TextObject {
  return /^[\p{L}\p{N}][\p{L}\p{N} ,.’()/-]{0,80}$/u.test(label) && !/\S\.\S/.test(label)
    ? { type: 'mrkdwn', text: `*${label.trim()}*`, verbatim: true }
    : plain(label, limits.fieldMax);
}

function renderMentions(users: readonly string[]): Block[] {
  if (users.length === 0) return [];
  const elements = users.flatMap((user_id): types.RichTextElement[] => [
    { type: 'user', user_id },
    words(' '),
  ]);
  return [richText(section(...elements))];
}

/** A button's action is never cut; a suggestion that does not fit is left out. */
function renderActions({ buttons = [], suggestions = [] }: Card): Block[] {
  const lines = suggestions.filter(
    (line) => line.length <= limits.buttonLabelMax && line.trim() !== '',
  );
  return [
    ...toActionBlocks(buttons.map((button, index) => renderButton(button, `button${index}`))),
    ...toActionBlocks(
      lines.map((line, index) =>
        renderButton({ action: `line:${line}`, label: line, style: 'plain' }, `line${index}`),
      ),
    ),
  ];
}

function toActionBlocks(elements: readonly types.Button[]): Block[] {
  const blocks: Block[] = [];
  for (let from = 0; from < elements.length; from += limits.actionsInBlockMax) {
    blocks.push({
      type: 'actions',
      elements: elements.slice(from, from + limits.actionsInBlockMax),
    });
  }
  return blocks;
}

export function renderButton({ action, label, style, confirm }: Button, id: string): types.Button {
  if (action.length > limits.buttonValueMax) {
    throw new Error(`the action of “${label}” is too long for a button of Slack`);
  }
  const shade = style === 'plain' ? {} : { style };
  return {
    type: 'button',
    action_id: id,
    text: plain(label, limits.buttonLabelMax),
    value: action,
    ...shade,
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(confirm.title, limits.confirmTitleMax),
            text: plain(confirm.text, limits.confirmTextMax),
            confirm: plain(confirm.yes, limits.confirmYesMax),
            deny: plain('Cancel', limits.confirmYesMax),
            ...shade,
          },
        }),
  };
}

function renderSmallPrint(card: Card, more: readonly string[]): Block[] {
  const { notes = [], reference, mark, progress, table } = card;
  const lines = [
    ...(progress === undefined ? [] : [`${progress.done} of ${progress.of} done`]),
    ...more,
    ...notes,
    ...[table?.caption, isText(reference) ? `Reference ${reference}` : undefined].filter(isText),
  ];
  // What the message is found by has an element of its own: a cut would lose it.
  const own = isText(mark) ? [mark] : [];
  const room = limits.contextElementsMax - own.length;
  const shown =
    lines.length <= room ? lines : [...lines.slice(0, room - 1), lines.slice(room - 1).join('\n')];
  if (shown.length + own.length === 0) return [];
  const elements = [...shown, ...own].map((line) => plain(line, limits.contextElementMax));
  return [{ type: 'context', elements }];
}

function renderFallback({ tone, title, text, table }: Card): string {
  const parts = [`${symbolOf(tone)}${title}`, text, table?.caption].filter(isText);
  return cut(escapeText(parts.join('\n')), limits.fallbackMax) || 'Purser';
}
