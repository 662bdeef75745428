// A small world for commands: providers that fulfil the port and answer what a test tells them to.
import { z } from 'zod';
import { type BalanceDesk, createBalanceDesk } from '../../src/balances.ts';
import { balanceCommand } from '../../src/commands/balance.ts';
import { createDispatcher } from '../../src/commands/dispatch.ts';
import { helpCommand } from '../../src/commands/help.ts';
import { providersCommand } from '../../src/commands/providers.ts';
import { createRates } from '../../src/commands/rates.ts';
import { actions, commands } from '../../src/commands/registry.ts';
import type {
  Account,
  Command,
  Dispatcher,
  Outcome,
  Spot,
  World,
} from '../../src/commands/types.ts';
import { createDigestOffice } from '../../src/digests/index.ts';
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Meter } from '../../src/meter.ts';
import { parseDecimal } from '../../src/money.ts';
import { createPayoutOffice } from '../../src/payouts/index.ts';
import type { PayoutCalls } from '../../src/providers/payouts.ts';
import type {
  AmountKind,
  BalanceLine,
  BalanceReading,
  Provider,
  ProviderModule,
} from '../../src/providers/types.ts';
import { type Team, teamSchema } from '../../src/team.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createFakeClock, createRecordingLog, type FakeClock } from '../support.ts';

/** `{ available: '12.50' }` in the currency; figures that are not named are not provided. */
export function lineOf(
  account: string,
  currency: string | undefined,
  figures: Partial<Record<AmountKind, string>>,
  note?: string,
): BalanceLine {
  const amounts = Object.fromEntries(
    Object.entries(figures).map(([kind, text]) => [kind, parseDecimal(text, currency ?? '?')]),
  );
  return { account, currency, amounts, ...(note === undefined ? {} : { note }) };
}

export function readingOf(...lines: BalanceLine[]): BalanceReading {
  return { lines, failures: [] };
}

export function failureOf(provider: string, code: ProviderErrorCode = 'timed_out'): ProviderError {
  return new ProviderError({
    code,
    provider,
    operation: 'balances',
    message: `${provider} did not answer within 8 s.`,
    remedy: 'Try again in a minute.',
  });
}

/** A provider whose next answers a test decides. Without one it answers what it answered before. */
export interface Teller extends Provider {
  /** What it says from now on: a reading, or what it throws. */
  says(answer: BalanceReading | Error): void;
  /** Its next answer waits for this; the clock does not move by itself. */
  waits(until: Promise<void>): void;
  readonly asked: number;
}

export function createTeller(id: string, payouts?: PayoutCalls): Teller {
  let answer: BalanceReading | Error = readingOf();
  let until = Promise.resolve();
  let asked = 0;
  return {
    id,
    ...(payouts === undefined ? {} : { payouts }),
    says: (next) => {
      answer = next;
    },
    waits: (next) => {
      until = next;
    },
    get asked() {
      return asked;
    },
    async getBalances() {
      asked += 1;
      const [now, gate] = [answer, until];
      await gate;
      if (now instanceof Error) throw now;
      return now;
    },
    close: async () => {},
  };
}

const names = [
  ['alignet', 'Alignet', ['monnet', 'payme']],
  ['paycross', 'PayCross', []],
  ['payermax', 'PayerMax', []],
  ['payneteasy', 'PaynetEasy', []],
  ['smilepayz', 'SmilePayz', []],
] as const;

const modules: readonly ProviderModule[] = names.map(([id, name, aliases]) => ({
  id,
  name,
  aliases,
  environment: [
    { name: `${id.toUpperCase()}_ID`, kind: 'text', isRequired: true, help: 'From the portal.' },
  ],
  settings: z.unknown(),
  create: () => createTeller(id),
  loadSandbox: async () => {
    throw new Error('commands start no sandbox');
  },
}));

export const exampleTeam: Team = teamSchema.parse({
  people: [
    { id: 'ana', name: 'Ana', roles: ['viewer', 'requester', 'approver', 'admin'] },
    { id: 'ben', name: 'Ben', roles: ['viewer', 'approver'], slack: { team: 'T01', user: 'U02' } },
    {
      id: 'cy',
      name: 'Cy',
      roles: ['viewer'],
      discord: { user: '100000000000000003' },
      slack: [
        { team: 'T01', user: 'U03' },
        { team: 'T02', user: 'U03' },
      ],
    },
    { id: 'eve', name: 'Eve', roles: ['requester'] },
  ],
});

