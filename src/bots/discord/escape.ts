// Text of a card as Discord shows it literally: nothing in it formats, mentions, links or becomes an
// emoji. Discord's clients take a backslash before any punctuation for the character itself.

/** They turn the reading order around, so that 100 could read as 001. */
const directions = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const controls = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;
/** Marks that format wherever they stand. A colon begins an emoji or the rest of an address. */
const marks = /[\\*_~`|<>[\]@#]|:(?=\S)/g;
/** What makes a list at the beginning of a line; quotes and headings are escaped everywhere. */
const lineStarts = /^([^\S\n]*)([-+]|\d+(?=[.)]))/gm;

/** One line: breaks become spaces. */
export function escapeLine(text: string): string {
  return escapeMarks(clean(joinLines(text)));
}

/** Keeps line breaks. */
export function escapeText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  return escapeMarks(lines.map(clean).join('\n'));
}

/** In one pass, however long a run of white space is. */
function joinLines(text: string): string {
  return text.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? ' ' : space));
}

function clean(line: string): string {
  return line.replace(directions, '').replace(controls, ' ');
}

function escapeMarks(text: string): string {
  return text
    .replace(marks, '\\$&')
    .replace(lineStarts, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
    );
}

/** At most that many characters of what was escaped, never half an escape or half a character. */
export function cutEscaped(escaped: string, lengthMax: number): string {
  if (escaped.length <= lengthMax) return escaped;
  const cut = escaped.slice(0, Math.max(0, lengthMax - 1)).replace(/\p{Cs}$/u, '');
  const slashes = /\\*$/.exec(cut)?.[0].length ?? 0;
  return `${slashes % 2 === 1 ? cut.slice(0, -1) : cut}…`;
}

/** Plain text for labels, which Discord never formats. */
export function cutPlain(text: string, lengthMax: number): string {
  const line = clean(joinLines(text)).trim();
  if (line.length <= lengthMax) return line;
  return `${line.slice(0, lengthMax - 1).replace(/\p{Cs}$/u, '')}…`;
}
