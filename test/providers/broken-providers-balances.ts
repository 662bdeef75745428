// Providers whose readings break a rule.
import { parseDecimal } from '../../src/money.ts';
import { type BrokenProvider, withClient, withLines } from './broken-providers-made.ts';
import { payoutAccount } from './reference-sandbox.ts';

export const brokenBalances: readonly BrokenProvider[] = [
  {
    breaks: ['reads every account of its sandbox, each account and currency once'],
    how: 'gives a line twice',
    module: withLines((line) => [line, line]),
  },
  {
    breaks: ['reads every account of its sandbox, each account and currency once'],
    how: 'gives none',
    module: withLines(() => []),
  },
  {
    breaks: ['gives whole units in the currency of their line'],
    how: 'mixes currencies',
    module: withLines((line) => [{ ...line, currency: 'EUR' }]),
  },
  {
    breaks: ['gives an available amount, or says why not'],
    how: 'leaves amounts out without a word',
    module: withLines(({ account, currency }) => [{ account, currency, amounts: {} }]),
  },
  {
    breaks: ['shows account numbers by their last four characters'],
    how: 'shows the whole number as the name of the account',
    module: withLines((line) => [{ ...line, account: payoutAccount }]),
  },
  {
    breaks: ['shows account numbers by their last four characters'],
    how: 'shows the whole number in a note',
    module: withLines((line) => [{ ...line, note: `That is account ${payoutAccount}.` }]),
  },
  {
    breaks: ['keeps every digit of 99999999999999999.99'],
    how: 'reads amounts as floats',
    module: withLines((line) => {
      const { available } = line.amounts;
      if (available === undefined) return [line];
      const units = BigInt(Number(available.units));
      return [{ ...line, amounts: { available: { ...available, units } } }];
    }),
  },
  {
    breaks: ['says nothing silently wrong under any fault of its sandbox'],
    how: 'reads an absent amount as zero',
    module: withLines((line) => {
      const { account, currency = 'USD', amounts } = line;
      const available = amounts.available ?? parseDecimal('0', currency);
      return [{ account, currency, amounts: { available } }];
    }),
  },
  {
    breaks: ['says nothing silently wrong under any fault of its sandbox'],
    how: 'keeps quiet about an account that failed',
    module: withClient(({ getBalances }) => ({
      getBalances: async () => ({ ...(await getBalances()), failures: [] }),
    })),
  },
  {
    breaks: ['says nothing silently wrong under any fault of its sandbox'],
    how: 'lets its own mistakes out',
    module: withClient(({ getBalances }) => ({
      getBalances: () =>
        getBalances().catch(() => {
          throw new TypeError('undefined is not an amount');
        }),
    })),
  },
];
