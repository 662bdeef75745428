// The money of the sandbox. Amounts are whole units with their own decimals and are written digit by
// digit: JavaScript's own JSON would turn 99999999999999999.99 into another number. A payout is frozen
// while it is under way: [inferred] from `fundsFreezeTime` and `fundsReturnTime` in the order query.
// https://docs.payermax.com/doc-center/appendix/disbursement/transaction-status.html (read 2026-11)

export interface Decimal {
  /** How many 10^-decimals of the currency. */
  readonly units: bigint;
  readonly decimals: number;
}

export interface Pot extends Decimal {
  readonly name: string;
  readonly currency: string;
}

/** Written in major units with the decimals that PayerMax uses: IDR none, KWD two. */
export interface SandboxAccounts {
  readonly merchant: readonly (readonly [accountType: string, currency: string, amount: string])[];
  readonly funds: readonly (readonly [accountNo: string, currency: string, amount: string])[];
}

const seeds: SandboxAccounts = {
  merchant: [
    ['DISBURSEMENT', 'USD', '184203.77'],
    ['DISBURSEMENT', 'IDR', '2486100265'],
    ['DISBURSEMENT', 'KWD', '3127.45'],
    ['DISBURSEMENT', 'AED', '48650.20'],
    ['DISBURSEMENT', 'PHP', '16.08'],
    ['DISBURSEMENT', 'BRL', '0.00'],
    ['FREEZE', 'USD', '1150.00'],
    ['FREEZE', 'IDR', '100265403'],
    ['SETTLE', 'USD', '9248.93'],
    ['SETTLE', 'IDR', '449172'],
    ['REVERSE', 'USD', '5000.00'],
    ['ACQUIRING', 'USD', '12480.50'],
  ],
  funds: [
    ['P25071194883', 'USD', '25000.00'],
    ['P25071194891', 'EUR', '8100.55'],
    ['P25071202217', 'IDR', '15750000'],
  ],
};

export interface SandboxLedger {
  readonly merchant: readonly Pot[];
  readonly funds: readonly Pot[];
  /** From what can be paid out to what is under way; false, and nothing done, when it is too much. */
  freeze(currency: string, amount: Decimal): boolean;
  /** What was under way has left. */
  spend(currency: string, amount: Decimal): void;
  /** What was under way can be paid out again. */
  release(currency: string, amount: Decimal): void;
  /** What had left has come back. */
  refund(currency: string, amount: Decimal): void;
}

export function createSandboxLedger(accounts: Partial<SandboxAccounts>): SandboxLedger {
  const merchant = openPots(accounts.merchant ?? seeds.merchant);

  function add(name: string, currency: string, { units, decimals }: Decimal): void {
    const at = merchant.findIndex((pot) => pot.name === name && pot.currency === currency);
    const pot = merchant[at] ?? { name, currency, units: 0n, decimals };
    const fine = Math.max(pot.decimals, decimals);
    const sum = toUnits(pot, fine) + toUnits({ units, decimals }, fine);
    merchant[at === -1 ? merchant.length : at] = { ...pot, units: sum, decimals: fine };
  }
  const take = (name: string, currency: string, amount: Decimal) =>
    add(name, currency, { ...amount, units: -amount.units });

  return {
    merchant,
    funds: openPots(accounts.funds ?? seeds.funds),
    freeze(currency, amount) {
      const pot = merchant.find((one) => one.name === 'DISBURSEMENT' && one.currency === currency);
      const fine = Math.max(pot?.decimals ?? 0, amount.decimals);
      if (pot === undefined || toUnits(pot, fine) < toUnits(amount, fine)) return false;
      take('DISBURSEMENT', currency, amount);
      add('FREEZE', currency, amount);
      return true;
    },
    spend: (currency, amount) => take('FREEZE', currency, amount),
    release(currency, amount) {
      take('FREEZE', currency, amount);
      add('DISBURSEMENT', currency, amount);
    },
    refund: (currency, amount) => add('DISBURSEMENT', currency, amount),
  };
}

function openPots(accounts: readonly (readonly [string, string, string])[]): Pot[] {
  return accounts.map(([name, currency, amount]) => ({ name, currency, ...readDecimal(amount) }));
}

/** Plain digits with at most one dot. */
export function readDecimal(text: string): Decimal {
  return {
    units: BigInt(text.replace('.', '')),
    decimals: text.includes('.') ? text.length - text.indexOf('.') - 1 : 0,
  };
}

export function writeDecimal({ units, decimals }: Decimal): string {
  const scale = 10n ** BigInt(decimals);
  const size = units < 0n ? -units : units;
  const fraction = decimals === 0 ? '' : `.${String(size % scale).padStart(decimals, '0')}`;
  return `${units < 0n ? '-' : ''}${size / scale}${fraction}`;
}

/** With at least as many decimals as it has. */
export function toUnits({ units, decimals }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - decimals);
}
