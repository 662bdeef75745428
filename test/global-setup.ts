// Builds the playground's page once before the tests, as `npm run build` does.
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const page = fileURLToPath(new URL('../src/bots/playground/page', import.meta.url));

export async function setup(): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  await run(join(dirname(manifest), 'bin/tsc'), '-p', page);
  await run(join(page, 'copy.mjs'));
}

/** The compiler writes its findings to stdout, which the error would not show. */
async function run(...command: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, command);
  } catch (cause) {
    const said = cause instanceof Error && 'stdout' in cause ? cause.stdout : '';
    throw new Error(`The playground's page does not build.\n${said}`, { cause });
  }
}
