// Every provider of the registry keeps the contract.
import { describe, expect, it } from 'vitest';
import { alignet } from '../../src/providers/alignet/index.ts';
import { createAlignetSandbox } from '../../src/providers/alignet/sandbox.ts';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { demoAccounts } from '../../src/providers/paycross/sandbox-balance.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import { createPayermaxSandbox } from '../../src/providers/payermax/sandbox.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import { createPaynetEasySandbox } from '../../src/providers/payneteasy/sandbox.ts';
import { defaultBalances } from '../../src/providers/payneteasy/sandbox-rows.ts';
import { providerModules } from '../../src/providers/registry.ts';
import { smilepayz } from '../../src/providers/smilepayz/index.ts';
import { createSmilepayzSandbox } from '../../src/providers/smilepayz/sandbox.ts';
import { seedAccounts } from '../../src/providers/smilepayz/sandbox-balance.ts';
import {
  describeProviderContract,
  hugeAmount,
  type ProviderContract,
} from '../contracts/provider.ts';

const hugeHundredths = BigInt(hugeAmount.replace('.', ''));
const described = new Set<string>();

function keepsContract<Settings>(contract: ProviderContract<Settings>): void {
  described.add(contract.module.id);
  describeProviderContract(contract);
}

keepsContract({
  module: alignet,
  createHugeSandbox: (deps) =>
    createAlignetSandbox(deps, {
      accounts: [
        {
          bank: 'Interbank',
          commerceId: '58',
          commerceName: 'Andes Retail SAC',
          currency: 'PEN',
          incomeHundredths: hugeHundredths,
          expenditureHundredths: 0n,
        },
      ],
    }),
});
keepsContract({
  module: paycross,
  createHugeSandbox: (deps) =>
    createPaycrossSandbox(deps, {
      accounts: demoAccounts.map((account) => ({ ...account, amountMinor: hugeHundredths })),
    }),
});
keepsContract({
  module: payermax,
  createHugeSandbox: (deps) =>
    createPayermaxSandbox(deps, { accounts: { merchant: [['DISBURSEMENT', 'USD', hugeAmount]] } }),
  plausibleFaults: ['order_not_exist'],
});
keepsContract({
  module: payneteasy,
  createHugeSandbox: (deps) =>
    createPaynetEasySandbox(deps, {
      balances: defaultBalances.map((one) => ({ ...one, amountThousandths: hugeHundredths * 10n })),
    }),
});
keepsContract({
  module: smilepayz,
  createHugeSandbox: (deps) =>
    createSmilepayzSandbox({
      ...deps,
      accounts: seedAccounts.map((account) => ({ ...account, available: hugeHundredths })),
    }),
  // In an account of major units half a unit is an amount like any other.
  plausibleFaults: ['value_with_fraction'],
  deviations: {
    'refuses a report that was turned to another payout':
      'SmilePayz signs the number of the trade and the time, not the body',
  },
});

describe('the registry', () => {
  it('has no provider that is not described here', () => {
    expect([...described].sort()).toEqual(providerModules.map(({ id }) => id).sort());
  });
});
