// SmilePayz balances, over HTTP against its sandbox. Signatures and the sandbox’s own rules are in
// smilepayz-signature.test.ts; fixtures name their sources.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { ProviderError, type ProviderErrorCode } from '../../src/errors.ts';
import { createScrubber } from '../../src/log.ts';
import { formatMoney } from '../../src/money.ts';
import { startSandbox } from '../../src/providers/sandbox.ts';
import { smilepayz } from '../../src/providers/smilepayz/index.ts';
import {
  createSandboxKeys,
  createSmilepayzSandbox,
  type SandboxAccount,
} from '../../src/providers/smilepayz/sandbox.ts';
import type { BalanceLine, Provider } from '../../src/providers/types.ts';
import { createFakeClock, createRecordingLog, newTestNonce } from '../support.ts';
import balanceRequest from './fixtures/smilepayz/balance-request.json' with { type: 'json' };

const keys = createSandboxKeys();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Scene {
  accounts?: readonly SandboxAccount[];
  settings?: (given: unknown) => unknown;
  sandboxClock?: Clock;
  deadlineMs?: number;
  budgetMs?: number;
}

async function start(scene: Scene = {}) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const { accounts } = scene;
  const sandbox = createSmilepayzSandbox({ clock, keys, ...(accounts ? { accounts } : {}) });
  const running = await startSandbox(sandbox, { clock: scene.sandboxClock ?? clock });
  const { environment } = running;
  const secrets = [environment['SMILEPAYZ_MERCHANT_SECRET'], environment['SMILEPAYZ_PRIVATE_KEY']];
  const settings = smilepayz.settings.parse(
    scene.settings ? scene.settings(running.settings) : running.settings,
  );
  const provider = smilepayz.create(
    { environment, settings },
    {
      clock,
      log,
      newNonce: newTestNonce,
      scrub: createScrubber(secrets.map(String)),
      deadlineMs: scene.deadlineMs ?? 2_000,
      ...(scene.budgetMs === undefined ? {} : { budgetMs: scene.budgetMs }),
    },
  );
  closers.push(() => provider.close(), running.close);
  const hidden = [...secrets.map(String), ...settings.accounts.map(({ no }) => no)];
  return { provider, running, log, clock, hidden };
}

const pen: SandboxAccount = {
  no: '21120030202403071031',
  use: 'payout',
  currency: 'PEN',
  unit: 'minor',
  decimals: 2,
  total: 1050n,
  available: 1050n,
};

function told(line: BalanceLine | undefined): Record<string, string> {
  const entries = Object.entries(line?.amounts ?? {});
  return Object.fromEntries(entries.map(([kind, amount]) => [kind, formatMoney(amount)]));
}

async function failureOf(provider: Provider): Promise<ProviderError> {
  const failure = await provider.getBalances().catch((error: unknown) => error);
  if (!(failure instanceof ProviderError)) throw new TypeError('a ProviderError was expected');
  return failure;
}

async function onlyLine(scene: Scene, fault?: string): Promise<BalanceLine | undefined> {
  const { provider, running } = await start(scene);
  if (fault !== undefined) running.switchFault({ name: fault });
  const { lines, failures } = await provider.getBalances();
  expect(failures).toEqual([]);
  expect(lines).toHaveLength(1);
  return lines[0];
}

test('sends the documented body and reads the documented fields', async () => {
  const { provider, running } = await start({ accounts: [pen] });
  const { lines } = await provider.getBalances();
  expect(running.requests().map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', '/v2.0/inquiry-balance', balanceRequest.body],
  ]);
  expect(lines.map((line) => [line.account, line.currency, told(line), line.note])).toEqual([
    ['payout ••1031', 'PEN', { available: '10.50 PEN', total: '10.50 PEN' }, undefined],
  ]);
});

test('reads every account of the demo, in the unit configured for each', async () => {
  const { provider } = await start();
  const { lines } = await provider.getBalances();
  expect(lines.map((line) => [line.account, told(line)])).toEqual([
    ['payout ••1031', { available: '79,060.05 PEN', total: '84,310.55 PEN' }],
    ['pay-in ••1032', { total: '215,689.40 PEN' }],
    ['payout ••0915', { available: '1,196,750,000 IDR', total: '1,284,500,000 IDR' }],
    ['payout ••1031', { available: '18,250,000 CLP', total: '18,250,000 CLP' }],
    ['payout ••1122', { available: '912.05 BRL', total: '1,284.50 BRL' }],
    ['payout ••0800', { available: '50,000.0000 USDT', total: '52,340.1875 USDT' }],
  ]);
});

