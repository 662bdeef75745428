// A card as Discord's components: a container whose colour is the tone, texts, a picture, a file and
// buttons. Every text is data and is escaped; what does not fit is cut with words that say so.
import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Button, Card, Field, Tone } from '../../commands/card.ts';
import type { TextFile } from '../../commands/types.ts';
import { renderPressed } from './custom-id.ts';
import { cutPlain, escapeLine, escapeText } from './escape.ts';
import { fitTexts } from './fit.ts';
import { limits } from './limits.ts';
import { renderLink } from './link.ts';
import { renderBold, renderTable, symbols } from './table.ts';

const colours: Readonly<Record<Tone, number>> = {
  neutral: 0x5b6b80,
  good: 0x2e9e5b,
  warning: 0xe0a100,
  bad: 0xd1383d,
};

/** What stands on a card besides the card. */
export interface CardExtras {
  readonly file?: TextFile;
  /** Accounts that the card calls by name and notifies. */
  readonly mentioned?: readonly string[];
  /** In the small print: who asked, what was left out. */
  readonly notes?: readonly string[];
  /** Of this bot itself, after those of the card. */
  readonly buttons?: readonly APIButtonComponentWithCustomId[];
}

export function renderCard(card: Card, extras: CardExtras = {}): APIContainerComponent {
  const { picture, table } = card;
  const { file } = extras;
  const texts = fitTexts({
    head: `## ${symbols[card.tone]}${renderTitle(card.title)}`,
    body: card.text === undefined ? '' : escapeText(card.text),
    fields: (card.fields ?? []).map(renderField),
    table: table === undefined ? [] : renderTable(table),
    notes: renderNotes(card, extras),
    ...(card.mark === undefined ? {} : { mark: `-# ${escapeLine(card.mark)}` }),
  });
  const rows = renderRows(card, extras.buttons ?? []);
  const head = [texts.head, texts.body].filter((text) => text.trim() !== '').join('\n');
  const components: APIComponentInContainer[] = [
    ...renderText(head),
    ...renderText(texts.fields),
    ...(texts.table === '' ? [] : [{ type: ComponentType.Separator } as const]),
    ...renderText(texts.table),
  ];
  if (picture !== undefined) {
    const description = cutPlain(picture.alt, limits.altMax);
    const media = { url: `attachment://${attachmentName(picture.name)}` };
    components.push({ type: ComponentType.MediaGallery, items: [{ media, description }] });
  }
  if (file !== undefined) {
    const url = `attachment://${attachmentName(file.name)}`;
    components.push({ type: ComponentType.File, file: { url } });
  }
  components.push(...renderText(texts.notes), ...rows);
  return { type: ComponentType.Container, accent_color: colours[card.tone], components };
}

/** Discord changes other characters itself, and then finds no attachment of that name. */
export function attachmentName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, '_');
}

/** Discord takes trailing # of a heading away. */
function renderTitle(title: string): string {
  const escaped = escapeLine(title).trim();
  return escaped.endsWith('#') ? `${escaped}\u2060` : escaped;
}

function renderText(content: string): APIComponentInContainer[] {
  return content.trim() === '' ? [] : [{ type: ComponentType.TextDisplay, content }];
}

function renderField({ label, value, link }: Field): string {
  const [name, text] = [escapeLine(label).trim(), escapeLine(value)];
  const shown = link === undefined || text === '' ? text : renderLink(text, link);
  return `${renderBold(name)} ${shown}`.trim();
}

function renderNotes(card: Card, { mentioned = [], notes = [] }: CardExtras): string[] {
  const { progress, reference } = card;
  const call = mentioned.map((user) => `<@${user}>`).join(', ');
  return [
    ...(call === '' ? [] : [`-# For ${call}`]),
    ...(progress === undefined ? [] : [renderProgress(progress)]),
    ...[...(card.notes ?? []), ...notes].map((note) => `-# ${escapeLine(note)}`),
    ...(reference === undefined ? [] : [`-# Reference ${escapeLine(reference)}`]),
  ];
}

function renderProgress({ done, of }: { done: number; of: number }): string {
  const length = 10;
  const filled = of === 0 ? 0 : Math.round((Math.min(done, of) / of) * length);
  return `-# ${'▰'.repeat(filled)}${'▱'.repeat(length - filled)} ${done} of ${of}`;
}

const styles: Readonly<Record<Button['style'], APIButtonComponentWithCustomId['style']>> = {
  plain: ButtonStyle.Secondary,
  primary: ButtonStyle.Primary,
  danger: ButtonStyle.Danger,
};

export function renderButton(
  customId: string,
  label: string,
  style: Button['style'],
): APIButtonComponentWithCustomId {
  if (customId.length > limits.customIdMax) {
    throw new RangeError(`a button would carry more than Discord takes: ${customId}`);
  }
  return {
    type: ComponentType.Button,
    style: styles[style],
    custom_id: customId,
    label: cutPlain(label, limits.buttonLabelMax) || '…',
  };
}

/** Suggestions come last, and those that Discord cannot carry are left out: they can be typed. */
function renderRows(
  { buttons = [], suggestions = [] }: Card,
  own: readonly APIButtonComponentWithCustomId[],
): APIActionRowComponent<APIButtonComponentWithCustomId>[] {
  const asked = buttons.map(({ action, label, style, confirm }) =>
    renderButton(
      renderPressed({ kind: confirm === undefined ? 'action' : 'ask', action }),
      label,
      style,
    ),
  );
  const lines = suggestions
    .filter((line) => line.length <= limits.buttonLabelMax)
    .map((line) => renderButton(renderPressed({ kind: 'line', line }), line, 'plain'));
  // Discord refuses a message that has the same button twice.
  const all = [
    ...new Map([...asked, ...own, ...lines].map((one) => [one.custom_id, one])).values(),
  ];
  const rows = chunk(all, limits.rowButtonsMax).slice(0, rowsMax);
  return rows.map((components) => ({ type: ComponentType.ActionRow, components }));
}

/** Five rows of five and their texts stay within the components of a message. */
const rowsMax = 5;

export function chunk<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
