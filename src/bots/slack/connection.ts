// The socket to Slack, and its life. Bolt's own reconnecting is switched off: it gives up where Slack
// cannot be reached, leaves its rejections to nobody, and waits five seconds where none are needed
// (`@slack/socket-mode` 3.1, SocketModeClient.ts, read 2026-11-26). Ours goes on until it is stopped.
import { SocketModeReceiver } from '@slack/bolt';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { clientOptions, toBoltLogger } from './api.ts';
import { isRefusedToken, type SlackFailure, toFailure } from './failure.ts';
import { explainAppToken } from './identity.ts';

export interface Connection {
  readonly receiver: SocketModeReceiver;
  /** Resolves when connected. Throws `SlackFailure` where the app token is refused. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Config {
  readonly appToken: string;
  readonly apiUrl: string;
}

const firstWaitMs = 300;
const waitMaxMs = 5000;
/** Also how often it is said that the token is refused. */
const refusedWaitMs = 60_000;
/** Slack's hello comes within a second; without it the socket is as good as dead. */
const helloMs = 10_000;
const goodbyeMs = 2000;

export function createConnection(config: Config, deps: { clock: Clock; log: Log }): Connection {
  const { clock, log } = deps;
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    autoReconnectEnabled: false,
    // Also how soon a dead socket is noticed: a ping each third of it, an answer within it.
    clientPingTimeout: 3000,
    logger: toBoltLogger(log),
    installerOptions: { clientOptions: clientOptions(config.apiUrl, log) },
  });
  const { client } = receiver;
  let isStopped = false;
  let isConnected = false;
  let running: Promise<void> | undefined;

  const connect = async (): Promise<void> => {
    const connected = client.start();
    // The promise of a client that hears nothing is never settled; its own failures are ours below.
    connected.catch(() => {});
    await Promise.race([connected, after(helloMs).then(() => Promise.reject(silence()))]);
    isConnected = true;
  };

  /** Until connected, or stopped. Throws where it can never work. */
  const reach = async (): Promise<void> => {
    const startedAtMs = clock.now();
    let waitMs = firstWaitMs;
    while (!isStopped) {
      try {
        await connect();
        const awayMs = clock.now() - startedAtMs;
        if (awayMs > waitMaxMs) log.info({ awayMs }, 'Slack is connected again');
        return;
      } catch (error) {
        const failure = toFailure(error);
        if (isRefusedToken(failure)) throw failure;
        if (waitMs === firstWaitMs) log.warn({ err: failure }, 'Slack is out of reach; trying on');
        await closeQuietly();
        if (isStopped) return;
        await clock.sleep(Math.max(waitMs, failure.retryAfterMs ?? 0));
        waitMs = Math.min(waitMs * 2, waitMaxMs);
      }
    }
  };

  /**
   * A token that is refused while Purser runs was revoked, or its workspace is suspended: it is said
   * for as long as nobody can use it, because one line of yesterday is seen by nobody.
   */
  const insist = async (): Promise<void> => {
    while (!isStopped) {
      try {
        await reach();
        return;
      } catch (error) {
        const err = toFailure(error);
        const because = explainAppToken(err).message;
        log.error({ because, err }, 'nobody can use Purser in Slack');
        await closeQuietly();
        await clock.sleep(refusedWaitMs);
      }
    }
  };

  const closeQuietly = () =>
    Promise.race([client.disconnect().catch(() => {}), after(goodbyeMs)]).then(() => {});

  client.on('disconnected', () => {
    if (!isConnected) return;
    isConnected = false;
    if (isStopped) return;
    running = insist();
  });

  return {
    receiver,
    async start() {
      running = reach();
      await running;
    },
    async stop() {
      isStopped = true;
      await closeQuietly();
      // A try that is under way ends with its socket.
      await Promise.race([running?.catch(() => {}), after(goodbyeMs)]);
    },
  };
}

function silence(): SlackFailure {
  return toFailure(new Error('Slack opened a socket and said nothing'));
}

/** Real time, whatever a test says it is: sockets live in it. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener('abort', () => resolve(), { once: true });
  });
}
