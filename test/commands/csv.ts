// Reads CSV as RFC 4180 defines it, letter by letter; shares nothing with what writes it. With a
// semicolon it reads as spreadsheets do where a comma separates decimals.
// https://www.rfc-editor.org/rfc/rfc4180 (read 2026-11-21)

export function parseCsv(text: string, separator = ','): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (isQuoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"' && (isQuoted || cell === '')) {
      isQuoted = !isQuoted;
    } else if (isQuoted) {
      cell += letter;
    } else if (letter === separator) {
      endCell();
    } else if (letter === '\r' && text[at + 1] === '\n') {
      endCell();
      rows.push([]);
      at += 1;
    } else {
      cell += letter;
    }
  }
  if (isQuoted) throw new SyntaxError('a quote is never closed');
  if (cell !== '') throw new SyntaxError('the last line has no end');
  return rows.slice(0, -1);
}
