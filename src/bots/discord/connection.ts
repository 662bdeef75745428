// The gateway: the socket over which Discord sends what people do. discord.js reconnects by itself;
// this makes a new client where it gives up, and ends one in whatever state it is.
import {
  type APIInteraction,
  Client,
  Events,
  GatewayDispatchEvents,
  Options,
  SimpleShardingStrategy,
  type WebSocketOptions,
} from 'discord.js';
import type { Clock } from '../../clock.ts';
import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { restOptions, statusOf } from './api.ts';
import { refusedToken } from './explain.ts';
import { limits } from './limits.ts';

export interface Connection {
  /** Resolves when interactions arrive. Waits for outages; throws `UserError` for a wrong token. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ConnectionDeps {
  readonly botToken: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** For tests: discord.js waits five seconds between two new sessions. */
  readonly gateway?: Pick<WebSocketOptions, 'buildIdentifyThrottler'>;
  onInteraction(interaction: APIInteraction): void;
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { clock, log } = deps;
  let isStopped = false;
  let session: Session | undefined;
  let endWaiting: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    endWaiting = resolve;
  });

  /** A token that is refused while Purser runs is said for as long as nobody can use it. */
  const reopen = async () => {
    while (!isStopped) {
      try {
        await open();
        return;
      } catch (error) {
        if (isStopped) return;
        log.error({ because: refusedToken, err: error }, 'nobody can use Purser in Discord');
        await Promise.race([clock.sleep(limits.refusedWaitMs), stopped]);
      }
    }
  };

  /** Until it is connected, or stopped. */
  async function open(): Promise<void> {
    let waitMs: number = limits.reconnectFirstMs;
    while (!isStopped) {
      const next = createSession(deps, () => {
        if (session !== next) return;
        session = undefined;
        void next.end().then(reopen);
      });
      session = next;
      try {
        await Promise.race([next.ready, stopped]);
        return;
      } catch (error) {
        session = undefined;
        await next.end();
        if (isWrongToken(error)) throw wrongToken(error);
        if (waitMs === limits.reconnectFirstMs) {
          log.warn({ err: error }, 'Discord cannot be reached; it is tried again');
        }
        await Promise.race([clock.sleep(waitMs), stopped]);
        waitMs = Math.min(waitMs * 2, limits.reconnectMaxMs);
      }
    }
  }

  return {
    start: open,
    async stop() {
      isStopped = true;
      endWaiting();
      const ending = session;
      session = undefined;
      await ending?.end();
    },
  };
}

export function wrongToken(cause: unknown): UserError {
  return new UserError(refusedToken, { cause });
}

function isWrongToken(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === 'TokenInvalid' || statusOf(error) === 401;
}

interface Session {
  readonly ready: Promise<void>;
  end(): Promise<void>;
}

function createSession(deps: ConnectionDeps, onLost: () => void): Session {
  const { log, onInteraction } = deps;
  const strategies: Strategy[] = [];
  const client = new Client({
    // Commands and clicks need none: Purser reads no messages and keeps no list of members.
    intents: [],
    makeCache: Options.cacheWithLimits(nothing),
    sweepers: {},
    rest: { ...restOptions, api: deps.apiUrl },
    ws: {
      ...deps.gateway,
      buildStrategy: (manager) => {
        const strategy = createStrategy(manager);
        strategies.push(strategy);
        return strategy;
      },
    },
  });
  client.on(Events.Error, (err) => log.warn({ err }, 'Discord’s client had an error'));
  client.on(Events.ShardError, (err) =>
    log.warn({ err }, 'the connection to Discord had an error'),
  );
  // It tries twice a second while Discord is away: said once for each time.
  let isAway = false;
  client.on(Events.ShardReconnecting, () => {
    if (!isAway) log.warn({}, 'the connection to Discord is lost; reconnecting');
    isAway = true;
  });
  const noteBack = () => {
    if (isAway) log.info({}, 'connected to Discord again');
    isAway = false;
  };
  client.on(Events.ShardResume, noteBack);
  client.on(Events.ShardReady, noteBack);
  client.on(Events.ShardDisconnect, ({ code }) => {
    log.error({ code }, 'Discord closed the connection for good; a new one is made');
    onLost();
  });
  // As it comes: discord.js's own objects would cost time before the first answer.
  client.ws.on(GatewayDispatchEvents.InteractionCreate, onInteraction);
  const ready = new Promise<void>((resolve, reject) => {
    client.once(Events.ClientReady, () => resolve());
    client.login(deps.botToken).catch(reject);
  });
  // It is looked at by whoever opens the session, which may be over before.
  ready.catch(() => {});
  return {
    ready,
    async end() {
      client.ws.removeAllListeners(GatewayDispatchEvents.InteractionCreate);
      // discord.js says so of a connection that is closed on purpose too.
      client.removeAllListeners(Events.ShardReconnecting);
      for (const strategy of strategies) strategy.park();
      // Ending ends its waits too, one of which then ends it once more and forgets who waits for the
      // first (ws 1.2.3, read 2026-11-26): that promise can stay open for ever.
      await Promise.race([client.destroy(), deps.clock.sleep(limits.endWaitMs)]);
    },
  };
}

/** What interactions bring along is used once. */
const nothing = {
  DMMessageManager: 0,
  GuildMemberManager: 0,
  GuildMessageManager: 0,
  MessageManager: 0,
  UserManager: 0,
};

type Manager = ConstructorParameters<typeof SimpleShardingStrategy>[0];
type Strategy = SimpleShardingStrategy & { park(): void };

/**
 * discord.js's own way of one connection, made safe to end. A connection that is being opened while
 * it ends would go on, and its error would have no listener and end the process (ws 1.2.3, read
 * 2026-11-26); one that waits before it opens again would open after the end.
 */
function createStrategy(manager: Manager): Strategy {
  const strategy = new SimpleShardingStrategy(manager);
  return Object.assign(strategy, {
    park() {
      const { options } = manager;
      options.retrieveSessionInfo = () => new Promise<never>(() => {});
      for (const shard of strategy['shards'].values()) {
        const connection = shard['connection'];
        if (connection?.readyState !== connecting) continue;
        connection.addEventListener('error', () => {});
        connection.addEventListener('open', () => connection.close());
        connection.close();
      }
    },
  });
}

const connecting = 0;
