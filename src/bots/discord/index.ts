// The Discord bot: slash commands, buttons, modals and cards over the gateway, with no privileged
// intent. It translates and renders; what may be done is decided by the dispatcher.
import type { WebSocketOptions } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Command, Dispatcher } from '../../commands/types.ts';
import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Team } from '../../team.ts';
import { type Bot, isWrong, type Started } from '../types.ts';
import { createAnswers } from './answers.ts';
import { codeOf, createDiscordApi, isPassing, statusOf } from './api.ts';
import { checkDiscord, explainCommands, explainGuild } from './check.ts';
import { createConfirms } from './confirms.ts';
import { type Connection, createConnection, wrongToken } from './connection.ts';
import { createForms } from './forms.ts';
import { type Application, createHome } from './home.ts';
import { createInteractions, type Interactions } from './interactions.ts';
import { limits } from './limits.ts';
import { createDiscordPoster } from './poster.ts';
import { registerCommands, renderCommands } from './registration.ts';
import { createStandings } from './standing.ts';

export { inviteUrl, neededPermissions, permissionsInteger } from './permissions.ts';

export interface DiscordBotConfig {
  readonly botToken: string;
  readonly guildId: string;
  /** `https://discord.com/api` */
  readonly apiUrl: string;
}

export interface DiscordBotDeps {
  readonly clock: Clock;
  readonly log: Log;
  newId(): string;
  /** As the dispatcher's: it stands on a card and in the log. */
  newReference(): string;
  readonly commands: readonly Command[];
  readonly people: Team['people'];
  /** Of the team file, without `discord:`. */
  readonly channels: readonly string[];
  /** For tests: discord.js waits five seconds between two new sessions. */
  readonly gateway?: Pick<WebSocketOptions, 'buildIdentifyThrottler'>;
}

export function createDiscordBot(config: DiscordBotConfig, deps: DiscordBotDeps): Bot {
  const { clock, newId, newReference, commands, people } = deps;
  const { botToken, guildId, apiUrl } = config;
  const log = deps.log.child({ bot: 'discord' });
  const api = createDiscordApi(config);
  const home = createHome(api, guildId);
  const standings = createStandings(api, { guild: guildId, clock });
  const forms = createForms({ clock, newId });
  const confirms = createConfirms({ clock, newId });
  const accounts = people.flatMap(({ id, name, discord }) =>
    discord === undefined ? [] : [{ id, name, user: discord.user }],
  );
  const poster = createDiscordPoster({
    ...{ api, home, standings, confirms, newId },
    userOf: (person) => accounts.find(({ id }) => id === person)?.user,
  });
  const answers = createAnswers({
    ...{ api, clock, log, forms, confirms },
    nameOf: (user) => accounts.find((one) => one.user === user)?.name,
    tell: poster.send,
  });
  const wanted = renderCommands(commands);
  const check = () =>
    checkDiscord({
      ...{ api, home, standings, commands: wanted, channels: deps.channels },
      people: accounts,
    });
  let connection: Connection | undefined;
  let interactions: Interactions | undefined;
  let isStopped = false;
  let endWaiting: () => void = () => {};
  let stopped: Promise<void> = Promise.resolve();

  /** Until Discord says yes or no. */
  async function insist<T>(ask: () => Promise<T>): Promise<T> {
    let waitMs: number = limits.reconnectFirstMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (statusOf(error) === 401) throw wrongToken(error);
        if (!isPassing(error) || isStopped) throw error;
        if (waitMs === limits.reconnectFirstMs) {
          log.warn({ err: error }, 'Discord cannot be reached; it is tried again');
        }
        await Promise.race([clock.sleep(waitMs), stopped]);
        if (isStopped) throw stoppedEarly();
        waitMs = Math.min(waitMs * 2, limits.reconnectMaxMs);
      }
    }
  }

  async function prepare(): Promise<{ application: Application; server: string }> {
    const application = await insist(() => home.getApplication());
    const guild = await insist(() => home.getGuild()).catch((error: unknown) => {
      if (codeOf(error) === undefined) throw error;
      throw new UserError(explainGuild(error, home, application), { cause: error });
    });
    const place = { application: application.id, guild: guildId };
    const isNew = await insist(() => registerCommands(api, place, wanted)).catch(
      (error: unknown) => {
        if (codeOf(error) === undefined) throw error;
        throw new UserError(explainCommands(error, home, application.id), { cause: error });
      },
    );
    if (isNew) log.info({ commands: wanted.length }, 'commands were registered with Discord');
    return { application, server: guild.name };
  }

  return {
    platform: 'discord',
    servedBy: 'first',
    poster,
    check,
    async start(dispatcher: Dispatcher): Promise<Started> {
      if (interactions !== undefined) throw new Error('the Discord bot is running already');
      isStopped = false;
      stopped = new Promise<void>((resolve) => {
        endWaiting = resolve;
      });
      const taking = createInteractions({
        ...{ api, dispatcher, commands, clock, log, newReference },
        ...{ standings, forms, confirms, answers },
      });
      interactions = taking;
      const { application, server } = await prepare();
      if (isStopped) throw stoppedEarly();
      connection = createConnection({
        ...{ botToken, apiUrl, clock, log },
        ...(deps.gateway === undefined ? {} : { gateway: deps.gateway }),
        onInteraction: taking.take,
      });
      const [, findings] = await Promise.all([connection.start(), check()]);
      for (const { level, what, text } of findings) {
        if (isWrong(level))
          log.warn({ what, level, text }, 'not everything in Discord is as it should be');
      }
      if (isStopped) throw stoppedEarly();
      const line = `Discord: “${application.name}” in “${server}”, over the gateway`;
      log.info({ guild: guildId, line }, 'Discord is connected');
      return { line };
    },
    async stop() {
      isStopped = true;
      endWaiting();
      const ending = { connection, interactions };
      connection = undefined;
      interactions = undefined;
      await ending.connection?.stop();
      await ending.interactions?.settle();
      api.stop();
    },
  };
}

function stoppedEarly(): UserError {
  return new UserError('Purser was stopped before Discord could be reached.');
}
