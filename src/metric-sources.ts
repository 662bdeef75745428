// What the metrics show that nobody counts while it happens: it is read when somebody asks.
import type { Announcer } from './announcer.ts';
import type { DigestOffice } from './digests/index.ts';
import type { MetricSources } from './metrics.ts';
import type { PayoutOffice } from './payouts/index.ts';

export interface MetricSourceDeps {
  readonly team: { readonly digests: readonly { readonly id: string }[] };
  readonly payouts: { readonly desk: Pick<PayoutOffice['desk'], 'listOpen'> };
  readonly digests: Pick<DigestOffice, 'providers'> & {
    readonly deliveries: Pick<DigestOffice['deliveries'], 'listSince' | 'listOpen'>;
  };
  readonly announcing: Pick<Announcer, 'countWaiting'>;
  readonly clock: { now(): number };
}

/** A digest of each week is among them. */
const deliveriesForMs = 8 * 24 * 3_600_000;
const deliveriesMax = 200;

export function createMetricSources(deps: MetricSourceDeps): MetricSources {
  const { team, payouts, digests, announcing, clock } = deps;
  const { deliveries } = digests;
  const startedAtMs = clock.now();
  /** Also those that alerts have pushed out of what is read. */
  const posted = new Map<string, number>();
  const firstDue = new Map<string, number>();
  return {
    providers: digests.providers.map(({ id }) => id),
    listOpenPayouts: () => payouts.desk.listOpen(),
    async listDigests() {
      for (const { digest, dueAtMs, postedAtMs = 0 } of await deliveries.listSince(
        clock.now() - deliveriesForMs,
        deliveriesMax,
      )) {
        if (digest === undefined) continue;
        const { id } = digest;
        if (postedAtMs > (posted.get(id) ?? 0)) posted.set(id, postedAtMs);
        firstDue.set(id, Math.min(dueAtMs, firstDue.get(id) ?? dueAtMs));
      }
      return team.digests.map(({ id }) => ({
        id,
        sinceMs: posted.get(id) ?? Math.min(startedAtMs, firstDue.get(id) ?? startedAtMs),
      }));
    },
    async countWaiting() {
      const open = await deliveries.listOpen();
      return announcing.countWaiting() + open.filter(({ tries }) => tries > 0).length;
    },
  };
}
