// What each refusal of PaynetEasy becomes, and that no secret leaves with it.
import { describe, expect, it } from 'vitest';
import { createPaynetEasySandbox } from '../../src/providers/payneteasy/sandbox.ts';
import { parseBalanceAnswer } from '../../src/providers/payneteasy/wire.ts';
import { startSandbox } from '../../src/providers/sandbox.ts';
import { createFakeClock } from '../support.ts';
import balance from './fixtures/payneteasy/balance.json' with { type: 'json' };
import refusal from './fixtures/payneteasy/refusal.json' with { type: 'json' };
import { controlKey, openScene, seed } from './payneteasy-scene.ts';

const { clock, getSandbox, log, readError, readLines } = openScene();

describe('a refusal', () => {
  it.each([
    ['auth_401_text', 401, 'PaynetEasy refused Purser’s credentials.'],
    ['auth_403', 403, 'PaynetEasy refused Purser’s credentials.'],
    ['auth_200_html', 200, 'PaynetEasy answered the balance request with “Access is denied”.'],
  ])('%s is auth_failed and names what to check', async (name, httpStatus, message) => {
    getSandbox().switchFault({ name });
    const error = await readError();
    expect(error).toMatchObject({ code: 'auth_failed', httpStatus, message });
    expect(error.remedy).toContain('PAYNETEASY_MERCHANT_LOGIN, PAYNETEASY_CONTROL_KEY');
  });

  it('for a wrong control key or login is auth_failed', async () => {
    const wrongKey = { PAYNETEASY_CONTROL_KEY: 'F9F65098-1111-1111-1111-621611111111' };
    expect((await readError({ environment: wrongKey })).code).toBe('auth_failed');
    const wrongLogin = { PAYNETEASY_MERCHANT_LOGIN: 'somebody_else' };
    expect((await readError({ environment: wrongLogin })).code).toBe('auth_failed');
  });

  it('is found by its text in the documented page, in another page and in plain text', () => {
    expect(parseBalanceAnswer(balance.denied)).toEqual({ kind: 'denied' });
    expect(parseBalanceAnswer('<html>\n<p>access is denied</p></html>')).toEqual({
      kind: 'denied',
    });
    expect(parseBalanceAnswer('Access is denied')).toEqual({ kind: 'denied' });
  });

  it('is found by its text whatever the HTTP status is', async () => {
    const answer = () => ({ status: 500, headers: {}, body: balance.denied });
    const failing = { ...createPaynetEasySandbox({ clock }, seed), answer };
    const running = await startSandbox(failing, { clock });
    const error = await readError({ environment: { ...running.environment } });
    await running.close();
    expect(error).toMatchObject({ code: 'auth_failed', httpStatus: 500 });
    expect(running.requests()).toHaveLength(1);
  });

  it('is not seen in a balance whose name says so', () => {
    const answer = parseBalanceAnswer(balance.success.replace('Test1', 'Access is denied'));
    expect(answer.kind).toBe('lines');
  });

  it('nonce_reused refuses the second use only', async () => {
    getSandbox().switchFault({ name: 'nonce_reused' });
    const newNonce = () => 'thesamenonce0123';
    expect(await readLines({ newNonce })).toHaveLength(4);
    expect((await readError({ newNonce })).code).toBe('auth_failed');
    getSandbox().clearFaults();
    expect(await readLines({ newNonce })).toHaveLength(4);
  });

  it('clock_skew refuses more than five minutes', async () => {
    const serverClock = createFakeClock(clock.now() + 300_000);
    const ahead = createPaynetEasySandbox({ clock: serverClock }, seed);
    const running = await startSandbox(ahead, { clock });
    running.switchFault({ name: 'clock_skew' });
    const environment = { ...running.environment };
    expect(await readLines({ environment })).toHaveLength(4);
    serverClock.advance(1000);
    expect((await readError({ environment })).code).toBe('auth_failed');
    await running.close();
  });

  it.each([
    ['form_error', 200, '1', 'Balance service is not available for this merchant'],
    ['form_validation_error', 200, '1', 'Parameter balance-name is incorrect'],
    ['json_error', 400, '3', 'Merchant is disabled'],
  ])('%s is rejected with the provider’s text', async (name, httpStatus, providerCode, text) => {
    getSandbox().switchFault({ name });
    const error = await readError();
    expect(error).toMatchObject({ code: 'rejected', httpStatus, providerCode });
    expect(error.message).toBe(`PaynetEasy refused the balance request and says: “${text}”.`);
  });

  it('form_error_without_reason says that there is none', async () => {
    getSandbox().switchFault({ name: 'form_error_without_reason' });
    const error = await readError();
    expect(error.code).toBe('rejected');
    expect(error.message).toBe('PaynetEasy refused the balance request without a reason.');
    expect(error.providerCode).toBeUndefined();
  });

  it('in the documented form text is read without its newlines', () => {
    expect(parseBalanceAnswer(refusal.validationError)).toEqual({
      kind: 'refused',
      refusal: {
        message: 'Parameter credit_card_number is required',
        code: '1',
        serialNumber: '00000000-0000-0000-0000-000002231f99',
      },
    });
  });

  it('of a base URL without /paynet says what to check', async () => {
    const environment = { PAYNETEASY_BASE_URL: getSandbox().origin };
    const error = await readError({ environment });
    expect(error.code).toBe('not_found');
    expect(error.remedy).toContain('base URL');
  });

  it('never carries the control key or a signature into the log or the error', async () => {
    const errors: string[] = [];
    for (const name of ['auth_200_html', 'form_error', 'duplicate_row', 'http_500', 'reset']) {
      getSandbox().switchFault({ name });
      const error = await readError();
      errors.push(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`);
      getSandbox().clearFaults();
    }
    const written = `${log.text()} ${errors.join()}`;
    expect(written).toContain('provider answered');
    expect(written).not.toContain(controlKey);
    expect(written).not.toMatch(/oauth_signature|hmac/i);
  });

  it('that quotes the control key is shown without it', async () => {
    const echoing = createPaynetEasySandbox({ clock }, seed);
    const running = await startSandbox(
      {
        ...echoing,
        answer: () => ({
          status: 200,
          headers: {},
          body: `type=error\n&error-message=key+${controlKey}+is+blocked\n`,
        }),
      },
      { clock },
    );
    const error = await readError({ environment: { ...running.environment } });
    await running.close();
    expect(error.message).toContain('key [secret] is blocked');
  });
});