test('money of a pay-in account is never available to payouts', async () => {
  const account: SandboxAccount = { ...pen, use: 'payin', available: 105000n, total: 120000n };
  const line = await onlyLine({ accounts: [account] });
  expect(told(line)).toEqual({ total: '1,200.00 PEN' });
  expect(line?.note).toBe(
    'pay-in account: payouts cannot draw on it; move money in the SmilePayz portal. ' +
      'Available in it: 1,050.00 PEN',
  );
  const bare = await onlyLine({ accounts: [account] }, 'missing_available');
  expect(bare?.note).toMatch(/in the SmilePayz portal\.$/);
  expect(told(await onlyLine({ accounts: [account] }, 'missing_amount'))).toEqual({});
});

test('the same digits are a hundred times as much in major units', async () => {
  const whole = { ...pen, decimals: 0, unit: 'major' } as const;
  expect(told(await onlyLine({ accounts: [whole] }))).toEqual({
    available: '1,050 PEN',
    total: '1,050 PEN',
  });
});

test.each([
  ['value', undefined],
  ['JSON number', 'value_as_number'],
])('keeps every digit of a big %s', async (_form, fault) => {
  const big = 99_999_999_999_999_999_99n;
  const amounts = { total: big, available: 1000n };
  const minor = await onlyLine({ accounts: [{ ...pen, ...amounts }] }, fault);
  expect(minor?.amounts.total).toEqual({ units: big, decimals: 2, currency: 'PEN' });
  const major = await onlyLine({ accounts: [{ ...pen, ...amounts, unit: 'major' }] }, fault);
  expect(told(major)).toEqual({
    total: '99,999,999,999,999,999.99 PEN',
    available: '10.00 PEN',
  });
});

test('reads a negative balance and one of zero as they are', async () => {
  const line = await onlyLine({ accounts: [{ ...pen, total: 0n, available: -5n }] });
  expect(told(line)).toEqual({ total: '0.00 PEN', available: '-0.05 PEN' });
});

test.each([
  ['account_infos_object', { available: '10.50 PEN', total: '10.50 PEN' }],
  ['missing_type', { available: '10.50 PEN', total: '10.50 PEN' }],
  ['extra_type', { available: '10.50 PEN', total: '10.50 PEN' }],
  ['value_as_number', { available: '10.50 PEN', total: '10.50 PEN' }],
  ['timestamp_ignored', { available: '10.50 PEN', total: '10.50 PEN' }],
  ['missing_available', { total: '10.50 PEN' }],
  ['missing_value', { total: '10.50 PEN' }],
  ['missing_amount', { available: '10.50 PEN' }],
])('%s: shows what was given, once, and nothing else', async (fault, expected) => {
  expect(told(await onlyLine({ accounts: [pen] }, fault))).toEqual(expected);
});

const refusals: [fault: string, code: ProviderErrorCode, message: RegExp, remedy: RegExp][] = [
  ['bad_signature', 'rejected', /code SBX_SIGNATURE, “X-SIGNATURE does not/, /PRIVATE_KEY/],
  ['echoed_string', 'rejected', /\|\[secret\]\|.*••1031/, /MERCHANT_SECRET/],
  ['stale_timestamp', 'rejected', /code SBX_STALE/, /more than 5 minutes off/],
  ['unknown_account', 'rejected', /accountNo ••1031 does not exist/, /smilepayz\.accounts/],
  ['unknown_code', 'rejected', /payout ••1031: code 7F, no message\./, /no error codes/],
  ['http_401', 'auth_failed', /refused Purser’s credentials/, /SMILEPAYZ_PARTNER_ID, /],
  ['account_infos_missing', 'malformed_response', /accountInfos/, /support/],
  ['missing_currency', 'malformed_response', /availableBalance\.currency is missing/, /currency/],
  ['only_available_type', 'malformed_response', /no entry .* BALANCE but AVAILABLE/, /support/],
  ['doubled_entry', 'malformed_response', /2 entries of BALANCE/, /support/],
  ['value_with_fraction', 'malformed_response', /fraction.*unit: minor/, /Agree the unit/],
  ['value_grouped', 'malformed_response', /amount\.value is not a decimal/, /support/],
  ['other_currency', 'malformed_response', /configured as PEN and answers in THB/, /currency/],
  ['other_account', 'malformed_response', /for another account/, /support/],
  ['html', 'malformed_response', /web page instead of JSON/, /SMILEPAYZ_BASE_URL/],
  ['empty', 'malformed_response', /empty/, /support/],
  ['invalid_json', 'malformed_response', /not JSON/, /support/],
  ['redirect', 'malformed_response', /redirect/, /base URL/],
  ['http_500', 'unavailable', /HTTP 500/, /status page/],
  ['http_429', 'rate_limited', /slow down/, /Ask again/],
];

