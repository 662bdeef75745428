// A real Purser without its chat: store, payouts and real clients over HTTP. It is killed while it
// works, and started again on the same folder. Arguments: the folder, the file with the connections,
// and how many payouts to ask for in this life; 0 means to end what is begun.
import { readFileSync, writeSync } from 'node:fs';
import { createBalanceDesk } from '../../src/balances.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { ProviderError, UserError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { newPayoutId, newReference } from '../../src/names.ts';
import { createPayoutOffice, tokenOf } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { providerModules } from '../../src/providers/registry.ts';
import { openLowdbStore } from '../../src/store/index.ts';
import { team } from './people.ts';

const [dataDir = '', connectionsFile = '', asked = '0'] = process.argv.slice(2);
const connections = JSON.parse(readFileSync(connectionsFile, 'utf8'));
const hourMs = 3_600_000;
/** As short as a busy loopback bears. */
const pollMs = 100;
const calmMs = 6_000;

/** Written at once, so that a kill loses no line. */
const say = (line: string) => writeSync(1, `${line}\n`);
const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };

let aheadMs = 0;
/** Providers refuse a clock that is wrong; a payout that waits for people is told after a day. */
const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const store = await openLowdbStore({ dataDir, clock, log });
const connected = providerModules
  .filter(({ id }) => Object.hasOwn(connections, id))
  .map((module) => {
    const newNonce = () => `${newReference()}${newReference()}${newReference()}`;
    const deps = { clock: systemClock, log, newNonce, scrub: (text: string) => text };
    return { module, provider: module.create(connections[module.id], deps) };
  });
let changedAtMs = systemClock.now();
const office = createPayoutOffice({
  store,
  team,
  payers: connected.flatMap(({ module: { id, name }, provider: { payouts } }) =>
    payouts === undefined ? [] : [{ id, name, payouts: { ...payouts, pollAfterMs: () => pollMs } }],
  ),
  balances: createBalanceDesk(
    connected.map(({ provider }) => provider),
    { clock },
  ),
  clock,
  log,
  referencePrefix: 'K',
  newId: newPayoutId,
  callbackUrlFor: () => undefined,
  notify: ({ kind, payout }) => say(`${kind} ${payout.id}`),
});
office.journal.subscribe(({ id, state }, before) => {
  if (state === before?.state) return;
  changedAtMs = systemClock.now();
  say(`${state} ${id}`);
});
say('open');
await office.followUp.recover();
if (asked === '0') await end();
else await Promise.all([follow(() => false), work(Number(asked))]);

function placeOf(person: string) {
  return { platform: 'slack', user: `slack-${person}` };
}

async function work(count: number): Promise<void> {
  for (const { module } of connected) await addPayee(module.id);
  for (const payout of await office.desk.listOpen()) await attempt(() => approve(payout));
  const requests = Array.from({ length: count }, (_, index) => attempt(() => request(index)));
  await Promise.all(requests);
}

/** A provider that fails just now is no reason to stop. */
async function attempt(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof ProviderError)) throw error;
    say(`refused ${error.message}`);
  }
}

async function addPayee(provider: string): Promise<void> {
  const example = connected.find(({ module }) => module.id === provider)?.module.examplePayee;
  const route = office.payers.get(provider)?.payouts.routes.find(({ id }) => id === example?.route);
  if (example === undefined || route === undefined) throw new TypeError(`no payee at ${provider}`);
  const { id, name, fields } = example;
  const saved = await office.payees.find(id);
  if (saved?.active !== undefined) return;
  if (saved?.proposed === undefined) {
    const input = { id, name, provider, route, fields };
    await office.payees.propose(input, true, 'bob', placeOf('bob'));
  }
  await office.payees.decide(id, 1, true, 'cat', placeOf('cat'));
}

/** Amounts differ, or they would be possible duplicates. */
async function request(index: number): Promise<void> {
  const count = (await office.desk.listSince(0, 10_000)).length + index;
  const { module } = connected[count % connected.length] ?? {};
  if (module?.examplePayee === undefined) return;
  const { id: payee, currency } = module.examplePayee;
  const amount = `${20 + Math.floor(count / 100)}.${String(count % 100).padStart(2, '0')}`;
  const typed = { provider: module.id, amount, currency, payee, note: 'invoice' };
  const preview = await office.desk.preview(typed, 'ana');
  await approve(await office.desk.post(preview.id, 'ana', placeOf('ana')));
}

async function approve(payout: Payout): Promise<void> {
  for (const person of payout.requirement.from) {
    if ((await office.desk.find(payout.id))?.state !== 'requested') return;
    await office.desk.approve(tokenOf(payout), person, placeOf(person));
  }
}

async function follow(isDone: () => boolean | Promise<boolean>): Promise<void> {
  do {
    await office.followUp.tick();
    await systemClock.sleep(pollMs / 2);
  } while (!(await isDone()));
}

/** Until nothing changes any more; then a day goes by, so that people hear of what is left. */
async function end(): Promise<void> {
  for (const payout of await office.desk.listOpen()) await attempt(() => approve(payout));
  changedAtMs = systemClock.now();
  await follow(async () => {
    const open = await office.desk.listOpen();
    return open.length === 0 || systemClock.now() - changedAtMs > calmMs;
  });
  aheadMs = 25 * hourMs;
  await office.followUp.tick();
  await office.settle();
  await store.close();
  await Promise.all(connected.map(({ provider }) => provider.close()));
  say('done');
}
