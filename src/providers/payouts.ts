// What a provider that pays offers to the rest of Purser. Its presence is the capability: a provider
// without `getStatus` cannot be asked, and two people close its unclear payouts.
import type { Money } from '../money.ts';

/** One value that a payee needs at this provider. */
export interface PayeeField {
  /** `[a-z][a-z0-9_]*`; the provider's client maps it to the wire. */
  readonly name: string;
  readonly label: string;
  /** What to write, with an example. */
  readonly help: string;
  readonly isRequired: boolean;
  /** Shown by its last four characters only. */
  readonly isAccountNumber?: boolean;
  /** Anchored, without flags; shared with forms on a page. */
  readonly pattern: string;
  readonly lengthMax: number;
  /** The only values allowed, in the order to show them. */
  readonly options?: readonly string[];
}

/** One way in which a provider pays: a country and a method, with the fields that it needs. */
export interface PayoutRoute {
  /** Unique within the provider: `pe-bank`. */
  readonly id: string;
  /** `Peru, bank account` */
  readonly label: string;
  /** ISO 3166 alpha-2, where the route belongs to one country. */
  readonly country?: string;
  readonly currencies: readonly string[];
  readonly fields: readonly PayeeField[];
}

/** One order as the provider is asked to carry it out: exactly what people approved. */
export interface PayoutOrder {
  /** Merchant reference, `[A-Za-z0-9]{6,20}`, made once and never changed. */
  readonly reference: string;
  /** With the decimals of `decimalsOf`. */
  readonly amount: Money;
  readonly route: string;
  readonly payeeName: string;
  /** By field name; checked against the route before. */
  readonly fields: Readonly<Record<string, string>>;
  /** At most 60 characters `[A-Za-z0-9 .-]`. */
  readonly note: string;
  /** Calendar day of the request in UTC, `YYYY-MM-DD`. */
  readonly requestedOn: string;
  /** Where the provider may report; absent when Purser cannot be reached from outside. */
  readonly callbackUrl?: string;
}

/**
 * - `submitted`: taken, not yet final; `unresolved`: a status that the documents do not explain
 * - `not_found`: the provider does not know the reference (once is no proof)
 */
export type PayoutNewsState =
  | 'submitted'
  | 'paid'
  | 'failed'
  | 'returned'
  | 'unresolved'
  | 'not_found';

/** What a provider says about one payout. */
export interface PayoutNews {
  readonly state: PayoutNewsState;
  /** The provider's own words, as they came: `APPLY_SUCCESS/PENDING`. */
  readonly providerStatus: string;
  /** The provider's id of the payout. */
  readonly providerReference?: string;
  /** Where given; compared with the order by the follow-up. */
  readonly reference?: string;
  readonly amount?: Money;
  /** The provider's reason, for people. */
  readonly reason?: string;
}

/** Names the payout in a status query. */
export interface PayoutKey {
  readonly reference: string;
  readonly providerReference?: string;
  readonly route: string;
  readonly amount: Money;
}

export interface WebhookRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Raw: signatures are verified on these bytes. */
  readonly body: Buffer;
}

/** A verified notification is a hint: it says which payout to ask about, never how it stands. */
export interface WebhookHint {
  readonly reference: string;
  /** For the record. */
  readonly providerStatus: string;
}

export interface PayoutWebhook {
  /** Throws `ProviderError` `auth_failed` for what the provider did not sign. */
  verify(request: WebhookRequest): WebhookHint;
  /** What the provider wants to hear so that it stops. */
  readonly acknowledgement: { readonly contentType: string; readonly body: string };
}

export interface PayoutCalls {
  readonly routes: readonly PayoutRoute[];
  /** What this provider can carry of the currency; undefined where it cannot be paid or where its
   * unit is not configured. */
  decimalsOf(currency: string): number | undefined;
  /**
   * `account` of the `BalanceLine` that a payout in this currency draws on. A promise where only a
   * balance can tell and none was read yet. Throws `unsupported` where nothing tells.
   */
  accountFor(route: string, currency: string): string | Promise<string>;
  /** A check by the provider that moves nothing. Throws `rejected` with the provider's reason. */
  validate?(order: PayoutOrder): Promise<void>;
  /**
   * Called at most once per payout, never retried. `submitted` when taken. Throws `rejected` or
   * `auth_failed` only where it is certain that nothing happened, else `outcome_unknown`.
   */
  create(order: PayoutOrder): Promise<PayoutNews>;
  /** A read: may be retried. */
  getStatus?(key: PayoutKey): Promise<PayoutNews>;
  /** When to ask next, counted from the last answer; from the provider's own advice. */
  pollAfterMs(ageMs: number): number;
  /** `returned` can follow `paid` for this long; 0 where no document speaks of it. */
  readonly returnWindowMs: number;
  readonly webhook?: PayoutWebhook;
}
