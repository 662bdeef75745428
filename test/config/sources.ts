// A configuration in memory: two providers that fulfil the port, a team, and files that may be
// missing, folders or unreadable.
import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { type Config, loadConfig } from '../../src/config.ts';
import { ConfigError, type ConfigProblem } from '../../src/errors.ts';
import type { EnvironmentVariable, Provider, ProviderModule } from '../../src/providers/types.ts';

const emptyProvider = (id: string): Provider => ({
  id,
  getBalances: async () => ({ lines: [], failures: [] }),
  close: async () => {},
});

function moduleOf(
  id: string,
  name: string,
  environment: readonly EnvironmentVariable[],
  settings: z.ZodType,
): ProviderModule {
  return {
    id,
    name,
    aliases: [],
    environment,
    settings,
    create: () => emptyProvider(id),
    loadSandbox: async () => {
      throw new Error('these tests start no sandbox');
    },
  };
}

/** One variable of every kind. */
export const bank = moduleOf(
  'bank',
  'Bank',
  [
    { name: 'BANK_LOGIN', kind: 'text', isRequired: true, help: 'Login of the portal' },
    {
      name: 'BANK_BASE_URL',
      kind: 'url',
      isRequired: false,
      defaultValue: 'https://api.bank.test/v1',
      help: 'Ends in /v1.',
    },
    { name: 'BANK_SECRET', kind: 'secret', isRequired: true, help: 'Secret of the portal.' },
    { name: 'BANK_PRIVATE_KEY', kind: 'private_key', isRequired: true, help: 'Your RSA key.' },
    { name: 'BANK_PUBLIC_KEY', kind: 'public_key', isRequired: false, help: 'Their RSA key.' },
  ],
  z
    .strictObject({
      unit: z.enum(['minor', 'major']).default('major'),
      accounts: z.array(z.strictObject({ no: z.string('write the number in quotes') })).default([]),
    })
    .prefault({}),
);

/** A provider whose team file part has no default. */
export const till = moduleOf(
  'till',
  'Till',
  [
    { name: 'TILL_CODE', kind: 'text', isRequired: true, help: 'Code of the till.' },
    { name: 'TILL_BASE_URL', kind: 'url', isRequired: true, help: 'Asked of the till’s makers.' },
  ],
  z.strictObject({ decimals: z.int('write how many decimals, like 2').min(0).max(8) }),
);

export const anaAlone = 'people:\n  - { id: ana, name: Ana Torres, roles: [viewer] }\n';
const examplePath = '/app/team.example.yaml';

/** A number is the system's reason for which the file cannot be read. */
export type Files = Readonly<Record<string, string | { readonly code: string }>>;

export interface Given {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly files?: Files;
  readonly modules?: readonly ProviderModule[];
}

export function load({ environment = {}, files = {}, modules = [bank, till] }: Given): Config {
  const all: Files = { [examplePath]: anaAlone, ...files };
  return loadConfig({
    environment,
    readFile: (path) => {
      const content = Object.hasOwn(all, path) ? all[path] : undefined;
      if (typeof content !== 'object') return content;
      throw Object.assign(new Error(`${content.code}: ${path}`), { code: content.code });
    },
    exampleTeamFile: examplePath,
    modules,
  });
}

export function findError(given: Given): ConfigError | undefined {
  try {
    load(given);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

/** Every mistake; none when the configuration is good. */
export function findProblems(given: Given): readonly ConfigProblem[] {
  return findError(given)?.problems ?? [];
}

/** `path: problem remedy`, as the person at the terminal reads it. */
export function listMistakes(given: Given): string[] {
  return findProblems(given).map(({ path, problem, remedy }) => `${path}: ${problem} ${remedy}`);
}

/** What is written in the team file, with Bank and Till switched off. */
export function mistakesOfTeam(text: string): string[] {
  return listMistakes({ files: { './team.yaml': text } });
}

export const rsaKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const privatePem = rsaKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const publicPem = rsaKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

export const goodBank = {
  BANK_LOGIN: 'ana',
  BANK_BASE_URL: 'http://127.0.0.1:8101',
  BANK_SECRET: 'correct horse battery staple',
  BANK_PRIVATE_KEY: privatePem,
};
