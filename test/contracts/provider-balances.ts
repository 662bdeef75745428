// Facts about a reading of balances: what its lines say, and that no fault makes one silently wrong.
import { expect } from 'vitest';
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import { compareMoney, type Money, parseDecimal } from '../../src/money.ts';
import { amountKinds, type BalanceLine, type BalanceReading } from '../../src/providers/types.ts';
import { hugeAmount, type ProviderFact, startScene, toTexts } from './provider-subject.ts';

export const balanceFacts: readonly ProviderFact[] = [
  {
    name: 'reads every account of its sandbox, each account and currency once',
    async prove(subject) {
      const { provider } = (await startScene(subject)).open();
      const { lines, failures } = await provider.getBalances();
      expect(failures).toEqual([]);
      expect(lines).not.toEqual([]);
      const names = lines.map(({ account, currency }) => `${account} ${currency}`);
      expect(new Set(names).size).toBe(names.length);
    },
  },
  {
    name: 'gives whole units in the currency of their line',
    async prove(subject) {
      const { provider } = (await startScene(subject)).open();
      for (const line of (await provider.getBalances()).lines) expectExact(line);
    },
  },
  {
    name: 'gives an available amount, or says why not',
    async prove(subject) {
      const { provider } = (await startScene(subject)).open();
      const { lines } = await provider.getBalances();
      const silent = lines.filter((line) => line.amounts.available === undefined && !line.note);
      expect(silent).toEqual([]);
      expect(lines.some(({ amounts }) => amounts.available !== undefined)).toBe(true);
    },
  },
  {
    name: 'shows account numbers by their last four characters',
    async prove(subject) {
      const client = (await startScene(subject)).open();
      const reading = await client.provider.getBalances();
      for (const { account } of reading.lines) {
        expect(account.trim()).not.toBe('');
        expect(account).not.toMatch(/\d{5}|\d(?:[ .-]?\d){7}/);
      }
      client.log.debug({ reading: toTexts(reading) }, 'shown');
      client.expectDiscretion();
    },
  },
  {
    name: `keeps every digit of ${hugeAmount}`,
    findExemption: ({ createHugeSandbox }) =>
      createHugeSandbox === undefined ? 'its sandbox cannot hold that much' : undefined,
    async prove(subject) {
      const sandbox = subject.createHugeSandbox?.({ clock: subject.clock });
      const { provider } = (await startScene(subject, sandbox)).open();
      const amounts = (await provider.getBalances()).lines.flatMap(amountsOf);
      const found = amounts.filter((amount) => {
        return compareMoney(amount, parseDecimal(hugeAmount, amount.currency)) === 0;
      });
      expect(found).not.toEqual([]);
    },
  },
  {
    name: 'says nothing silently wrong under any fault of its sandbox',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const client = open();
      const truth = await client.provider.getBalances();
      const problems: string[] = [];
      for (const name of Object.keys(subject.sandbox.faults)) {
        running.switchFault({ name });
        const outcome = await client.provider.getBalances().then(
          (reading) => reading,
          (thrown: unknown) => thrown,
        );
        running.clearFaults();
        if (outcome instanceof ProviderError) {
          const refused = await client.refusalOf(Promise.reject(outcome));
          if (!readCodes.has(refused.code)) problems.push(`${name}: ${refused.code}`);
        } else if (outcome instanceof Error) problems.push(`${name}: ${outcome}`);
        else {
          const reading = outcome as BalanceReading;
          for (const { error } of reading.failures) await client.refusalOf(Promise.reject(error));
          const silent = findSilence(truth, reading);
          if (subject.plausibleFaults?.includes(name)) expect(silent, name).not.toEqual([]);
          else problems.push(...silent.map((what) => `${name}: ${what}`));
        }
      }
      expect(problems).toEqual([]);
      client.expectDiscretion();
      expect(toTexts(await client.provider.getBalances())).toEqual(toTexts(truth));
    },
  },
];

/** A read leaves nothing in doubt. */
const readCodes: ReadonlySet<ProviderErrorCode> = new Set([
  'auth_failed',
  'not_found',
  'rejected',
  'rate_limited',
  'unavailable',
  'timed_out',
  'malformed_response',
  'unsupported',
]);

function amountsOf({ amounts }: BalanceLine): Money[] {
  return Object.values(amounts);
}

function expectExact(line: BalanceLine): void {
  for (const kind of Object.keys(line.amounts)) expect(amountKinds).toContain(kind);
  for (const { units, decimals, currency } of amountsOf(line)) {
    expect(typeof units).toBe('bigint');
    expect(Number.isInteger(decimals) && decimals >= 0 && decimals <= 20).toBe(true);
    expect(currency).toBe(line.currency);
    expect(currency).toMatch(/^[A-Z]{3,5}$/);
  }
}

/** What a bent answer turned into another figure, or into none, without a word about it. */
function findSilence(truth: BalanceReading, bent: BalanceReading): string[] {
  const keyOf = ({ account, currency }: BalanceLine) => `${account} ${currency}`;
  const known = new Map(truth.lines.map((line) => [keyOf(line), line]));
  const changed = bent.lines.filter((line) => {
    expectExact(line);
    const before = known.get(keyOf(line));
    if (before === undefined || isNoted(before, line)) return false;
    return Object.entries(line.amounts).some(([kind, amount]) => {
      const right = Object.entries(before.amounts).find(([name]) => name === kind)?.[1];
      return right === undefined || compareMoney(amount, right) !== 0;
    });
  });
  const isTold = bent.failures.length > 0 || bent.lines.length === 0;
  const isShort = !isTold && bent.lines.length < truth.lines.length;
  return [
    ...changed.map((line) => `another figure for ${keyOf(line)}`),
    ...(isShort ? [`${bent.lines.length} of ${truth.lines.length} lines`] : []),
  ];
}

function isNoted(before: BalanceLine, after: BalanceLine): boolean {
  return after.note !== undefined && after.note !== before.note;
}
