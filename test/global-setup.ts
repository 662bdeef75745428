// Builds once before the tests, as `npm run build` does: the page for the browser tests, and the
// program that test/start.test.ts starts.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export async function setup(): Promise<void> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  try {
    await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd });
  } catch (cause) {
    // The compiler writes its findings to stdout, which the error would not show.
    const said = cause instanceof Error && 'stdout' in cause ? cause.stdout : '';
    throw new Error(`Purser does not build.\n${said}`, { cause });
  }
}
