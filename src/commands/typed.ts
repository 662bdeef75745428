// What people type or paste, as text on one line: nothing in it can hide, turn the reading order
// around, or look like another line of a card. Letters stay as they are.

/** Marks of direction and of no width: pasted with numbers, and good for nothing on a card. */
const unseen = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;
/** Control characters, line breaks, and halves of a character that no store keeps. */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;

export function toPlainLine(typed: string): string {
  return typed.replace(unseen, '').replace(unfit, ' ');
}
