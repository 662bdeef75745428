// The contract of providers is itself tested: a provider that keeps it passes every fact, and for
// each fact there is a provider, broken on purpose, that fails it.
import { describe, expect, it } from 'vitest';
import type { SandboxDeps } from '../../src/providers/sandbox.ts';
import { brokenProviders } from '../providers/broken-providers.ts';
import { createMint, type MintModule } from '../providers/reference-provider.ts';
import { createMintSandbox } from '../providers/reference-sandbox.ts';
import { describeProviderContract, hugeAmount, openSubject, providerFacts } from './provider.ts';

const contractOf = (module: MintModule) => ({
  module,
  createHugeSandbox: (deps: SandboxDeps) => createMintSandbox(deps, { available: hugeAmount }),
});

describeProviderContract(contractOf(createMint()));

describe('the contract of a provider', () => {
  for (const { breaks, how, module } of brokenProviders) {
    for (const name of breaks) {
      it(`“${name}” fails for one that ${how}`, async () => {
        const fact = providerFacts.find((one) => one.name === name);
        if (fact === undefined) throw new TypeError(`no fact is named ${name}`);
        const subject = await openSubject(contractOf(module));
        await expect(fact.prove(subject)).rejects.toThrow();
      });
    }
  }

  it('has no fact that nothing breaks', () => {
    const broken = new Set(brokenProviders.flatMap(({ breaks }) => breaks));
    expect(providerFacts.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
