// The answer of inquiry-balance and what it means. No example of it is documented, only a field
// table: `accountInfos` is an object on some pages and, by its name, an array. Both are read.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import { z } from 'zod';
import { wireText } from '../../json.ts';
import { formatMoney, InexactAmountError, type Money } from '../../money.ts';
import type { BalanceLine } from '../types.ts';
import type { Account } from './settings.ts';
import { parseValue } from './units.ts';

const balanceType = 'BALANCE';

const amountWire = z.object({ currency: z.string().nullish(), value: wireText.nullish() });

const accountInfoWire = z.object({
  balanceType: z.string().nullish(),
  amount: amountWire.nullish(),
  availableBalance: amountWire.nullish(),
});

export const balanceWire = z.object({
  accountNo: z.string().nullish(),
  accountInfos: z
    .unknown()
    .transform((infos) => (Array.isArray(infos) ? infos : [infos]))
    .pipe(z.array(accountInfoWire)),
});

type AmountWire = z.infer<typeof amountWire>;
type AccountInfoWire = z.infer<typeof accountInfoWire>;
export type BalanceWire = z.infer<typeof balanceWire>;

/** The answer has the right shape and still cannot be taken for this account’s money. */
export class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError';
  readonly remedy: string | undefined;

  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Throws `UnusableAnswerError`; its messages quote currencies and types, never amounts. */
export function toBalanceLine(answer: BalanceWire, account: Account): BalanceLine {
  if (typeof answer.accountNo === 'string' && answer.accountNo !== account.no) {
    throw new UnusableAnswerError(`the answer is for another account than ${account.label}`);
  }
  const info = pickBalance(answer.accountInfos);
  const total = toAmount(info.amount, 'amount', account);
  const available = toAmount(info.availableBalance, 'availableBalance', account);
  const pot = { account: account.label, currency: account.currency };
  if (account.use === 'payin') {
    const advice = 'payouts cannot draw on it; move money in the SmilePayz portal.';
    const figure = available === undefined ? '' : ` Available in it: ${formatMoney(available)}`;
    return {
      ...pot,
      amounts: total === undefined ? {} : { total },
      note: `pay-in account: ${advice}${figure}`,
    };
  }
  return {
    ...pot,
    amounts: {
      ...(available === undefined ? {} : { available }),
      ...(total === undefined ? {} : { total }),
    },
  };
}

/**
 * Other types, like the AVAILABLE of an older page, show the same money once more: they are left
 * out. A single entry without a type is what was asked for.
 */
function pickBalance(infos: readonly AccountInfoWire[]): AccountInfoWire {
  const only = infos[0];
  if (infos.length === 1 && only !== undefined && (only.balanceType ?? '') === '') return only;
  const [first, ...more] = infos.filter((info) => info.balanceType === balanceType);
  if (first === undefined) {
    const found = infos.map((info) => info.balanceType ?? 'no type').join(', ');
    throw new UnusableAnswerError(
      `accountInfos has no entry of balanceType ${balanceType} but ${found || 'nothing'}`,
    );
  }
  if (more.length > 0) {
    throw new UnusableAnswerError(`accountInfos has ${more.length + 1} entries of ${balanceType}`);
  }
  return first;
}

function toAmount(
  wire: AmountWire | null | undefined,
  field: string,
  { currency, unit, label }: Account,
): Money | undefined {
  const value = wire?.value;
  if (value === null || value === undefined) return undefined;
  if (wire?.currency !== currency) {
    throw new UnusableAnswerError(
      wire?.currency === null || wire?.currency === undefined
        ? `accountInfos.${field}.currency is missing, and a value without it is not money`
        : `the account ${label} is configured as ${currency} and answers in ${wire.currency}`,
      'Correct its currency in team.yaml: providers.smilepayz.accounts, or ask SmilePayz.',
    );
  }
  try {
    return parseValue(value, currency, unit);
  } catch (error) {
    if (error instanceof InexactAmountError) {
      throw new UnusableAnswerError(
        `accountInfos.${field}.value has a fraction, and ${label} is configured as unit: minor`,
        'Agree the unit of this account with SmilePayz and set it in team.yaml: ' +
          'providers.smilepayz.accounts.',
      );
    }
    if (error instanceof SyntaxError) {
      throw new UnusableAnswerError(`accountInfos.${field}.value is not a decimal number`);
    }
    throw error;
  }
}
