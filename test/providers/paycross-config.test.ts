// Every mistake in the configuration of PayCross is told, and no secret with it.
import { describe, expect, it } from 'vitest';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import { configErrorOf } from './start-client.ts';

const deps = { clock: createFakeClock() };
const cardOnly = { accounts: [{ api: 'card', account: '40701810842020395221' }] };

describe('configuration', () => {
  const environment = {
    PAYCROSS_SHOP_ID: '42',
    PAYCROSS_SECRET_KEY: 'synthetic-key',
    PAYCROSS_BASE_URL: 'http://127.0.0.1:1',
    PAYCROSS_APM_BASE_URL: 'http://127.0.0.1:1/beyag',
  };
  const create = (settings: unknown, changed: Record<string, string> = {}) =>
    paycross.create(
      { environment: { ...environment, ...changed }, settings: paycross.settings.parse(settings) },
      {
        clock: createFakeClock(),
        log: createRecordingLog(),
        newNonce: newTestNonce,
        scrub: (text) => text,
      },
    );

  it.each([{}, { accounts: [] }])('needs accounts: %j is refused', (settings) => {
    const error = configErrorOf(() => create(settings));
    expect(error.problems).toEqual([
      {
        path: 'team.yaml: providers.paycross.accounts',
        problem: 'No account is listed, and PayCross has no call that lists them.',
        remedy: expect.stringContaining('depends on your acquirer'),
      },
    ]);
  });

  it.each([
    [{ api: 'card', account: 1234567 }, 'account', 'in quotes'],
    [{ api: 'card', currency: 'usd' }, 'currency', 'in capitals'],
    [{ api: 'card', gateway: '12a' }, 'gateway', 'as digits'],
    [{ api: 'card', gateway: 1.5 }, 'gateway', 'as digits'],
    [{ api: 'card', gateway: 2 ** 60 }, 'gateway', 'as digits'],
    [{ api: 'apm', currency: 'EUR' }, 'gateway', 'each APM account needs one'],
    [{ api: 'cards' }, 'api', 'api: card or api: apm'],
  ])('says what to write instead of %j', (account_, field, words) => {
    const issue = paycross.settings.safeParse({ accounts: [account_] }).error?.issues[0];
    expect(issue?.path).toEqual(['accounts', 0, field]);
    expect(issue?.message).toContain(words);
  });

  it('refuses an unknown key and an account that is listed twice', () => {
    const parse = (...accounts: object[]) => paycross.settings.safeParse({ accounts }).error;
    expect(parse({ api: 'card', gatway: 5 })?.issues[0]?.message).toContain('gatway');
    const twice = parse({ api: 'card', gateway: 5 }, { api: 'card', gateway: '5' });
    expect(twice?.issues[0]).toMatchObject({
      path: ['accounts', 1],
      message: 'it is listed twice',
    });
  });

  it('names the variable that is missing or wrong, never its value', () => {
    for (const [name, value] of [
      ['PAYCROSS_SECRET_KEY', ' '],
      ['PAYCROSS_SHOP_ID', '42:synthetic-key'],
    ] as const) {
      const error = configErrorOf(() => create(cardOnly, { [name]: value }));
      expect(error.problems[0]?.path).toBe(name);
      expect(error.message).not.toContain('synthetic-key');
    }
  });

  it('is switched on by the shop id and defaults to the documented hosts', () => {
    expect(paycross.environment[0]).toMatchObject({ name: 'PAYCROSS_SHOP_ID', isRequired: true });
    const defaults = paycross.environment.flatMap(({ name, defaultValue }) =>
      defaultValue === undefined ? [] : [[name, defaultValue]],
    );
    expect(defaults).toEqual([
      ['PAYCROSS_BASE_URL', 'https://gateway.pay-cross.com'],
      ['PAYCROSS_APM_BASE_URL', 'https://data.pay-cross.com/beyag'],
    ]);
  });

  it('loads its sandbox on demand', async () => {
    expect((await paycross.loadSandbox())(deps).id).toBe('paycross');
  });
});
