// One team at work: the real office, dispatcher and announcer on a store on disk, before providers'
// own clients and their sandboxes over HTTP. What is outside Purser (`Outside`) lives on when Purser
// is killed; the sandboxes' books are the witness of what was really ordered.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Announcer, createAnnouncer } from '../../src/announcer.ts';
import { createBalanceDesk } from '../../src/balances.ts';
import type { Card } from '../../src/commands/card.ts';
import { createDispatcher } from '../../src/commands/dispatch.ts';
import { actions, commands } from '../../src/commands/registry.ts';
import type { Dispatcher, Outcome, Poster, World } from '../../src/commands/types.ts';
import { createDigestOffice } from '../../src/digests/index.ts';
import { newPayoutId } from '../../src/names.ts';
import {
  createPayoutOffice,
  type Notice,
  type Payer,
  type PayoutOffice,
} from '../../src/payouts/index.ts';
import { alignet } from '../../src/providers/alignet/index.ts';
import { createAlignetSandbox } from '../../src/providers/alignet/sandbox.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import {
  createPayermaxSandbox,
  createSandboxKeys,
  type PayermaxSandboxOptions,
} from '../../src/providers/payermax/sandbox.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import type { RunningSandbox } from '../../src/providers/sandbox.ts';
import type { Provider } from '../../src/providers/types.ts';
import { openLowdbStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import type { Team } from '../../src/team.ts';
import { startClient } from '../providers/start-client.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from '../support.ts';
import { team as exampleTeam } from './team.ts';

export const keys = createSandboxKeys();
export const callbackUrl = 'http://127.0.0.1:9/webhooks/payermax';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export interface Outside {
  readonly clock: FakeClock;
  readonly payermax: RunningSandbox;
  readonly alignet: RunningSandbox;
  readonly providers: readonly Provider[];
  /** What the clients of the providers logged. */
  logText(): string;
}

export interface OutsideConfig {
  readonly deadlineMs?: number;
  readonly accounts?: PayermaxSandboxOptions['accounts'];
}

export async function startOutside(config: OutsideConfig = {}): Promise<Outside> {
  const clock = createFakeClock();
  const changes = { clock, deadlineMs: config.deadlineMs ?? 5_000 };
  const { accounts: pots } = config;
  const options = pots === undefined ? { keys } : { keys, accounts: pots };
  const own = await startClient(payermax, createPayermaxSandbox({ clock }, options), changes);
  const other = await startClient(alignet, createAlignetSandbox({ clock }), changes);
  closers.push(own.close, other.close);
  return {
    clock,
    payermax: own.running,
    alignet: other.running,
    providers: [own.provider, other.provider],
    logText: () => `${own.log.text()}\n${other.log.text()}`,
  };
}

export interface OfficeConfig {
  readonly outside?: Outside;
  readonly dataDir?: string;
  readonly team?: Team;
  /** Stands between the office and a provider's calls. */
  readonly wrap?: (calls: PayoutCalls, provider: string) => PayoutCalls;
  readonly wrapStore?: (store: Store) => Store;
  /** Stands before each direct message. */
  readonly beforeTelling?: () => Promise<void>;
}

export type Scene = Awaited<ReturnType<typeof openOffice>>;

/** A started Purser. Without `dataDir` it begins with an empty folder. */
export async function openOffice(config: OfficeConfig = {}) {
  const outside = config.outside ?? (await startOutside());
  const { clock } = outside;
  const dataDir = config.dataDir ?? (await makeFolder());
  const team = config.team ?? exampleTeam;
  const log = createRecordingLog();
  const opened = await openLowdbStore({ dataDir, clock, log });
  closers.push(() => opened.close());
  const moments = createMoments();
  const store = moments.wrap(config.wrapStore?.(opened) ?? opened);
  const notices: Notice[] = [];
  const payouts = composeOffice({ ...config, outside, team, store, log }, (notice) => {
    notices.push(notice);
    announcer?.notify(notice);
  });
  const posted = createChannels(config.beforeTelling ?? (async () => {}));
  let announcer: Announcer | undefined;
  announcer = createAnnouncer({ store, team, payouts, posters: posted.posters, clock, log });
  const world = composeWorld(outside, { team, payouts, store, log });
  let references = 0;
  const newReference = () => `R${String(++references)}`;
  const dispatcher = overhear(createDispatcher({ world, log, newReference }), posted.all);
  const settle = async () => {
    await payouts.settle();
    await announcer?.settle();
  };
  closers.push(settle);
  await payouts.followUp.recover();
  await payouts.followUp.tick();
  await announcer.recover();
  await announcer.settle();
  await settle();
  return {
    outside,
    clock,
    dataDir,
    team,
    log,
    store,
    notices,
    payouts,
    posted,
    announcer,
    dispatcher,
    settle,
    after: moments.after,
  };
}

/** Work that is done between two steps, where nobody could click in time. */
function createMoments() {
  let next: { event: string; work: () => Promise<unknown> } | undefined;
  return {
    /** Once, right after the commit of the next step with this event: `payout.approve`. */
    after(event: string, work: () => Promise<unknown>) {
      next = { event, work };
    },
    wrap: (store: Store): Store => ({
      ...store,
      async commit(changes, audit) {
        await store.commit(changes, audit);
        const now = next;
        if (now === undefined || !audit.some((facts) => facts['event'] === now.event)) return;
        next = undefined;
        await now.work();
      },
    }),
  };
}

interface Parts extends OfficeConfig {
  readonly outside: Outside;
  readonly team: Team;
  readonly store: Store;
  readonly log: ReturnType<typeof createRecordingLog>;
}

function composeOffice(parts: Parts, notify: (notice: Notice) => void): PayoutOffice {
  const { outside, team, store, log, wrap = (calls) => calls } = parts;
  return createPayoutOffice({
    store,
    team,
    payers: outside.providers.flatMap(({ id, payouts }): Payer[] =>
      payouts === undefined ? [] : [{ id, name: nameOf(id), payouts: wrap(payouts, id) }],
    ),
    balances: createBalanceDesk(outside.providers, { clock: outside.clock }),
    clock: outside.clock,
    log,
    referencePrefix: 'P',
    newId: newPayoutId,
    callbackUrlFor: () => callbackUrl,
    notify,
  });
}

function nameOf(provider: string): string {
  return provider === payermax.id ? payermax.name : alignet.name;
}

interface Inside extends Pick<Parts, 'team' | 'store' | 'log'> {
  readonly payouts: PayoutOffice;
}

function composeWorld({ clock, providers }: Outside, { team, payouts, store, log }: Inside): World {
  const modules = [alignet, payermax];
  const connected = modules.flatMap((module) => {
    const provider = providers.find(({ id }) => id === module.id);
    return provider === undefined ? [] : [{ module, provider, host: 'test', isSandbox: true }];
  });
  const balances = createBalanceDesk(providers, { clock });
  const digests = createDigestOffice({
    store,
    team,
    providers: modules.map(({ id, name }) => ({ id, name })),
    balances,
    payouts,
    alertChannels: team.channels.alerts,
    clock,
    log,
  });
  const inside = { team, payouts, memory: store };
  return { ...inside, clock, connected, modules, balances, digests, commands, actions };
}

/** Keeps what each person is answered. */
function overhear(dispatcher: Dispatcher, cards: Card[]): Dispatcher {
  const keep = (outcome: Outcome) => {
    cards.push(outcome.card);
    return outcome;
  };
  return {
    ...dispatcher,
    run: async (input, onProgress) => keep(await dispatcher.run(input, onProgress)),
    press: async (input) => keep(await dispatcher.press(input)),
  };
}

/** Channels that keep what is posted, each message as it is now. A direct message goes through `told`. */
function createChannels(told: () => Promise<void>) {
  const messages = new Map<string, { channel: string; card: Card }>();
  const all: Card[] = [];
  const direct: Card[] = [];
  const poster = (platform: Poster['platform']): Poster => ({
    platform,
    hasThreads: false,
    async post(channel, card) {
      const id = `m${messages.size + 1}`;
      messages.set(id, { channel, card });
      all.push(card);
      return id;
    },
    async update(channel, message, card) {
      if (!messages.has(message)) return false;
      messages.set(message, { channel, card });
      all.push(card);
      return true;
    },
    async tell(_account, card) {
      await told();
      direct.push(card);
      all.push(card);
    },
    async find(channel, mark) {
      const found = [...messages].findLast(
        ([, one]) => one.channel === channel && one.card.mark === mark,
      );
      return found?.[0];
    },
  });
  return {
    posters: [poster('slack'), poster('discord')],
    /** Every card that anybody saw, as it ever was. */
    all,
    /** What people were told alone, unasked. */
    direct,
    in: (channel: string) =>
      [...messages.values()].filter((one) => one.channel === channel).map(({ card }) => card),
  };
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'purser-test-'));
  closers.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder as a kill at this moment would leave it. Sockets of the lock cannot be copied. */
/** A draft is renamed while it is copied. */
const isKept = (path: string) => !/\.(sock|tmp)$/.test(path);

export async function copyFolder(dataDir: string): Promise<string> {
  const folder = await makeFolder();
  await cp(dataDir, folder, { recursive: true, filter: isKept });
  return folder;
}
