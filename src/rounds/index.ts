// The rounds of the digests: what is due is claimed, what is claimed is posted once, and between the
// digests the balances are looked at. A tick looks at the clock and begins what is due; nothing in it
// waits for a provider or for a channel.
import type { Clock } from '../clock.ts';
import type { Poster } from '../commands/types.ts';
import type { DigestOffice } from '../digests/index.ts';
import type { Log } from '../log.ts';
import { createClaims } from '../store/index.ts';
import type { Store } from '../store/types.ts';
import type { Team } from '../team.ts';
import { createCards } from './cards.ts';
import { createEditions } from './editions.ts';
import { createPosting } from './posting.ts';

export interface DigestRounds {
  /** Begins what is due. May be called at any time, also while it runs. */
  tick(): Promise<void>;
  /** Resolves when nothing is being posted or asked. */
  settle(): Promise<void>;
}

export interface DigestRoundsDeps {
  readonly store: Store;
  readonly team: Team;
  readonly digests: DigestOffice;
  readonly posters: readonly Poster[];
  /** Where alerts go: `slack:C01`. */
  readonly alertChannels: readonly string[];
  /** Where the card of a payout stands on that platform: an address. */
  findLink(payout: string, platform: string): Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Between two looks at all balances. A provider that fails is told of after 30 minutes at least. */
export const lookEveryMs = 10 * 60_000;
/** After one that has failed, mostly because the store was away. */
const lookAgainMs = 30_000;
/** Not at once: whoever starts Purser asks for balances first of all. */
const firstLookAfterMs = 60_000;

export function createDigestRounds(deps: DigestRoundsDeps): DigestRounds {
  const { team, digests, clock, log } = deps;
  const editions = createEditions({ ...deps, deliveries: digests.deliveries });
  const posting = createPosting({
    ...deps,
    deliveries: digests.deliveries,
    claims: createClaims(deps.store, log),
    cards: createCards(deps),
  });
  let nextLookMs = clock.now() + firstLookAfterMs;
  let looking: Promise<void> | undefined;
  let ticking: Promise<void> | undefined;

  const look = () => {
    if (looking !== undefined || clock.now() < nextLookMs) return;
    nextLookMs = clock.now() + lookEveryMs;
    looking = digests
      .look()
      .then(() => posting.begin())
      .catch((error: unknown) => {
        nextLookMs = clock.now() + lookAgainMs;
        log.error({ err: error }, 'the balances could not be looked at');
      })
      .finally(() => {
        looking = undefined;
      });
  };

  const tick = async () => {
    await editions.claimDue(team.digests);
    look();
    await posting.begin();
  };

  return {
    tick() {
      ticking ??= tick().finally(() => {
        ticking = undefined;
      });
      return ticking;
    },
    async settle() {
      await ticking;
      await looking;
      await posting.settle();
    },
  };
}
