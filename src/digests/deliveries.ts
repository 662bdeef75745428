// What is to be posted once in one channel, and what became of it. A delivery is claimed in the store
// before anything is posted: a digest of one local date in one channel, or an alert. The mark stands
// on the posted card, so that it is recognised there when Purser died before writing it down.
import { z } from 'zod';
import { createRecords } from '../store/index.ts';
import type { RecordChange, Store } from '../store/types.ts';
import { levels } from './levels.ts';

const alertSchema = z.object({
  /** Of what it tells: `level payermax USD`, `provider payermax`; empty where nothing can be muted. */
  topic: z.string(),
  kind: z.enum(['level', 'provider', 'undelivered']),
  provider: z.string().optional(),
  currency: z.string().optional(),
  account: z.string().optional(),
  level: z.enum(levels).optional(),
  before: z.enum(levels).optional(),
  isFailing: z.boolean().optional(),
  /** Decimal text of what is available. */
  available: z.string().optional(),
  sinceMs: z.number().optional(),
  /** Why a provider fails, or a digest could not be posted. */
  reason: z.string().optional(),
  digest: z.string().optional(),
  date: z.string().optional(),
  channel: z.string().optional(),
  isWorse: z.boolean(),
});
export type Alert = z.infer<typeof alertSchema>;

const deliverySchema = z.object({
  id: z.string(),
  mark: z.string(),
  /** `slack:C01` */
  channel: z.string(),
  /** `missed`: Purser did not run at the time, and a newer one was due when it did again. */
  state: z.enum(['claimed', 'posted', 'given_up', 'missed']),
  digest: z.object({ id: z.string(), date: z.string(), by: z.string().optional() }).optional(),
  alert: alertSchema.optional(),
  dueAtMs: z.number(),
  claimedAtMs: z.number(),
  /** Posting it was begun then: it may stand in its channel. */
  triedAtMs: z.number().optional(),
  /** The try that was begun at `triedAtMs` is over, where this is no earlier, and has failed. */
  failedAtMs: z.number().optional(),
  /** How often posting has failed. */
  tries: z.int(),
  nextTryAtMs: z.number(),
  retryUntilMs: z.number(),
  postedAtMs: z.number().optional(),
  message: z.string().optional(),
  isLate: z.boolean().optional(),
  reason: z.string().optional(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export interface Deliveries {
  /** Those that are claimed and neither posted nor given up. */
  listOpen(): Promise<Delivery[]>;
  /** Newest first. */
  listSince(sinceMs: number, rowsMax: number): Promise<Delivery[]>;
  find(id: string): Promise<Delivery | undefined>;
  /** False where it is there already: whoever was first has it. */
  claim(delivery: Delivery, audit?: object): Promise<boolean>;
  /** For a step that changes other records too. */
  toClaim(delivery: Delivery): RecordChange;
  /**
   * Only where it is still claimed, and nobody has tried it since it was read: else undefined, and it
   * is theirs. The changes are of one step.
   */
  step(
    read: Delivery,
    fields: Partial<Delivery>,
    also?: readonly RecordChange[],
  ): Promise<Delivery | undefined>;
  /** Writes down that posting begins: whoever gets the record back posts it, and nobody else. */
  begin(read: Delivery, nowMs: number): Promise<Delivery | undefined>;
  /** It stands in its channel, which is so whoever else has tried it: changed where it is claimed. */
  settle(id: string, fields: Partial<Delivery>): Promise<Delivery | undefined>;
}

export function createDeliveries(store: Store): Deliveries {
  const records = createRecords(store, {
    kind: 'delivery',
    schema: deliverySchema,
    idOf: ({ id }) => id,
    isOpen: ({ state }) => state === 'claimed',
  });
  const step: Deliveries['step'] = async (read, fields, also = []) => {
    const changed = await records.change(read.id, (known) => {
      const isAsRead = known?.triedAtMs === read.triedAtMs && known?.tries === read.tries;
      return known?.state === 'claimed' && isAsRead
        ? { next: { ...known, ...fields }, also }
        : undefined;
    });
    return changed?.after;
  };

  return {
    listOpen: () => records.listOpen(),
    listSince: (sinceMs, rowsMax) => records.listSince(sinceMs, rowsMax),
    find: async (id) => (await records.find(id))?.value,
    toClaim: (delivery) => records.toInsert(delivery),
    async claim(delivery, audit) {
      const changed = await records.change(delivery.id, (known) =>
        known === undefined
          ? { next: delivery, ...(audit === undefined ? {} : { audit }) }
          : undefined,
      );
      return changed !== undefined;
    },
    step,
    begin: (read, nowMs) => step(read, { triedAtMs: nowMs }),
    async settle(id, fields) {
      const changed = await records.change(id, (known) =>
        known?.state === 'claimed' ? { next: { ...known, ...fields } } : undefined,
      );
      return changed?.after;
    },
  };
}

/** A failed post is tried again for so long. */
export const retryForMs = 2 * 3_600_000;

type Claim = Pick<Delivery, 'id' | 'mark' | 'channel' | 'dueAtMs'> &
  Partial<Pick<Delivery, 'digest' | 'alert'>>;

export function toDelivery(claim: Claim, nowMs: number): Delivery {
  return {
    ...claim,
    state: 'claimed',
    claimedAtMs: nowMs,
    tries: 0,
    nextTryAtMs: nowMs,
    retryUntilMs: nowMs + retryForMs,
  };
}

export function markOfDigest(digest: string, date: string): string {
  return `digest ${digest} ${date}`;
}

/**
 * One a channel. The number and the brackets keep one mark from standing in another, and the slashes
 * the mark of a digest that this is about from being found here.
 */
export function toAlertDeliveries(
  alert: Alert,
  number: number,
  channels: readonly string[],
  nowMs: number,
): Delivery[] {
  const mark = `alert ${number} (${alert.topic.replaceAll(' ', '/')})`;
  return channels.map((channel) =>
    toDelivery({ id: `${mark} ${channel}`, mark, channel, alert, dueAtMs: nowMs }, nowMs),
  );
}
