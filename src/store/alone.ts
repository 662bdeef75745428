// What replicas agree on, where there is only one: in memory, and gone with the process.
import { StoreError } from '../errors.ts';
import { canonicalJson } from './chain.ts';
import type { Json, Store } from './types.ts';

export type Agreements = Pick<Store, 'claim' | 'release' | 'remember' | 'recall' | 'lead'>;

/** Beyond that the oldest is forgotten, which costs a person a repeated question. */
const rememberedMax = 20_000;
const valueBytesMax = 65_536;

export function createAgreements({ clock }: { clock: { now(): number } }): Agreements {
  const claimed = new Set<string>();
  const remembered = new Map<string, { value: Json; untilMs: number }>();

  const findFresh = (name: string) => {
    const known = remembered.get(name);
    return known !== undefined && known.untilMs > clock.now() ? known : undefined;
  };

  return {
    async claim(names) {
      const free = [...new Set(names)].filter((name) => !claimed.has(name));
      for (const name of free) claimed.add(name);
      return free;
    },
    async release(names) {
      for (const name of names) claimed.delete(name);
    },
    async remember(name, value, forMs) {
      const text = canonicalJson(value);
      if (Buffer.byteLength(text) > valueBytesMax) {
        throw new StoreError('What is to be remembered has more than 64 KiB.');
      }
      if (findFresh(name) !== undefined) return false;
      remembered.delete(name);
      remembered.set(name, { value: JSON.parse(text) as Json, untilMs: clock.now() + forMs });
      const oldest = remembered.keys().next();
      if (remembered.size > rememberedMax && !oldest.done) remembered.delete(oldest.value);
      return true;
    },
    recall: async (name) => findFresh(name)?.value,
    async lead(begin) {
      let end: (() => Promise<void>) | undefined = await begin();
      return async () => {
        const ending = end;
        end = undefined;
        await ending?.();
      };
    },
  };
}
