// Puts a digest together: asks the providers, reads the history and the payouts, and leaves the rest
// to the pure functions. Whatever is read here is looked at by the watch too.
import { z } from 'zod';
import type { BalanceDesk } from '../balances.ts';
import type { Log } from '../log.ts';
import type { PayoutOffice } from '../payouts/index.ts';
import type { Payout, Place } from '../payouts/types.ts';
import { createRecords, dayMs } from '../store/index.ts';
import type { AuditFacts, Reading, Store } from '../store/types.ts';
import type { Team } from '../team.ts';
import { type Digest, localDateOf } from './calendar.ts';
import { composeTrend, trendDays } from './daily-trend.ts';
import { createDeliveries, type Deliveries, toDelivery } from './deliveries.ts';
import { composePayouts, type PayoutReport } from './payout-report.ts';
import type { Pictures, TrendPicture } from './picture.ts';
import { type BalanceReport, composeBalances, type ShownDigest, toShown } from './report.ts';
import type { Trend } from './trend.ts';
import { createWatch, type Topic, type Watch } from './watch.ts';

export interface DigestReport {
  /** The local date in the zone of the digest. */
  readonly date: string;
  readonly balances: BalanceReport;
  readonly payouts: PayoutReport;
  /** What is not as it should be. */
  readonly topics: readonly Topic[];
  readonly trend: Trend;
}

export interface DigestOffice {
  /** In the order shown. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  readonly deliveries: Deliveries;
  readonly watch: Watch;
  /**
   * Asks every provider; what fails stands in the report. With a date it is the digest of that date,
   * which is compared with the one before it; without, it is compared with the last one.
   */
  compose(digest: Digest | undefined, date?: string): Promise<DigestReport>;
  /** Undefined where there is nothing to draw, or it could not be drawn: the log says why. */
  draw(report: DigestReport): Promise<TrendPicture | undefined>;
  /** Asks every provider and looks only for what must be told. */
  look(): Promise<void>;
  /** The next digest is compared with this one. */
  noteShown(digest: string, report: DigestReport): Promise<void>;
  /** Claims one more posting in each of its channels, on record; once for each reference. */
  postNow(digest: Digest, by: { person: string; place: Place; reference: string }): Promise<void>;
  /** What somebody did about a balance, on record. */
  noteTopUp(facts: { person: string; place: Place; scope: string; note: string }): Promise<void>;
}

export interface DigestOfficeDeps {
  readonly store: Store;
  readonly team: Team;
  /** Those that are connected, in the order shown. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  readonly balances: BalanceDesk;
  readonly payouts: PayoutOffice;
  /** Without it digests have no picture. */
  readonly pictures?: Pictures;
  /** Where alerts go: `slack:C01`. */
  readonly alertChannels: readonly string[];
  readonly clock: { now(): number };
  readonly log: Log;
}

const shownSchema = z.object({
  atMs: z.number(),
  date: z.string(),
  pots: z.record(z.string(), z.object({ available: z.string(), isWhole: z.boolean() })),
});
const lastSchema = z.object({ id: z.string(), now: shownSchema, before: shownSchema.optional() });

/** A few more than the picture shows, so that a gap at its beginning is seen as one. */
const historyDays = trendDays + 10;
/** Back to the requests whose end may be news. */
const payoutsForMs = 31 * dayMs;
const payoutsMax = 5_000;

export function createDigestOffice(deps: DigestOfficeDeps): DigestOffice {
  const { store, team, providers, balances, payouts, clock, log } = deps;
  const deliveries = createDeliveries(store);
  const watch = createWatch({ store, deliveries, channels: deps.alertChannels, clock, log });
  const lasts = createRecords(store, {
    kind: 'digest',
    schema: lastSchema,
    idOf: ({ id }) => id,
    isOpen: () => false,
  });

  const composeNow = async (last: ShownDigest | undefined, readings: readonly Reading[]) => {
    const results = await balances.read(providers.map(({ id }) => id));
    const report = composeBalances({
      nowMs: clock.now(),
      providers,
      results,
      readings,
      thresholds: team.thresholds,
      levels: await watch.listLevels(),
      last,
      failingSince: await watch.listFailing(),
    });
    await watch.observe(report.providers);
    return report;
  };

  const readHistory = async (): Promise<Reading[]> => {
    const readings: Reading[] = [];
    const sinceMs = (Math.floor(clock.now() / dayMs) - historyDays) * dayMs;
    for await (const one of store.readReadings({ sinceMs, each: 'day' })) readings.push(one);
    return readings;
  };

  const readPayouts = async (): Promise<Payout[]> => {
    const { desk } = payouts;
    const recent = await desk.listSince(clock.now() - payoutsForMs, payoutsMax);
    const known = new Set(recent.map(({ id }) => id));
    const older = (await desk.listOpen()).filter(({ id }) => !known.has(id));
    return [...recent, ...older];
  };

  return {
    providers,
    deliveries,
    watch,
    async draw({ trend }) {
      if (deps.pictures === undefined || trend.series.length === 0) return undefined;
      try {
        return await deps.pictures.drawTrend(trend);
      } catch (error) {
        log.warn({ err: error }, 'the picture of a digest could not be drawn');
        return undefined;
      }
    },
    async compose(digest, date) {
      const known = digest === undefined ? undefined : (await lasts.find(digest.id))?.value;
      const isOfThisDate = date !== undefined && known?.now.date === date;
      const last = isOfThisDate ? known?.before : known?.now;
      const report = await composeNow(last, await readHistory());
      return {
        date: date ?? localDateOf(clock.now(), digest?.zone ?? 'UTC'),
        balances: report,
        payouts: composePayouts(await readPayouts(), await payouts.freezes.list(), clock.now()),
        topics: await watch.listOpen(),
        trend: composeTrend(report, team.thresholds),
      };
    },
    async look() {
      await composeNow(undefined, await readHistory());
    },
    async noteShown(id, { date, balances: report }) {
      const now = { ...toShown(report), date };
      await lasts.change(id, (known) => {
        // Another channel got it first.
        if (known?.now.date === date) return undefined;
        return { next: { id, now, ...(known === undefined ? {} : { before: known.now }) } };
      });
    },
    async postNow(digest, { person, place, reference }) {
      const nowMs = clock.now();
      const date = localDateOf(nowMs, digest.zone);
      const mark = `extra digest ${reference} (${digest.id})`;
      for (const channel of digest.to) {
        const one = { id: `${mark} ${channel}`, mark, channel, dueAtMs: nowMs };
        const by = { id: digest.id, date, by: person };
        const audit = { event: 'digest.posted', scope: digest.id, person, place, channel };
        await deliveries.claim(toDelivery({ ...one, digest: by }, nowMs), audit);
      }
    },
    async noteTopUp({ person, place, scope, note }) {
      const facts = { event: 'topup.noted', scope, person, place, note };
      await store.commit([], [JSON.parse(JSON.stringify(facts)) as AuditFacts]);
    },
  };
}
