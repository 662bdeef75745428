// The ways in which PayCross pays: card tokens, and the APM methods that the team file lists. A payout
// names no account: the API and the currency decide it. So a currency is payable where exactly one
// account of the API is configured with it; of two nobody can say which one would pay.
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout (read 2026-11)
import { ConfigError } from '../../errors.ts';
import type { PayeeField, PayoutRoute } from '../payouts.ts';
import { findPayableDecimals } from './currency.ts';
import { type PlacedField, toCardFields, toCustomerFields } from './payout-fields.ts';
import { type PayoutMethod, toAnchored } from './payout-settings.ts';
import { type AskedAccount, labelAccounts, type PaycrossSettings } from './settings.ts';

export interface PaycrossRoute extends PayoutRoute {
  readonly api: AskedAccount['api'];
  /** PayCross's type of an APM method. */
  readonly methodType?: string;
  readonly places: readonly PlacedField[];
}

/** The balance line that a payout of an API in a currency draws on, by currency. */
export type Pots = Readonly<Record<AskedAccount['api'], ReadonlyMap<string, string>>>;

const cardRouteId = 'card';

/** Also for a route that the team file no longer has. */
export function apiOf(route: string): AskedAccount['api'] {
  return route === cardRouteId ? 'card' : 'apm';
}

export function findPots(accounts: readonly AskedAccount[]): Pots {
  const labels = labelAccounts(accounts);
  const potsOf = (api: AskedAccount['api']) => {
    const pots = new Map<string, string>();
    accounts.forEach((one, index) => {
      const { currency } = one;
      if (one.api !== api || currency === undefined) return;
      const isOnly =
        accounts.filter((other) => other.api === api && other.currency === currency).length === 1;
      if (isOnly && findPayableDecimals(currency) !== undefined) {
        pots.set(currency, labels[index] ?? api);
      }
    });
    return pots;
  };
  return { card: potsOf('card'), apm: potsOf('apm') };
}

/** Throws `ConfigError` for a method whose currency no account pays. */
export function createPayoutRoutes(settings: PaycrossSettings, pots: Pots): PaycrossRoute[] {
  const places = toCardFields(settings.payout_fields.card ?? {});
  const card: PaycrossRoute = {
    id: cardRouteId,
    label: 'Card, by its token',
    api: 'card',
    currencies: [...pots.card.keys()],
    fields: places.map(({ field }) => field),
    places,
  };
  const problems = settings.payout_methods.flatMap(({ id, currencies }) =>
    currencies
      .filter((currency) => !pots.apm.has(currency))
      .map((currency) => ({
        path: 'team.yaml: providers.paycross.payout_methods',
        problem: `${id} cannot pay ${currency}: ${explainNoPot(currency)}`,
        remedy:
          `List the one account that it draws on under accounts, like { api: apm, gateway: 1234, ` +
          `currency: ${currency} }, or take ${currency} out of the method.`,
      })),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return [...(card.currencies.length === 0 ? [] : [card]), ...settings.payout_methods.map(toRoute)];
}

function explainNoPot(currency: string): string {
  return findPayableDecimals(currency) === undefined
    ? 'how many decimals it has at PayCross is not documented.'
    : 'not exactly one APM account is listed with this currency.';
}

function toRoute(method: PayoutMethod): PaycrossRoute {
  const places = [
    ...toCustomerFields(method.customer),
    ...method.fields.map((field) => ({
      field: toPayeeField(field),
      place: { section: 'method', name: field.name },
    })),
  ];
  return {
    id: `apm-${method.id}`,
    label: method.label,
    ...(method.country === undefined ? {} : { country: method.country }),
    api: 'apm',
    methodType: method.type,
    currencies: method.currencies,
    fields: places.map(({ field }) => field),
    places,
  };
}

function toPayeeField(field: PayoutMethod['fields'][number]): PayeeField {
  return {
    name: field.name,
    label: field.label,
    help: field.help,
    isRequired: field.required,
    ...(field.account_number ? { isAccountNumber: true } : {}),
    pattern: toAnchored(field.pattern),
    lengthMax: field.length_max,
  };
}
