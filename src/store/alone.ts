// What replicas agree on, where there is only one: in memory, and gone with the process.
import { StoreError } from '../errors.ts';
import { canonicalJson } from './chain.ts';
import type { Json, Store } from './types.ts';

export type Agreements = Pick<Store, 'claim' | 'release' | 'remember' | 'recall' | 'lead'>;

/** Beyond that the oldest is forgotten, which costs a person a repeated question. */
const rememberedBytesMax = 16 * 1024 * 1024;
const valueBytesMax = 65_536;

export function createAgreements({ clock }: { clock: { now(): number } }): Agreements {
  const claimed = new Set<string>();
  const remembered = new Map<string, { text: string; untilMs: number }>();
  let bytes = 0;

  const forget = (name: string) => {
    const known = remembered.get(name);
    if (known !== undefined) bytes -= name.length + known.text.length;
    remembered.delete(name);
  };

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
      forget(name);
      remembered.set(name, { text, untilMs: clock.now() + forMs });
      bytes += name.length + text.length;
      for (const oldest of remembered.keys()) {
        if (bytes <= rememberedBytesMax) break;
        forget(oldest);
      }
      return true;
    },
    async recall(name) {
      const known = findFresh(name);
      return known && (JSON.parse(known.text) as Json);
    },
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
