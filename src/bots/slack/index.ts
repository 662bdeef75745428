// Slack. Purser connects to it by a socket, or is called by it over HTTP where a signing secret is
// given instead of an app token. A bot like the others: it translates and renders, and decides nothing.
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  App,
  defaultBodyLimit,
  HTTPModuleFunctions,
  HTTPReceiver,
  isRawBodyError,
} from '@slack/bolt';
import type { Clock } from '../../clock.ts';
import type { Command, Dispatcher } from '../../commands/types.ts';
import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Team } from '../../team.ts';
import { type Bot, type Inbox, isWrong } from '../types.ts';
import { clientOptions, createSlackApi, toBoltLogger } from './api.ts';
import { checkSlack } from './check.ts';
import { type Connection, createConnection } from './connection.ts';
import { createDesk } from './desk.ts';
import { createFiles } from './files.ts';
import { createHomePage } from './home.ts';
import { explainAppToken, explainToken, getIdentity, type Identity } from './identity.ts';
import { addListeners } from './listeners.ts';
import { inboxPath } from './manifest.ts';
import { createSlackPoster } from './poster.ts';
import { createStanding } from './standing.ts';

export { type Manifest, renderManifest } from './manifest.ts';
export { botScopes, type Scope } from './scopes.ts';

export interface SlackBotConfig {
  readonly botToken: string;
  /** For Socket Mode; exactly one of this and the signing secret is given. */
  readonly appToken?: string;
  /** For HTTP. */
  readonly signingSecret?: string;
  /** `https://slack.com/api/` */
  readonly apiUrl: string;
}

export interface SlackBotDeps {
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  /** As the dispatcher's: it stands on a card and in the log. */
  newReference(): string;
  readonly commands: readonly Command[];
  readonly people: Team['people'];
  /** The team file's channels here, without `slack:`. */
  readonly channels: readonly string[];
  /** Where several replicas serve: false for an event that one of them has taken. */
  takeOnce?(key: string): Promise<boolean>;
}

const firstWaitMs = 500;
const waitMaxMs = 15_000;
/** How long answers that are under way may take at the end. */
const finishMs = 5000;

