// What PaynetEasy needs in the environment and takes in the team file.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.ts';
import { payneteasy } from '../../src/providers/payneteasy/index.ts';
import { newTestNonce } from '../support.ts';
import { openScene } from './payneteasy-scene.ts';

const { clock, create, getSandbox, log } = openScene();
const defaults = {
  payout_auth: 'v4',
  order_id_name: 'client_orderid',
  payout_fields: {},
  payout_accounts: {},
};

describe('configuration', () => {
  it('is declared in the order of the documentation, the login first', () => {
    expect(payneteasy.environment.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['PAYNETEASY_MERCHANT_LOGIN', true],
      ['PAYNETEASY_BASE_URL', false],
      ['PAYNETEASY_CONTROL_KEY', true],
      ['PAYNETEASY_ENDPOINT_ID', false],
      ['PAYNETEASY_PRIVATE_KEY', false],
    ]);
  });

  it('works without the variables that only payouts need', async () => {
    const { PAYNETEASY_MERCHANT_LOGIN, PAYNETEASY_BASE_URL, PAYNETEASY_CONTROL_KEY } =
      getSandbox().environment;
    const provider = payneteasy.create(
      {
        environment: {
          PAYNETEASY_MERCHANT_LOGIN: PAYNETEASY_MERCHANT_LOGIN ?? '',
          PAYNETEASY_BASE_URL: PAYNETEASY_BASE_URL ?? '',
          PAYNETEASY_CONTROL_KEY: PAYNETEASY_CONTROL_KEY ?? '',
        },
        settings: payneteasy.settings.parse({}),
      },
      { clock, log, newNonce: newTestNonce, scrub: (text) => text },
    );
    const reading = await provider.getBalances();
    await provider.close();
    expect(reading.lines).toHaveLength(4);
  });

  it.each([undefined, {}])('takes %j as settings: v4 payouts, all balances', (settings) => {
    expect(payneteasy.settings.parse(settings)).toEqual(defaults);
  });

  it.each([
    ['v4', 'PAYNETEASY_ENDPOINT_ID', false],
    ['v4', 'PAYNETEASY_PRIVATE_KEY', false],
    ['v4', undefined, true],
    ['v2', 'PAYNETEASY_ENDPOINT_ID', false],
    ['v2', 'PAYNETEASY_PRIVATE_KEY', true],
  ])('with %s and without %s can pay: %s', async (payout_auth, missing, canPay) => {
    const { [missing ?? '']: _missing, ...environment } = getSandbox().environment;
    const provider = payneteasy.create(
      { environment, settings: payneteasy.settings.parse({ payout_auth }) },
      { clock, log, newNonce: newTestNonce, scrub: (text) => text },
    );
    await provider.close();
    expect(provider.payouts !== undefined).toBe(canPay);
  });

  it('has an example payee that the route takes, and whom the sandbox can pay', () => {
    const { examplePayee } = payneteasy;
    const { payouts } = create();
    const route = payouts?.routes.find(({ id }) => id === examplePayee?.route);
    for (const { name, pattern, isRequired } of route?.fields ?? []) {
      const value = examplePayee?.fields[name] ?? '';
      expect(value === '' ? !isRequired : new RegExp(pattern, 'u').test(value), name).toBe(true);
    }
    expect(examplePayee?.id).toBe('vera');
    expect(route?.currencies).toContain(examplePayee?.currency);
  });

  it.each([
    [{ payout_auth: 'v3' }, 'payout_auth'],
    [{ balance_name: '' }, 'balance_name'],
    [{ balance_name: 'a'.repeat(129) }, 'balance_name'],
    [{ balance_name: 'two\nlines' }, 'balance_name'],
    [{ balanceName: 'Test1' }, 'balanceName'],
    [{ order_id_name: 'orderid' }, 'order_id_name'],
    [{ payout_fields: { wire: {} } }, 'payout_fields'],
    [{ payout_fields: { bank: { iban: 'maybe' } } }, 'iban'],
    [{ payout_fields: { bank: { card_number: 'optional' } } }, 'card numbers are not kept'],
    [{ payout_accounts: { eur: 'EU' } }, 'eur'],
    [{ payout_accounts: { EUR: '' } }, 'EUR'],
    [[], ''],
  ])('refuses %j', (settings, named) => {
    const result = payneteasy.settings.safeParse(settings);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain(named);
  });

  it('takes a balance name of 128 characters and v2 payouts', () => {
    const settings = { payout_auth: 'v2', balance_name: 'a'.repeat(128) };
    expect(payneteasy.settings.parse(settings)).toEqual({ ...defaults, ...settings });
  });

  it.each([
    ['PAYNETEASY_MERCHANT_LOGIN', () => '', 'is not set.'],
    ['PAYNETEASY_CONTROL_KEY', () => '', 'is not set.'],
    ['PAYNETEASY_MERCHANT_LOGIN', () => '.', 'cannot be “.”.'],
    ['PAYNETEASY_MERCHANT_LOGIN', () => '..', 'cannot be “..”.'],
    ['PAYNETEASY_ENDPOINT_ID', () => '.', 'cannot be “.”.'],
    ['PAYNETEASY_ENDPOINT_ID', () => '..', 'cannot be “..”.'],
    ['PAYNETEASY_PRIVATE_KEY', () => 'not a key', 'is not a readable private key.'],
    ['PAYNETEASY_PRIVATE_KEY', () => newKey(1024), 'has only 1024 bits.'],
    ['PAYNETEASY_PRIVATE_KEY', newEdwardsKey, 'is not an RSA key.'],
  ])('refuses %s when it cannot serve (%#)', (path, value, problem) => {
    let thrown: unknown;
    try {
      create({ environment: { [path]: value() } });
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof ConfigError)) throw new TypeError('it was not refused');
    expect(thrown.problems).toMatchObject([{ path, problem }]);
    expect(thrown.problems[0]?.remedy).toMatch(/^[A-Z].*\.$/);
  });
});

function newKey(modulusLength: number): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function newEdwardsKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
