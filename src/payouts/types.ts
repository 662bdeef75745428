// A payout as it is stored. All plain JSON: an amount is its decimal text, because that is exact.
// The schema is the type, so that what comes back from a store is checked and not believed.
import { z } from 'zod';

/**
 * `not_sent`: two people established that the provider never acted on it.
 * Final: paid (may still be returned), returned, failed, rejected, cancelled, expired, not_sent.
 */
export const payoutStates = [
  'requested',
  'approved',
  'sending',
  'submitted',
  'unknown',
  'paid',
  'returned',
  'failed',
  'not_sent',
  'rejected',
  'cancelled',
  'expired',
] as const;
export type PayoutState = (typeof payoutStates)[number];

export const finalStates: ReadonlySet<PayoutState> = new Set([
  'paid',
  'returned',
  'failed',
  'not_sent',
  'rejected',
  'cancelled',
  'expired',
]);

/** Money may have left or may leave: what limits count, next to what is still to be decided. */
export const countedStates: ReadonlySet<PayoutState> = new Set([
  'requested',
  'approved',
  'sending',
  'submitted',
  'unknown',
  'paid',
]);

/** What people approve. Its hash binds the approvals; a change of any of it voids them. */
const contentSchema = z.object({
  provider: z.string(),
  route: z.string(),
  /** The balance line that it draws on. */
  account: z.string(),
  /** Decimal text with the provider's decimals: `125.50`. */
  amount: z.string(),
  currency: z.string(),
  payee: z.object({ id: z.string(), version: z.int() }),
  /** The merchant reference. */
  reference: z.string(),
  note: z.string(),
});
export type PayoutContent = z.infer<typeof contentSchema>;

/** Who may decide and how many must, as the rule said when it was asked. */
const requirementSchema = z.object({
  need: z.int(),
  /** Ids of persons; never the requester. */
  from: z.array(z.string()),
  /** `up to 1,000.00 USD at PayerMax` */
  why: z.string(),
  /** The rule's place in the team file, from 1. */
  rule: z.int(),
});
export type Requirement = z.infer<typeof requirementSchema>;

/** Where a person clicked or typed, for the audit. */
export const placeSchema = z.object({
  platform: z.string(),
  team: z.string().optional(),
  user: z.string(),
  channel: z.string().optional(),
  message: z.string().optional(),
});
export type Place = z.infer<typeof placeSchema>;

const decisionSchema = z.object({
  person: z.string(),
  kind: z.enum(['approve', 'reject']),
  atMs: z.number(),
  contentHash: z.string(),
  reason: z.string().optional(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** How an unclear payout really ended, as one of two people says. */
export const verdicts = ['paid', 'failed', 'not_sent'] as const;
export type Verdict = (typeof verdicts)[number];

const closureSchema = z.object({
  person: z.string(),
  verdict: z.enum(verdicts),
  reason: z.string(),
  atMs: z.number(),
});
export type Closure = z.infer<typeof closureSchema>;

/** What happened on the provider's side, in the order in which Purser learned it. */
const evidenceSchema = z.object({
  atMs: z.number(),
  from: z.enum(['create', 'status', 'webhook', 'people', 'restart']),
  state: z.enum([
    'submitted',
    'paid',
    'failed',
    'returned',
    'unresolved',
    'not_found',
    'unknown',
    'rejected',
    'not_sent',
  ]),
  providerStatus: z.string(),
  reason: z.string().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What the card says beside the content, as it was at the request; account numbers are masked. */
const shownSchema = z.object({
  providerName: z.string(),
  payeeName: z.string(),
  routeLabel: z.string(),
  payeeFields: z.array(z.object({ label: z.string(), value: z.string() })),
  /** Decimal texts in the payout's currency. */
  available: z.string(),
  after: z.string(),
});
export type Shown = z.infer<typeof shownSchema>;

export const payoutSchema = z.object({
  id: z.string(),
  state: z.enum(payoutStates),
  content: contentSchema,
  contentHash: z.string(),
  requestedBy: z.string(),
  requestedAtMs: z.number(),
  place: placeSchema,
  requirement: requirementSchema,
  shown: shownSchema,
  /** Ids of payouts to the same payee with the same amount within 24 hours. */
  duplicates: z.array(z.string()),
  /** Decisions on this content; earlier ones are in the audit log. */
  decisions: z.array(decisionSchema),
  expiresAtMs: z.number(),
  /** How many reminders were posted. */
  reminders: z.int(),
  cancelledBy: z.string().optional(),
  /** Set before the provider is called, and never again. */
  sentAtMs: z.number().optional(),
  providerReference: z.string().optional(),
  /** At most the first 10 and the last 40; the audit log has all. */
  evidence: z.array(evidenceSchema),
  closures: z.array(closureSchema),
  /** News that contradicts the final state: somebody must look, Purser changes nothing. */
  disputed: z.string().optional(),
  /** Why an approved payout is waiting: frozen, not enough available, a limit. */
  blocked: z.string().optional(),
  nextCheckAtMs: z.number().optional(),
  /** When somebody was told that it is stuck. */
  alarmedAtMs: z.number().optional(),
  /** When the final state was reached. */
  endedAtMs: z.number().optional(),
});
export type Payout = z.infer<typeof payoutSchema>;
