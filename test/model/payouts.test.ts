// No sequence of clicks, redeliveries, crashes, time-outs, lies of a provider, full disks and jumps
// of the clock pays twice, lets the requester decide, or leaves a payout that nobody hears about.
// FC_SEED and FC_RUNS repeat or lengthen a run; fast-check prints the seed of one that fails.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finalStates, type Payout, type Verdict } from '../../src/payouts/types.ts';
import { createPlayer, type Step, steps, toInput } from './steps.ts';
import { createWorld, type World } from './world.ts';

const stepsMax = 60;
const runs = Number(process.env['FC_RUNS'] ?? 400);
const seed = process.env['FC_SEED'];
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const all = Number.POSITIVE_INFINITY;

describe.each([
  { what: 'one Purser', replicas: 1, share: 1 },
  { what: 'two replicas that both believe to be first', replicas: 2, share: 0.3 },
])('payouts of a team with $what', ({ replicas, share }) => {
  it(
    'keep every law, whatever happens',
    async () => {
      const seen = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.integer(), steps(stepsMax), async (chance, story) => {
          for (const payout of await live(createWorld(chance, replicas), story)) {
            seen.set(payout.state, (seen.get(payout.state) ?? 0) + 1);
          }
        }),
        { numRuns: runs * share, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
      // A model that reaches nothing proves nothing; the rare ends need more stories.
      const often = ['paid', 'failed', 'expired', 'rejected'];
      const rare = ['returned', 'not_sent', 'cancelled'];
      const ends = runs * share >= 1000 ? [...often, ...rare] : often;
      expect([...seen.keys()]).toEqual(expect.arrayContaining(ends));
    },
    10 * minuteMs,
  );
});

/** One story to its end; throws the first law that was broken. */
async function live(world: World, story: readonly Step[]): Promise<Payout[]> {
  const check = () => expect(world.laws.broken).toEqual([]);
  await addPayees(world);
  const player = createPlayer(world);
  for (const step of story) {
    await player.play(step);
    check();
  }
  await heal(world);
  check();
  checkHeard(world);
  await closeByPeople(world);
  check();
  checkBooks(world);
  await world.verifyAudit();
  check();
  return world.listPayouts();
}

async function addPayees({ books, laws, launch, office, turns }: World): Promise<void> {
  const place = { platform: 'slack', user: 'slack-dan' };
  for (const provider of books) {
    const input = toInput(provider, { account: '0000000001' });
    laws.click('agree', 'dan', input.id, 1);
    launch(async () => {
      await office.payees.propose(input, true, 'cat', place);
      await office.payees.decide(input.id, 1, true, 'dan', place);
    });
    await turns.run(all);
  }
}

/** Whatever was broken works again, every order comes to its end, and days go by. */
async function heal(world: World): Promise<void> {
  const { books, diskFaults, office, launch, turns } = world;
  diskFaults.length = 0;
  for (const provider of books) {
    provider.createMode = 'take';
    provider.statusMode = 'honest';
  }
  for (const pauseMs of [minuteMs, 10 * minuteMs, hourMs, 25 * hourMs, hourMs, 25 * hourMs]) {
    await turns.run(all);
    for (const provider of books) {
      for (const booked of provider.orders) {
        if (booked.state === 'accepted') provider.advance(booked, true);
      }
    }
    world.moveClock(pauseMs);
    launch(() => office.followUp.tick());
  }
  await turns.run(all);
}

/** What has no end now waits for people, and they were told. */
function checkHeard({ listPayouts, notices, office, laws }: World): void {
  for (const payout of listPayouts()) {
    if (finalStates.has(payout.state)) continue;
    const { id, state } = payout;
    if (!office.desk.isClosable(payout)) laws.breakWith(`${id} is ${state}, and nobody can end it`);
    const isHeard = notices.some((one) => one.kind === 'alarm' && one.payout.id === id);
    if (!isHeard) laws.breakWith(`${id} is ${state}, and nobody has heard of it`);
  }
}

async function closeByPeople(world: World): Promise<void> {
  const { laws, launch, office, turns } = world;
  for (const payout of world.listPayouts()) {
    if (finalStates.has(payout.state)) continue;
    const { id, requirement, closures } = payout;
    const verdict = findTruth(world, payout);
    // Whoever was wrong before says so first; nobody else can.
    const first = closures.at(-1)?.person ?? requirement.from[0] ?? '';
    const second = requirement.from.find((person) => person !== first) ?? '';
    for (const person of [first, second]) {
      laws.click('close', person, id, verdict);
      const place = { platform: 'discord', user: `discord-${person}` };
      launch(() => office.desk.close(id, verdict, person, place, 'the portal says so'));
      await turns.run(all);
    }
  }
  for (const { id, state } of world.listPayouts()) {
    if (!finalStates.has(state)) laws.breakWith(`two people cannot end ${id}, which is ${state}`);
  }
}

function findTruth({ books }: World, { content }: Payout): Verdict {
  const booked = books.flatMap((provider) => provider.listFor(content.reference));
  return booked.length === 0 ? 'not_sent' : booked[0]?.state === 'failed' ? 'failed' : 'paid';
}

/** The books of the providers, beside what Purser says. */
function checkBooks({ books, listPayouts, laws }: World): void {
  const payouts = listPayouts();
  const ours = new Set(payouts.map(({ content }) => content.reference));
  for (const { id, orders } of books) {
    for (const { order } of orders) {
      if (!ours.has(order.reference)) laws.breakWith(`${id} has an order that nobody asked for`);
    }
  }
  for (const { id, state, content, evidence } of payouts) {
    const booked = books.flatMap((provider) => provider.listFor(content.reference));
    if (booked.length > 1) laws.breakWith(`${id} was ordered ${booked.length} times`);
    const isNever = state === 'rejected' || state === 'cancelled' || state === 'expired';
    if (isNever && booked.length > 0) laws.breakWith(`${id} is ${state}, and was ordered`);
    // Two people may be wrong, and a payout may come back after the days that Purser asks.
    const isClosed = evidence.some(({ from }) => from === 'people');
    const said = booked[0]?.state ?? 'nothing';
    const isSame = said === 'nothing' ? state === 'failed' || isNever : state === said;
    if (!isClosed && !isSame) laws.breakWith(`${id} is ${state}; the books say ${said}`);
  }
}
