// What the replicas of one Purser must have in common: the rules that they judge by, and the time. Each
// says its own where nobody has of late, and holds it against what was said.
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { ConnectedProvider } from './commands/types.ts';
import { StoreError } from './errors.ts';
import type { Log } from './log.ts';
import { canonicalJson } from './store/index.ts';
import type { Store } from './store/types.ts';
import type { Team } from './team.ts';

export interface Replicas {
  /** To be called every `compareEveryMs`. Logs a difference that was there the last time too, once. */
  compare(): Promise<void>;
}

export const compareEveryMs = 30_000;

/** A clock that is ahead by more finds what the others said too old, and says its own. */
const saidForMs = 2 * compareEveryMs;
/** Less is nothing to providers, limits and expiry. */
const apartMaxMs = 30_000;
const name = 'rules and time of the replicas';

const saidSchema = z.object({ host: z.string(), rules: z.string(), atMs: z.number() });

export interface ReplicasDeps {
  readonly store: Pick<Store, 'remember' | 'recall'>;
  readonly team: Team;
  readonly connected: readonly Pick<ConnectedProvider, 'module' | 'host'>[];
  readonly clock: Clock;
  readonly log: Log;
}

export function createReplicas({ store, team, connected, clock, log }: ReplicasDeps): Replicas {
  const providers = connected.map(({ module, host }) => `${module.id} at ${host}`).sort();
  const rules = createHash('sha256').update(canonicalJson({ team, providers })).digest('hex');
  const areRulesOther = createSecondLook();
  const isTimeOther = createSecondLook();

  const listen = async () => {
    const mine = { host: hostname(), rules, atMs: clock.now() };
    if (await store.remember(name, mine, saidForMs)) return mine;
    return saidSchema.optional().parse(await store.recall(name)) ?? mine;
  };

  return {
    async compare() {
      let said: z.infer<typeof saidSchema>;
      try {
        said = await listen();
      } catch (error) {
        // Who needs the store says that it is away.
        if (error instanceof StoreError) return;
        throw error;
      }
      const { host } = said;
      if (areRulesOther(said.rules !== rules)) {
        log.error({ host }, 'another replica goes by another team file or other providers');
      }
      const apartMs = said.atMs - clock.now();
      if (isTimeOther(apartMs > apartMaxMs)) {
        log.error({ host, apartMs }, 'the clock of another replica is ahead of this one’s');
      }
    },
  };
}

/**
 * True once, when it is so for the second time: replicas that are restarted one after the other differ
 * for a moment.
 */
function createSecondLook(): (isSo: boolean) => boolean {
  let times = 0;
  return (isSo) => {
    times = isSo ? times + 1 : 0;
    return times === 2;
  };
}
