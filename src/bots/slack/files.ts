// Files at Slack. A picture is uploaded without a channel and shown by an image block; a text file
// goes to a conversation, because Slack has no file that only one person of a channel sees.
// https://docs.slack.dev/messaging/working-with-files, read 2026-11-26.
import type { Picture } from '../../commands/card.ts';
import type { TextFile } from '../../commands/types.ts';
import type { SlackApi } from './api.ts';
import { SlackFailure } from './failure.ts';

export interface Files {
  /** Gives Slack's id; a picture that was uploaded before is not uploaded again. */
  uploadPicture(picture: Picture): Promise<string>;
  sharePicture(picture: Picture, place: FilePlace): Promise<void>;
  shareText(file: TextFile, place: FilePlace): Promise<void>;
  /** The conversation of this person with Purser. */
  openDirect(user: string): Promise<string>;
}

export interface FilePlace {
  readonly channel: string;
  /** The message whose thread it belongs to. */
  readonly under?: string;
}

export function createFiles(api: SlackApi): Files {
  const uploaded = new WeakMap<Picture, Promise<string>>();

  const upload = (
    file: { name: string; bytes: Buffer; alt?: string },
    place?: FilePlace,
  ): Promise<string> =>
    api.call(async (client) => {
      const base = {
        file: file.bytes,
        filename: file.name,
        title: file.name,
        ...(file.alt === undefined ? {} : { alt_text: file.alt }),
      };
      const { channel, under } = place ?? {};
      const result =
        channel === undefined
          ? await client.filesUploadV2(base)
          : under === undefined
            ? await client.filesUploadV2({ ...base, channel_id: channel })
            : await client.filesUploadV2({ ...base, channel_id: channel, thread_ts: under });
      const id = readId(result);
      if (id === undefined) throw new SlackFailure('no_file_id', { isPassing: false });
      return id;
    });

  return {
    uploadPicture(picture) {
      const known = uploaded.get(picture);
      if (known !== undefined) return known;
      const { name, png, alt } = picture;
      const id = upload({ name, bytes: Buffer.from(png), alt });
      uploaded.set(picture, id);
      id.catch(() => uploaded.delete(picture));
      return id;
    },
    async sharePicture({ name, png, alt }, place) {
      await upload({ name, bytes: Buffer.from(png), alt }, place);
    },
    async shareText({ name, text }, place) {
      await upload({ name, bytes: Buffer.from(text) }, place);
    },
    async openDirect(user) {
      const { channel } = await api.call((client) => client.conversations.open({ users: user }));
      if (channel?.id === undefined) throw new SlackFailure('no_channel_id', { isPassing: false });
      return channel.id;
    },
  };
}

/** Of the answers to `files.completeUploadExternal`, one for each file, inside one another. */
function readId(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { id, files } = result as { id?: unknown; files?: unknown };
  if (typeof id === 'string') return id;
  if (!Array.isArray(files)) return undefined;
  for (const file of files) {
    const found = readId(file);
    if (found !== undefined) return found;
  }
  return undefined;
}
