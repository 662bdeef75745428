// The rules of the sandbox for payouts: those of the documented field tables, one broken at a time.
import { describe, expect, it } from 'vitest';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import { createFakeClock } from '../support.ts';
import { keys, readSample } from './paycross-payout-scene.ts';

describe('the sandbox of payouts', () => {
  const card = readSample('card-payout').request.request;
  const apm = readSample('apm-payout').request.request;
  const recipientCard = Object(card['recipient_credit_card']);
  const billing = Object(card['recipient_billing_address']);
  const cardCases: [object, string][] = [
    [{ amount: undefined }, '{"amount":["is missing"]}'],
    [{ amount: 0 }, '{"amount":["must be a positive integer"]}'],
    [{ amount: -1 }, '{"amount":["must be a positive integer"]}'],
    [{ amount: 1.5 }, '{"amount":["must be a positive integer"]}'],
    [{ amount: '100' }, '{"amount":["expected a number"]}'],
    [{ currency: 'usd' }, '{"currency":["is not a currency code"]}'],
    [{ description: undefined }, '{"description":["is missing"]}'],
    [{ description: '' }, '{"description":["can\'t be blank"]}'],
    [{ description: 'x'.repeat(256) }, '{"description":["is too long"]}'],
    [{ tracking_id: 'x'.repeat(256) }, '{"tracking_id":["is too long"]}'],
    [{ notification_url: 'nowhere' }, '{"notification_url":["is not a URL"]}'],
    [{ duplicate_check: 'yes' }, '{"duplicate_check":["must be true or false"]}'],
    [{ language: 'english' }, '{"language":["is not a language code"]}'],
    [{ surprise: 1 }, '{"surprise":["is unknown"]}'],
    [{ recipient_credit_card: undefined }, '{"recipient_credit_card":["is missing"]}'],
    [
      { recipient_credit_card: { ...recipientCard, number: '12' } },
      '{"recipient_credit_card":{"number":["is not a card number"]}}',
    ],
    [
      { recipient_credit_card: { ...recipientCard, token: 'abcdefgh' } },
      '{"recipient_credit_card":["needs number or token"]}',
    ],
    [{ recipient_credit_card: {} }, '{"recipient_credit_card":["needs number or token"]}'],
    [
      { recipient_credit_card: { ...recipientCard, exp_month: '13' } },
      '{"recipient_credit_card":{"exp_month":["is not a month"]}}',
    ],
    [
      { recipient_billing_address: { ...billing, first_name: 'x'.repeat(31) } },
      '{"recipient_billing_address":{"first_name":["is too long"]}}',
    ],
    [
      { recipient_billing_address: { ...billing, country: 'USA' } },
      '{"recipient_billing_address":{"country":["is not a country code"]}}',
    ],
    [{ recipient: { birth_date: 'May' } }, '{"recipient":{"birth_date":["is not a date"]}}'],
    [{ test: undefined, currency: 'XTS' }, '{"currency":["is not supported"]}'],
  ];
  const apmCases: [object, string][] = [
    [{ amount: undefined }, '{"amount":["is missing"]}'],
    [{ description: undefined }, '{"description":["is missing"]}'],
    [{ method: undefined }, '{"method":["is missing"]}'],
    [{ method: {} }, '{"method":{"type":["is missing"]}}'],
    [{ method: { type: '' } }, '{"method":{"type":["is missing"]}}'],
    [{ customer: { shoe_size: '44' } }, '{"customer":{"shoe_size":["is unknown"]}}'],
    [{ recipient_credit_card: {} }, '{"recipient_credit_card":["is unknown"]}'],
    [{ test: undefined, currency: 'USD' }, '{"currency":["is not supported"]}'],
  ];

  function ask(path: string, body: unknown, headers: Record<string, string> = {}) {
    const sandbox = createPaycrossSandbox({ clock: createFakeClock() }, { keys });
    const own = sandbox.connect('').environment;
    const shop = `${own['PAYCROSS_SHOP_ID']}:${own['PAYCROSS_SECRET_KEY']}`;
    const authorization = `Basic ${Buffer.from(shop).toString('base64')}`;
    const answer = sandbox.answer(
      {
        method: 'POST',
        path,
        query: new URLSearchParams(),
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: Buffer.from(JSON.stringify(body)),
      },
      undefined,
    );
    return { status: answer.status, body: JSON.parse(String(answer.body)), sandbox };
  }

  it.each(cardCases)('refuses of the card API %j', (changes, errors) => {
    const path = '/transactions/payouts';
    const { status, body, sandbox } = ask(path, { request: { ...card, ...changes } });
    expect([status, JSON.stringify(body.response?.errors)]).toEqual([422, errors]);
    expect(body.response.message).toMatch(/^[A-Z].*\.$/);
    expect(sandbox.books?.()).toEqual([]);
  });

  it.each(apmCases)('refuses of the APM API %j', (changes, errors) => {
    for (const path of ['/beyag/transactions/payouts', '/beyag/transactions/payout']) {
      const { status, body, sandbox } = ask(path, { request: { ...apm, ...changes } });
      expect([status, JSON.stringify(body.errors)]).toEqual([422, errors]);
      expect(sandbox.books?.()).toEqual([]);
    }
  });

  it('wants the wrapper, JSON, its version and the credentials', () => {
    const path = '/transactions/payouts';
    expect(ask(path, card).status).toBe(422);
    expect(ask(path, { request: card }, { 'content-type': 'text/plain' }).status).toBe(415);
    expect(ask(path, { request: card }, { 'x-api-version': '3' }).status).toBe(422);
    expect(ask(path, { request: card }, { authorization: 'Basic eDp5' }).status).toBe(401);
    expect(ask('/transactions/payout', { request: card }).status).toBe(404);
    expect(ask(path, { request: card }, { 'x-api-version': '2' }).status).toBe(200);
  });
});