export function createSlackBot(given: SlackBotConfig, deps: SlackBotDeps): Bot {
  const config = { ...given, apiUrl: given.apiUrl.replace(/\/*$/, '/') };
  const { clock, newId, newReference, people } = deps;
  const log = deps.log.child({ bot: 'slack' });
  const api = createSlackApi(config, { clock, log });
  const files = createFiles(api);
  let known: Identity | undefined;
  const identity = async () => {
    known ??= await getIdentity(api);
    return known;
  };
  const poster = createSlackPoster({
    api,
    clock,
    log,
    files,
    people,
    identity,
    knownIdentity: () => known,
  });
  const standing = createStanding({ api, clock, log, home: () => known });
  const socket = createWay(config, { clock, log });
  const working = new Map<Promise<void>, string>();
  let isStarted = false;
  let isStopping = false;

  const check = () =>
    checkSlack({
      api,
      log,
      people,
      channels: deps.channels,
      apiUrl: config.apiUrl,
      appToken: config.appToken,
      identity: async () => {
        // Asked anew: a token may have been revoked since.
        known = await getIdentity(api);
        return known;
      },
    });

  /** An outage is waited for; a token that is refused never becomes right. */
  const waitForIdentity = async (): Promise<Identity> => {
    let waitMs = firstWaitMs;
    while (!isStopping) {
      try {
        return await identity();
      } catch (error) {
        const problem = explainToken(error);
        if (problem !== undefined) throw problem;
        if (waitMs === firstWaitMs) log.warn({ err: error }, 'Slack is out of reach; trying on');
        await clock.sleep(waitMs);
        waitMs = Math.min(waitMs * 2, waitMaxMs);
      }
    }
    throw new UserError('Purser was stopped before Slack could be reached.');
  };

  const listen = (dispatcher: Dispatcher, { botId, user }: Identity) => {
    const app = new App({
      token: config.botToken,
      botId,
      botUserId: user,
      receiver: socket.receiver,
      tokenVerificationEnabled: false,
      convoStore: false,
      logger: toBoltLogger(log),
      clientOptions: clientOptions(config.apiUrl, log),
    });
    const nameOf = (account: string) =>
      people.find(({ slack }) => [slack ?? []].flat().some((one) => one.user === account))?.name;
    const desk = createDesk({
      api,
      clock,
      log,
      files,
      dispatcher,
      standing,
      newId,
      newReference,
      nameOf,
      isStopping: () => isStopping,
    });
    const home = createHomePage({ api, clock, log, dispatcher, standing });
    const track = (event: string, work: Promise<void>) => {
      const kept = work
        .catch((error: unknown) => log.error({ event, err: error }, 'an event of Slack was lost'))
        .finally(() => working.delete(kept));
      working.set(kept, event);
    };
    const { takeOnce } = deps;
    addListeners(app, {
      ...{ desk, home, log, track, newReference },
      ...(takeOnce === undefined ? {} : { takeOnce }),
    });
  };

  const warn = async () => {
    for (const { level, what, text } of await check()) {
      if (isWrong(level))
        log.warn({ what, level, text }, 'not everything in Slack is as it should be');
    }
  };

  return {
    platform: 'slack',
    servedBy: 'every',
    poster,
    ...(socket.inbox === undefined ? {} : { inbox: socket.inbox }),
    check,
    async start(dispatcher) {
      if (isStarted) throw new Error('the Slack bot is running already');
      isStarted = true;
      const here = await waitForIdentity();
      listen(dispatcher, here);
      await socket.start();
      await warn();
      const way = config.appToken === undefined ? `over HTTP at ${inboxPath}` : 'in Socket Mode';
      const line = `Slack: @${here.name} in ${here.teamName}, ${way}`;
      log.info({ team: here.team, line }, 'Slack is connected');
      return { line };
    },
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await socket.stop();
      const late = new Promise<void>((resolve) => {
        AbortSignal.timeout(finishMs).addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([Promise.allSettled(working.keys()), late]);
      for (const event of working.values()) {
        log.error({ event }, 'an answer was lost: Purser stopped before it was delivered');
      }
    },
  };
}

interface Way {
  readonly receiver: Connection['receiver'] | HTTPReceiver;
  readonly inbox?: Inbox;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Bolt reads members of whatever came, where nobody catches it: `null` would end the process. */
async function takeRequest(
  receiver: HTTPReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { bufferIncomingMessage, parseHTTPRequestBody } = HTTPModuleFunctions;
  const buffered = await bufferIncomingMessage(request, defaultBodyLimit);
  let body: unknown = {};
  try {
    body = parseHTTPRequestBody(buffered);
  } catch {
    // Bolt refuses it when it has verified it.
  }
  if (typeof body === 'object' && body !== null) receiver.requestListener(request, response);
  else response.writeHead(400).end();
}

function createWay(config: SlackBotConfig, deps: { clock: Clock; log: Log }): Way {
  const { appToken, signingSecret, apiUrl } = config;
  if (appToken !== undefined) {
    const connection = createConnection({ appToken, apiUrl }, deps);
    return {
      receiver: connection.receiver,
      async start() {
        await connection.start().catch((error: unknown) => {
          throw explainAppToken(error);
        });
      },
      stop: () => connection.stop(),
    };
  }
  const receiver = new HTTPReceiver({
    signingSecret: signingSecret ?? '',
    endpoints: inboxPath,
    logger: toBoltLogger(deps.log),
  });
  let isOpen = false;
  return {
    receiver,
    inbox: {
      path: inboxPath,
      listen(request, response) {
        if (!isOpen) {
          // Slack tries events again by itself, within a minute.
          response.writeHead(503).end();
          return;
        }
        void takeRequest(receiver, request, response).catch((error: unknown) => {
          // It is broken off or too long, or Bolt does not take such a path or method.
          deps.log.debug({ err: error }, 'a request that is not from Slack');
          if (!response.headersSent) response.writeHead(isRawBodyError(error) ? 400 : 404).end();
        });
      },
    },
    async start() {
      isOpen = true;
    },
    async stop() {
      isOpen = false;
    },
  };
}