export type ProviderId = (typeof names)[number][0];

export interface Scene {
  readonly world: World;
  readonly clock: FakeClock;
  readonly balances: BalanceDesk;
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly dispatcher: ReturnType<typeof createDispatcher>;
  /** What the store holds. */
  readonly data: ReferenceData;
  teller(id: ProviderId): Teller;
}

export interface SceneConfig {
  readonly connected?: readonly ProviderId[];
  readonly team?: Team;
  /** In place of Purser's own. */
  readonly commands?: readonly Command[];
  /** In place of the one that can be searched. */
  readonly log?: Log;
  /** One person may ask for so much at once. */
  readonly isPaced?: boolean;
  readonly meter?: Pick<Meter, 'answered'>;
  /** Those that pay, by provider; without one a provider has balances only. */
  readonly payers?: Readonly<Partial<Record<ProviderId, PayoutCalls>>>;
}

/**
 * PayCross is known and not connected, unless asked for. References are R1, R2 …, payouts are
 * P00000001, P00000002 …
 */
export function createScene(config: SceneConfig = {}): Scene {
  const ids = config.connected ?? ['alignet', 'payermax', 'payneteasy', 'smilepayz'];
  const clock = createFakeClock();
  const recording = createRecordingLog();
  const log = config.log ?? recording;
  const tellers = new Map(ids.map((id) => [id, createTeller(id, config.payers?.[id])]));
  const connected = modules.flatMap((module) => {
    const provider = ids.map((id) => tellers.get(id)).find((one) => one?.id === module.id);
    if (provider === undefined) return [];
    return [{ module, provider, host: `${module.id}.test`, isSandbox: module.id === 'payermax' }];
  });
  const balances = createBalanceDesk([...tellers.values()], { clock });
  const team = config.team ?? exampleTeam;
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const store = createReferenceStore({ data, clock, openMax: 1000 });
  let previews = 0;
  const payouts = createPayoutOffice({
    store,
    team,
    payers: connected.flatMap(({ module: { id, name }, provider }) =>
      provider.payouts === undefined ? [] : [{ id, name, payouts: provider.payouts }],
    ),
    balances,
    clock,
    log,
    referencePrefix: 'P',
    newId: () => {
      previews += 1;
      return `P${String(previews).padStart(8, '0')}`;
    },
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  const world: World = {
    team,
    clock,
    connected,
    modules,
    balances,
    payouts,
    memory: store,
    digests: createDigestOffice({
      store,
      team,
      providers: connected.map(({ module: { id, name } }) => ({ id, name })),
      balances,
      payouts,
      alertChannels: team.channels.alerts,
      clock,
      log,
    }),
    commands: config.commands ?? commands,
    actions,
  };
  let references = 0;
  const newReference = () => {
    references += 1;
    return `R${references}`;
  };
  return {
    world,
    clock,
    balances,
    log: recording,
    data,
    dispatcher: createDispatcher({
      ...{ world, log, newReference, meter: config.meter },
      rates: config.isPaced ? createRates(clock) : undefined,
    }),
    teller: (id) => {
      const teller = tellers.get(id);
      if (teller === undefined) throw new RangeError(`${id} is not connected`);
      return teller;
    },
  };
}

/** A promise that the test keeps until it opens. */
export function createGate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export const spot: Spot = { channel: 'general' };
export const ana: Account = { platform: 'playground', user: 'ana' };
export const ben: Account = { platform: 'playground', user: 'ben' };
/** May request, but not see. */
export const eve: Account = { platform: 'playground', user: 'eve' };

export function ask(dispatcher: Dispatcher, account: Account, line: string): Promise<Outcome> {
  return dispatcher.run({ account, spot, line }, () => {});
}

/** A command that does what the test says, for any person of the team. */
export function commandThat(run: Command['run'], roles: Command['roles'] = []): Command {
  return { path: ['probe'], summary: 'Probes', arguments: [], roles, examples: [], run };
}

/** Commands without payouts: few enough to list in a test. */
export const basics: readonly Command[] = [balanceCommand, providersCommand, helpCommand];
