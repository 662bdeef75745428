// This machine’s clock, against those of the servers that check what time Purser writes on its requests.
import type { Finding } from '../bots/types.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { fine, problem, warning } from './findings.ts';
import { ask } from './web.ts';

/** Signatures of providers and platforms hold for a few minutes; well before that it must be seen. */
const driftMaxMs = 30_000;

export interface ClockLook {
  readonly findings: readonly Finding[];
  /** Then whoever checks a signature refuses, and that is no problem of its own. */
  readonly isOff: boolean;
}

interface Drift {
  readonly host: string;
  /** Ours minus theirs. */
  readonly ms: number;
}

export async function examineClocks(config: Config, clock: Clock): Promise<ClockLook> {
  const origins = listOrigins(config);
  const drifts = await Promise.all(origins.map((origin) => measureDrift(origin, clock)));
  const known = drifts.flatMap((one) => one ?? []);
  if (known.length === 0) return { findings: [], isOff: false };
  // One server may be wrong itself; the one that agrees best with this clock speaks for it.
  const best = Math.min(...known.map(({ ms }) => Math.abs(ms)));
  if (best > driftMaxMs) {
    const text = `This machine’s clock is ${Math.round(best / 1000)} s off: signed requests are refused. Switch on time synchronisation (NTP).`;
    return { findings: [problem('Clock', text)], isOff: true };
  }
  const strangers = known.filter(({ ms }) => Math.abs(ms) > driftMaxMs);
  const count = known.length - strangers.length;
  const servers = `${count} ${count === 1 ? 'server' : 'servers'}`;
  return {
    findings: [
      fine('Clock', `It agrees with ${servers} that it is used with.`),
      ...strangers.map(({ host, ms }) => {
        const side = ms > 0 ? 'behind' : 'ahead';
        const text = `${host} is ${Math.round(Math.abs(ms) / 1000)} s ${side} of all others: it may refuse signed requests. Tell whoever runs it.`;
        return warning('Clock', text);
      }),
    ],
    isOff: false,
  };
}

function listOrigins({ chats, providers }: Config): string[] {
  const urls = [
    chats.slack?.apiUrl,
    chats.discord?.apiUrl,
    ...providers.flatMap(({ module, config }) =>
      module.environment.flatMap(({ name, kind }) =>
        kind === 'url' ? [config.environment[name]] : [],
      ),
    ),
  ];
  return [...new Set(urls.flatMap((url) => (url === undefined ? [] : [new URL(url).origin])))];
}

/** Undefined where the server gives no time, or none within a few seconds. */
async function measureDrift(origin: string, clock: Clock): Promise<Drift | undefined> {
  const startedAt = clock.now();
  const heard = await ask(origin, 'HEAD');
  if (heard === undefined || Number.isNaN(heard.dateMs)) return undefined;
  // The header has whole seconds; the middle of the exchange is the best guess for ours.
  const ms = (startedAt + clock.now()) / 2 - (heard.dateMs + 500);
  return { host: new URL(origin).host, ms };
}
