// What the balance calls answer, and how it becomes balance lines. Payouts are drawn on the account
// type DISBURSEMENT alone, so nothing else is ever counted as available.
// https://docs.payermax.com/public/api/New%20Version/en/v1.0/ (read 2026-11), pages
// aggregate-pay_api_gateway_currentBalanceQuery.html and ..._realTimeAccountBalanceQuery.html
import { z } from 'zod';
import { wireText } from '../../json.ts';
import { type Money, parseDecimal } from '../../money.ts';
import { type AmountKind, type BalanceLine, maskAccount } from '../types.ts';

/** `data` is absent on errors; the documented balance sample has an empty `msg`. */
export const envelopeWire = z.object({
  code: z.string().min(1),
  msg: z.string().nullish(),
  data: z.unknown().optional(),
});

/** currentBalanceQuery says inside `data` what failed, although the request was handled. */
export const failureInDataWire = z.object({
  errorCode: wireText.nullish(),
  errorMsg: z.string().nullish(),
});

const currencyWire = z.string().regex(/^[A-Z0-9]{3,10}$/, 'not a currency code');

/** Major units, every digit kept. A number in one call, a number or a string in the other. */
function readAmount(text: string, currency: string, context: z.RefinementCtx): Money {
  try {
    return parseDecimal(text, currency);
  } catch {
    context.addIssue({ code: 'custom', path: ['balance'], message: 'not a decimal number' });
    return z.NEVER;
  }
}

/**
 * Adding two rows of one pot up, or letting one win, would show money that nobody stated. As a
 * transform, because a refinement also sees rows that are not what their own schema makes of them.
 */
function refuseRepeatedPots<Row extends { readonly pot: string; readonly amount: Money }>(
  rows: readonly Row[],
  context: z.RefinementCtx,
): readonly Row[] {
  const seen = new Set<string>();
  for (const [index, { pot, amount }] of rows.entries()) {
    const key = `${pot.toUpperCase()} ${amount.currency}`;
    if (seen.has(key)) {
      context.addIssue({ code: 'custom', path: [index], message: 'this account came before' });
    }
    seen.add(key);
  }
  return rows;
}

const merchantRowWire = z
  .object({
    balance: wireText,
    accountType: z.string().regex(/^[\w.-]{1,32}$/, 'not an account type'),
    currency: currencyWire,
  })
  .transform(({ balance, accountType, currency }, context) => ({
    pot: accountType,
    amount: readAmount(balance, currency, context),
  }));

/** Named as in api.json; the Chinese guide's `AccountRealTimeType` is a slip. */
export const merchantBalancesWire = z.object({
  accountRealTimeTypes: z.array(merchantRowWire).transform(refuseRepeatedPots),
});

const fundsRowWire = z
  .object({
    balance: wireText,
    fundsAccountNo: z.string().min(1),
    fundsAccountCurrency: currencyWire,
  })
  .transform(({ balance, fundsAccountNo, fundsAccountCurrency }, context) => ({
    pot: fundsAccountNo,
    amount: readAmount(balance, fundsAccountCurrency, context),
  }));

export const fundsBalancesWire = z.object({
  accountBalanceInfoList: z.array(fundsRowWire).transform(refuseRepeatedPots),
});

/** An account type that names a part of the merchant account, by what that part is. */
const merchantAccountKinds: ReadonlyMap<string, AmountKind> = new Map([
  ['DISBURSEMENT', 'available'],
  ['FREEZE', 'held'],
  ['SETTLE', 'settling'],
  ['REVERSE', 'reserve'],
]);

/** Payouts draw on its part that is available. */
export const merchantAccount = 'merchant account';

/** One line per currency for the merchant account; every other account type is a line of its own. */
export function toMerchantLines(data: z.output<typeof merchantBalancesWire>): BalanceLine[] {
  const amountsByCurrency = new Map<string, Partial<Record<AmountKind, Money>>>();
  const others: BalanceLine[] = [];
  for (const { pot, amount } of data.accountRealTimeTypes) {
    const kind = merchantAccountKinds.get(pot);
    if (kind === undefined) {
      others.push({
        account: pot.toLowerCase(),
        currency: amount.currency,
        amounts: { total: amount },
        note:
          pot === 'ACQUIRING'
            ? 'payouts do not draw on it, so it is not counted as available.'
            : `Purser does not know PayerMax’s account type ${pot}, so it is not counted as available.`,
      });
      continue;
    }
    const amounts = amountsByCurrency.get(amount.currency) ?? {};
    amounts[kind] = amount;
    amountsByCurrency.set(amount.currency, amounts);
  }
  const merchant = [...amountsByCurrency].map(
    ([currency, amounts]): BalanceLine => ({ account: merchantAccount, currency, amounts }),
  );
  return [...merchant, ...others];
}

export function toFundsLines(data: z.output<typeof fundsBalancesWire>): BalanceLine[] {
  const rows = data.accountBalanceInfoList;
  // In the order of whole numbers, so that accounts which look alike when masked keep their names.
  const names = new Map<string, string>();
  const alike = new Map<string, number>();
  for (const number of rows.map(({ pot }) => pot).sort()) {
    if (names.has(number)) continue;
    const masked = maskAccount(number);
    const place = (alike.get(masked) ?? 0) + 1;
    alike.set(masked, place);
    names.set(number, place === 1 ? masked : `${masked} (${place})`);
  }
  return rows.map(
    ({ pot, amount }): BalanceLine => ({
      account: `funds account ${names.get(pot)}`,
      currency: amount.currency,
      amounts: { total: amount },
      note: 'PayerMax does not say whether payouts can draw on it, so it is not counted as available.',
    }),
  );
}
