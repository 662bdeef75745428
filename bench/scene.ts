// One Purser with Slack and Discord, and a bare app for each of the two, all waiting: what the benches
// of the bots press and type on. Purser has a payee and a posted payout, so that its cards and forms
// are those of a working day; the bare apps are shown copies.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createBalanceDesk } from '../src/balances.ts';
import { systemClock } from '../src/clock.ts';
import { createLog } from '../src/log.ts';
import { newPayoutId } from '../src/names.ts';
import { createPayoutOffice } from '../src/payouts/index.ts';
import { payermax } from '../src/providers/payermax/index.ts';
import { openLowdbStore } from '../src/store/index.ts';
import { teamSchema } from '../src/team.ts';
import {
  ana,
  ben,
  type Chats,
  composeCrowd,
  discordRoom,
  openChats,
  type Person,
  pause,
  slackRoom,
  startBareSdks,
  startWholePurser,
} from './apps.ts';
import { connect, type Served } from './connect.ts';
import { p99, type Times, toTimes } from './measure.ts';

export interface Scene {
  readonly ours: Chats;
  readonly floor: Chats;
  /** As many as press at once, each for the first time. */
  readonly crowd: readonly Person[];
}

/** One interaction; resolves with the milliseconds until its acknowledgement was here. */
export type Act = () => Promise<number>;

export const together = 200;
const rounds = { warmUp: 100, measured: 500 };
/**
 * V8 goes on compiling what all acts of Purser share for some six hundred turns, and meanwhile an
 * acknowledgement takes up to half as long again; a bare app has little to compile.
 */
export const firstWarmUp = 700;
const bursts = { warmUp: 2, measured: 8 };
const answerMs = 10_000;
/** Time for an app to finish what it did after it was heard. */
const restMs = 5;

export async function withScene<Result>(work: (scene: Scene) => Promise<Result>): Promise<Result> {
  const sandboxes = fork(fileURLToPath(new URL('./sandboxes.ts', import.meta.url)));
  const folder = await mkdtemp(join(tmpdir(), 'purser-bench-'));
  const crowd = composeCrowd(together);
  const people = [ana, ben, ...crowd];
  const stops: (() => Promise<void>)[] = [];
  try {
    const [providers] = (await once(sandboxes, 'message')) as [Served[]];
    const chats = { ours: await openChats(people), floor: await openChats(people) };
    stops.push(
      () => chats.ours.stop(),
      () => chats.floor.stop(),
    );
    const home = join(folder, 'purser');
    await savePayee(join(home, 'data'), providers);
    for (const starting of [
      startWholePurser(chats.ours, { folder: home, people, providers }),
      startBareSdks(chats.floor, { folder: join(folder, 'slack'), only: 'slack' }),
      startBareSdks(chats.floor, { folder: join(folder, 'discord'), only: 'discord' }),
    ]) {
      const app = await starting;
      stops.push(() => app.stop());
      await app.connected();
    }
    await postPayout(chats.ours);
    return await work({ ...chats, crowd });
  } finally {
    for (const stop of stops.reverse()) await stop();
    sandboxes.disconnect();
    await rm(folder, { recursive: true });
  }
}

/** Into the store that Purser will find: a form would ask for it, and is not what is measured. */
async function savePayee(dataDir: string, providers: readonly Served[]): Promise<void> {
  const one = providers.find(({ id }) => id === payermax.id);
  const { examplePayee: example } = payermax;
  if (one === undefined || example === undefined) throw new Error('no example payee');
  const provider = connect(one);
  const { payouts } = provider;
  const route = payouts?.routes.find(({ id }) => id === example.route);
  if (payouts === undefined || route === undefined) throw new Error('PayerMax cannot pay');
  const log = createLog({ level: 'error', secrets: [], destination: process.stderr });
  const store = await openLowdbStore({ dataDir, clock: systemClock, log });
  const { payees } = createPayoutOffice({
    store,
    team: teamSchema.parse({
      people: [ana, ben].map((person) => ({ ...person, name: person.id })),
    }),
    payers: [{ id: payermax.id, name: payermax.name, payouts }],
    balances: createBalanceDesk([provider], { clock: systemClock }),
    clock: systemClock,
    log,
    referencePrefix: 'B',
    newId: newPayoutId,
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  const place = { platform: 'slack', user: 'bench' };
  const { id, name, fields } = example;
  await payees.propose({ id, name, provider: payermax.id, route, fields }, true, ana.id, place);
  await payees.decide(id, 1, true, ben.id, place);
  await store.close();
  await provider.close();
}

async function postPayout({ slack, discord }: Chats): Promise<void> {
  const line = `/payout payermax 12.50 USD ${payermax.examplePayee?.id} bench`;
  await slack.type(ana.id, slackRoom, line);
  const ask = 'Ask for approval';
  const preview = await slack.until(ana.id, slackRoom, ({ buttons }) => buttons.includes(ask));
  await slack.press(ana.id, preview, ask);
  const isCard = ({ buttons }: { buttons: readonly string[] }) => buttons.includes('Approve');
  await slack.until(ana.id, slackRoom, isCard);
  await discord.until(ana.id, discordRoom, isCard);
}

/**
 * Turn by turn, medians. Ours does all its work after the acknowledgement too, and each turn waits for
 * the end of it: a bare app has none, so it is idle before each turn, and ours must be as well. What a
 * turn costs those who come meanwhile is what `compareTogether` measures, where nobody waits.
 */
export async function compareTurns(ours: Act, floor: Act, warmUp = rounds.warmUp): Promise<Times> {
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let turn = 0; turn < warmUp + rounds.measured; turn += 1) {
    const order = turn % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const);
    for (const who of order) {
      await pause(restMs);
      const ms = await (who === 'ours' ? ours() : floor());
      if (turn >= warmUp) times[who].push(ms);
    }
  }
  return toTimes(times.ours, times.floor);
}

/** All at once, burst by burst: the 99th percentile of everybody's wait. */
export async function compareTogether(
  ours: () => Promise<number[]>,
  floor: () => Promise<number[]>,
): Promise<Times> {
  const times = { ours: [] as number[], floor: [] as number[] };
  for (let turn = 0; turn < bursts.warmUp + bursts.measured; turn += 1) {
    for (const who of ['ours', 'floor'] as const) {
      await pause(100);
      const all = await (who === 'ours' ? ours() : floor());
      if (turn >= bursts.warmUp) times[who].push(...all);
    }
  }
  return { ours: p99(times.ours), floor: p99(times.floor) };
}

/** Until what follows an acknowledgement is there too. */
export async function until(is: () => boolean): Promise<void> {
  const deadline = performance.now() + answerMs;
  while (!is()) {
    if (performance.now() > deadline) throw new Error('an answer did not come');
    await pause(0);
  }
}
