// Troubles of what the replicas share: sessions, network, server, disk, and who is the first.
import { untilFirst } from './database.ts';
import { limitFiles } from './replica.ts';
import { pass } from './scenarios.ts';
import type { Scenario } from './scene.ts';

const storeAway = [
  /the store failed/,
  /StoreError|PostgreSQL|could not be/,
  /what was due has failed/,
  /tried again/,
  // Who was taken for dead in the middle of a payout leaves it to the others, and says so.
  /it was not sent: the step was not ours any more/,
  /payout answer was not recorded/,
];

export const storeScenarios: readonly Scenario[] = [
  {
    name: 'sessions',
    what: 'the database ends sessions, all or those of one replica',
    replicas: 2,
    store: 'postgres',
    expected: storeAway,
    async trouble({ postgres, fleet, dice, note }) {
      const one = dice.oneIn(3) ? undefined : dice.pick(fleet.replicas)?.name;
      await postgres().endSessions(one);
      note('sessions ended');
      await pass(200 + dice.below(800));
    },
  },
  {
    name: 'network',
    what: 'the network to the database is cut, or stalls for seconds',
    replicas: 2,
    store: 'postgres',
    hasLink: true,
    expected: storeAway,
    async trouble({ postgres, dice, note }) {
      const { link } = postgres();
      if (dice.oneIn(2)) {
        link?.cut();
        note('cuts');
      } else {
        link?.stall();
        await pass(500 + dice.below(2_500));
        link?.resume();
        note('stalls');
      }
      await pass(300 + dice.below(700));
    },
  },
  {
    name: 'failover',
    what: 'the database server is killed, and one comes up on the same data seconds later',
    replicas: 2,
    store: 'postgres',
    endsServer: true,
    expected: storeAway,
    async trouble({ postgres, dice, note }) {
      await postgres().server?.kill();
      await pass(500 + dice.below(3_000));
      await postgres().server?.start();
      note('fail-overs');
      await pass(1_000 + dice.below(2_000));
    },
  },
  {
    name: 'two-first',
    what: 'the first stands still until another is first, and goes on in the middle of its work',
    replicas: 2,
    store: 'postgres',
    expected: storeAway,
    async trouble({ postgres, fleet, dice, note }) {
      const name = await untilFirst(postgres(), () => true);
      const first = fleet.replica(name);
      await pass(dice.below(500));
      first.pause();
      await postgres().endSessions(name);
      await untilFirst(postgres(), (other) => other !== name);
      await pass(dice.below(500));
      first.resume();
      note('two first');
      await pass(300 + dice.below(700));
    },
  },
  {
    name: 'disk',
    what: 'the disk of the folder is full, until somebody makes room',
    replicas: 1,
    store: 'folder',
    expected: [...storeAway, /EFBIG|ENOSPC|full/],
    async trouble({ fleet, dice, note }) {
      const [one] = fleet.replicas;
      if (one === undefined) return;
      await pass(500 + dice.below(1_000));
      limitFiles(one, '1');
      note('full disks');
      await pass(500 + dice.below(1_500));
      limitFiles(one, 'unlimited');
      await pass(500 + dice.below(500));
    },
  },
];
