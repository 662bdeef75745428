// When it is certain that nothing happened at PayCross, and when it is not: every answer to a payout
// that is not the documented one, over real HTTP, each after exactly one request.
import { describe, expect, it } from 'vitest';
import { transportFaults } from '../../src/providers/sandbox.ts';
import {
  apmOrder,
  cardOrder,
  families,
  iban,
  keyOf,
  replayPayouts,
  startPayouts,
  token,
  transactionOf,
} from './paycross-payout-scene.ts';
import { failureOf } from './start-client.ts';

const doubt = 'PayCross may or may not have acted: ';
const unknown = (message: string) => ({
  code: 'outcome_unknown',
  message: expect.stringContaining(doubt + message),
});

describe.each(families)('a payout of the $api API', ({ api, order }) => {
  const doubtful = Object.keys(transportFaults).filter((name) => name !== 'slow');

  it.each(doubtful)('is in doubt after %s, and is sent once', async (name) => {
    const { payouts, running } = await startPayouts({ deadlineMs: 1_000 });
    running.switchFault({ name, path: 'transactions/payout' });
    expect((await failureOf(payouts.create(order()))).code).toBe('outcome_unknown');
    const sent = running.requests().filter(({ method }) => method === 'POST');
    expect(sent).toHaveLength(1);
    const isTaken = name.startsWith('process_') || name === 'truncated';
    expect(running.books()).toHaveLength(isTaken ? 1 : 0);
    const news = await payouts.getStatus(keyOf(order()));
    expect(news.state).toBe(isTaken ? 'submitted' : 'not_found');
  });

  it('was not sent where nobody listens', async () => {
    const { payouts, running } = await startPayouts();
    await running.close();
    const error = await failureOf(payouts.create(order()));
    expect(error.code).toBe('unavailable');
  });

  it.each([
    ['auth_401_message', 'auth_failed', 'It says “Unauthorized”.'],
    [
      'auth_401_errors',
      'auth_failed',
      'It says “Invalid shop_id/secret_key. (system: System error.)”.',
    ],
    [
      'auth_401_nested',
      'auth_failed',
      'It says “Invalid shop_id/secret_key. (system: System error.)”.',
    ],
    ['auth_401_echo', 'auth_failed', 'It says “Not valid: Basic [secret]”.'],
    [
      'error_422_v2',
      'rejected',
      'It says “Number is invalid. (recipient_card.number: is not a card number)”.',
    ],
    ['error_422_apm', 'rejected', 'It says “Currency is invalid (currency: is missing)”.'],
    [
      'error_422_precheck',
      'rejected',
      'It says “Invalid transaction parameters (type: is missing)” (code E.0625).',
    ],
    [
      'error_422_echo',
      'rejected',
      api === 'card' ? '"token":"••c246"' : '"account_number":"••3000"',
    ],
    ['auth_403_html', 'outcome_unknown', 'PayCross refused Purser’s credentials.'],
    ['error_404', 'outcome_unknown', 'It says “Record not found”.'],
    ['error_200_v3', 'outcome_unknown', 'It says “Not allowed (type: is missing)” (code F.0104).'],
    ['error_200_response', 'outcome_unknown', 'It says “Shop is blocked. (shop: is blocked)”.'],
    ['error_200_transaction', 'outcome_unknown', 'PayCross’s answer is not as documented'],
  ])('on %s is %s', async (name, code, words) => {
    const { payouts, running, log } = await startPayouts();
    running.switchFault({ name });
    const error = await failureOf(payouts.create(order()));
    expect(error).toMatchObject({ code, provider: 'paycross', operation: 'payout' });
    expect(error.message).toContain(words);
    expect(running.requests()).toHaveLength(1);
    expect(running.books()).toEqual([]);
    log.error({ error }, 'logged as it is');
    for (const hidden of [token, iban, running.environment['PAYCROSS_SECRET_KEY'] ?? '']) {
      expect(log.text()).not.toContain(hidden);
    }
  });

  it.each([
    [401, '{}'],
    [401, '<html>Unauthorized</html>'],
    [403, { message: 'Forbidden' }],
    [400, { message: 'Bad request' }],
    [404, { message: 'Not found.' }],
    [409, { message: 'Conflict' }],
    [422, '<html>no</html>'],
    [422, '{}'],
    [422, { code: 'F.0114', message: 'Insufficient funds' }],
    [422, { code: 'F.0108', message: 'Duplicate' }],
    [422, { code: 'P.0001', message: 'In progress' }],
    [429, { message: 'Too many requests' }],
    [500, { response: { message: 'Oops' } }],
    [500, { transaction: transactionOf(order(), { status: 'failed' }) }],
    [200, { code: 'E.0625', message: 'Invalid transaction parameters' }],
    [200, '[]'],
    [200, 'null'],
    [200, '"transaction"'],
    [200, { transaction: 'yes' }],
    [200, { transaction: transactionOf(order(), { amount: '12550' }) }],
    [200, { transaction: transactionOf(order(), { amount: 125.5 }) }],
    [200, { transaction: transactionOf(order(), { status: '' }) }],
    [200, { transaction: transactionOf(order(), { currency: undefined }) }],
    [200, { transaction: transactionOf(order(), { status: 'failed', code: 'F.0108' }) }],
    [200, { transaction: transactionOf(order(), { status: 'failed', code: 'F.0135' }) }],
  ])('is in doubt after HTTP %i %j', async (status, body) => {
    const { payouts, asked } = await replayPayouts(body, status);
    expect(await failureOf(payouts.create(order()))).toMatchObject(unknown(''));
    expect(asked).toHaveLength(1);
  });

  it.each([
    [{ status: 'initial' }, api === 'apm' ? 'submitted' : 'unresolved'],
    [{ status: 'pending' }, 'submitted'],
    [{ status: 'incomplete' }, api === 'card' ? 'submitted' : 'unresolved'],
    [{ status: 'successful' }, 'submitted'],
    [{ status: 'Successful' }, 'submitted'],
    [{ status: 'failed' }, 'failed'],
    [{ status: 'error' }, 'unresolved'],
    [{ status: 'unsuccessful' }, 'unresolved'],
    [{ amount: 12_551 }, 'unresolved'],
    [{ currency: 'RUB' }, 'unresolved'],
    [{ currency: 'XAU', amount: 1 }, 'unresolved'],
    [{ tracking_id: 'PTEST00000000002' }, 'unresolved'],
    [{ tracking_id: null }, 'unresolved'],
    [{ type: 'payment' }, 'unresolved'],
    [{ test: true }, 'unresolved'],
    [{ test: undefined }, 'submitted'],
    [{ uid: undefined }, 'submitted'],
    [{ uid: 'two words' }, 'submitted'],
    [{ status: 'failed', amount: 12_551 }, 'unresolved'],
    [{ status: 'failed', test: true }, 'unresolved'],
  ])('answered with %o is %s, whatever the HTTP status', async (changes, state) => {
    for (const status of [200, 201, 402, 422]) {
      const { payouts } = await replayPayouts(
        { transaction: transactionOf(order(), changes) },
        status,
      );
      expect((await payouts.create(order())).state).toBe(state);
    }
  });

  it.each([
    ['successful', 'paid'],
    ['SUCCESSFUL', 'paid'],
    ['failed', 'failed'],
    ['incomplete', api === 'card' ? 'submitted' : 'unresolved'],
    ['pending', 'submitted'],
    ['initial', api === 'apm' ? 'submitted' : 'unresolved'],
    ['expired', api === 'apm' ? 'failed' : 'unresolved'],
    ['deleted', api === 'apm' ? 'failed' : 'unresolved'],
    ['error', 'unresolved'],
    ['returned', 'unresolved'],
    ['constructor', 'unresolved'],
  ])('asked about in the status %s is %s', async (status, state) => {
    const transactions = [transactionOf(order(), { status })];
    for (const body of [{ transactions }, transactions, { transaction: transactions[0] }]) {
      const { payouts } = await replayPayouts(body);
      const news = await payouts.getStatus(keyOf(order()));
      expect(news).toMatchObject({ state, providerStatus: status, amount: order().amount });
    }
  });

  it('is told in words of one line, however PayCross writes them', async () => {
    const changes = {
      status: 'fai\nled',
      message: 'line 1\r\nline 2\u0000\u001b[31m',
      type: 'a\nb',
    };
    const { payouts } = await replayPayouts({ transactions: [transactionOf(order(), changes)] });
    const { state, providerStatus, reason } = await payouts.getStatus(keyOf(order()));
    expect(state).toBe('unresolved');
    expect(`${providerStatus}${reason}`).not.toMatch(/\p{Cc}/u);
  });

  it.each(['[]', '{"transactions":[]}'])('is not found in %s', async (body) => {
    const { payouts } = await replayPayouts(body);
    expect(await payouts.getStatus(keyOf(order()))).toEqual({
      state: 'not_found',
      providerStatus: '[]',
    });
  });

  it.each([
    ['another reference', [{ tracking_id: 'PTEST00000000002' }]],
    ['no reference', [{ tracking_id: null }]],
    ['another type', [{ type: 'payment' }]],
    ['a test', [{ test: true }]],
    ['another uid', [{ uid: '1-ffffffffff' }]],
    ['two payouts', [{}, { uid: '1-ffffffffff' }]],
    ['two payouts, of which one failed', [{ status: 'failed' }, {}]],
  ])('is unresolved where PayCross answers with %s', async (_name, changes) => {
    const transactions = changes.map((one) => transactionOf(order(), one));
    const { payouts } = await replayPayouts({ transactions });
    const key = { ...keyOf(order()), providerReference: '1-310b0da80b' };
    const news = await payouts.getStatus(key);
    expect(news.state).toBe('unresolved');
    expect(news.reason).toMatch(/^PayCross (?:has|answer)/);
  });

  it('gives the amount and the reference as PayCross has them, for the caller to compare', async () => {
    const transactions = [transactionOf(order(), { amount: 1, currency: 'JPY' })];
    const { payouts } = await replayPayouts({ transactions });
    expect(await payouts.getStatus(keyOf(order()))).toMatchObject({
      reference: order().reference,
      amount: { units: 1n, decimals: 0, currency: 'JPY' },
    });
  });

  it.each([
    '{}',
    'null',
    '"x"',
    '{"transactions":7}',
    '{"transactions":[{"tracking_id":"PTEST00000000001"}]}',
  ])('has no status in %s', async (body) => {
    const { payouts } = await replayPayouts(body);
    const error = await failureOf(payouts.getStatus(keyOf(order())));
    expect(error).toMatchObject({ code: 'malformed_response', operation: 'payout status' });
  });

  it.each([
    ['html', 'malformed_response'],
    ['http_500', 'unavailable'],
    ['auth_401_nested', 'auth_failed'],
    ['error_404', 'not_found'],
  ])('has no status on %s, which is no answer', async (name, code) => {
    const { payouts, running } = await startPayouts();
    running.switchFault({ name });
    expect((await failureOf(payouts.getStatus(keyOf(order())))).code).toBe(code);
  });

  it('is not found once, and then found', async () => {
    const { payouts, running } = await startPayouts();
    running.switchFault({ name: 'not_found_once', times: 1 });
    await payouts.create(order());
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('not_found');
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('submitted');
  });

  it('taken for two is never said to be paid', async () => {
    const { payouts, running, clock } = await startPayouts();
    running.switchFault({ name: 'processes_twice', times: 1 });
    const mine = order({ reference: 'PTWICE' });
    await payouts.create(mine).catch(() => {});
    clock.advance(6_000);
    expect(running.books().map(({ reference }) => reference)).toEqual(['PTWICE', 'PTWICE']);
    const news = await payouts.getStatus(keyOf(mine));
    expect(news).toMatchObject({ state: 'unresolved', providerStatus: '2 of 2 transactions' });
    expect(news.reason).toContain('may have been paid more than once');
  });

  it('in the status error has failed when it still says so a minute later', async () => {
    const { payouts, running, clock } = await startPayouts();
    running.switchFault({ name: 'error_status', times: 1 });
    await payouts.create(order());
    clock.advance(6_000);
    const ask = async () => (await payouts.getStatus(keyOf(order()))).state;
    expect(await ask()).toBe('unresolved');
    clock.advance(59_999);
    expect(await ask()).toBe('unresolved');
    clock.advance(1);
    expect(await ask()).toBe('failed');
  });

  it('called a test by PayCross moved no money, so it is not paid', async () => {
    const { payouts, running } = await startPayouts();
    running.switchFault({ name: 'test_answer', times: 1 });
    const news = await payouts.create(order());
    expect(news).toMatchObject({ state: 'unresolved', providerStatus: 'successful' });
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('unresolved');
  });

  it('ordered as a test is no real payout', async () => {
    const started = await startPayouts();
    const settings = { ...Object(started.running.settings), test: true };
    const { payouts, running } = await startPayouts({ settings });
    await payouts.create(order());
    expect(running.requests()[0]?.body).toContain('"test":true');
    expect((await payouts.getStatus(keyOf(order()))).state).toBe('paid');
    const real = await replayPayouts({ transaction: transactionOf(order()) }, 200, settings);
    expect((await real.payouts.create(order())).state).toBe('unresolved');
  });

  it('quotes reasons without numbers of payees', async () => {
    const message = `No ${token}, ${iban}, 4111 1111 1111 1111 for PTEST00000000001`;
    const transactions = [transactionOf(order(), { status: 'failed', message })];
    const { payouts } = await replayPayouts({ transactions });
    expect((await payouts.getStatus(keyOf(order()))).reason).toBe(
      'No ••c246, ••3000, ••1111 for PTEST00000000001',
    );
    const created = await replayPayouts({ transaction: transactions[0] });
    expect((await created.payouts.create(order())).reason).not.toContain(iban);
  });
});

