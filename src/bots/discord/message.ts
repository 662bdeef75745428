// A card as the body of a message, with its attachments. Nobody is ever notified but the people whom
// a posted card calls.
import { type APIContainerComponent, MessageFlags, type RawFile } from 'discord.js';
import type { Card } from '../../commands/card.ts';
import { attachmentName, type CardExtras, renderCard } from './card.ts';
import { limits } from './limits.ts';

export interface MessageBody {
  readonly flags: number;
  readonly components: readonly APIContainerComponent[];
  readonly allowed_mentions: { readonly parse: readonly []; readonly users?: readonly string[] };
  readonly attachments: readonly { readonly id: number; readonly filename: string }[];
}

export interface RenderedMessage {
  readonly body: MessageBody;
  readonly files: RawFile[];
}

export interface MessageExtras extends CardExtras {
  readonly isPrivate?: boolean;
  /** Whether those whom the card calls hear of it: when it is posted, not when it changes. */
  readonly isNotifying?: boolean;
}

export function renderMessage(card: Card, extras: MessageExtras = {}): RenderedMessage {
  const { file, mentioned = [], notes = [] } = extras;
  const bytes = file === undefined ? undefined : Buffer.from(file.text);
  const isTooLarge = bytes !== undefined && bytes.length > limits.fileBytesMax;
  const { file: _, ...others } = extras;
  const shown: CardExtras =
    file === undefined || isTooLarge
      ? { ...others, notes: isTooLarge ? [...notes, tooLargeNote(file?.name ?? '')] : notes }
      : { ...others, file };
  const files: RawFile[] = [];
  const { picture } = card;
  if (picture !== undefined) {
    const data = Buffer.from(picture.png);
    files.push({ name: attachmentName(picture.name), data, contentType: 'image/png' });
  }
  if (file !== undefined && bytes !== undefined && !isTooLarge) {
    const { name, contentType } = file;
    files.push({ name: attachmentName(name), data: bytes, contentType });
  }
  const users = extras.isNotifying ? mentioned.slice(0, mentionsMax) : [];
  return {
    body: {
      flags: MessageFlags.IsComponentsV2 | (extras.isPrivate ? MessageFlags.Ephemeral : 0),
      components: [renderCard(card, shown)],
      allowed_mentions: users.length === 0 ? { parse: [] } : { parse: [], users },
      // Named at each edit, so that what belonged to an older card goes with it.
      attachments: files.map(({ name }, id) => ({ id, filename: name })),
    },
    files,
  };
}

const mentionsMax = 100;

function tooLargeNote(name: string): string {
  const megabytes = limits.fileBytesMax / 1024 / 1024;
  return `“${name}” is larger than the ${megabytes} MB that Discord takes: ask for a part of it.`;
}
