// One payout as it is stored, for the pure rules: 250.00 USD that Ana asks for and Ben or Cy decide.
import { hashContent } from '../../src/payouts/content.ts';
import type { Payout, PayoutContent } from '../../src/payouts/types.ts';

export const requestedAtMs = Date.parse('2026-11-20T12:00:00Z');

export const content: PayoutContent = {
  provider: 'payermax',
  route: 'ph-bank',
  account: 'merchant account',
  amount: '250.00',
  currency: 'USD',
  payee: { id: 'maria', version: 1 },
  reference: 'P0123456789ABCDE',
  note: 'invoice 42',
};

export function composePayout(changes: Partial<Payout> = {}): Payout {
  const own = changes.content ?? content;
  return {
    id: 'P2345678',
    state: 'requested',
    content: own,
    contentHash: hashContent(own),
    requestedBy: 'ana',
    requestedAtMs,
    place: { platform: 'slack', team: 'T01', user: 'U01', channel: 'C01' },
    requirement: { need: 1, from: ['ben', 'cy'], why: 'any amount in USD', rule: 1 },
    shown: {
      providerName: 'PayerMax',
      payeeName: 'Maria Santos',
      routeLabel: 'Philippines, bank account',
      payeeFields: [{ label: 'Account number', value: '••7890' }],
      available: '1000.00',
      after: '750.00',
    },
    duplicates: [],
    decisions: [],
    expiresAtMs: requestedAtMs + 24 * 3_600_000,
    reminders: 0,
    evidence: [],
    closures: [],
    ...changes,
  };
}