test.each(refusals)(
  '%s: fails as %s with a sentence and a remedy',
  async (fault, code, message, remedy) => {
    const { provider, running, log, hidden } = await start({ accounts: [pen] });
    running.switchFault({ name: fault });
    const failure = await failureOf(provider);
    expect(failure).toMatchObject({ code, provider: 'smilepayz', operation: 'balance' });
    expect(failure.message).toMatch(message);
    expect(failure.remedy).toMatch(remedy);
    log.error({ failure }, 'as the caller would log it');
    for (const value of hidden) expect(log.text()).not.toContain(value);
  },
);

test('a refusal carries the provider’s own code', async () => {
  const { provider, running } = await start({ accounts: [pen] });
  running.switchFault({ name: 'unknown_code' });
  expect(await failureOf(provider)).toMatchObject({ providerCode: '7F', httpStatus: 200 });
});

test('a server that does not answer is a time-out', async () => {
  const { provider, running } = await start({ accounts: [pen], deadlineMs: 150 });
  running.switchFault({ name: 'timeout' });
  expect((await failureOf(provider)).code).toBe('timed_out');
});

test('every fault of the sandbox is tried in these tests', () => {
  const { faults } = createSmilepayzSandbox({ clock: createFakeClock(), keys });
  const here = new URL('./', import.meta.url);
  const source = readdirSync(here)
    .filter((name) => /^smilepayz.*\.test\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, here), 'utf8'))
    .join('\n');
  const untried = Object.keys(faults).filter((fault) => !source.includes(`'${fault}'`));
  expect(untried).toEqual([]);
});

test('one account that fails does not take the others with it', async () => {
  const { provider } = await start({
    settings: (given) => ({
      ...Object(given),
      accounts: [
        { no: '21120030999999999999', use: 'payout', currency: 'PEN', unit: 'minor' },
        { no: pen.no, use: 'payout', currency: 'PEN', unit: 'minor' },
      ],
    }),
  });
  const { lines, failures } = await provider.getBalances();
  expect(lines.map(({ account }) => account)).toEqual(['payout ••1031']);
  expect(failures.map(({ account, error }) => [account, error.code])).toEqual([
    ['payout ••9999', 'rejected'],
  ]);
});

test('throws the first account’s error when every account fails', async () => {
  const accounts = ['21120030999999999991', '21120030999999999992'].map((no) => ({
    no,
    use: 'payout',
    currency: 'PEN',
    unit: 'minor',
  }));
  const { provider } = await start({ settings: () => ({ accounts }) });
  expect((await failureOf(provider)).message).toContain('payout ••9991');
});

test('asks all accounts at the same time', async () => {
  // Nobody is answered before all six are waiting.
  const waiting: (() => void)[] = [];
  const sandboxClock: Clock = {
    ...systemClock,
    sleep: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 6) for (const release of waiting) release();
      }),
  };
  const { provider, running } = await start({ sandboxClock });
  running.switchFault({ name: 'slow' });
  const { lines, failures } = await provider.getBalances();
  expect([lines.length, failures.length]).toEqual([6, 0]);
});

test('signs a retry anew, with the time of the retry', async () => {
  // Ten minutes pass before the retry: a signature of the first attempt would be stale.
  const { provider, running, clock } = await start({ accounts: [pen], budgetMs: 3_600_000 });
  running.switchFault({ name: 'http_429', times: 1, retryAfterS: 600 });
  const { lines } = await provider.getBalances();
  expect(clock.slept).toEqual([600_000]);
  expect(lines).toHaveLength(1);
});

test('tells apart two accounts whose last digits are the same', async () => {
  const twin = { ...pen, no: '21120030202501011031' };
  const { provider } = await start({ accounts: [pen, twin] });
  const { lines } = await provider.getBalances();
  expect(lines.map(({ account }) => account)).toEqual(['payout ••1031', 'payout ••1031 (2)']);
});

test('the README lists exactly the sandbox’s faults', () => {
  const path = new URL('../../src/providers/smilepayz/README.md', import.meta.url);
  const rows = readFileSync(path, 'utf8').matchAll(/^\| `(\w+)` *\| (.+?) *\|$/gm);
  const { faults } = createSmilepayzSandbox({ clock: createFakeClock(), keys });
  expect(Object.fromEntries([...rows].map(([, name, what]) => [name, what]))).toEqual(faults);
});
