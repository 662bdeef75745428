// One kind of trouble upon a fleet at work: people ask and agree without a pause while it happens
// again and again, then there is peace, and the books are asked what came of it.
import { createDice, type Dice } from '../disorder/dice.ts';
import { savePayee } from '../stories/cast.ts';
import { createPlayer } from '../town/player.ts';
import { pressOnSlack, untilOnSlack } from './board.ts';
import { openFolder, openPostgres, type Postgres } from './database.ts';
import { endedPattern, type Fed, type Feed, startFeed, wordsOf } from './feed.ts';
import { type Fleet, type FleetOptions, openFleet } from './index.ts';
import { colleague, composeOffice, officePeople, type Payer, payers } from './office.ts';
import { hear, type Testimony } from './witness.ts';

export interface Scene {
  readonly fleet: Fleet;
  readonly feed: Feed;
  readonly dice: Dice;
  readonly payers: readonly Payer[];
  /** Throws where the store is none. */
  postgres(): Postgres;
  /** Counts what was done, for the report. */
  note(what: string): void;
}

export interface Scenario {
  readonly name: string;
  /** What is done, in a few words. */
  readonly what: string;
  readonly replicas: number;
  readonly store: 'folder' | 'postgres';
  readonly options?: Partial<FleetOptions>;
  /** What the logs may say beside what they always may. */
  readonly expected?: readonly RegExp[];
  /** Every so manieth is agreed to in Discord. */
  readonly discordEvery?: number;
  /** It needs a database server of its own. */
  readonly endsServer?: boolean;
  /** The database is reached by a link that can be cut. */
  readonly hasLink?: boolean;
  /** One round of it; when it is over, all is as it was. */
  trouble(scene: Scene): Promise<void>;
}

export interface RunOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Of the providers that can be asked. */
  readonly payersMax?: number;
  /** Payouts at once. */
  readonly lanes?: number;
  /** Shared with others; a scenario that ends servers needs one of its own. */
  readonly serverUrl?: string;
}

