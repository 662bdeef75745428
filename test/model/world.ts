// One team with two providers, on a store whose data outlives every crash. `acme` can be asked and
// notifies; `mute` can do neither, as Alignet. Purser is one process or several replicas, which share
// the store and nothing else; each of them believes to be first.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createBalanceDesk } from '../../src/balances.ts';
import { ConflictError, StoreError, UserError } from '../../src/errors.ts';
import { parseDecimal } from '../../src/money.ts';
import { createPayoutOffice, type Notice, type PayoutOffice } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import type { Provider } from '../../src/providers/types.ts';
import { createAgreements } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createRecordingLog } from '../support.ts';
import { type Books, createBooks } from './books.ts';
import { createLaws, type Laws } from './laws.ts';
import { team } from './people.ts';
import { createPick, createTurns, type Turns } from './turns.ts';

/** What becomes of the next commits. `refused`: nothing was written. `in_doubt`: it was, and the store says that it was not. */
export type DiskFault = 'none' | 'refused' | 'in_doubt';

export interface World {
  readonly turns: Turns;
  readonly laws: Laws;
  readonly books: readonly [Books, Books];
  readonly notices: Notice[];
  readonly diskFaults: DiskFault[];
  /** The present life of Purser: of the replica that is at it, or else of any. */
  readonly office: PayoutOffice;
  /** As durable, in the order in which they were asked for. */
  listPayouts(): Payout[];
  now(): number;
  moveClock(ms: number): void;
  /** Begins something that nobody waits for; only what is wrong with its failure counts. */
  launch(work: () => Promise<unknown>): void;
  /** Some or all replicas forget everything but the disk and the providers, and start again. */
  crash(isWhole: boolean): void;
  /** Nobody has a claim any more, whatever they believe: the database was away for a moment. */
  loseClaims(): void;
  verifyAudit(): Promise<void>;
}

const startMs = Date.parse('2026-11-20T12:00:00Z');

export function createWorld(seed: number, replicas = 1): World {
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const pick = createPick(seed);
  const present = new AsyncLocalStorage<number>();
  const processNow = () => present.getStore() ?? 0;
  const turns = createTurns(pick, processNow);
  const notices: Notice[] = [];
  const diskFaults: DiskFault[] = [];
  let hadDiskFault = false;
  let now = startMs;
  let latest = now;
  let ids = 0;
  const clock = { now: () => now, sleep: async () => undefined };
  const books: Books[] = [];
  const laws = createLaws({ data, latest: () => latest, books: () => books });
  const onCall = (id: string): Parameters<typeof createBooks>[0]['onCall'] => {
    return (order) => laws.onCall(id, order);
  };
  const acme = createBooks({ id: 'acme', isAskable: true, turns, onCall: onCall('acme') });
  const mute = createBooks({ id: 'mute', isAskable: false, turns, onCall: onCall('mute') });
  books.push(acme, mute);
  const store = createReferenceStore({ data, clock, openMax: 1000 });

  /** Synchronous up to the moment in which the step is durable. */
  const commit: Store['commit'] = async (changes, audit) => {
    const fault = diskFaults.shift();
    if (fault === 'refused' || fault === 'in_doubt') hadDiskFault = true;
    if (fault === 'refused') throw new StoreError('No space is left on the disk.');
    const { records } = data;
    const committed = store.commit(changes, audit);
    if (data.records !== records) {
      for (const { kind, id, value } of changes) {
        const before = records.find((one) => one.kind === kind && one.id === id);
        laws.onCommit(kind, before?.value, value, audit);
      }
    }
    await committed;
    if (fault === 'in_doubt') throw new StoreError('Nobody knows whether it was written.');
  };
  /** As long as one of the processes lives. */
  let memory = createAgreements({ clock });
  /** By name, which process has it: a crash lets go of everything. */
  const claimed = new Map<string, number>();
  const turning: Store = {
    ...store,
    claim(names) {
      const process = processNow();
      return turns.perform('read', async () => {
        const free = names.filter((name) => !claimed.has(name));
        for (const name of free) claimed.set(name, process);
        return free;
      });
    },
    async release(names) {
      for (const name of names) if (claimed.get(name) === processNow()) claimed.delete(name);
    },
    remember: (...what) => turns.perform('read', () => memory.remember(...what)),
    recall: (name) => turns.perform('read', () => memory.recall(name)),
    find: (...what) => turns.perform('read', () => store.find(...what)),
    findByKey: (...what) => turns.perform('read', () => store.findByKey(...what)),
    listOpen: (...what) => turns.perform('read', () => store.listOpen(...what)),
    listSince: (...what) => turns.perform('read', () => store.listSince(...what)),
    commit: (...what) => turns.perform('disk', () => commit(...what)),
  };

  const open = (): PayoutOffice =>
    createPayoutOffice({
      store: turning,
      team,
      payers: books.map(({ id, payouts }) => ({ id, name: id, payouts })),
      balances: createBalanceDesk(
        books.map(({ id }) => createPot(id, turns)),
        { clock },
      ),
      clock,
      log: createRecordingLog(),
      referencePrefix: 'P',
      newId() {
        ids += 1;
        return `P${String(ids).padStart(8, '0')}`;
      },
      callbackUrlFor: () => undefined,
      notify: (notice) => void notices.push(notice),
    });
  const offices = Array.from({ length: replicas }, open);

  const launch = (work: () => Promise<unknown>, process = pick(replicas)) => {
    present.run(process, work).catch((error: unknown) => {
      const isDisk = hadDiskFault && error instanceof StoreError;
      if (error instanceof UserError) return;
      if (isDisk && !(error instanceof ConflictError)) return;
      laws.breakWith(`somebody is shown ${String(error)}`);
    });
  };

  return {
    turns,
    laws,
    books: [acme, mute],
    notices,
    diskFaults,
    get office() {
      const office = offices[processNow()];
      if (office === undefined) throw new TypeError('no such process');
      return office;
    },
    listPayouts: () =>
      data.records
        .filter(({ kind }) => kind === 'payout')
        .map(({ value }): unknown => value)
        .map((value) => value as Payout)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    now: () => now,
    moveClock(ms) {
      now += ms;
      latest = Math.max(latest, now);
    },
    launch: (work) => launch(work),
    crash(isWhole) {
      const dying = isWhole ? [...offices.keys()] : [pick(replicas)];
      if (dying.length === replicas) memory = createAgreements({ clock });
      for (const process of dying) {
        turns.crash(process);
        for (const [name, owner] of claimed) if (owner === process) claimed.delete(name);
        const office = open();
        offices[process] = office;
        launch(async () => {
          await office.followUp.recover();
          await office.followUp.tick();
        }, process);
      }
    },
    loseClaims: () => claimed.clear(),
    async verifyAudit() {
      const verdict = await open().verifyAudit();
      if (!verdict.isIntact) laws.breakWith(`the audit log is broken: ${verdict.reason}`);
    },
  };
}

/** An account with more in it than anybody can pay out. */
function createPot(id: string, turns: Turns): Provider {
  const available = parseDecimal('1000000.00', 'USD');
  const line = { account: 'main', currency: 'USD', amounts: { available } };
  return {
    id,
    getBalances: () => turns.perform('wire', async () => ({ lines: [line], failures: [] })),
    close: async () => undefined,
  };
}
