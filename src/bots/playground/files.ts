// Files and pictures that came with cards, in memory. Who may have one is decided by the message
// that names it.
import { createHash } from 'node:crypto';
import type { Picture } from '../../commands/card.ts';
import type { TextFile } from '../../commands/types.ts';
import { limits } from './limits.ts';
import type { FileView, PictureView } from './protocol.ts';

export interface KeptFile {
  readonly name: string;
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** Both keep nothing that is too large; the oldest goes when there are too many. */
export interface Files {
  keep(file: TextFile): FileView | undefined;
  /** The same picture again is the same file: a card that changes around it shows it without a blink. */
  keepPicture(picture: Picture): PictureView | undefined;
  find(id: string): KeptFile | undefined;
  forget(): void;
}

export function createFiles({ newId }: { newId(): string }): Files {
  const files = createShelf<KeptFile>(limits.filesMax);
  const pictures = createShelf<KeptFile>(limits.picturesMax);
  /** By what is in it; grows no longer than the shelf. */
  const known = createShelf<string>(limits.picturesMax);

  return {
    keep({ name, contentType, text }) {
      const bytes = Buffer.byteLength(text);
      if (bytes > limits.fileBytesMax) return undefined;
      const id = newId();
      files.put(id, { name, contentType, content: text });
      return { id, name, bytes };
    },
    keepPicture({ name, png, width, height, alt }) {
      if (png.length > limits.pictureBytesMax) return undefined;
      const hash = createHash('sha256').update(name).update('\0').update(png).digest('hex');
      const id = known.get(hash) ?? newId();
      known.put(hash, id);
      pictures.put(id, { name, contentType: 'image/png', content: png });
      return { id, name, width, height, alt };
    },
    find: (id) => files.get(id) ?? pictures.get(id),
    forget() {
      for (const shelf of [files, pictures, known]) shelf.clear();
    },
  };
}

/** What was put last stays longest. */
function createShelf<T>(countMax: number) {
  const kept = new Map<string, T>();
  return {
    get: (id: string) => kept.get(id),
    clear: () => kept.clear(),
    put(id: string, value: T) {
      kept.delete(id);
      kept.set(id, value);
      const oldest = kept.keys().next();
      if (kept.size > countMax && !oldest.done) kept.delete(oldest.value);
    },
  };
}
