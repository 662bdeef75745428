// What the metrics show that nobody counts while it happens: it is read when somebody asks.
import type { Announcer } from './announcer.ts';
import type { DigestOffice } from './digests/index.ts';
import type { MetricSources } from './metrics.ts';
import type { PayoutOffice } from './payouts/index.ts';
import type { Team } from './team.ts';

export interface MetricSourceDeps {
  readonly team: Team;
  readonly payouts: PayoutOffice;
  readonly digests: DigestOffice;
  readonly announcing: Pick<Announcer, 'countWaiting'>;
  readonly clock: { now(): number };
}

/** A digest of each week is among them. */
const deliveriesForMs = 8 * 24 * 3_600_000;
const deliveriesMax = 200;

export function createMetricSources(deps: MetricSourceDeps): MetricSources {
  const { team, payouts, digests, announcing, clock } = deps;
  const { deliveries } = digests;
  /** Also those that alerts have pushed out of what is read. */
  const posted = new Map<string, number>();
  return {
    providers: digests.providers.map(({ id }) => id),
    listOpenPayouts: () => payouts.desk.listOpen(),
    async listDigests() {
      for (const { digest, postedAtMs = 0 } of await deliveries.listSince(
        clock.now() - deliveriesForMs,
        deliveriesMax,
      )) {
        if (digest !== undefined && postedAtMs > (posted.get(digest.id) ?? 0)) {
          posted.set(digest.id, postedAtMs);
        }
      }
      return team.digests.map(({ id }) => ({ id, postedAtMs: posted.get(id) }));
    },
    async countWaiting() {
      const open = await deliveries.listOpen();
      return announcing.countWaiting() + open.filter(({ tries }) => tries > 0).length;
    },
  };
}
