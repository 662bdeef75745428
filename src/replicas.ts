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
  /** To be called every `compareEveryMs`. Logs once wherein two statements in a row differ from ours. */
  compare(): Promise<void>;
}

export const compareEveryMs = 30_000;

/** Who is ahead by more than this finds what others said too old, and says its own. */
const saidForMs = 2 * compareEveryMs;
/** A statement is up to 30 s old when it is heard: who is ahead by a minute is found for certain. */
const apartMaxMs = 30_000;
const name = 'rules and time of the replicas';

const statementSchema = z.object({ host: z.string(), rules: z.string(), atMs: z.number() });
type Statement = z.infer<typeof statementSchema>;

export interface ReplicasDeps {
  readonly store: Pick<Store, 'remember' | 'recall'>;
  readonly team: Team;
  readonly connected: readonly Pick<ConnectedProvider, 'module' | 'host' | 'isSandbox'>[];
  readonly clock: Clock;
  readonly log: Log;
}

export function createReplicas({ store, team, connected, clock, log }: ReplicasDeps): Replicas {
  // A sandbox of this process has a port of its own.
  const providers = connected
    .map(({ module, host, isSandbox }) => `${module.id} at ${isSandbox ? 'a sandbox' : host}`)
    .sort();
  const rules = createHash('sha256').update(canonicalJson({ team, providers })).digest('hex');
  const areRulesOther = createSecondTime();
  const isAhead = createSecondTime();
  let heardAtMs = 0;

  /** What another one said since the last time. */
  const listen = async (): Promise<Statement | undefined> => {
    const mine = { host: hostname(), rules, atMs: clock.now() };
    if (await store.remember(name, mine, saidForMs)) {
      heardAtMs = mine.atMs;
      return undefined;
    }
    const said = statementSchema.optional().parse(await store.recall(name));
    if (said === undefined || said.atMs === heardAtMs) return undefined;
    heardAtMs = said.atMs;
    return said;
  };

  return {
    async compare() {
      let said: Statement | undefined;
      try {
        said = await listen();
      } catch (error) {
        // Who needs the store says that it is away.
        if (error instanceof StoreError) return;
        throw error;
      }
      if (said === undefined) return;
      const { host } = said;
      if (areRulesOther(said.rules !== rules)) {
        log.error({ host }, 'another replica goes by another team file or other providers');
      }
      const apartMs = said.atMs - clock.now();
      if (isAhead(apartMs > apartMaxMs)) {
        log.error({ host, apartMs }, 'the clock of another replica is ahead of this one’s');
      }
    },
  };
}

/** Once it is so for the second time in a row: replicas that are restarted differ for a moment. */
function createSecondTime(): (isSo: boolean) => boolean {
  let times = 0;
  return (isSo) => {
    times = isSo ? times + 1 : 0;
    return times === 2;
  };
}
