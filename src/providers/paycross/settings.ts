// Which accounts to ask, as the team file lists them, and what people see them called. PayCross has
// no call that lists accounts, and which of the three fields it wants depends on the acquirer.
// Balance page of https://docs.pay-cross.com/en/integration/card_api (read 2026-11)
import { z } from 'zod';
import { maskAccount } from '../types.ts';
import { payoutSettings } from './payout-settings.ts';

const accountsMax = 50;

/** Empty means the default account. */
const account = z
  .string('write the account number in quotes: YAML would round its digits')
  .max(64, 'write an account number of at most 64 characters');
const currency = z
  .string('write the currency in capitals, like USD')
  .regex(/^[A-Z]{3,5}$/, 'write the currency in capitals, like USD');
const gatewayHelp = 'write the gateway id as digits, like 1234; each APM account needs one';
const gateway = z.union(
  [
    z.int(gatewayHelp).positive(gatewayHelp).transform(String),
    z.string().regex(/^[1-9]\d{0,17}$/, gatewayHelp),
  ],
  gatewayHelp,
);

const askedAccount = z.discriminatedUnion(
  'api',
  [
    z.strictObject({
      api: z.literal('card'),
      account: account.optional(),
      currency: currency.optional(),
      gateway: gateway.optional(),
    }),
    z.strictObject({
      api: z.literal('apm'),
      account: account.optional(),
      currency: currency.optional(),
      gateway,
    }),
  ],
  'write api: card or api: apm',
);
export type AskedAccount = z.infer<typeof askedAccount>;

export const settings = z.strictObject({
  accounts: z
    .array(askedAccount)
    .max(accountsMax, `list at most ${accountsMax} accounts`)
    .superRefine((accounts, context) => {
      const seen = new Set<string>();
      accounts.forEach((one, index) => {
        const key = JSON.stringify([one.api, one.account, one.currency, one.gateway]);
        if (seen.has(key)) {
          context.addIssue({ code: 'custom', path: [index], message: 'it is listed twice' });
        }
        seen.add(key);
      });
    })
    .optional(),
  ...payoutSettings,
});
export type PaycrossSettings = z.infer<typeof settings>;

/**
 * One name per account, in their order, all different. The currency is part of it only where it has
 * to be: tables show it in a column of its own.
 */
export function labelAccounts(accounts: readonly AskedAccount[]): string[] {
  const withCurrency = accounts.map((one) => labelOf(one, true));
  const labels = unlessDouble(
    accounts.map((one) => labelOf(one, false)),
    (index) => withCurrency[index],
  );
  // Two numbers with the same last four digits: their place in the team file tells them apart.
  return unlessDouble(labels, (index) => `${labels[index]} (entry ${index + 1})`);
}

function unlessDouble(
  labels: readonly string[],
  other: (index: number) => string | undefined,
): string[] {
  return labels.map((label, index) =>
    labels.indexOf(label) === labels.lastIndexOf(label) ? label : (other(index) ?? label),
  );
}

function labelOf(one: AskedAccount, isCurrencyNeeded: boolean): string {
  const parts = [one.account && `account ${maskAccount(one.account)}`];
  if (one.gateway !== undefined) parts.push(`gateway ${one.gateway}`);
  const isNamed = parts.some(Boolean);
  if (!isNamed || isCurrencyNeeded) parts.push(one.currency);
  const words = parts.filter(Boolean).join(' ');
  return `${one.api === 'apm' ? 'APM' : 'card'} ${words || 'default account'}`;
}
