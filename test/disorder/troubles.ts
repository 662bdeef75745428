// What goes wrong meanwhile: each kind at its own pace, from its own dice. Waits are between troubles,
// not for something to happen.
import type { Town } from '../town/index.ts';
import { createDice, type Dice } from './dice.ts';

export interface Troubles {
  /** How often each happened. */
  readonly counts: Readonly<Record<string, number>>;
  /** Resolves when there were so many outages and restarts, which a busy machine does slowly. */
  untilHad(count: number): Promise<void>;
  /** Ends them all: both platforms are back, and Purser runs. */
  stop(): Promise<void>;
}

export interface TroublesOptions {
  readonly seed: number;
  /** Between two restarts, and between two outages; all else is more often. */
  readonly rareMs: number;
}

export function makeTroubles(town: Town, { seed, rareMs }: TroublesOptions): Troubles {
  const counts: Record<string, number> = {};
  let isOver = false;
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const loop = async (number: number, everyMs: number, work: (dice: Dice) => Promise<string>) => {
    const dice = createDice(seed + 7 * number);
    for (;;) {
      await pause(everyMs / 2 + dice.below(everyMs));
      if (isOver) return;
      const name = await work(dice);
      counts[name] = (counts[name] ?? 0) + 1;
    }
  };
  let outages = 0;
  let since = countActs(town);
  const loops = [
    loop(1, rareMs, async (dice) => {
      // The one, then the other; never both, or nobody could notice anything.
      const chat = outages % 2 === 0 ? town.slack : town.discord;
      outages += 1;
      await chat.away();
      await pause(100 + dice.below(rareMs / 3));
      await chat.back().catch(() => {});
      return 'outages';
    }),
    loop(2, rareMs, async () => {
      since = never;
      await town.restart();
      since = countActs(town);
      return 'restarts';
    }),
    loop(3, 400, async (dice) => trip(town, dice, since)),
    loop(4, 250, async (dice) => {
      town.clock.advance(dice.oneIn(30) ? 13 * 3_600_000 : 10_000);
      return 'leaps of time';
    }),
  ];
  let hasFailed = false;
  // `stop` says so; nobody waits for what will not happen.
  Promise.all(loops).catch(() => {
    hasFailed = true;
  });
  const lacks = (count: number) =>
    ['outages', 'restarts'].some((name) => (counts[name] ?? 0) < count);
  return {
    counts,
    async untilHad(count) {
      while (!hasFailed && lacks(count)) await pause(50);
    },
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

/** While one Purser ends and another begins. */
const never: Acts = { slack: Number.POSITIVE_INFINITY, discord: Number.POSITIVE_INFINITY };

interface Acts {
  readonly slack: number;
  readonly discord: number;
}

function countActs({ slack, discord }: Town): Acts {
  return {
    slack: slack.server.people.sent.length,
    discord: discord.server.interactions.length,
  };
}

/** One small thing that a network or a platform does every day. */
async function trip(town: Town, dice: Dice, since: Acts): Promise<string> {
  // To another Purser nothing is delivered again that the one before it has taken.
  const now = countActs(town);
  const isFresh = { slack: now.slack > since.slack, discord: now.discord > since.discord };
  const { slack, discord } = town;
  const last = discord.server.interactions.at(-1);
  const trips: readonly (readonly [string, () => unknown])[] = [
    ['Slack sockets cut', () => slack.server.dropSockets()],
    ['Slack disconnects', () => slack.server.refreshSockets()],
    ['Slack 429', () => slack.server.fail('*', { status: 429, retryAfter: 1 })],
    ['Slack 500', () => slack.server.fail('*', { status: 500 }, { status: 500 })],
    ['Slack redeliveries', () => isFresh.slack && slack.redeliver()],
    ['Discord sockets cut', () => discord.server.gateway.drop()],
    ['Discord reconnects', () => discord.server.gateway.send({ op: 7, d: null })],
    [
      'Discord sessions lost',
      () => {
        discord.server.gateway.send({ op: 9, d: false });
        discord.server.gateway.forget();
      },
    ],
    ['Discord 429', () => discord.server.fail({ match: /./, times: 1, what: 429 })],
    ['Discord 500', () => discord.server.fail({ match: /./, times: 2, what: 500 })],
    ['Discord answers cut', () => discord.server.fail({ match: /^PATCH/, times: 1, what: 'cut' })],
    ['Discord acks late', () => discord.server.fail({ match: /callback/, times: 3, what: 502 })],
    [
      'Discord redeliveries',
      () => isFresh.discord && last !== undefined && discord.server.redeliver(last),
    ],
    [
      'payments in doubt',
      () => {
        const payermax = town.sandbox('payermax');
        payermax.switchFault({ name: 'process_then_reset', path: 'paymentOrderPay', times: 1 });
      },
    ],
    [
      'questions unanswered',
      () =>
        town
          .sandbox('payermax')
          .switchFault({ name: 'http_500', path: 'paymentOrderQry', times: 2 }),
    ],
  ];
  const [name, happen] = dice.pick(trips) ?? ['', () => {}];
  // Whose session is lost may be in the middle of a start; it connects anew either way.
  await happen();
  return name;
}
