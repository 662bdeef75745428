// Where others come in: whether the ports are Purser’s to take, and whether the public address leads to it.
import { createServer } from 'node:net';
import type { Finding } from '../bots/types.ts';
import { type Config, isPlayground } from '../config.ts';
import { fine, problem, unchecked, warning } from './findings.ts';
import { ask } from './web.ts';

/** `hasPurser`: one works with the same data now, and may be who has the port. */
export async function examinePorts(
  config: Config,
  { hasPurser }: { readonly hasPurser: boolean },
): Promise<Finding[]> {
  const { httpPort, httpHost, playgroundPort } = config;
  const page = isPlayground(config) ? [await examinePage(playgroundPort)] : [];
  if (httpPort === undefined) {
    if (page.length > 0) return page;
    const text = 'Not set: nobody calls in, and Purser asks providers how payouts end.';
    return [fine('HTTP_PORT', text)];
  }
  const port = await examinePort({ what: 'HTTP_PORT', port: httpPort, host: httpHost });
  if (port !== 'taken') return [...page, port, ...examineIdleUrl(config)];
  const own = `http://${showHost(httpHost)}:${httpPort}`;
  const health = hasPurser ? await ask(`${own}/healthz`, 'GET') : undefined;
  if (health?.status !== 200) {
    return [...page, takenBy('HTTP_PORT', httpPort), ...examineIdleUrl(config)];
  }
  const text = `${httpHost}:${httpPort} is that of the Purser that is running.`;
  return [...page, fine('HTTP_PORT', text), ...(await examineUrl(config, own))];
}

async function examinePage(port: number): Promise<Finding> {
  const what = 'PLAYGROUND_PORT';
  const found = await examinePort({ what, port, host: '127.0.0.1' });
  if (found !== 'taken') return found;
  const page = await ask(`http://127.0.0.1:${port}/`, 'GET');
  if (!page?.body.includes('<title>Purser')) return takenBy(what, port);
  return fine(what, `A playground is running at http://127.0.0.1:${port}.`);
}

function takenBy(what: string, port: number): Finding {
  const other = port <= 65_525 ? port + 10 : port - 10;
  const text = `Port ${port} is used by another program. Stop that program, or choose another port, for example ${what}=${other}.`;
  return problem(what, text);
}

interface Place {
  readonly what: string;
  readonly port: number;
  readonly host: string;
}

/** Taken for a moment and given back: only the kernel knows whether it may be had. */
async function examinePort({ what, port, host }: Place): Promise<Finding | 'taken'> {
  if (port === 0) return fine(what, 'Any free port will do.');
  const code = await tryPort(host, port);
  if (code === 'EADDRINUSE') return 'taken';
  if (code === 'EACCES') {
    const text = `Port ${port} is not allowed for this user. Choose one above 1023, for example ${what}=8080.`;
    return problem(what, text);
  }
  if (code === 'EADDRNOTAVAIL') {
    const text = `This machine has no address ${host}. Choose one of its own, or 0.0.0.0 for all.`;
    return problem('HTTP_HOST', text);
  }
  if (code !== undefined) return problem(what, `${host}:${port} cannot be opened (${code}).`);
  return fine(what, `${host}:${port} is free.`);
}

async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer((socket) => socket.destroy());
  return await new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown error'));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

function showHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function examineIdleUrl({ publicUrl }: Config): Finding[] {
  if (publicUrl === undefined) return [];
  return [unchecked('PUBLIC_URL', 'it is asked while Purser is running')];
}

/**
 * Of no provider, and so of no consequence: Purser says in words of its own that it is unknown. The
 * proxy passes it on with those of the providers, and need not pass on the probes.
 */
const harmlessPath = '/webhooks/doctor';

/** Only a warning: from inside of a network its public address may be out of reach. */
async function examineUrl({ publicUrl }: Config, own: string): Promise<Finding[]> {
  if (publicUrl === undefined) return [];
  const [wanted, heard] = await Promise.all(
    [own, publicUrl].map((origin) => ask(`${origin}${harmlessPath}`, 'GET')),
  );
  const remedy = 'Check the proxy or tunnel, and that it passes /webhooks/ and /slack/events on.';
  if (heard === undefined) {
    return [warning('PUBLIC_URL', `${publicUrl} does not answer from here. ${remedy}`)];
  }
  if (heard.status !== wanted?.status || heard.body !== wanted.body) {
    const text = `${publicUrl}${harmlessPath} is answered by something else (HTTP ${heard.status}). ${remedy}`;
    return [warning('PUBLIC_URL', text)];
  }
  return [fine('PUBLIC_URL', `${publicUrl} leads to the Purser that is running.`)];
}
