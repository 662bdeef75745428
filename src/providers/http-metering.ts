// Counts the calls of a provider: each as a whole, with its waiting and its retries, as whoever called
// it has seen it.
import { ProviderError } from '../errors.ts';
import type { Meter } from '../meter.ts';

type Call<Send> = <T>(operation: string, attempt: (send: Send) => Promise<T>) => Promise<T>;

export interface MeteringConfig {
  readonly provider: string;
  readonly meter?: Pick<Meter, 'called'> | undefined;
  readonly clock: { now(): number };
}

export function createMetering<Send>({
  meter,
  provider,
  clock,
}: MeteringConfig): (call: Call<Send>) => Call<Send> {
  if (meter === undefined) return (call) => call;
  return (call) => async (operation, attempt) => {
    const startedAt = clock.now();
    const note = (outcome: string) =>
      meter.called({ provider, operation, outcome, ms: clock.now() - startedAt });
    try {
      const result = await call(operation, attempt);
      note('ok');
      return result;
    } catch (failure) {
      note(failure instanceof ProviderError ? failure.code : 'mistake');
      throw failure;
    }
  };
}
