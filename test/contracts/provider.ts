// What every provider must do, as facts that run against any module and its own sandbox.
// provider.selftest.test.ts proves that each fact fails on a provider that breaks it.
import { describe, it } from 'vitest';
import { providerModules } from '../../src/providers/registry.ts';
import type { ProviderModule } from '../../src/providers/types.ts';
import { createFakeClock } from '../support.ts';
import { balanceFacts } from './provider-balances.ts';
import { configurationFacts, declarationFacts } from './provider-door.ts';
import type { ProviderFact, ProviderUnderTest } from './provider-subject.ts';
import { faultFacts, wireFacts } from './provider-wire.ts';

export { hugeAmount } from './provider-subject.ts';
export type { ProviderFact, ProviderUnderTest };

export interface ProviderContract<Settings>
  extends Pick<ProviderUnderTest, 'createHugeSandbox' | 'plausibleFaults'> {
  readonly module: ProviderModule<Settings>;
}

export const providerFacts: readonly ProviderFact[] = [
  ...declarationFacts,
  ...configurationFacts,
  ...balanceFacts,
  ...wireFacts,
  ...faultFacts,
];

export function describeProviderContract<Settings>(contract: ProviderContract<Settings>): void {
  describe(`${contract.module.id} keeps the contract of a provider`, () => {
    let opened: Promise<ProviderUnderTest> | undefined;
    for (const fact of providerFacts) {
      it(fact.name, async ({ skip }) => {
        opened ??= openSubject(contract);
        const subject = await opened;
        const exemption = fact.findExemption?.(subject);
        if (exemption !== undefined) skip(exemption);
        await fact.prove(subject);
      });
    }
  });
}

export async function openSubject<Settings>({
  module,
  ...rest
}: ProviderContract<Settings>): Promise<ProviderUnderTest> {
  const clock = createFakeClock();
  const sandbox = (await module.loadSandbox())({ clock });
  return { module, modules: providerModules, clock, sandbox, ...rest };
}
