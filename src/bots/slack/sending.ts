// A card on its way: pictures are uploaded first, and what Slack does not take as a block is said in
// a plainer way, down to bare words. A rejected layout must not cost anybody an answer.
import type { Clock } from '../../clock.ts';
import type { Card, Picture } from '../../commands/card.ts';
import type { Log } from '../../log.ts';
import { type SlackFailure, toFailure } from './failure.ts';
import type { FilePlace, Files } from './files.ts';
import type { RenderOptions } from './layout.ts';
import { fitsChart } from './render-picture.ts';

export interface SendingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly files: Files;
}

export interface Sending<Sent> {
  /** Tries one way of saying it. Throws `SlackFailure`. */
  send(card: Card, options: Partial<RenderOptions>): Promise<Sent>;
  /** Where a picture goes that no block can show. */
  placeOf(sent: Sent): Promise<FilePlace | undefined>;
}

/** An uploaded file is checked by Slack before a block may show it: usually within a second. */
const readyWaitsMs = [0, 500, 1000, 2500];

export async function sendCard<Sent>(
  card: Card,
  { send, placeOf }: Sending<Sent>,
  { clock, log, files }: SendingDeps,
): Promise<Sent> {
  const { picture } = card;
  if (picture === undefined) return sendPlainer(card, send, log);
  if (fitsChart(picture)) {
    const sent = await unlessRefused(() => send(card, { hasChart: true }));
    if (sent !== undefined) return sent.value;
  }
  const fileId = await uploadOrLog(picture, files, log);
  for (const waitMs of fileId === undefined ? [] : readyWaitsMs) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const sent = await unlessRefused(() => send(card, fileId === undefined ? {} : { fileId }));
    if (sent !== undefined) return sent.value;
  }
  const value = await sendPlainer(card, send, log);
  try {
    const place = await placeOf(value);
    if (place !== undefined) await files.sharePicture(picture, place);
  } catch (error) {
    log.warn({ picture: picture.name, err: toFailure(error) }, 'a picture could not be shared');
  }
  return value;
}

async function sendPlainer<Sent>(card: Card, send: Sending<Sent>['send'], log: Log): Promise<Sent> {
  const sent = await unlessRefused(() => send(card, {}));
  if (sent !== undefined) return sent.value;
  log.error(
    { title: card.title },
    'Slack refused the layout of a card: this is a mistake in Purser',
  );
  return send(card, { isPlain: true });
}

async function unlessRefused<Sent>(
  send: () => Promise<Sent>,
): Promise<{ readonly value: Sent } | undefined> {
  try {
    return { value: await send() };
  } catch (error) {
    if (isLayoutRefused(toFailure(error))) return undefined;
    throw error;
  }
}

const layoutCodes = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_arguments',
  'invalid_attachments',
  'only_one_table_allowed',
  'msg_blocks_too_long',
]);

function isLayoutRefused({ code }: SlackFailure): boolean {
  return layoutCodes.has(code);
}

async function uploadOrLog(picture: Picture, files: Files, log: Log): Promise<string | undefined> {
  try {
    return await files.uploadPicture(picture);
  } catch (error) {
    log.warn({ picture: picture.name, err: toFailure(error) }, 'a picture could not be uploaded');
    return undefined;
  }
}
