// The letters of the picture: a font from a package, because a server may have none at all. It is
// Inter's Latin part; what it cannot write is replaced before an empty box is drawn.
// https://github.com/Brooooooklyn/canvas#fonts read 2026-11-26
import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

/** No other font of this name can be there: what is drawn looks the same on every machine. */
const regular = 'Purser Inter';
const bold = 'Purser Inter Bold';

export const family = { regular, bold } as const;

/** Twice is fine. Throws where the files are missing. */
export function registerLetters(): void {
  const require = createRequire(import.meta.url);
  const files = {
    [regular]: require.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2'),
    [bold]: require.resolve('@fontsource/inter/files/inter-latin-600-normal.woff2'),
  };
  for (const [name, file] of Object.entries(files)) {
    if (GlobalFonts.has(name)) continue;
    if (GlobalFonts.registerFromPath(file, name) === null) throw new Error(`${file} is no font`);
  }
}

/** One line, with a question mark for whatever the font has no letter for. */
export function toWritable(text: string, lengthMax: number): string {
  const letters = [...text.normalize('NFC').replaceAll(/\s+/g, ' ').trim()].map((letter) =>
    /[ -~\u00a0-\u00ac\u00ae-\u00ff–—‘’“”•…−]/.test(letter) ? letter : '?',
  );
  return letters.length <= lengthMax
    ? letters.join('')
    : `${letters.slice(0, lengthMax - 1).join('')}…`;
}
