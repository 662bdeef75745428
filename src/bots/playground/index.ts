// The playground: a chat in the browser that needs no token. A bot like the others: it takes lines
// and clicks to the dispatcher and shows the cards that come back. It believes every window who it
// says it is, so it listens on loopback only and must never stand beside real credentials.
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { createServer, listenOn } from '../../serve.ts';
import type { Bot } from '../types.ts';
import { loadAssets } from './assets.ts';
import { createDesk } from './desk.ts';
import { createFiles } from './files.ts';
import { limits } from './limits.ts';
import { createPlaygroundPoster } from './poster.ts';
import type { PersonView } from './protocol.ts';
import { createRoom } from './room.ts';
import { addRoutes } from './routes.ts';
import { createStreams } from './streams.ts';

export interface PlaygroundBotConfig {
  /** 0 takes any free port. */
  readonly port: number;
  readonly people: readonly PersonView[];
  /** Names without `playground:`; `general` is there anyway and comes first. */
  readonly channels: readonly string[];
  /** Whether real money could move, in a sentence. */
  readonly money: string;
  /** Those that the page's first example pays. */
  readonly hasExamplePayees: boolean;
  /** The folder of the built page. */
  readonly assetsDir: string;
}

export interface PlaygroundBotDeps {
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  /** As the dispatcher's: it stands on a card and in the log. */
  newReference(): string;
}

export function createPlaygroundBot(config: PlaygroundBotConfig, deps: PlaygroundBotDeps): Bot {
  const { clock, newId, newReference } = deps;
  const log = deps.log.child({ bot: 'playground' });
  const team = {
    people: config.people.map(({ id, name, roles }) => ({ id, name, roles })),
    channels: [...new Set(['general', ...config.channels])],
    money: config.money,
    hasExamplePayees: config.hasExamplePayees,
  };
  const room = createRoom({ now: clock.now, newId });
  const files = createFiles({ newId });
  const lastChannels = new Map<string, string>();
  let running: { stop(): Promise<void> } | undefined;
  const stop = async () => {
    const stopping = running;
    running = undefined;
    await stopping?.stop();
  };

  return {
    platform: 'playground',
    servedBy: 'every',
    check: async () => [],
    poster: createPlaygroundPoster({ team, room, files, lastChannels }),
    stop,
    async start(dispatcher) {
      if (running !== undefined) throw new Error('the playground is running already');
      const assets = await loadAssets(config.assetsDir);
      const desk = createDesk({ dispatcher, room, files, lastChannels, log, newReference });
      const streams = createStreams(newId(), room);
      const server = createServer({ bodyBytesMax: limits.bodyBytesMax });
      addRoutes(server, { team, assets, desk, streams, dispatcher, log, newReference });
      running = {
        async stop() {
          streams.stop();
          await server.close();
          room.forget();
          files.forget();
        },
      };
      try {
        const url = await listenOn(server, {
          port: config.port,
          what: 'The playground',
          choice: 'PLAYGROUND_PORT=',
        });
        log.info({ url }, 'playground started');
        return { url, line: `Purser’s playground is open at ${url}` };
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}
