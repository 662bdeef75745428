// What was already delivered, by Slack's own ids, so that a second delivery has no second effect. It
// remembers a bounded number; a repetition comes within minutes, never after thousands of others.
import { limits } from './limits.ts';

export interface Seen<Note> {
  /** The note of an earlier delivery; undefined for a first one, which is remembered from now on. */
  add(key: string, note: Note): Note | undefined;
  forget(key: string): void;
}

export function createSeen<Note>(): Seen<Note> {
  const notes = new Map<string, Note>();
  return {
    add(key, note) {
      const known = notes.get(key);
      if (known !== undefined) return known;
      notes.set(key, note);
      if (notes.size > limits.seenMax) {
        const [oldest] = notes.keys();
        if (oldest !== undefined) notes.delete(oldest);
      }
      return undefined;
    },
    forget: (key) => void notes.delete(key),
  };
}
