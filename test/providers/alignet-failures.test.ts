// Every way in which Alignet can fail, over real HTTP: one typed error with a sentence and a remedy,
// and no secret in it or in the log.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { alignet } from '../../src/providers/alignet/index.ts';
import { createAlignetSandbox } from '../../src/providers/alignet/sandbox.ts';
import { balanceFaults } from '../../src/providers/alignet/sandbox-balance.ts';
import { gateFaults } from '../../src/providers/alignet/sandbox-gate.ts';
import { createFakeClock } from '../support.ts';
import { type ClientChanges, createReplay, failureOf, startClient } from './start-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(changes: ClientChanges = {}) {
  const sandbox = createAlignetSandbox({ clock: createFakeClock() });
  const started = await startClient(alignet, sandbox, changes);
  closers.push(started.close);
  const secret = started.running.environment['ALIGNET_AUTHORIZATION'] ?? '';
  return { ...started, secret };
}

async function readReplay(body: string) {
  const own = createAlignetSandbox({ clock: createFakeClock() });
  const { sandbox } = createReplay({ id: own.id, connect: own.connect }, body);
  const { provider, close } = await startClient(alignet, sandbox);
  closers.push(close);
  return provider.getBalances();
}

function answerWith(status: object): string {
  return JSON.stringify({ action: 'pay_out_balance', balance: [], meta: { status } });
}

const authRemedy =
  'Check ALIGNET_AUTHORIZATION (the value as Alignet gave it, without a scheme word), ' +
  'ALIGNET_PAYFAC_ID, and that ALIGNET_BASE_URL is the host the value was issued for.';
const contractRemedy =
  'Purser shows no amount rather than a guess; ask Alignet what changed, or whether ' +
  'ALIGNET_BASE_URL is its payfac API.';
const supportRemedy = 'Alignet documents no error codes; ask its support what this one means.';
const malformed = (problem: string) => ({
  code: 'malformed_response',
  httpStatus: 200,
  message: `Alignet’s answer is not as documented (${problem}).`,
  remedy: contractRemedy,
});

const failures: Record<string, object> = {
  auth_401: {
    code: 'auth_failed',
    httpStatus: 401,
    providerCode: '401',
    message: 'Alignet refused Purser’s credentials. It says “Unauthorized” (code 401).',
    remedy: authRemedy,
  },
  auth_401_echo: {
    code: 'auth_failed',
    message: 'Alignet refused Purser’s credentials. It says “Unknown key [secret]” (code 401).',
    remedy: authRemedy,
  },
  auth_403_html: {
    code: 'auth_failed',
    httpStatus: 403,
    message: 'Alignet refused Purser’s credentials.',
    remedy: authRemedy,
  },
  auth_200_code: {
    code: 'auth_failed',
    httpStatus: 200,
    providerCode: '401',
    message: 'Alignet refused Purser’s credentials. It says “Unauthorized” (code 401).',
    remedy: authRemedy,
  },
  auth_200_number: { code: 'auth_failed', httpStatus: 200, providerCode: '403' },
  unknown_code: {
    code: 'rejected',
    providerCode: '97',
    message: 'Alignet did not give the balance. It says “Switch down” (code 97).',
    remedy: supportRemedy,
  },
  unprocessable_422: {
    code: 'rejected',
    httpStatus: 422,
    providerCode: '22',
    message: 'Alignet refused the request (HTTP 422). It says “Wrong provider” (code 22).',
    remedy: 'Check ALIGNET_PAYFAC_ID and ALIGNET_BASE_URL.',
  },
  missing_meta: malformed('meta: expected object, received undefined'),
  missing_balance: malformed('balance: expected array, received undefined'),
  balance_object: malformed('balance: expected array, received object'),
  string_amount: malformed('balance[0].total_balance: expected a number'),
  fraction_amount: malformed(
    'balance[0].total_balance: expected a whole number, because its scale would be in doubt',
  ),
  missing_currency: malformed('balance[0].currency: expected string, received undefined'),
  numeric_currency: malformed('balance[0].currency: expected a currency like PEN'),
};
const successes = ['number_code', 'no_rows', 'missing_total', 'null_total', 'many_rows'];

