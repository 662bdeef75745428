// Files that came with cards, in memory. Who may have one is decided by the message that names it.
import type { TextFile } from '../../commands/types.ts';
import { limits } from './limits.ts';
import type { FileView } from './protocol.ts';

export interface Files {
  /** Undefined for a file that is too large; the oldest goes when there are too many. */
  keep(file: TextFile): FileView | undefined;
  find(id: string): TextFile | undefined;
}

export function createFiles({ newId }: { newId(): string }): Files {
  const files = new Map<string, TextFile>();
  return {
    keep(file) {
      const bytes = Buffer.byteLength(file.text);
      if (bytes > limits.fileBytesMax) return undefined;
      const id = newId();
      files.set(id, file);
      const oldest = files.keys().next();
      if (files.size > limits.filesMax && !oldest.done) files.delete(oldest.value);
      return { id, name: file.name, bytes };
    },
    find: (id) => files.get(id),
  };
}
