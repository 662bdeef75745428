// So many payouts, agreed to as fast as the platforms deliver, on three replicas that are killed and
// started again meanwhile. Every one of them is ordered, once.
import { createDice } from '../disorder/dice.ts';
import { openPostgres } from './database.ts';
import { startFeed } from './feed.ts';
import { openFleet } from './index.ts';
import { composeOffice, officePeople, payers } from './office.ts';
import { killOne, pass } from './scenarios.ts';
import { addPayees, alwaysExpected, conclude, makeCareless, type Report } from './scene.ts';

export interface ThousandOptions {
  readonly orders: number;
  readonly seed: number;
  /** One death in each so many payouts, at a moment that chance chooses. */
  readonly killEvery: number;
  readonly serverUrl?: string;
  readonly lanes?: number;
  readonly payersMax?: number;
}

export async function runThousand(options: ThousandOptions): Promise<Report> {
  const { orders, seed, killEvery, serverUrl, lanes = 12 } = options;
  const startedAt = performance.now();
  const database = await openPostgres(serverUrl === undefined ? {} : { serverUrl });
  const used = payers.slice(0, options.payersMax ?? payers.length);
  // Audit steps in Slack alone: Discord's own limit of fifty requests a second would be the measure.
  const slackOnly = ['slack:C02'];
  const channels = {
    approvals: ['slack:C01', 'discord:200000000000000001'],
    audit: slackOnly,
    alerts: slackOnly,
  };
  const fleet = await openFleet({
    ...{ database, seed, replicas: 3, people: officePeople },
    team: { ...composeOffice(), channels },
  });
  try {
    await fleet.start();
    await addPayees(fleet, used);
    for (const { provider } of used) makeCareless(fleet, provider);
    const done: Record<string, number> = {};
    const note = (what: string) => {
      done[what] = (done[what] ?? 0) + 1;
    };
    const countOrders = () => fleet.sandboxes.reduce((sum, one) => sum + one.books().length, 0);
    const dice = createDice(seed);
    let isOver = false;
    // Of payouts and not of seconds: a machine that is slow, or quick, has as many. No payout goes far
    // ahead of its death, and all lanes are at work when one comes.
    let deaths = 0;
    const untilDue = async (number: number) => {
      while (!isOver && deaths < Math.floor((number - lanes) / killEvery)) await pass(20);
    };
    const feed = startFeed(fleet, { lanes, payers: used, discordEvery: 10, untilDue });
    const killing = (async () => {
      while (!isOver) {
        const dueAt = deaths * killEvery + 1 + dice.below(killEvery);
        while (!isOver && feed.begun() < dueAt) await pass(20);
        await pass(dice.below(300));
        if (isOver) return;
        const killed = killOne({ fleet, dice, note });
        deaths += 1;
        await killed;
      }
    })().finally(() => {
      isOver = true;
    });
    // Waited for below, where it may have failed long before.
    killing.catch(() => {});
    const fedAt = performance.now();
    await feed.untilFed(orders);
    done['seconds of agreeing'] = Math.round((performance.now() - fedAt) / 1000);
    isOver = true;
    await killing;
    const testimony = await conclude(fleet, feed.fed, async () => {
      // What a kill kept from going out is closed by two people, and asked for once more.
      const missing = orders - countOrders();
      if (missing <= 0) return;
      note('asked for once more');
      await feed.untilFed(feed.begun() + missing);
    });
    const counted = testimony.orders === orders ? [] : [`${testimony.orders} orders of ${orders}`];
    const wrong = [
      ...counted,
      ...testimony.wrong,
      ...feed.lost,
      ...fleet.listTroubles(alwaysExpected),
    ];
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const name = 'thousand';
    const what = `${orders} payouts on three replicas that are killed meanwhile`;
    return { ...testimony, name, what, seed, seconds, done, wrong };
  } finally {
    await fleet.stop();
  }
}
