// PayCross's balance answers as they are on the wire, and their way into a balance line. The card API
// wraps its figures in `result`, the APM API does not; amount and currency may be missing from both.
// Balance page of https://docs.pay-cross.com/en/integration/card_api and, for the same platform,
// https://docs.bepaid.by/en/integration/apm_api/transactions/balance_query/ (read 2026-11)
import { z } from 'zod';
import { wireNumberText, wireText } from '../../json.ts';
import { parseUnits } from '../../money.ts';
import { type BalanceLine, maskAccount } from '../types.ts';
import { decimalsOf, explainDoubt } from './currency.ts';
import type { AskedAccount } from './settings.ts';

const figuresWire = z.object({
  /** Minor units. */
  amount: wireNumberText
    .refine((text) => /^-?\d{1,30}$/.test(text), 'expected a whole number of minor units')
    .nullish(),
  currency: z
    .string()
    .trim()
    .regex(/^([A-Za-z]{3,10})?$/, 'expected a currency like USD')
    .toUpperCase()
    .nullish(),
  account: wireText.nullish(),
  /** Card API. */
  gatewayId: wireText.nullish(),
  /** APM API. */
  gateway_id: wireText.nullish(),
});
export type FiguresWire = z.infer<typeof figuresWire>;

export const balanceWire = {
  card: z.object({ result: figuresWire }).transform(({ result }) => result),
  apm: figuresWire,
} as const;

/** Only quoted, so whatever is odd in it is left out rather than refused. */
const wordsWire = z.object({
  code: wireText.nullish().catch(undefined),
  message: z.string().nullish().catch(undefined),
  friendly_message: z.string().nullish().catch(undefined),
  errors: z.unknown().optional(),
});
export const outcomeWire = wordsWire.extend({
  status: z.string().nullish(),
  response: wordsWire.nullish().catch(undefined),
  transaction: wordsWire.nullish().catch(undefined),
});
type OutcomeWire = z.infer<typeof outcomeWire>;

export interface Outcome {
  /** In lower case: the APM API writes `Successful`. */
  readonly status: string | undefined;
  readonly code: string | undefined;
  /** PayCross's own words, in one line; undefined where it said nothing. */
  readonly words: string | undefined;
}

export function toOutcome(wire: OutcomeWire): Outcome {
  const parts = [wire.response, wire.transaction, wire];
  const find = <T>(pick: (part: z.infer<typeof wordsWire>) => T | null | undefined) =>
    parts.map((part) => (part ? pick(part) : undefined)).find((value) => value);
  const message = find((part) => part.message) ?? find((part) => part.friendly_message);
  const details = listDetails(find((part) => part.errors)).slice(0, 5);
  const words = [message, details.length === 0 ? '' : `(${details.join('; ')})`]
    .filter(Boolean)
    .join(' ');
  return {
    status: wire.status?.trim().toLowerCase() || undefined,
    code: find((part) => part.code) ?? undefined,
    words: words.replace(/\s+/g, ' ').trim().slice(0, 250) || undefined,
  };
}

/** `{"recipient_card":{"number":["is not a card number"]}}` and `[{"type":["is missing"]}]`. */
function listDetails(errors: unknown, path = '', depth = 0): string[] {
  if (typeof errors === 'string') return [path === '' ? errors : `${path}: ${errors}`];
  if (typeof errors !== 'object' || errors === null || depth > 5) return [];
  if (Array.isArray(errors)) return errors.flatMap((one) => listDetails(one, path, depth + 1));
  return Object.entries(errors).flatMap(([name, one]) =>
    listDetails(one, path === '' ? name : `${path}.${name}`, depth + 1),
  );
}

/** Where an answer departs from the documentation, without what stands there. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  const path = issue?.path.map(String).join('.') || 'the whole answer';
  return `${path}: ${issue?.message.replace(/^Invalid input: /, '') ?? 'unexpected'}`;
}

/** The currency was configured and PayCross answered with another one. */
export function isContradicted(asked: AskedAccount, figures: FiguresWire): boolean {
  return Boolean(asked.currency && figures.currency && asked.currency !== figures.currency);
}

/** `amount` is what payouts draw on. Nothing that is missing is made up. */
export function toBalanceLine(
  asked: AskedAccount,
  label: string,
  figures: FiguresWire,
): BalanceLine {
  const currency = figures.currency || asked.currency;
  const decimals = currency === undefined ? undefined : decimalsOf(currency);
  const { amount } = figures;
  const available =
    amount == null || currency === undefined || decimals === undefined
      ? undefined
      : parseUnits(amount, decimals, currency);
  const note = [
    available === undefined ? explainAbsence(amount, currency) : '',
    amount != null && currency !== undefined && !figures.currency
      ? 'currency as configured, PayCross did not name it'
      : '',
    available === undefined ? '' : explainDoubt(available.currency),
    ...identityNotes(asked, figures),
  ].filter((part) => part !== '');
  return {
    account: label,
    currency,
    amounts: available === undefined ? {} : { available },
    ...(note.length === 0 ? {} : { note: note.join('; ') }),
  };
}

function explainAbsence(amount: string | null | undefined, currency: string | undefined): string {
  if (amount == null) return 'PayCross did not give the amount';
  return currency === undefined
    ? `${amount} minor units of a currency that PayCross did not name`
    : `${amount} minor units; how many of them make 1 ${currency} at PayCross is not documented`;
}

/**
 * Which account answered, where that is not the one in the label. Not refused: the documented samples
 * themselves answer with another account and gateway than were asked for.
 */
function identityNotes(asked: AskedAccount, figures: FiguresWire): string[] {
  const account = figures.account?.trim();
  const gateway = figures.gatewayId ?? figures.gateway_id;
  const isOther = (one: string | undefined, answered: string | null | undefined) =>
    Boolean(one && answered && one.trim() !== answered);
  return [
    isOther(asked.account, account) ? `answered for account ${maskAccount(account ?? '')}` : '',
    !asked.account && account ? `account ${maskAccount(account)}` : '',
    isOther(asked.gateway, gateway) ? `answered for gateway ${gateway?.slice(0, 20)}` : '',
  ];
}
