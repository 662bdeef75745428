// Watches between digests: a balance that crosses a threshold, and a provider that fails for long. What
// was told stands beside what is, and both change in one step with the deliveries that tell it: so
// nothing is told twice, and a restart forgets nothing. While a topic is muted nothing is told of it;
// what still differs afterwards is told then.
import { z } from 'zod';
import type { Log } from '../log.ts';
import { toDecimalText } from '../money.ts';
import { type Place, placeSchema } from '../payouts/types.ts';
import { createRecords } from '../store/index.ts';
import type { Store } from '../store/types.ts';
import { type Alert, type Deliveries, toAlertDeliveries } from './deliveries.ts';
import { isWorse, type Level, levels } from './levels.ts';
import type { FailureReport, PotReport, ProviderReport } from './report.ts';

/** So long a provider fails before people are called. */
export const failingAfterMs = 30 * 60_000;
export const muteMs = 24 * 3_600_000;

const topicSchema = z.object({
  /** `level payermax USD`, `provider payermax` */
  id: z.string(),
  level: z.enum(levels).optional(),
  toldLevel: z.enum(levels).optional(),
  isFailing: z.boolean().optional(),
  toldFailing: z.boolean().optional(),
  /** Of the present state. */
  sinceMs: z.number(),
  /** Alerts so far. */
  alerts: z.int(),
  mutedUntilMs: z.number().optional(),
  mutedBy: z.string().optional(),
  place: placeSchema.optional(),
});
export type Topic = z.infer<typeof topicSchema>;

export interface Watch {
  /** By the id of the pot. */
  listLevels(): Promise<ReadonlyMap<string, Level>>;
  /** By provider. */
  listFailing(): Promise<ReadonlyMap<string, number>>;
  /** Topics that are not as they should be. */
  listOpen(): Promise<Topic[]>;
  /** Notes what a report found; deliveries of what is to be told are claimed in the same steps. */
  observe(providers: readonly ProviderReport[]): Promise<void>;
  /** For a day, on record. Undefined where there is no such topic. */
  mute(id: string, person: string, place: Place): Promise<Topic | undefined>;
}

export interface WatchDeps {
  readonly store: Store;
  readonly deliveries: Deliveries;
  /** Where alerts go: `slack:C01`. */
  readonly channels: readonly string[];
  readonly clock: { now(): number };
  readonly log: Log;
}

export function createWatch({ store, deliveries, channels, clock, log }: WatchDeps): Watch {
  const topics = createRecords(store, {
    kind: 'watch',
    schema: topicSchema,
    idOf: ({ id }) => id,
    isOpen: isNotable,
  });

  /** `decide` gives the topic as it is now and what is to be told, or nothing where nothing is new. */
  const change = (id: string, decide: (topic: Topic, nowMs: number) => News | undefined) =>
    topics.change(id, (known) => {
      const nowMs = clock.now();
      const topic = known ?? { id, sinceMs: nowMs, alerts: 0 };
      const news = decide(topic, nowMs);
      if (news === undefined) return undefined;
      const { next, alert } = news;
      if (alert === undefined) return { next };
      const number = topic.alerts + 1;
      const claims = toAlertDeliveries({ ...alert, topic: id }, number, channels, nowMs);
      if (channels.length === 0) log.warn({ topic: id }, 'an alert has no channel to go to');
      return {
        next: { ...next, alerts: number },
        also: claims.map((one) => deliveries.toClaim(one)),
      };
    });

  return {
    async listLevels() {
      const open = await topics.listOpen();
      return new Map(
        open.flatMap(({ id, level }) =>
          level === undefined ? [] : [[id.replace(/^level /, ''), level] as const],
        ),
      );
    },
    async listFailing() {
      const open = await topics.listOpen();
      return new Map(
        open.flatMap(({ id, isFailing, sinceMs }) =>
          isFailing === true ? [[id.replace(/^provider /, ''), sinceMs] as const] : [],
        ),
      );
    },
    listOpen: () => topics.listOpen(),
    async observe(providers) {
      for (const { id, failure, pots } of providers) {
        await change(topicOfProvider(id), (topic, nowMs) =>
          observeProvider(topic, { provider: id, failure, nowMs }),
        );
        for (const pot of pots) {
          if (pot.level === undefined || !pot.isWhole) continue;
          await change(topicOfPot(pot.potId), (topic, nowMs) => observePot(topic, pot, nowMs));
        }
      }
    },
    async mute(id, person, place) {
      const mutedUntilMs = clock.now() + muteMs;
      const changed = await topics.change(id, (known) =>
        known === undefined
          ? undefined
          : {
              next: { ...known, mutedUntilMs, mutedBy: person, place },
              audit: { event: 'alert.muted', scope: id, person, place, mutedUntilMs },
            },
      );
      return changed?.after;
    },
  };
}

export function topicOfPot(potId: string): string {
  return `level ${potId}`;
}

export function topicOfProvider(provider: string): string {
  return `provider ${provider}`;
}

interface News {
  readonly next: Topic;
  readonly alert?: Omit<Alert, 'topic'>;
}

/** What is as it should be and was told so costs the store nothing. */
function isNotable({ level = 'fine', toldLevel = 'fine', isFailing, toldFailing }: Topic): boolean {
  return level !== 'fine' || toldLevel !== 'fine' || isFailing === true || toldFailing === true;
}

export function isMuted({ mutedUntilMs }: Topic, nowMs: number): boolean {
  return mutedUntilMs !== undefined && nowMs < mutedUntilMs;
}

function observeProvider(
  topic: Topic,
  seen: { provider: string; failure: FailureReport | undefined; nowMs: number },
): News | undefined {
  const { provider, failure, nowMs } = seen;
  const isFailing = failure !== undefined;
  const wasFailing = topic.isFailing ?? false;
  const sinceMs = isFailing === wasFailing ? topic.sinceMs : nowMs;
  const toldFailing = topic.toldFailing ?? false;
  const isLong = isFailing && nowMs - sinceMs >= failingAfterMs;
  const isNews = !isMuted(topic, nowMs) && (toldFailing ? !isFailing : isLong);
  if (isFailing === wasFailing && !isNews) return undefined;
  const next = { ...topic, isFailing, sinceMs };
  if (!isNews) return { next };
  return {
    next: { ...next, toldFailing: isFailing },
    alert: {
      kind: 'provider',
      provider,
      isFailing,
      sinceMs: isFailing ? sinceMs : topic.sinceMs,
      ...(failure === undefined ? {} : { reason: failure.error.message }),
      isWorse: isFailing,
    },
  };
}

function observePot(topic: Topic, pot: PotReport, nowMs: number): News | undefined {
  const { level = 'fine' } = pot;
  const before = topic.level ?? 'fine';
  const told = topic.toldLevel ?? 'fine';
  const isNews = level !== told && !isMuted(topic, nowMs);
  if (level === before && !isNews) return undefined;
  const next = { ...topic, level, sinceMs: level === before ? topic.sinceMs : nowMs };
  if (!isNews) return { next };
  const { available } = pot.amounts;
  return {
    next: { ...next, toldLevel: level },
    alert: {
      kind: 'level',
      provider: pot.provider,
      ...(pot.currency === undefined ? {} : { currency: pot.currency }),
      level,
      before: told,
      ...(available === undefined ? {} : { available: toDecimalText(available) }),
      sinceMs: next.sinceMs,
      isWorse: isWorse(level, told),
    },
  };
}
