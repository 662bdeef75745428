// Where Purser listens: the playground’s port, and the one where providers and platforms call in.
import { isIP } from 'node:net';
import type { ConfigProblem } from '../errors.ts';

export interface Listening {
  readonly playgroundPort: number;
  readonly httpPort: number | undefined;
  /** The address of this machine on which `httpPort` is open: loopback, unless others are to come in. */
  readonly httpHost: string;
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined;
}

type Values = Readonly<Record<string, string | undefined>>;

/** Every mistake is added to the problems. */
export function readListening(
  values: Values,
  isChat: boolean,
  problems: ConfigProblem[],
): Listening {
  const publicUrl = values['PUBLIC_URL'];
  const playgroundPort = readPort('PLAYGROUND_PORT', values, problems) ?? 8080;
  const httpPort = readPort('HTTP_PORT', values, problems);
  problems.push(...findIdleAddresses(values, isChat));
  const httpHost = readHost(values, problems) ?? (publicUrl === undefined ? loopback : everywhere);
  return { playgroundPort, httpPort, httpHost, publicUrl };
}

const loopback = '127.0.0.1';
const everywhere = '0.0.0.0';

/** Whoever sets one of these expects calls that would silently never come. */
function findIdleAddresses(values: Values, isChat: boolean): ConfigProblem[] {
  return ['PUBLIC_URL', 'HTTP_HOST'].flatMap((path): ConfigProblem[] => {
    if (values[path] === undefined) return [];
    if (!isChat) {
      const problem =
        'Without a chat token Purser starts the playground, which nobody else may reach.';
      return [{ path, problem, remedy: `Remove ${path} to start the playground.` }];
    }
    if (values['HTTP_PORT'] !== undefined) return [];
    const problem = 'HTTP_PORT is not set, so nothing would answer there.';
    return [{ path, problem, remedy: 'Set HTTP_PORT to the port that it leads to.' }];
  });
}

/** No name: it may lead to another address tomorrow, and the port would be open to others. */
function readHost(values: Values, problems: ConfigProblem[]): string | undefined {
  const host = values['HTTP_HOST'];
  if (host === undefined || isIP(host) !== 0) return host;
  problems.push({
    path: 'HTTP_HOST',
    problem: 'It is not an IP address.',
    remedy: `Use ${loopback} for this machine alone, ${everywhere} for every network it is in, or one of its addresses.`,
  });
  return undefined;
}

function readPort(name: string, values: Values, problems: ConfigProblem[]): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  problems.push({
    path: name,
    problem: 'It is not a port.',
    remedy: 'Use a number from 0 (any free port) to 65535.',
  });
  return undefined;
}
