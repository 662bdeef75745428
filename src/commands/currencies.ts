// Which currency codes exist for people: those held now, then the world's.
import type { BalanceDesk } from '../balances.ts';
import type { ConnectedProvider } from './types.ts';

/** Money at providers that ISO 4217 does not list. */
const tokens = ['USDT', 'USDC'];
const worldCodes: readonly string[] = [...Intl.supportedValuesOf('currency'), ...tokens];

/** Codes seen in the last good answers come first, so that the nearest name is one that is held. */
export function currencyCodes(
  balances: BalanceDesk,
  connected: readonly ConnectedProvider[],
): Set<string> {
  return new Set([...heldCurrencies(balances, connected), ...worldCodes]);
}

/** Sorted; empty until a balance was read. */
export function heldCurrencies(
  balances: BalanceDesk,
  connected: readonly ConnectedProvider[],
): string[] {
  const held = connected.flatMap(({ module }) =>
    (balances.findLast(module.id)?.reading.lines ?? []).flatMap(({ currency }) => currency ?? []),
  );
  return [...new Set(held)].sort();
}
