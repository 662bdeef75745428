// The built page, held in memory: nothing that is asked for over HTTP ever becomes a file path.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { UserError } from '../../errors.ts';

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

export interface Assets {
  readonly page: Asset;
  /** By path below the folder: `app.js`, `vendor/lit-html/lit-html.js`. */
  readonly files: ReadonlyMap<string, Asset>;
  /** For the header of the same name; allows the page's import map by its hash. */
  readonly contentSecurityPolicy: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Throws `UserError` where the page has not been built. */
export async function loadAssets(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Asset>();
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const name = relative(folder, file).split(sep).join('/');
    files.set(name, { type, content: await readFile(file) });
  }
  const page = files.get('index.html');
  if (page === undefined || !files.has('app.js')) {
    throw new UserError(`The playground's page is not built in ${folder}. Run \`npm run build\`.`);
  }
  return { page, files, contentSecurityPolicy: composePolicy(page.content.toString('utf8')) };
}

/** Trusted types are on: lit-html's own policy is the only way from a string to markup. */
function composePolicy(html: string): string {
  const importMap = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html)?.[1];
  if (importMap === undefined) throw new UserError('The page of the playground has no import map.');
  const hash = createHash('sha256').update(importMap).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
}
