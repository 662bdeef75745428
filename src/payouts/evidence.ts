// What a payout keeps of what was learned about it, and what that says.
import type { PayoutNews } from '../providers/payouts.ts';
import type { Evidence, Payout } from './types.ts';

const evidenceFirst = 10;
const evidenceLast = 40;

export function witness(payout: Payout, evidence: Evidence): Payout {
  const all = [...payout.evidence, evidence];
  const kept =
    all.length <= evidenceFirst + evidenceLast
      ? all
      : [...all.slice(0, evidenceFirst), ...all.slice(-evidenceLast)];
  return { ...payout, evidence: kept };
}

/** The provider has said something of it that it cannot say of what it never had. */
export function wasTaken({ evidence, providerReference }: Payout): boolean {
  const takenStates = ['submitted', 'paid', 'failed', 'returned'];
  return (
    providerReference !== undefined || evidence.some(({ state }) => takenStates.includes(state))
  );
}

export function toEvidence(news: PayoutNews, from: Evidence['from'], atMs: number): Evidence {
  const { state, providerStatus, reason } = news;
  return { atMs, from, state, providerStatus, ...(reason === undefined ? {} : { reason }) };
}

export function withReason(
  payout: Payout,
  { atMs, reason }: { readonly atMs: number; readonly reason: string },
): Evidence[] {
  const providerStatus = 'approvals void';
  return witness(payout, { atMs, from: 'restart', state: 'unresolved', providerStatus, reason })
    .evidence;
}
