// What a person may write for SmilePayz in the team file and the environment, and what it says.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { smilepayz } from '../../src/providers/smilepayz/index.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';

const account = { no: '21120030202403071031', use: 'payout', currency: 'PEN', unit: 'minor' };

test('is switched on by credentials and reaches production by default', () => {
  expect(
    smilepayz.environment.map(({ name, kind, isRequired }) => [name, kind, isRequired]),
  ).toEqual([
    ['SMILEPAYZ_PARTNER_ID', 'text', true],
    ['SMILEPAYZ_BASE_URL', 'url', false],
    ['SMILEPAYZ_MERCHANT_SECRET', 'secret', true],
    ['SMILEPAYZ_PRIVATE_KEY', 'private_key', true],
    ['SMILEPAYZ_PLATFORM_PUBLIC_KEY', 'public_key', false],
  ]);
  expect(smilepayz.environment[1]?.defaultValue).toBe('https://gateway.smilepayz.com');
});

test('a team file without SmilePayz reads as no accounts and the current field names', () => {
  const nothing = { peru_fields: 'current', accounts: [] };
  expect(smilepayz.settings.parse(undefined)).toEqual(nothing);
  expect(smilepayz.settings.parse({})).toEqual(nothing);
  expect(smilepayz.settings.parse({ peru_fields: 'older' })).toMatchObject({
    peru_fields: 'older',
  });
});

test.each([
  ['a number as account number', { no: 21120030 }, 'accounts.0.no', /in quotes: YAML loses digits/],
  ['an empty account number', { no: '' }, 'accounts.0.no', /1 to 128 characters/],
  ['a long account number', { no: '1'.repeat(129) }, 'accounts.0.no', /1 to 128 characters/],
  ['no use', { use: undefined }, 'accounts.0.use', /payout or payin/],
  ['an unknown use', { use: 'pay-out' }, 'accounts.0.use', /payout or payin/],
  ['a currency in lower case', { currency: 'pen' }, 'accounts.0.currency', /upper-case/],
  ['no currency', { currency: undefined }, 'accounts.0.currency', /like PEN/],
  ['no unit', { unit: undefined }, 'accounts.0.unit', /factor of 100; agree it with SmilePayz/],
  ['an unknown unit', { unit: 'cents' }, 'accounts.0.unit', /minor .* or major/],
  [
    'minor units of unknown decimals',
    { currency: 'KES' },
    'accounts.0.currency',
    /no decimals for KES/,
  ],
  ['an unknown key', { name: 'Lima' }, 'accounts.0', /name/],
])('refuses %s', (_what, change, path, message) => {
  const { error } = smilepayz.settings.safeParse({ accounts: [{ ...account, ...change }] });
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  expect(error?.issues[0]?.message).toMatch(message);
});

test('refuses an account that is listed twice, without its number', () => {
  const { error } = smilepayz.settings.safeParse({
    accounts: [account, { ...account, currency: 'BRL' }, { ...account, use: 'payin' }],
  });
  expect(error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['accounts.2', 'the PEN account ••1031 is listed twice; its money would be counted twice'],
  ]);
});

test('takes any currency in major units and 128 characters of account number', () => {
  const accounts = [{ ...account, no: 'a'.repeat(128), currency: 'KES', unit: 'major' }];
  expect(smilepayz.settings.parse({ accounts }).accounts).toEqual(accounts);
});

const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const elliptic = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const environment = {
  SMILEPAYZ_PARTNER_ID: '20001',
  SMILEPAYZ_BASE_URL: 'https://gateway.smilepayz.com',
  SMILEPAYZ_MERCHANT_SECRET: 'a secret of the merchant',
  SMILEPAYZ_PRIVATE_KEY: rsa.privateKey,
};

function problemsOf(change: Record<string, string>, accounts: unknown[] = [account]) {
  const settings = smilepayz.settings.parse({ accounts });
  const clock = createFakeClock();
  const deps = { clock, log: createRecordingLog(), newNonce: newTestNonce, scrub: String };
  try {
    smilepayz.create({ environment: { ...environment, ...change }, settings }, deps);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

test('starts with and without the platform’s public key', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf({ SMILEPAYZ_PLATFORM_PUBLIC_KEY: rsa.publicKey })).toEqual([]);
});

test('says which account line is missing when SmilePayz is on without accounts', () => {
  const [problem, ...more] = problemsOf({}, []);
  expect(more).toEqual([]);
  expect(problem?.path).toBe('team.yaml: providers.smilepayz.accounts');
  expect(problem?.remedy).toContain(
    '- { no: "21120030202403071031", use: payout, currency: PEN, unit: minor }',
  );
});

test('tells every key that cannot be read at once, and none of their text', () => {
  const garbled = `-----BEGIN PRIVATE KEY-----\n${'c2VjcmV0'.repeat(8)}\n-----END PRIVATE KEY-----`;
  const problems = problemsOf(
    { SMILEPAYZ_PRIVATE_KEY: garbled, SMILEPAYZ_PLATFORM_PUBLIC_KEY: elliptic.publicKey },
    [],
  );
  expect(problems.map(({ path }) => path)).toEqual([
    'SMILEPAYZ_PRIVATE_KEY',
    'SMILEPAYZ_PLATFORM_PUBLIC_KEY',
    'team.yaml: providers.smilepayz.accounts',
  ]);
  expect(JSON.stringify(problems)).not.toContain('c2VjcmV0');
  expect(problemsOf({ SMILEPAYZ_PRIVATE_KEY: elliptic.privateKey })).toHaveLength(1);
});
