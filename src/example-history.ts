// What a newcomer's digest can compare with: thirty days of balances that the sandboxes never had. They
// lead to what each account has now, are the same at every start, and one provider lacks two days,
// so that a gap can be seen too.
import type { BalanceDesk } from './balances.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { type Money, toDecimalText } from './money.ts';
import type { Reading, Store } from './store/types.ts';

export interface ExampleHistoryDeps {
  readonly balances: BalanceDesk;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 86_400_000;
const days = 30;
/** Days ago on which the second provider is missing. */
const missing = [11, 12];
const atHourMs = 12 * 3_600_000;

/** Never rejects: without it a digest only has less to show. */
export async function addExampleHistory(
  providers: readonly string[],
  { balances, store, clock, log }: ExampleHistoryDeps,
): Promise<void> {
  try {
    const todayMs = Math.floor(clock.now() / dayMs) * dayMs;
    const results = await balances.read(providers);
    const readings = results.flatMap((result, index) => {
      const lines = result.ok ? result.now.reading.lines : [];
      return lines.flatMap(({ account, currency, amounts: { available } }): Reading[] => {
        if (currency === undefined || available === undefined) return [];
        const { provider } = result;
        return walkBack(available, `${provider} ${account} ${currency}`).flatMap(
          (amount, before) => {
            const ago = before + 1;
            if (index === 1 && missing.includes(ago)) return [];
            const atMs = todayMs - ago * dayMs + atHourMs;
            const amounts = { available: toDecimalText(amount) };
            return [{ provider, account, currency, atMs, amounts }];
          },
        );
      });
    });
    await store.appendReadings(readings.sort((a, b) => a.atMs - b.atMs));
  } catch (error) {
    log.warn({ err: error }, 'the playground has no history of balances');
  }
}

/** Yesterday first: payouts draw an account down day by day, and now and then it is topped up. */
function walkBack(now: Money, seed: string): Money[] {
  let state = [...seed].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
  let permille = 1_000;
  return Array.from({ length: days }, () => {
    state = (state * 75 + 74) % 65_537;
    permille += (state % 141) - 58;
    if (permille > 1_600) permille -= 640 + (state % 97);
    permille = Math.max(permille, 420);
    return { ...now, units: (now.units * BigInt(permille)) / 1_000n };
  });
}
