// What every provider must do, as facts that run against any module and its own sandbox.
// provider.selftest.test.ts proves that each fact fails on a provider that breaks it.
import { describe, expect, it } from 'vitest';
import { providerModules } from '../../src/providers/registry.ts';
import type { ProviderModule } from '../../src/providers/types.ts';
import { createFakeClock } from '../support.ts';
import { balanceFacts } from './provider-balances.ts';
import { configurationFacts, declarationFacts } from './provider-door.ts';
import { statusFacts, webhookFacts } from './provider-follow-up.ts';
import { doubtFacts, orderFacts } from './provider-orders.ts';
import { routeFacts } from './provider-routes.ts';
import type { ProviderFact, ProviderUnderTest } from './provider-subject.ts';
import { configure, createDeps, openSandbox } from './provider-subject.ts';
import { faultFacts, wireFacts } from './provider-wire.ts';

export { hugeAmount } from './provider-subject.ts';
export type { ProviderFact, ProviderUnderTest };

export interface ProviderContract<Settings>
  extends Pick<ProviderUnderTest, 'createHugeSandbox' | 'plausibleFaults' | 'deviations'> {
  readonly module: ProviderModule<Settings>;
}

export const providerFacts: readonly ProviderFact[] = [
  ...declarationFacts,
  ...configurationFacts,
  ...balanceFacts,
  ...wireFacts,
  ...faultFacts,
  ...routeFacts,
  ...orderFacts,
  ...doubtFacts,
  ...statusFacts,
  ...webhookFacts,
];

export function describeProviderContract<Settings>(contract: ProviderContract<Settings>): void {
  describe(`${contract.module.id} keeps the contract of a provider`, () => {
    let opened: Promise<ProviderUnderTest> | undefined;
    for (const fact of providerFacts) {
      const reason = contract.deviations?.[fact.name];
      it(
        reason === undefined ? fact.name : `cannot keep: ${fact.name} (${reason})`,
        async (test) => {
          opened ??= openSubject(contract);
          const subject = await opened;
          const exemption = fact.findExemption?.(subject);
          if (exemption !== undefined) test.skip(exemption);
          // A deviation that is none any more is told too.
          if (reason === undefined) await fact.prove(subject);
          else await expect(fact.prove(subject)).rejects.toThrow();
        },
      );
    }
    it('deviates from facts that there are', () => {
      const names = providerFacts.map(({ name }) => name);
      const deviations = Object.keys(contract.deviations ?? {});
      expect(deviations.filter((name) => !names.includes(name))).toEqual([]);
    });
  });
}

export async function openSubject<Settings>({
  module: typed,
  ...rest
}: ProviderContract<Settings>): Promise<ProviderUnderTest> {
  const module: ProviderModule = typed;
  const clock = createFakeClock();
  const sandbox = await openSandbox(module, clock);
  const subject = { module, modules: providerModules, clock, sandbox, ...rest };
  const config = configure(module, sandbox, 'http://127.0.0.1:1');
  const { payouts, close } = module.create(config, createDeps(subject, config).deps);
  // How it closes is for a fact to judge.
  await close().catch(() => {});
  return {
    ...subject,
    hasStatus: payouts?.getStatus !== undefined,
    hasWebhook: payouts?.webhook !== undefined,
  };
}
