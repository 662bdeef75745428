// Asks providers for their balances, all at the same time, and remembers the last good answer of
// each, so that a provider which fails can still be shown with what it said before.
import type { Clock } from './clock.ts';
import { ProviderError } from './errors.ts';
import type { BalanceLine, BalanceReading, Provider } from './providers/types.ts';

export interface TimedReading {
  readonly reading: BalanceReading;
  /** When the answer was complete. */
  readonly atMs: number;
}

interface AnyResult {
  readonly provider: string;
  readonly tookMs: number;
  /** The last answer before this one in which every account answered, or else some. */
  readonly last: TimedReading | undefined;
}

export type BalanceResult = AnyResult &
  (
    | { readonly ok: true; readonly now: TimedReading }
    | { readonly ok: false; readonly error: ProviderError }
  );

/** Those of whole providers and of single accounts. */
export function listFailures(results: readonly BalanceResult[]): ProviderError[] {
  return results.flatMap((result) =>
    result.ok ? result.now.reading.failures.map(({ error }) => error) : [result.error],
  );
}

/** A line as it is shown: just answered, or from the last good answer. */
export interface ShownLine {
  readonly line: BalanceLine;
  readonly isStale: boolean;
}

/** What was answered, and what the last good answer had for those that failed now. */
export function listLines(result: BalanceResult): ShownLine[] {
  const old = (result.last?.reading.lines ?? []).map((line) => ({ line, isStale: true }));
  if (!result.ok) return old;
  const { lines, failures } = result.now.reading;
  const fresh = lines.map((line) => ({ line, isStale: false }));
  if (failures.length === 0) return fresh;
  // An account that answered has nothing old left, also where it is in another currency now.
  const isMissing = ({ account, currency }: BalanceLine) => {
    const same = lines.filter((line) => line.account === account);
    if (same.length === 0) return true;
    const hasFailed = failures.some((one) => one.account === account);
    return hasFailed && !same.some((line) => line.currency === currency);
  };
  return [...fresh, ...old.filter(({ line }) => isMissing(line))];
}

export interface BalanceDesk {
  /**
   * Never throws for a provider's failure. Results come in the order asked; `onResult` hears each
   * as soon as it is there.
   */
  read(
    providers: readonly string[],
    onResult?: (result: BalanceResult) => void,
  ): Promise<BalanceResult[]>;
  /** The last good answer, if one is known. */
  findLast(provider: string): TimedReading | undefined;
}

export interface BalanceDeskDeps {
  readonly clock: Clock;
  /** From before the start, by provider. */
  readonly lastGood?: ReadonlyMap<string, TimedReading>;
  /** Hears every answer, also a partial one; nobody waits for what it does. */
  onReading?(provider: string, answer: TimedReading): void;
}

export function createBalanceDesk(
  providers: readonly Provider[],
  deps: BalanceDeskDeps,
): BalanceDesk {
  const { clock } = deps;
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const lastGood = new Map(deps.lastGood);

  async function readOne(id: string): Promise<BalanceResult> {
    const provider = byId.get(id);
    if (provider === undefined) throw new TypeError(`no provider ${id}`);
    const startedAt = clock.now();
    const last = lastGood.get(id);
    try {
      const reading = await provider.getBalances();
      const now = { reading, atMs: clock.now() };
      // A partial answer must not push out the last value of the account that failed.
      const kept = lastGood.get(id);
      const isKeptWhole = kept !== undefined && kept.reading.failures.length === 0;
      if (reading.failures.length === 0 || !isKeptWhole) lastGood.set(id, now);
      deps.onReading?.(id, now);
      return { provider: id, ok: true, now, last, tookMs: now.atMs - startedAt };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { provider: id, ok: false, error, last, tookMs: clock.now() - startedAt };
    }
  }

  return {
    read: (ids, onResult) =>
      Promise.all(
        ids.map(async (id) => {
          const result = await readOne(id);
          onResult?.(result);
          return result;
        }),
      ),
    findLast: (id) => lastGood.get(id),
  };
}
