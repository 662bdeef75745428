// From a card to the body of a message. What a browser fetches for itself, a file or a picture, is
// put aside and named: the stream of messages carries text only.
import type { Card } from '../../commands/card.ts';
import type { TextFile } from '../../commands/types.ts';
import type { Files } from './files.ts';
import { limits } from './limits.ts';
import type { CardView, MessageBody } from './protocol.ts';

export function toBody(card: Card, file: TextFile | undefined, files: Files): MessageBody {
  const view = toView(card, files);
  if (file === undefined) return { kind: 'card', card: view };
  const kept = files.keep(file);
  if (kept !== undefined) return { kind: 'card', card: view, file: kept };
  const size = inMegabytes(Buffer.byteLength(file.text));
  const note =
    `“${file.name}” has ${size} and the playground keeps ${inMegabytes(limits.fileBytesMax)}: ` +
    'ask for a part of it.';
  return { kind: 'card', card: withNote(view, note) };
}

function toView({ picture, ...card }: Card, files: Files): CardView {
  if (picture === undefined) return card;
  const kept = files.keepPicture(picture);
  if (kept !== undefined) return { ...card, picture: kept };
  const size = inMegabytes(picture.png.length);
  return withNote(
    card,
    `A picture of ${size} is left out; the playground keeps ${inMegabytes(limits.pictureBytesMax)}. ` +
      `It shows: ${picture.alt}`,
  );
}

function withNote(card: CardView, note: string): CardView {
  return { ...card, notes: [...(card.notes ?? []), note] };
}

function inMegabytes(bytes: number): string {
  const megabytes = (bytes / 1024 / 1024).toLocaleString('en', { maximumFractionDigits: 1 });
  return `${megabytes} MB`;
}
