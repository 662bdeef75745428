// What people approve, bound by a hash, and the merchant reference that belongs to it for ever.
import { createHash } from 'node:crypto';
import { type Money, parseDecimal } from '../money.ts';
import type { Payout, PayoutContent } from './types.ts';

/** Hex SHA-256 over the content with its members in a fixed order. */
export function hashContent(content: PayoutContent): string {
  const { provider, route, account, amount, currency, payee, reference, note } = content;
  const fixed = [
    provider,
    route,
    account,
    amount,
    currency,
    payee.id,
    payee.version,
    reference,
    note,
  ];
  return createHash('sha256').update(JSON.stringify(fixed)).digest('hex');
}

/**
 * Letters and digits only, 16 long, without letters that differ by case alone: valid at all five
 * providers (SmilePayz wants 6 to 32 alphanumerics, PayerMax no hyphen, Monnet at most 20).
 * Derived from the payout's id, so it can be made again and never becomes another one.
 */
export function referenceFor(payoutId: string, prefix: string): string {
  const digest = createHash('sha256').update(`purser payout ${payoutId}`).digest();
  const digits = BigInt(`0x${digest.subarray(0, 10).toString('hex')}`)
    .toString(36)
    .toUpperCase();
  return `${prefix}${digits.padStart(16, '0').slice(-(16 - prefix.length))}`;
}

export function amountOf(content: PayoutContent): Money {
  return parseDecimal(content.amount, content.currency);
}

/** What a button carries: opaque, and void as soon as the content is another one. */
export function tokenOf(payout: Payout): string {
  return `${payout.id}.${payout.contentHash.slice(0, 16)}`;
}

export function parseToken(token: string): { id: string; hashStart: string } | undefined {
  const match = /^([A-Z0-9-]{4,40})\.([0-9a-f]{16})$/.exec(token);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { id: match[1], hashStart: match[2] };
}
