// The metrics of one Purser for Prometheus: what docs/operations.md lists, and Node’s own. Label
// values are words of ours; no person, id, amount or typed text is ever one.
// https://prometheus.io/docs/practices/naming/ (read 2026-11-27)
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AnswerOutcome, Meter, Stepped } from './meter.ts';

/** What is looked up when somebody asks. */
export interface MetricSources {
  listOpenPayouts(): Promise<readonly OpenPayout[]>;
  /** Since when nothing was posted, of each digest: also of one that never was. */
  listDigests(): Promise<readonly { readonly id: string; readonly sinceMs: number }[]>;
  /** What could not be posted yet. */
  countWaiting(): Promise<number>;
  /** That may be called. */
  readonly providers: readonly string[];
}

export interface OpenPayout {
  readonly state: string;
  readonly requestedAtMs: number;
  readonly sentAtMs?: number | undefined;
}

export interface PurserMetrics {
  readonly meter: Meter;
  watch(sources: MetricSources): void;
  render(): Promise<{ contentType: string; text: string }>;
}

/** Several may ask at once, and each question reads the open work. */
const freshForMs = 5_000;
const openStates = ['requested', 'approved', 'sending', 'submitted', 'unknown'] as const;
const stepOutcomes: readonly Stepped['outcome'][] = ['done', 'conflict', 'full', 'failed'];
const failedOutcomes: readonly AnswerOutcome[] = ['mistake', 'store_failed'];
/** A balance is asked of five providers, a payout is written down and sent. */
const secondsOfCalls = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];
const secondsOfSteps = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export function createMetrics(clock: { now(): number }): PurserMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = createGauges(registry);
  let sources: MetricSources | undefined;
  let reading: { atMs: number; done: Promise<void> } | undefined;

  async function read(from: MetricSources): Promise<void> {
    const now = clock.now();
    const [payouts, digests, waiting] = await Promise.all([
      from.listOpenPayouts(),
      from.listDigests(),
      from.countWaiting(),
    ]);
    const count = (state: string) => payouts.filter((one) => one.state === state).length;
    for (const state of openStates) gauges.payouts.set({ state }, count(state));
    const ages = payouts.map(({ requestedAtMs }) => now - requestedAtMs);
    const doubted = payouts.filter(({ state }) => state === 'unknown');
    const doubts = doubted.map(({ sentAtMs, requestedAtMs }) => now - (sentAtMs ?? requestedAtMs));
    gauges.oldestOpen.set(Math.max(0, ...ages) / 1_000);
    gauges.oldestUnknown.set(Math.max(0, ...doubts) / 1_000);
    gauges.digestAge.reset();
    for (const { id: digest, sinceMs } of digests) {
      gauges.digestAge.set({ digest }, Math.max(0, now - sinceMs) / 1_000);
    }
    gauges.waiting.set(waiting);
  }

  function refresh(from: MetricSources): Promise<void> {
    if (reading === undefined || Math.abs(clock.now() - reading.atMs) >= freshForMs) {
      // A store that is away must not take the other metrics with it: those of the store say so.
      const done = read(from).catch(() => {
        gauges.payouts.reset();
        gauges.digestAge.reset();
        for (const one of [gauges.oldestOpen, gauges.oldestUnknown, gauges.waiting]) one.set(NaN);
      });
      reading = { atMs: clock.now(), done };
    }
    return reading.done;
  }

  const { meter, expectProvider } = createMeter(registry);
  return {
    meter,
    watch(given) {
      sources = given;
      for (const provider of given.providers) expectProvider(provider);
    },
    async render() {
      if (sources !== undefined) await refresh(sources);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

function createGauges(registry: Registry) {
  const registers = [registry];
  return {
    payouts: new Gauge({
      name: 'purser_payouts',
      help: 'Open payouts by state.',
      labelNames: ['state'],
      registers,
    }),
    oldestOpen: new Gauge({
      name: 'purser_payout_oldest_open_seconds',
      help: 'Since the oldest open payout was asked for; 0 without one.',
      registers,
    }),
    oldestUnknown: new Gauge({
      name: 'purser_payout_oldest_unknown_seconds',
      help: 'Since the oldest payout was sent of which nobody knows whether it was taken; 0 without one.',
      registers,
    }),
    digestAge: new Gauge({
      name: 'purser_digest_age_seconds',
      help: 'Since the digest was last posted; of one that never was, since it was first due or Purser began.',
      labelNames: ['digest'],
      registers,
    }),
    waiting: new Gauge({
      name: 'purser_posts_waiting',
      help: 'Messages that could not be posted yet.',
      registers,
    }),
  };
}

/**
 * A series that begins at 1 has no increase: whatever wakes somebody stands at 0 from the start. So
 * failures are counted apart from what has many labels, of which most combinations never come.
 */
function createMeter(registry: Registry): {
  meter: Meter;
  expectProvider(provider: string): void;
} {
  const registers = [registry];
  const commands = new Counter({
    name: 'purser_commands_total',
    help: 'Answers to commands, buttons and forms.',
    labelNames: ['command', 'platform', 'outcome'],
    registers,
  });
  const commandFailures = new Counter({
    name: 'purser_command_failures_total',
    help: 'Answers that say that Purser or its store has failed.',
    labelNames: ['outcome'],
    registers,
  });
  const commandSeconds = new Histogram({
    name: 'purser_command_duration_seconds',
    help: 'Until the answer was ready to be shown.',
    labelNames: ['command'],
    buckets: secondsOfCalls,
    registers,
  });
  const calls = new Counter({
    name: 'purser_provider_calls_total',
    help: 'Calls of providers, each with its retries.',
    labelNames: ['provider', 'operation', 'outcome'],
    registers,
  });
  const callFailures = new Counter({
    name: 'purser_provider_failures_total',
    help: 'Calls of providers that ended in an error.',
    labelNames: ['provider'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'purser_provider_call_duration_seconds',
    help: 'Of a call of a provider, with its retries.',
    labelNames: ['provider', 'operation'],
    buckets: secondsOfCalls,
    registers,
  });
  const steps = new Counter({
    name: 'purser_store_steps_total',
    help: 'Steps that were to be written down.',
    labelNames: ['outcome'],
    registers,
  });
  const storeFailures = new Counter({
    name: 'purser_store_failures_total',
    help: 'What was asked of the store, beside steps, and failed.',
    registers,
  });
  const stepSeconds = new Histogram({
    name: 'purser_store_step_duration_seconds',
    help: 'Until a step was durable, or had failed.',
    buckets: secondsOfSteps,
    registers,
  });
  const entries = new Counter({
    name: 'purser_audit_entries_total',
    help: 'Audit entries that this replica has written since its start.',
    registers,
  });
  const first = new Gauge({
    name: 'purser_is_first',
    help: '1 in the replica that holds the clocks and the Discord gateway.',
    registers,
  });
  for (const outcome of stepOutcomes) steps.inc({ outcome }, 0);
  for (const outcome of failedOutcomes) commandFailures.inc({ outcome }, 0);
  const meter: Meter = {
    answered({ command, platform, outcome, ms }) {
      commands.inc({ command, platform, outcome });
      if (failedOutcomes.some((one) => one === outcome)) commandFailures.inc({ outcome });
      commandSeconds.observe({ command }, ms / 1_000);
    },
    called({ provider, operation, outcome, ms }) {
      calls.inc({ provider, operation, outcome });
      if (outcome !== 'ok') callFailures.inc({ provider });
      callSeconds.observe({ provider, operation }, ms / 1_000);
    },
    stepped({ outcome, entries: written, ms }) {
      steps.inc({ outcome });
      stepSeconds.observe(ms / 1_000);
      if (written > 0) entries.inc(written);
    },
    unanswered: () => storeFailures.inc(),
    led: (isFirst) => first.set(isFirst ? 1 : 0),
  };
  return { meter, expectProvider: (provider) => callFailures.inc({ provider }, 0) };
}