describe('failures', () => {
  it.each(Object.entries(failures))('%s is one clear error', async (name, expected) => {
    const { running, provider, log, secret } = await start();
    running.switchFault({ name });
    const error = await failureOf(provider.getBalances());
    expect(error).toMatchObject({ provider: 'alignet', operation: 'balance', ...expected });
    expect(running.requests()).toHaveLength(1);
    log.error({ error }, 'logged as it is');
    expect(log.text()).not.toContain(secret);
  });

  it('every fault of balances is tried here, and listed in the README', () => {
    const faults = { ...gateFaults, ...balanceFaults };
    const tried = [...Object.keys(failures), ...successes, 'same_rows'];
    expect(tried.sort()).toEqual(Object.keys(faults).sort());
    const readme = readFileSync(
      new URL('../../src/providers/alignet/README.md', import.meta.url),
      'utf8',
    );
    for (const [name, text] of Object.entries(faults)) {
      expect(readme.replace(/ +/g, ' ')).toContain(`| \`${name}\` | ${text} |`);
    }
  });

  it('a code given as the number 0 is success', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'number_code' });
    expect((await provider.getBalances()).lines).toHaveLength(3);
  });

  it.each(['', ' ', '000', '0 0', 'OK'])('the code “%s” is not success', async (code) => {
    const error = await failureOf(readReplay(answerWith({ code })));
    expect(error.code).toBe('rejected');
  });

  it('an unknown payfac is not found, with the variable to check', async () => {
    const { provider } = await start({ environment: { ALIGNET_PAYFAC_ID: '999' } });
    expect(await failureOf(provider.getBalances())).toMatchObject({
      code: 'not_found',
      httpStatus: 404,
      remedy: 'Check ALIGNET_PAYFAC_ID and ALIGNET_BASE_URL.',
    });
  });

  it.each([
    ['html', 'malformed_response', 'Alignet answered with a web page instead of JSON.'],
    ['empty', 'malformed_response', 'Alignet answered with nothing instead of JSON.'],
    ['invalid_json', 'malformed_response', 'Alignet answered with broken text instead of JSON.'],
    ['timeout', 'timed_out', 'Alignet did not answer within 0.15 s.'],
    ['http_429', 'rate_limited', 'Alignet asks Purser to slow down (HTTP 429).'],
    ['http_500', 'unavailable', 'Alignet has a problem of its own (HTTP 500).'],
  ])('%s on the wire is %s', async (name, code, message) => {
    const { running, provider } = await start({ deadlineMs: name === 'timeout' ? 150 : 5_000 });
    running.switchFault({ name });
    expect(await failureOf(provider.getBalances())).toMatchObject({ code, message });
  });

  it('a passing failure is asked again with the same header', async () => {
    const { running, provider } = await start();
    running.switchFault({ name: 'http_500', times: 2 });
    expect((await provider.getBalances()).lines).toHaveLength(3);
    expect(running.requests()).toHaveLength(3);
  });

  it('brackets without end are broken text, not a crash', async () => {
    expect(await failureOf(readReplay('['.repeat(200_000)))).toMatchObject({
      code: 'malformed_response',
    });
  });

  it('quotes the local message where there is no other, in one line and not for ever', async () => {
    const value = `Sin   saldo\n${'x'.repeat(500)}`;
    const status = { code: '51', message: '', message_ilgn: [{ value: null }, { value }] };
    const error = await failureOf(readReplay(answerWith(status)));
    expect(error.message).toContain('“Sin saldo x');
    expect(error.message.length).toBeLessThan(300);
  });

  it('gives a code that is none no place beside the message', async () => {
    const status = { code: `<b>${'9'.repeat(30)}`, message: 'No' };
    const error = await failureOf(readReplay(answerWith(status)));
    expect(error).toMatchObject({ code: 'rejected', providerCode: undefined });
  });
});
