// Words of a card as Slack's text objects. Every word is data: `plain_text` without emoji and
// `rich_text` are shown as they are, so nothing in them can format, mention or link.
import type { types } from '@slack/bolt';
import type { Tone } from '../../commands/card.ts';

const symbols: Readonly<Record<Tone, string>> = {
  neutral: '',
  good: '✅ ',
  warning: '⚠️ ',
  bad: '⛔ ',
};

export function symbolOf(tone: Tone | 'quiet' | undefined): string {
  return tone === undefined || tone === 'quiet' ? '' : symbols[tone];
}

/** They turn the reading order around, so that 100 could read as 001; of no use in any card. */
const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

function clean(text: string): string {
  return text.replace(directions, '');
}

/** At most that many UTF-16 units, which is how Slack counts; a cut shows as `…`. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  // Half of a surrogate pair would be shown as a box.
  return `${text.slice(0, lengthMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** An empty text is refused everywhere. */
export function plain(text: string, lengthMax: number): types.PlainTextElement {
  return { type: 'plain_text', text: cut(clean(text), lengthMax) || ' ', emoji: false };
}

/** For `text` outside blocks, where `&`, `<` and `>` are the only way into markup. */
export function escapeText(text: string): string {
  return clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a person typed: Slack sends the three characters of its markup escaped. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export function words(text: string, style?: types.RichTextText['style']): types.RichTextText {
  const shown = clean(text) || ' ';
  return { type: 'text', text: shown, ...(style === undefined ? {} : { style }) };
}

export function bold(text: string): types.RichTextText {
  return words(text, { bold: true });
}

export function section(...elements: types.RichTextElement[]): types.RichTextSection {
  return { type: 'rich_text_section', elements };
}

export function richText(...elements: types.RichTextBlock['elements']): types.RichTextBlock {
  return { type: 'rich_text', elements };
}

export function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
