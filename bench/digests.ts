// Composing a digest of 5 providers with 60 accounts that have a year of history: reading the history
// from disk, the figures, the watch, the trend and the card; providers answer at once, and nothing is
// drawn. Beside it the floor: reading and parsing the same history and nothing else.
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createBalanceDesk } from '../src/balances.ts';
import type { Clock } from '../src/clock.ts';
import { composeDigestCard } from '../src/commands/digest-card.ts';
import { createBalanceHistory, createDigestOffice } from '../src/digests/index.ts';
import { createLog } from '../src/log.ts';
import { parseDecimal } from '../src/money.ts';
import { createPayoutOffice } from '../src/payouts/index.ts';
import type { BalanceReading, Provider } from '../src/providers/types.ts';
import { openLowdbStore } from '../src/store/index.ts';
import { teamSchema } from '../src/team.ts';
import { compare, type Result, toLimit } from './measure.ts';

const name = 'digest-compose-ms';
const rounds = { warmUp: 10, measured: 60 };
const goalMs = 50;
const [hour, day] = [3_600_000, 86_400_000];
const startMs = Date.parse('2025-11-26T00:30:00Z');
/** Of the days before 90 only the last reading is left; today has one each ten minutes, as in life. */
const readings = {
  everyMs: 2 * hour,
  todayEveryMs: hour / 6,
  fullDays: 90,
  days: 365,
  todayHours: 14,
};

const ids = ['alignet', 'paycross', 'payermax', 'payneteasy', 'smilepayz'];
const currencies = ['USD', 'EUR', 'PEN', 'IDR', 'BRL', 'MXN'];
const team = teamSchema.parse({
  people: [{ id: 'ana', name: 'Ana', roles: ['approver'] }],
  thresholds: ids.map((provider) => ({
    provider,
    currency: 'USD',
    warning: '5000',
    critical: '1000',
  })),
  digests: [{ id: 'morning', at: '09:00', zone: 'America/Lima', to: ['slack:C01'] }],
});

export async function benchDigests(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!isWanted(name)) return [];
  const dataDir = await mkdtemp(fileURLToPath(new URL('../data/bench-', import.meta.url)));
  try {
    return [await measure(dataDir)];
  } finally {
    await rm(dataDir, { recursive: true });
  }
}

async function measure(dataDir: string): Promise<Result> {
  let nowMs = startMs;
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  const log = createLog({ level: 'error', secrets: [], destination: process.stderr });
  const store = await openLowdbStore({ dataDir, clock, log });
  const history = createBalanceHistory({ store, clock, log });
  const providers = ids.map((id, index) => createProvider(id, index, clock));
  const balances = createBalanceDesk(providers, { clock, onReading: history.keep });
  const todayMs = startMs + readings.days * day;
  const endMs = todayMs + readings.todayHours * hour;
  while (nowMs < endMs) {
    await balances.read(ids);
    await history.settle();
    const isFull = endMs - nowMs <= readings.fullDays * day;
    nowMs += nowMs >= todayMs ? readings.todayEveryMs : isFull ? readings.everyMs : day;
  }
  const payouts = createPayoutOffice({
    store,
    team,
    payers: [],
    balances,
    clock,
    log,
    referencePrefix: 'B',
    newId: () => 'B00000001',
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  const digests = createDigestOffice({
    store,
    team,
    providers: ids.map((id) => ({ id, name: id })),
    balances,
    payouts,
    alertChannels: [],
    clock,
    log,
  });
  const [digest] = team.digests;
  const compose = async () => {
    const report = await digests.compose(digest);
    const card = composeDigestCard(report, { team, digest });
    if (card.table?.groups.length !== ids.length) throw new Error('a provider is missing');
  };
  const read = async () => {
    let count = 0;
    for await (const _ of store.readReadings({ sinceMs: nowMs - 40 * day, each: 'day' }))
      count += 1;
    if (count < 2_000) throw new Error(`only ${count} readings`);
  };
  const times = await compare(compose, read, rounds);
  await history.settle();
  await store.close();
  return toLimit(name, times, goalMs);
}

/** Twelve accounts: two in each currency, one of them always going down. */
function createProvider(id: string, index: number, clock: Clock): Provider {
  return {
    id,
    async getBalances(): Promise<BalanceReading> {
      const days = Math.floor((clock.now() - startMs) / day);
      const lines = currencies.flatMap((currency, at) =>
        ['payin', 'payout'].map((account, which) => {
          const units = 9_000_000 - days * 17 * which + index * 1_000 + at;
          const amount = (cents: number) => parseDecimal((cents / 100).toFixed(2), currency);
          const amounts = {
            available: amount(units),
            total: amount(units + 500),
            held: amount(500),
          };
          return { account, currency, amounts };
        }),
      );
      return { lines, failures: [] };
    },
    close: async () => {},
  };
}
