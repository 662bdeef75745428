// `providers.smilepayz` of the team file. Every key here is typed by people. SmilePayz answers for
// one account number a call, and lists none: what is not written here is not seen.
// https://docs.smilepayz.com/id/reference/peru/inquiry/inquiryBalance.html (sheet compiled 2026-11)
import { z } from 'zod';
import { maskAccount } from '../types.ts';
import { currenciesWithMinorUnit, findDecimals, type Unit } from './units.ts';

/** The remedy for a list that is missing: a line to start from. */
export const exampleAccount =
  '- { no: "21120030202403071031", use: payout, currency: PEN, unit: minor }';

const accountSetting = z
  .strictObject({
    no: z
      .string('write the account number in quotes: YAML loses digits of a number that long')
      .regex(/^\S{1,128}$/, 'an account number has 1 to 128 characters and no spaces'),
    use: z.enum(
      ['payout', 'payin'],
      'write payout or payin: the tab of the portal (Finance > Balance) that shows the account',
    ),
    currency: z.string('write the currency of the account, like PEN').regex(/^[A-Z]{3,5}$/, {
      message: 'write the currency in 3 to 5 upper-case letters, like PEN or USDT',
      abort: true,
    }),
    unit: z.enum(
      ['minor', 'major'],
      'write minor (1050 is 10.50) or major (10.50 is 10.50): SmilePayz’s documents contradict ' +
        'each other by region, and a wrong unit is wrong by a factor of 100; ' +
        'agree it with SmilePayz',
    ),
  })
  .superRefine(({ currency, unit }, context) => {
    if (unit === 'major' || findDecimals(currency) !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['currency'],
      message:
        `SmilePayz documents no decimals for ${currency}, so its minor units cannot be read; ` +
        `known are ${currenciesWithMinorUnit.join(', ')}`,
    });
  });

export const smilepayzSettings = z
  .strictObject({
    /** Which field names Peru, Colombia and Chile payouts have; balances are the same in both. */
    peru_fields: z.enum(['current', 'older'], 'write current or older').default('current'),
    accounts: z
      .array(accountSetting, `list the accounts, each like ${exampleAccount}`)
      .superRefine((accounts, context) => {
        const seen = new Set<string>();
        for (const [index, { no, currency }] of accounts.entries()) {
          const key = `${no} ${currency}`;
          if (seen.has(key)) {
            context.addIssue({
              code: 'custom',
              path: [index],
              message:
                `the ${currency} account ${maskAccount(no)} is listed twice; ` +
                'its money would be counted twice',
            });
          }
          seen.add(key);
        }
      })
      .default([]),
  })
  .prefault({});

export type SmilepayzSettings = z.infer<typeof smilepayzSettings>;
export type AccountSetting = SmilepayzSettings['accounts'][number];

export interface Account {
  readonly no: string;
  readonly use: 'payout' | 'payin';
  readonly currency: string;
  readonly unit: Unit;
  /** Unique within the currency, without the account number. */
  readonly label: string;
}

/** Two accounts whose visible digits are the same are told apart by their order. */
export function toAccounts(settings: readonly AccountSetting[]): Account[] {
  const timesUsed = new Map<string, number>();
  return settings.map((setting) => {
    const label = `${setting.use === 'payin' ? 'pay-in' : 'payout'} ${maskAccount(setting.no)}`;
    const key = `${label} ${setting.currency}`;
    const times = (timesUsed.get(key) ?? 0) + 1;
    timesUsed.set(key, times);
    return { ...setting, label: times === 1 ? label : `${label} (${times})` };
  });
}
