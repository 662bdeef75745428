// What `/balance` costs: each client beside the same request made by hand, and all providers at
// once beside the slowest of them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBalanceDesk } from '../src/balances.ts';
import { systemClock } from '../src/clock.ts';
import { composeBalanceCard } from '../src/commands/balance-card.ts';
import { providerModules } from '../src/providers/registry.ts';
import { connect, type Served } from './connect.ts';
import { compare, type Result, toOverhead, toRatio } from './measure.ts';
import { createRawClient } from './raw.ts';

const clientRounds = { warmUp: 200, measured: 600 };
const allRounds = { warmUp: 5, measured: 40 };
const delaysMs = [40, 60, 80, 100, 120];

export async function benchBalances(isWanted: (name: string) => boolean): Promise<Result[]> {
  const clientNames = providerModules.map(({ id }) => `client-${id}-ratio`);
  if (![...clientNames, 'balance-all-overhead-ms'].some(isWanted)) return [];
  const child = fork(fileURLToPath(new URL('./sandboxes.ts', import.meta.url)));
  try {
    const [served] = (await once(child, 'message')) as [Served[]];
    const results: Result[] = [];
    for (const one of served) {
      if (isWanted(`client-${one.id}-ratio`)) results.push(await benchClient(one));
    }
    if (isWanted('balance-all-overhead-ms')) results.push(await benchAll(served));
    return results;
  } finally {
    child.disconnect();
  }
}

async function benchClient(served: Served): Promise<Result> {
  const one = withOneAccount(served);
  const provider = connect(one);
  const raw = createRawClient(one.id, one.environment, one.settings);
  try {
    const times = await compare(() => provider.getBalances(), raw.call, clientRounds);
    return toRatio(`client-${one.id}-ratio`, times, { unit: 'ms', most: 1.25 });
  } finally {
    await Promise.all([provider.close(), raw.close()]);
  }
}

interface Settings {
  readonly accounts?: readonly unknown[];
  readonly payout_methods?: unknown;
}

/** One exchange a read, so that one exchange is compared with one. */
function withOneAccount(served: Served): Served {
  const { PAYERMAX_MEMBER_ID: _, ...environment } = served.environment;
  // Methods of payouts draw on accounts that are left out here.
  const { accounts, payout_methods: _methods, ...settings } = (served.settings ?? {}) as Settings;
  if (accounts === undefined) return { ...served, environment };
  return {
    ...served,
    environment,
    settings: { ...settings, accounts: accounts.slice(0, 1) },
  };
}

async function benchAll(served: readonly Served[]): Promise<Result> {
  await Promise.all(
    served.map(({ origin }, index) =>
      fetch(`${origin}/_sandbox/faults`, {
        method: 'PUT',
        body: JSON.stringify({ name: 'slow', ms: delaysMs[index] }),
      }),
    ),
  );
  const providers = served.map(connect);
  const desk = createBalanceDesk(providers, { clock: systemClock });
  const asked = providerModules.map(({ id, name }) => ({ id, name }));
  const slowest = served.at(-1);
  if (slowest === undefined) throw new Error('no sandbox');
  const one = withOneAccount(slowest);
  const raw = createRawClient(one.id, one.environment, one.settings);
  const all = async () => {
    const results = await desk.read(asked.map(({ id }) => id));
    if (results.some(({ ok }) => !ok)) throw new Error('a sandbox failed');
    const nowMs = systemClock.now();
    composeBalanceCard({ asked, results, currency: undefined, nowMs, reference: 'BENCH' });
  };
  try {
    const times = await compare(all, raw.call, allRounds);
    return toOverhead('balance-all-overhead-ms', times, 15);
  } finally {
    await Promise.all([...providers.map((provider) => provider.close()), raw.close()]);
  }
}
