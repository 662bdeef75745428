// Rounds on a store that outlives them, before channels and providers that a test can break. Whatever
// is posted stays in the channels, as it does when Purser dies.
import { createBalanceDesk } from '../../src/balances.ts';
import type { Card } from '../../src/commands/card.ts';
import type { Platform, Poster } from '../../src/commands/types.ts';
import {
  createBalanceHistory,
  createDigestOffice,
  type DigestOffice,
} from '../../src/digests/index.ts';
import { BotError, StoreError } from '../../src/errors.ts';
import { createPayoutOffice } from '../../src/payouts/index.ts';
import { createDigestRounds, type DigestRounds } from '../../src/rounds/index.ts';
import { createAgreements } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { type Team, teamSchema } from '../../src/team.ts';
import { createTeller, lineOf, readingOf, type Teller } from '../commands/world.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from '../support.ts';

/**
 * `away` refuses everything; `deaf` posts, and says that it failed.
 */
export type ChannelFault = 'away' | 'deaf' | undefined;

export interface Posted {
  readonly channel: string;
  readonly card: Card;
  readonly atMs: number;
}

export interface Channels {
  readonly poster: Poster;
  readonly posted: readonly Posted[];
  readonly found: number;
  /** How often a message was looked for. */
  readonly asked: number;
  /** By channel, for all until it is changed. */
  fault(channel: string, fault: ChannelFault): void;
  /** What is posted from now on reaches its channel, or fails to, when this resolves. */
  waits(until: Promise<void>): void;
  /** Called after a message was looked for, before anybody knows. */
  onLook(listener: () => void): void;
  /** Called after a message stands in its channel, before anybody knows. */
  onPost(listener: (() => void) | undefined): void;
}

export function createChannels(clock: FakeClock, platform: Platform = 'slack'): Channels {
  const posted: Posted[] = [];
  const faults = new Map<string, ChannelFault>();
  let found = 0;
  let asked = 0;
  let looked = () => {};
  let until = Promise.resolve();
  let listener: (() => void) | undefined;
  const refuse = (channel: string) => {
    if (faults.get(channel) === 'away') throw new BotError('The channel cannot be reached.');
  };
  return {
    posted,
    get found() {
      return found;
    },
    get asked() {
      return asked;
    },
    onLook: (next) => {
      looked = next;
    },
    waits: (next) => {
      until = next;
    },
    fault: (channel, fault) => {
      faults.set(channel, fault);
    },
    onPost: (next) => {
      listener = next;
    },
    poster: {
      platform,
      hasThreads: false,
      async post(channel, card) {
        await until;
        refuse(channel);
        posted.push({ channel, card, atMs: clock.now() });
        listener?.();
        if (faults.get(channel) === 'deaf') throw new BotError('No answer in time.');
        return `m${posted.length}`;
      },
      update: async () => true,
      tell: async () => {},
      async find(channel, mark, sinceMs) {
        asked += 1;
        refuse(channel);
        const index = posted.findLastIndex(
          (one) =>
            one.channel === channel && one.atMs >= sinceMs && (one.card.mark ?? '').includes(mark),
        );
        looked();
        if (index < 0) return undefined;
        found += 1;
        return `m${index + 1}`;
      },
    },
  };
}

export interface RoundsScene {
  readonly clock: FakeClock;
  readonly data: ReferenceData;
  readonly channels: Channels;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly payermax: Teller;
  readonly paycross: Teller;
  /** A new process on the same store; the one before is not told, and its claims are void. */
  start(): Promise<Running>;
}

export interface Running {
  readonly rounds: DigestRounds;
  readonly digests: DigestOffice;
  readonly store: Store;
  /** From now on nothing is written or read any more. */
  kill(): void;
  /** It was alive after all: only its store was away. */
  revive(): void;
  /** Looks at the clock once, and waits for what it begins. */
  turn(): Promise<void>;
}

export interface RoundsConfig {
  readonly team: Partial<Record<keyof Team, unknown>>;
  readonly nowMs?: number;
  /** Without it nothing is kept of balances, which takes its time in a long test. */
  readonly hasHistory?: boolean;
}

const people = [
  { id: 'ana', name: 'Ana', roles: ['viewer', 'requester', 'approver', 'admin'] },
  { id: 'ben', name: 'Ben', roles: ['viewer', 'approver'] },
  { id: 'cy', name: 'Cy', roles: ['viewer'] },
];

export function createRoundsScene({
  team: parts,
  nowMs,
  hasHistory = true,
}: RoundsConfig): RoundsScene {
  const clock = createFakeClock(nowMs);
  const log = createRecordingLog();
  const team = teamSchema.parse({ people, ...parts });
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const channels = createChannels(clock);
  const [payermax, paycross] = [createTeller('payermax'), createTeller('paycross')];
  payermax.says(readingOf(lineOf('main', 'USD', { available: '10000.00' })));
  paycross.says(readingOf(lineOf('main', 'EUR', { available: '500.00' })));
  const providers = [
    { id: 'payermax', name: 'PayerMax' },
    { id: 'paycross', name: 'PayCross' },
  ];
  return {
    clock,
    data,
    channels,
    log,
    payermax,
    paycross,
    async start() {
      const { store, kill, revive } = mortal(createReferenceStore({ data, clock, openMax: 1_000 }));
      const history = createBalanceHistory({ store, clock, log });
      const balances = createBalanceDesk([payermax, paycross], {
        clock,
        lastGood: await history.loadLast(),
        ...(hasHistory ? { onReading: history.keep } : {}),
      });
      const payouts = createPayoutOffice({
        store,
        team,
        payers: [],
        balances,
        clock,
        log,
        referencePrefix: 'P',
        newId: () => 'P00000001',
        callbackUrlFor: () => undefined,
        notify: () => {},
      });
      const alertChannels = team.channels.alerts;
      const deps = { store, team, payouts, balances, alertChannels, clock, log };
      const findLink = async () => undefined;
      const digests = createDigestOffice({ ...deps, providers });
      const rounds = createDigestRounds({ ...deps, digests, posters: [channels.poster], findLink });
      return {
        rounds,
        digests,
        store,
        kill,
        revive,
        async turn() {
          await rounds.tick();
          await rounds.settle();
          await history.settle();
        },
      };
    },
  };
}

function mortal(store: Store): Pick<Running, 'store' | 'kill' | 'revive'> {
  let isDead = false;
  const live = () => {
    if (isDead) throw new StoreError('killed');
  };
  const wrap =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      live();
      return call(...given);
    };
  return {
    kill: () => {
      isDead = true;
    },
    revive: () => {
      isDead = false;
    },
    store: {
      // Nothing of these outlives the process.
      ...createAgreements({ clock: { now: () => 0 } }),
      find: wrap(store.find),
      findByKey: wrap(store.findByKey),
      listOpen: wrap(store.listOpen),
      listSince: wrap(store.listSince),
      commit: wrap(store.commit),
      appendReadings: wrap(store.appendReadings),
      readAudit: store.readAudit,
      readReadings: store.readReadings,
      close: store.close,
    },
  };
}
