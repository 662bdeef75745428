// What Prometheus gets, and that the operator’s page lists exactly that.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Delivery, toDelivery } from '../src/digests/index.ts';
import { StoreError } from '../src/errors.ts';
import { createMetricSources } from '../src/metric-sources.ts';
import { createMetrics, type MetricSources } from '../src/metrics.ts';
import { meterStore } from '../src/store/index.ts';
import { createReferenceStore } from './store/reference-store.ts';
import { createFakeClock } from './support.ts';

const page = readFileSync(fileURLToPath(new URL('../docs/operations.md', import.meta.url)), 'utf8');

function openMetrics() {
  const clock = createFakeClock();
  const metrics = createMetrics(clock);
  let reads = 0;
  let state: Awaited<ReturnType<MetricSources['listOpenPayouts']>> = [];
  metrics.watch({
    async listOpenPayouts() {
      reads += 1;
      return state;
    },
    listDigests: async () => [{ id: 'morning', sinceMs: clock.now() - 3_600_000 }],
    countWaiting: async () => 3,
    providers: ['payermax'],
  });
  const own = async () => {
    const { text } = await metrics.render();
    return text.split('\n').filter((line) => line.startsWith('purser_'));
  };
  return {
    ...{ clock, metrics, own, countReads: () => reads },
    setPayouts: (payouts: typeof state) => {
      state = payouts;
    },
  };
}

test('shows the open work as it is, read at most every few seconds', async () => {
  const { clock, own, setPayouts, countReads } = openMetrics();
  const ago = (s: number) => clock.now() - s * 1_000;
  setPayouts([
    { state: 'requested', requestedAtMs: ago(60) },
    { state: 'unknown', requestedAtMs: ago(900), sentAtMs: ago(600) },
    { state: 'unknown', requestedAtMs: ago(500), sentAtMs: ago(400) },
  ]);
  const shown = await own();
  expect(shown).toEqual(
    expect.arrayContaining([
      'purser_payouts{state="requested"} 1',
      'purser_payouts{state="approved"} 0',
      'purser_payouts{state="unknown"} 2',
      'purser_payout_oldest_open_seconds 900',
      'purser_payout_oldest_unknown_seconds 600',
      'purser_digest_age_seconds{digest="morning"} 3600',
      'purser_posts_waiting 3',
      'purser_is_first 0',
    ]),
  );
  setPayouts([]);
  await Promise.all([own(), own(), own()]);
  expect(countReads()).toBe(1);
  clock.advance(5_000);
  expect(await own()).toEqual(
    expect.arrayContaining([
      'purser_payouts{state="unknown"} 0',
      'purser_payout_oldest_open_seconds 0',
    ]),
  );
  expect(countReads()).toBe(2);
});

test('counts what the parts of Purser report', async () => {
  const { metrics, own } = openMetrics();
  const { meter } = metrics;
  meter.answered({ command: 'payout list', platform: 'slack', outcome: 'refused', ms: 20 });
  meter.called({ provider: 'payermax', operation: 'payout', outcome: 'outcome_unknown', ms: 900 });
  meter.stepped({ outcome: 'done', entries: 2, ms: 3 });
  meter.stepped({ outcome: 'conflict', entries: 0, ms: 1 });
  meter.answered({ command: 'unknown', platform: 'slack', outcome: 'mistake', ms: 1 });
  meter.unanswered();
  meter.led(true);
  expect(await own()).toEqual(
    expect.arrayContaining([
      'purser_commands_total{command="payout list",platform="slack",outcome="refused"} 1',
      'purser_command_duration_seconds_sum{command="payout list"} 0.02',
      'purser_provider_calls_total{provider="payermax",operation="payout",outcome="outcome_unknown"} 1',
      'purser_store_steps_total{outcome="done"} 1',
      'purser_provider_failures_total{provider="payermax"} 1',
      'purser_command_failures_total{outcome="mistake"} 1',
      'purser_command_failures_total{outcome="store_failed"} 0',
      'purser_store_steps_total{outcome="conflict"} 1',
      'purser_store_failures_total 1',
      'purser_store_step_duration_seconds_count 2',
      'purser_audit_entries_total 2',
      'purser_is_first 1',
    ]),
  );
});

test('a store that is away takes no other metric with it, and no old figure is shown', async () => {
  const { clock, metrics, own } = openMetrics();
  await own();
  metrics.watch({
    listOpenPayouts: () => Promise.reject(new Error('away')),
    listDigests: async () => [],
    countWaiting: async () => 0,
    providers: [],
  });
  clock.advance(5_000);
  const shown = await own();
  expect(shown).toContain('purser_audit_entries_total 0');
  expect(shown.filter((line) => line.startsWith('purser_payouts'))).toEqual([]);
  // Which is how prom-client writes NaN, and Prometheus reads it in any case.
  expect(shown).toContain('purser_payout_oldest_open_seconds Nan');
});

