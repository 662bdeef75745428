// Last step of the build: puts what the compiler does not make beside the compiled page.
// lit-html ships ES modules that a browser takes as they are; they are copied, not bundled.
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = dirname(fileURLToPath(import.meta.url));
const target = fileURLToPath(new URL('../../../../dist/bots/playground/page/', import.meta.url));
const lit = join(dirname(createRequire(import.meta.url).resolve('lit-html')), '..');

/** By rename: whoever reads the page meanwhile finds the old file or the new one. */
async function copy(from, to) {
  const fresh = `${to}.${process.pid}`;
  await copyFile(from, fresh);
  await rename(fresh, to);
}

const copied = new Set(['.html', '.css', '.svg']);
for (const name of await readdir(source)) {
  if (copied.has(extname(name))) await copy(join(source, name), join(target, name));
}
for (const part of ['.', 'directives']) {
  const folder = join(target, 'vendor/lit-html', part);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(join(lit, part))) {
    if (extname(name) === '.js') await copy(join(lit, part, name), join(folder, name));
  }
}
