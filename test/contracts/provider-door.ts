// Facts about the door of a provider: what it declares, and what is said when something is missing.
import { expect } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import type { ProviderDeps } from '../../src/providers/types.ts';
import { findProblems } from '../config/sources.ts';
import { startRelay } from '../http-servers.ts';
import {
  configure,
  createDeps,
  type ProviderFact,
  type ProviderUnderTest,
  startScene,
} from './provider-subject.ts';

export const declarationFacts: readonly ProviderFact[] = [
  {
    name: 'has names in lower case that no other provider has',
    async prove({ module, modules }) {
      const names = [module.id, ...module.aliases];
      for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*$/);
      const others = modules.filter((one) => one !== module);
      const taken = others.flatMap(({ id, name, aliases }) => [id, name.toLowerCase(), ...aliases]);
      expect(names.filter((name) => taken.includes(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      expect(module.name).toMatch(/^\p{Lu}/u);
    },
  },
  {
    name: 'answers to one id at its door, in its client and in its sandbox',
    async prove(subject) {
      const { provider } = (await startScene(subject)).open();
      expect([provider.id, subject.sandbox.id]).toEqual([subject.module.id, subject.module.id]);
    },
  },
  {
    name: 'declares each variable once, under its own name, with a sentence of help',
    async prove({ module: { id, environment } }) {
      const names = environment.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { name, help } of environment) {
        expect(name).toMatch(new RegExp(`^${id.toUpperCase()}_[A-Z0-9_]+$`));
        expect(help, name).toMatch(/^\p{Lu}.*\.$/u);
      }
      expect(environment[0]?.isRequired, 'the first switches it on').toBe(true);
    },
  },
  {
    name: 'has an address, whose default is https, and no default for a secret',
    async prove({ module }) {
      const addresses = module.environment.filter(({ name }) => name.endsWith('_URL'));
      expect(addresses).not.toEqual([]);
      // Only this kind is checked before credentials are sent there.
      for (const { kind } of addresses) expect(kind).toBe('url');
      for (const { kind, defaultValue } of module.environment) {
        if (kind === 'secret' || kind === 'private_key') expect(defaultValue).toBeUndefined();
        if (kind === 'url') expect(defaultValue ?? 'https://').toMatch(/^https:\/\//);
      }
    },
  },
  {
    name: 'takes the settings of its sandbox and refuses a key that it does not know',
    async prove({ module, sandbox }) {
      const settings = sandbox.connect('http://127.0.0.1:1').settings ?? {};
      expect(module.settings.safeParse(settings).success).toBe(true);
      const misspelt = module.settings.safeParse({ ...settings, no_such_key: 1 });
      expect(misspelt.error?.issues).toMatchObject([{ code: 'unrecognized_keys' }]);
    },
  },
];

export const configurationFacts: readonly ProviderFact[] = [
  {
    name: 'is refused by name for each required variable that is missing or empty, at once',
    async prove({ module }) {
      const required = module.environment.filter(({ isRequired }) => isRequired);
      const [first = '', ...others] = required.map(({ name }) => name);
      const emptied = Object.fromEntries(others.map((name) => [name, '  ']));
      for (const environment of [{ [first]: 'x' }, { [first]: 'x', ...emptied }]) {
        const told = findProblems({ environment, modules: [module] }).map(({ path }) => path);
        for (const name of others) expect(told.filter((path) => path === name)).toEqual([name]);
      }
    },
  },
  {
    name: 'is made without its optional variables, or says which one it needs',
    async prove(subject) {
      const optional = subject.module.environment.filter(({ isRequired }) => !isRequired);
      for (const { name } of optional) {
        const config = configure(subject.module, subject.sandbox, 'http://127.0.0.1:1');
        const { [name]: _, ...environment } = config.environment;
        try {
          const provider = subject.module.create({ ...config, environment }, depsOf(subject));
          await provider.close();
        } catch (error) {
          expect(error, `without ${name}`).toBeInstanceOf(ConfigError);
        }
      }
    },
  },
  {
    name: 'is made without any network',
    async prove(subject) {
      const { running } = await startScene(subject);
      const relay = await startRelay(running.origin);
      const config = configure(subject.module, subject.sandbox, relay.origin);
      const provider = subject.module.create(config, depsOf(subject));
      // A connection of the provider's would have been taken before this one.
      await fetch(`${relay.origin}/_sandbox`);
      await provider.close();
      expect(relay.counts.connections).toBe(1);
    },
  },
  {
    name: 'closes more than once, and asks nothing afterwards',
    async prove(subject) {
      const { running, open } = await startScene(subject);
      const client = open();
      await client.provider.getBalances();
      const before = running.requests().length;
      await Promise.all([client.provider.close(), client.provider.close()]);
      await client.provider.close();
      const { code } = await client.refusalOf(client.provider.getBalances());
      expect(code).toBe('unavailable');
      expect(running.requests()).toHaveLength(before);
    },
  },
];

function depsOf(subject: ProviderUnderTest): ProviderDeps {
  return createDeps(subject, configure(subject.module, subject.sandbox, 'http://127.0.0.1:1')).deps;
}
