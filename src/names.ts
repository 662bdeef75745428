// Names that people read out: random, unguessable, without 0, O, 1, I and L.
import { randomBytes } from 'node:crypto';

const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Stands on a card and in the log. */
export function newReference(): string {
  return newName(6);
}

/** `P7K2M9QX4` */
export function newPayoutId(): string {
  return `P${newName(8)}`;
}

function newName(length: number): string {
  let name = '';
  while (name.length < length) {
    for (const byte of randomBytes(length)) {
      const letter = letters[byte & 31];
      if (letter !== undefined && name.length < length) name += letter;
    }
  }
  return name;
}
