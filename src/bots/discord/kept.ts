// Something remembered under a name, bounded in number and time. Losing it costs a person a repeated
// question, never anything else.
import type { Clock } from '../../clock.ts';

export interface Kept<T> {
  set(key: string, value: T): void;
  get(key: string): T | undefined;
}

export function createKept<T>(
  clock: Clock,
  { countMax, forMs }: { readonly countMax: number; readonly forMs: number },
): Kept<T> {
  const entries = new Map<string, { value: T; untilMs: number }>();
  return {
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, untilMs: clock.now() + forMs });
      const oldest = entries.keys().next();
      if (entries.size > countMax && !oldest.done) entries.delete(oldest.value);
    },
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined || entry.untilMs > clock.now()) return entry?.value;
      entries.delete(key);
      return undefined;
    },
  };
}