export interface Report extends Omit<Testimony, 'wrong'> {
  readonly name: string;
  readonly what: string;
  readonly seed: number;
  readonly seconds: number;
  readonly done: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** What is said as it should be when processes, platforms and stores come and go. */
export const alwaysExpected = [
  /answer was lost/,
  /message was lost/,
  /was not acknowledged within/,
  /an acknowledgement came late/,
  /Discord: .*(got no answer|is late|was answered twice)$/,
];

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Report> {
  const { seed, seconds, payersMax = payers.length } = options;
  const startedAt = performance.now();
  const { hasLink = false, discordEvery = 0 } = scenario;
  const { serverUrl, lanes = 6 } = options;
  const isShared = serverUrl !== undefined && scenario.endsServer !== true;
  const postgres =
    scenario.store === 'folder'
      ? undefined
      : await openPostgres({ hasLink, ...(isShared ? { serverUrl } : {}) });
  const database = postgres ?? (await openFolder());
  const fleet = await openFleet({
    ...{ database, seed, replicas: scenario.replicas, platforms: ['slack'] },
    ...{ people: officePeople, team: composeOffice() },
    ...scenario.options,
  });
  try {
    await fleet.start();
    const used = payers.slice(0, payersMax);
    await addPayees(fleet, used);
    for (const { provider } of used) makeCareless(fleet, provider);
    const feed = startFeed(fleet, { lanes, discordEvery, payers: used });
    const done: Record<string, number> = {};
    const note = (what: string) => {
      done[what] = (done[what] ?? 0) + 1;
    };
    const scene: Scene = {
      ...{ fleet, feed, payers: used, dice: createDice(seed), note },
      postgres() {
        if (postgres === undefined) throw new Error('there is no PostgreSQL');
        return postgres;
      },
    };
    const endsAt = performance.now() + seconds * 1000;
    do await scenario.trouble(scene);
    while (performance.now() < endsAt);
    await feed.stop();
    const testimony = await conclude(fleet, feed.fed);
    const took = Math.round((performance.now() - startedAt) / 1000);
    const { name, what, expected = [] } = scenario;
    const troubles = fleet.listTroubles([...alwaysExpected, ...expected]);
    const wrong = [...testimony.wrong, ...feed.lost, ...troubles];
    return { ...testimony, name, what, seed, seconds: took, done, wrong };
  } finally {
    await fleet.stop();
  }
}

/** Takes a reference a second time: a provider that refuses it would hide the mistake. */
export function makeCareless(fleet: Fleet, provider: string, fault?: string, path?: string): void {
  const sandbox = fleet.sandbox(provider);
  sandbox.clearFaults();
  if (fault !== undefined) {
    sandbox.switchFault({ name: fault, times: 1, ...(path === undefined ? {} : { path }) });
  }
  // PayCross has one of that name which is a lie of its own; it takes a reference again by itself.
  if (provider !== 'paycross') sandbox.switchFault({ name: 'processes_twice' });
}

export async function addPayees(fleet: Fleet, used: readonly Payer[]): Promise<void> {
  const ana = createPlayer(fleet, colleague(0), 'slack');
  const ben = createPlayer(fleet, colleague(1), 'slack');
  for (const { provider } of used) await savePayee({ ana, ben }, provider);
}

/** Until every payout has ended; then the processes end, and what is left is looked at. */
export async function conclude(
  fleet: Fleet,
  fed: readonly Fed[],
  onSettled?: () => Promise<void>,
): Promise<Testimony> {
  await settle(fleet, fed);
  await onSettled?.();
  if (onSettled !== undefined) await settle(fleet, fed);
  const codes = await Promise.all(fleet.replicas.map((one) => one.stop()));
  const store = await fleet.database.openStore();
  try {
    const testimony = await hear(fleet, store);
    const rough = codes.filter((code) => code !== 0).map((code) => `a stop ended with ${code}`);
    return { ...testimony, wrong: [...testimony.wrong, ...rough] };
  } finally {
    await store.close();
  }
}

const hurryMs = 10_000;
const roundsMax = 150;
/** By then whatever can be asked about has been asked about. */
const closingRound = 20;

async function settle(fleet: Fleet, fed: readonly Fed[]): Promise<void> {
  const open = () => fed.filter(({ card }) => !endedPattern.test(`${wordsOf(card)} `));
  for (let round = 0; round < roundsMax; round += 1) {
    const isOver = () => (open().length === 0 ? true : undefined);
    if ((await untilOnSlack(fleet.slack, isOver, 500)) === true) return;
    await fleet.advance(hurryMs);
    if (round % 10 !== 9) continue;
    for (const one of open()) {
      if (!(await agreeAgain(fleet, one)) && round > closingRound) await closeUnsent(fleet, one);
    }
  }
  const left = open().map(({ card }) => wordsOf(card).slice(0, 200));
  throw new Error(`${left.length} payouts do not end: ${left.slice(0, 3).join(' | ')}`);
}

/** A provider that could not say whether it has it: what was agreed to before a start is asked anew. */
async function agreeAgain({ slack }: Fleet, { card }: Fed): Promise<boolean> {
  if (!wordsOf(card).includes('Waiting for approval.')) return false;
  for (const who of otherThanAsker(wordsOf(card))) {
    await pressOnSlack(slack, officePeople.slack[who] ?? '', card, 'Approve');
  }
  return true;
}

function otherThanAsker(words: string): string[] {
  const asker = /Asked by Person (p\d+)/.exec(words)?.[1];
  return [0, 1, 2]
    .map(colleague)
    .filter((one) => one !== asker)
    .slice(0, 2);
}

const referencePattern = /reference (\w+)/;

/** Two people look into the provider's books, do not find it, and say so. */
async function closeUnsent({ slack, sandboxes }: Fleet, { card }: Fed): Promise<void> {
  const words = wordsOf(card);
  const reference = referencePattern.exec(words)?.[1];
  const books = sandboxes.flatMap((one) => one.books());
  if (!words.includes('Outcome unknown.')) return;
  if (books.some((order) => order.reference === reference)) return;
  for (const who of otherThanAsker(words)) {
    const user = officePeople.slack[who] ?? '';
    if (!(await pressOnSlack(slack, user, card, 'It was never sent'))) return;
    const findForm = () => slack.form(who);
    if ((await untilOnSlack(slack, findForm, 5_000)) === undefined) return;
    await slack.submit(who, { reason: 'It is not in the provider’s books' });
  }
}
