// What create() and the team file accept for PayerMax.
import { expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import { createPayermaxSandbox } from '../../src/providers/payermax/sandbox.ts';
import { createFakeClock } from '../support.ts';
import { createProvider, keys, secretLine } from './payermax-scene.ts';

test('needs nothing in the team file and refuses what it does not know there', () => {
  const defaults = { payout_version: '1.4', payout_fields: {} };
  expect(payermax.settings.parse({})).toEqual(defaults);
  expect(payermax.settings.parse(undefined)).toEqual(defaults);
  for (const wrong of [
    { accounts: [] },
    { payout_version: '1.3' },
    { payout_fields: { 'xx-bank': {} } },
    { payout_fields: { 'th-bank': { account_no: 'optional' } } },
    { payout_fields: { 'th-bank': { payee_phone: 'maybe' } } },
  ]) {
    expect(payermax.settings.safeParse(wrong).success).toBe(false);
  }
});

function problemsOf(changes: Readonly<Record<string, string | undefined>>) {
  const sandbox = createPayermaxSandbox({ clock: createFakeClock() }, { keys });
  const given = { ...sandbox.connect('http://127.0.0.1:9').environment, ...changes };
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) environment[name] = value;
  }
  try {
    createProvider(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.message).not.toContain(secretLine);
    return error.problems;
  }
  return [];
}

test('without a merchant number and a member id it does not start', () => {
  const neither = { PAYERMAX_MERCHANT_NO: undefined, PAYERMAX_MEMBER_ID: undefined };
  expect(problemsOf(neither)).toEqual([
    {
      path: 'PAYERMAX_MERCHANT_NO',
      problem: 'Neither it nor PAYERMAX_MEMBER_ID is set.',
      remedy: 'Set the merchant number, the member id of the funds accounts, or both.',
    },
  ]);
  expect(problemsOf({})).toEqual([]);
});

test('one’s own public key in place of PayerMax’s is found before the first call', () => {
  const own = String(keys.merchant.publicKey.export({ type: 'spki', format: 'pem' }));
  expect(problemsOf({ PAYERMAX_PLATFORM_PUBLIC_KEY: own })).toEqual([
    {
      path: 'PAYERMAX_PLATFORM_PUBLIC_KEY',
      problem: 'It is the public half of PAYERMAX_PRIVATE_KEY, not PayerMax’s key.',
      remedy: 'Copy the “PayerMax public key” from the dashboard (MMC > Settings > Config).',
    },
  ]);
});

test('unreadable and missing keys are all named at once', () => {
  const problems = problemsOf({
    PAYERMAX_PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\n${secretLine}\n-----END PRIVATE KEY-----`,
    PAYERMAX_PLATFORM_PUBLIC_KEY: undefined,
    PAYERMAX_APP_ID: undefined,
  });
  expect(problems.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
    'PAYERMAX_APP_ID: It is not set.',
    'PAYERMAX_PRIVATE_KEY: It is not an RSA key.',
    'PAYERMAX_PLATFORM_PUBLIC_KEY: It is not set.',
  ]);
});