test('the operator’s page lists every metric with its labels, and no other', async () => {
  const { metrics } = openMetrics();
  const { text } = await metrics.render();
  const exported = [...text.matchAll(/^# TYPE (purser_\w+)/gm)].map(([, name]) => name);
  const listed = [...page.matchAll(/^\| `(purser_\w+)` \|/gm)].map(([, name]) => name);
  expect(exported.length).toBeGreaterThan(10);
  expect(listed.sort()).toEqual(exported.sort());
});

test('whatever is counted to wake somebody stands at 0 before it happens: increase() sees the first', async () => {
  const { own } = openMetrics();
  const rules = page.split('### Metrics to be woken by')[1]?.split('\n###')[0] ?? '';
  // What stands after `unless` only keeps an alarm back, and may be absent.
  const woken = [...rules.matchAll(/^\| (.*) \|/gm)].map(
    ([, row = '']) => row.split(' unless ')[0],
  );
  const named = woken.flatMap((row) => [...(row ?? '').matchAll(/(purser_\w+)(\{[^}]*)?/g)]);
  expect(named.length).toBeGreaterThan(5);
  const shown = await own();
  for (const [, name, labels = ''] of named) {
    const isThere = shown.some((line) => line.split(/[{ ]/)[0] === name && line.includes(labels));
    expect(isThere, `${name}${labels}`).toBe(true);
  }
});

test('a question to the store that fails is counted, also where no step follows it', async () => {
  const { clock, metrics, own } = openMetrics();
  const away = () => Promise.reject(new StoreError('away'));
  const rows = async function* (): AsyncGenerator<never> {
    yield await away();
  };
  const bare = createReferenceStore({
    data: { records: [], entries: [], readings: [] },
    clock,
    openMax: 9,
  });
  const asking = { find: away, findByKey: away, listOpen: away, listSince: away, recall: away };
  const changing = { claim: away, release: away, remember: away, appendReadings: away };
  const reading = { readAudit: rows, readReadings: rows };
  const store = meterStore({ ...bare, ...asking, ...changing, ...reading }, metrics.meter, clock);
  const drain = async (all: AsyncIterable<unknown>) => {
    for await (const one of all) expect(one).toBeUndefined();
  };
  const failing = [
    () => store.find('payout', 'p1'),
    () => store.findByKey('payout', 'k1'),
    () => store.listOpen('payout'),
    () => store.listSince('payout', 0, 1),
    () => store.recall('x'),
    () => store.claim(['x']),
    () => store.release(['x']),
    () => store.remember('x', 1, 1),
    () => store.appendReadings([]),
    () => drain(store.readAudit()),
    () => drain(store.readReadings({ sinceMs: 0, each: 'day' })),
  ];
  for (const ask of failing) await expect(ask()).rejects.toThrow('away');
  expect(await own()).toContain(`purser_store_failures_total ${failing.length}`);
  const whole = meterStore(bare, metrics.meter, clock);
  expect(await whole.find('payout', 'p1')).toBeUndefined();
  await drain(whole.readAudit());
  expect(await own()).toContain(`purser_store_failures_total ${failing.length}`);
});

test('a digest that never was posted has an age too: since it was due, or Purser began', async () => {
  const clock = createFakeClock();
  const at = clock.now();
  const hour = 3_600_000;
  const due = (id: string, hoursAgo: number, fields: Partial<Delivery> = {}): Delivery => ({
    ...toDelivery({ id, mark: id, channel: 'slack:C01', dueAtMs: at - hoursAgo * hour }, at),
    digest: { id, date: '2026-11-20' },
    ...fields,
  });
  let known: Delivery[] = [];
  const ids = ['morning', 'refused', 'new'];
  const sources = createMetricSources({
    team: { digests: ids.map((id) => ({ id })) },
    payouts: { desk: { listOpen: async () => [] } },
    digests: {
      providers: [],
      deliveries: { listOpen: async () => known, listSince: async () => known },
    },
    announcing: { countWaiting: () => 0 },
    clock,
  });
  clock.advance(hour);
  known = [
    due('refused', 5, { state: 'given_up' }),
    due('refused', 29, { state: 'given_up' }),
    due('morning', 3, { state: 'posted', postedAtMs: at - 2 * hour }),
    due('morning', 27, { state: 'posted', postedAtMs: at - 26 * hour }),
    due('new', -1),
  ];
  expect(await sources.listDigests()).toEqual([
    { id: 'morning', sinceMs: at - 2 * hour },
    { id: 'refused', sinceMs: at - 29 * hour },
    { id: 'new', sinceMs: at },
  ]);
});
