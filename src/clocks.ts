// What one replica does for all of them: it follows payouts up, reminds, posts digests and alerts, shows
// what another one left behind, and serves the platforms that know a single connection. Where there is
// one Purser, it is this one.
import { type Announcer, listChannels } from './announcer.ts';
import type { Bot, Started } from './bots/types.ts';
import type { Clock } from './clock.ts';
import type { World } from './commands/types.ts';
import type { Config } from './config.ts';
import { startWakeUps } from './digests/index.ts';
import type { Log } from './log.ts';
import { repeat } from './repeat.ts';
import { createDigestRounds } from './rounds/index.ts';
import type { Store } from './store/types.ts';

export interface Clocks {
  /**
   * Resolves when this replica is first and everything runs, or when another one is. Gives the bots
   * that were started with it; throws where one can never work as it is set.
   */
  start(): Promise<Started[]>;
  /** Twice is fine. */
  stop(): Promise<void>;
}

export interface ClocksDeps {
  readonly deps: { readonly clock: Clock; readonly tickMs?: number };
  readonly log: Log;
  readonly store: Store;
  readonly bots: readonly Bot[];
  readonly world: World;
  readonly announcing: Announcer;
  start(bot: Bot): Promise<Started>;
  /** Hears whenever this replica becomes first, or no longer is. */
  onFirst?(isFirst: boolean): void;
}

type Stop = () => Promise<void>;

const repairEveryMs = 30_000;

export function createClocks({ team }: Pick<Config, 'team'>, parts: ClocksDeps): Clocks {
  const { deps, log, store, bots, world, announcing } = parts;
  const { clock, tickMs } = deps;
  const { followUp } = world.payouts;
  const soleBots = bots.filter(({ servedBy }) => servedBy === 'first');
  const stops: Stop[] = [];
  let starting: Promise<Started[]> = Promise.resolve([]);
  let isFirst = false;
  let isStarted = false;
  let leave: Stop | undefined;

  const turn = (to: boolean) => {
    isFirst = to;
    parts.onFirst?.(to);
  };

  /** What fails holds up none of the others: a loop that is left here would tick beside the next first. */
  const end = async () => {
    turn(false);
    const errors: unknown[] = [];
    for (const stop of stops.splice(0).reverse()) {
      await stop().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  };

  /** What comes due is looked for apart, so that a provider that hangs delays nothing else. */
  const begin = async (): Promise<Stop> => {
    try {
      await followUp.recover();
      await announcing.recover();
      stops.push(
        () => followUp.stop(),
        repeat(log, () => followUp.begin(), tickMs),
        repeat(log, () => announcing.repair(), repairEveryMs),
      );
      beginRounds();
      for (const bot of soleBots) stops.push(() => bot.stop());
      turn(true);
      starting = Promise.all(soleBots.map(parts.start));
      // Later on nobody waits for it: a platform that is away must not keep the clocks from others.
      starting.catch((error: unknown) => {
        if (isStarted) log.error({ err: error }, 'a platform cannot be served by this replica');
      });
    } catch (error) {
      await end().catch((err: unknown) => {
        log.error({ err }, 'what the first replica does could not be ended');
      });
      throw error;
    }
    if (isStarted) log.info({}, 'this replica is first now: it keeps the clocks');
    return end;
  };

  function beginRounds(): void {
    const rounds = createDigestRounds({
      store,
      team,
      digests: world.digests,
      posters: bots.map(({ poster }) => poster),
      alertChannels: listAlertChannels(team, bots),
      findLink: announcing.findLink,
      clock,
      log,
    });
    const stopWakeUps = startWakeUps(team.digests, { log, wake: () => rounds.tick() });
    stops.push(
      () => rounds.settle(),
      repeat(log, () => rounds.tick(), tickMs),
      async () => stopWakeUps(),
    );
  }

  return {
    async start() {
      leave = await store.lead(begin);
      const started = await starting;
      isStarted = true;
      if (!isFirst) log.info({}, 'another replica is first; this one takes over when it is gone');
      return started;
    },
    async stop() {
      // Also where a platform is still waited for.
      try {
        await end();
      } finally {
        await leave?.();
      }
    },
  };
}

export function listAlertChannels({ channels }: Config['team'], bots: readonly Bot[]): string[] {
  const posters = bots.map(({ poster }) => poster);
  return listChannels(channels.alerts, posters).map(({ key }) => key);
}