describe('a duplicate', () => {
  it('by PayCross’s own check is in doubt, and the query says what became of it', async () => {
    const { payouts, running, available } = await startPayouts();
    await payouts.create(cardOrder());
    const again = cardOrder({ reference: 'PTEST00000000002' });
    expect(await failureOf(payouts.create(again))).toMatchObject({
      ...unknown('It takes it for a duplicate. It says “Duplicate transaction” (code F.0108)'),
      providerCode: 'F.0108',
    });
    expect((await payouts.getStatus(keyOf(again))).state).toBe('failed');
    expect(await available('card USD')).toBe(128_435_075n - 12_550n);
    running.switchFault({ name: 'duplicate_transaction', times: 1 });
    expect((await failureOf(payouts.create(apmOrder()))).code).toBe('outcome_unknown');
  });

  it('is no longer one after 30 s, for another amount or to another card', async () => {
    const { payouts, clock } = await startPayouts();
    await payouts.create(cardOrder());
    const fields = { card_token: `${token.slice(0, -1)}7` };
    const amount = { units: 12_551n, decimals: 2, currency: 'USD' };
    for (const other of [{ fields }, { amount }]) {
      expect((await payouts.create(cardOrder(other))).state).toBe('submitted');
    }
    clock.advance(30_000);
    expect((await payouts.create(cardOrder())).state).toBe('submitted');
  });
});
