// A local stand-in for PayCross: both API families on one origin, the card gateway at the root and APM
// below /beyag. Written from the documentation as the server side; it shares nothing with the client.
// https://docs.pay-cross.com/en/integration/card_api, …/apm_api (read 2026-11)
import {
  generateKeyPairSync,
  type KeyPairKeyObjectResult,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from 'node:crypto';
import type { Sandbox, SandboxAnswer, SandboxDeps, SandboxRequest } from '../sandbox.ts';
import {
  answerApmBalance,
  answerCardBalance,
  balanceFaults,
  demoAccounts,
  json,
  type SandboxAccount,
} from './sandbox-balance.ts';
import { payoutFaults } from './sandbox-payout-fates.ts';
import { createSandboxPayouts, type SandboxPayouts } from './sandbox-payouts.ts';

export interface PaycrossSandboxOptions {
  readonly accounts?: readonly SandboxAccount[];
  /** The shop's, for notifications. Made anew when absent; that takes a part of a second. */
  readonly keys?: KeyPairKeyObjectResult;
}

const faults = {
  auth_401_message: 'refuses the credentials with a message alone',
  auth_401_errors: 'refuses the credentials with a message and errors',
  auth_401_nested: 'refuses the credentials with both inside response',
  auth_401_echo: 'refuses the credentials and repeats the Authorization header',
  auth_403_html: 'refuses the credentials: HTTP 403 with a web page',
  error_422_v2: 'answers HTTP 422 as the card API does',
  error_422_apm: 'answers HTTP 422 as the APM API does',
  error_422_precheck: 'answers HTTP 422 with a code and a list of errors',
  error_422_echo: 'answers HTTP 422 and repeats the account asked for',
  error_404: 'answers HTTP 404 with a message inside response',
  error_200_v3: 'answers HTTP 200 with the flat error of API version 3',
  error_200_response: 'answers HTTP 200 with an error inside response',
  error_200_transaction: 'answers HTTP 200 with an error inside transaction',
  ...balanceFaults,
  ...payoutFaults,
} as const;

export function createPaycrossSandbox(
  { clock }: SandboxDeps,
  options: PaycrossSandboxOptions = {},
): Sandbox {
  const shopId = String(randomInt(1000, 99_999));
  const secretKey = randomBytes(32).toString('hex');
  const keys = options.keys ?? generateKeyPairSync('rsa', { modulusLength: 2048 });
  const payouts = createSandboxPayouts({
    clock,
    accounts: options.accounts ?? demoAccounts,
    privateKey: keys.privateKey,
    authorization: `Basic ${Buffer.from(`${shopId}:${secretKey}`).toString('base64')}`,
  });
  return {
    id: 'paycross',
    faults,
    answer: (request, fault) => {
      if (!isAuthorized(request.headers['authorization'], shopId, secretKey)) {
        return json(401, { message: 'Unauthorized' });
      }
      const bent = fault === undefined ? undefined : answerFault(fault, request);
      if (bent !== undefined) return bent;
      payouts.settle();
      return route(request, payouts, fault);
    },
    books: payouts.books,
    takeWebhooks: payouts.takeWebhooks,
    connect: (origin) => ({
      environment: {
        PAYCROSS_SHOP_ID: shopId,
        PAYCROSS_BASE_URL: origin,
        PAYCROSS_APM_BASE_URL: `${origin}/beyag`,
        PAYCROSS_SECRET_KEY: secretKey,
        PAYCROSS_PUBLIC_KEY: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      },
      settings: {
        accounts: [
          { api: 'card', currency: 'USD' },
          { api: 'card', account: '40701810820020300021' },
          { api: 'card', gateway: 7, currency: 'EUR' },
          { api: 'card', gateway: 12 },
          { api: 'apm', gateway: 1234, currency: 'EUR' },
          { api: 'apm', gateway: 1234, currency: 'RUB' },
          { api: 'apm', gateway: 1240 },
        ],
        payout_methods: [bankTransfer],
      },
    }),
  };
}

/** What a method asks for is not documented: these are fields as PayCross could name them. */
const bankTransfer = {
  id: 'sepa',
  type: 'bank_transfer',
  label: 'Euro area, bank account',
  currencies: ['EUR'],
  customer: { first_name: 'required', last_name: 'required', country: 'optional' },
  fields: [
    {
      name: 'account_number',
      label: 'IBAN',
      help: 'Without blanks, like DE89370400440532013000.',
      pattern: '[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}',
      length_max: 34,
      account_number: true,
    },
  ],
};

function route(
  request: SandboxRequest,
  payouts: SandboxPayouts,
  fault: string | undefined,
): SandboxAnswer {
  const { method, path } = request;
  if (method === 'POST' && !request.headers['content-type']?.startsWith('application/json')) {
    return json(415, { message: 'Content-Type must be application/json.' });
  }
  if (method === 'POST' && path === '/balance') {
    return answerCardBalance(request, payouts.accounts, fault);
  }
  if (method === 'POST' && path === '/beyag/balance') {
    return answerApmBalance(request, payouts.accounts, fault);
  }
  return payouts.answer(request, fault) ?? json(404, { message: 'Not found.' });
}

/** The whole answer of a fault that does not depend on the call; undefined for the others. */
function answerFault(fault: string, request: SandboxRequest): SandboxAnswer | undefined {
  const invalid = {
    message: 'Invalid shop_id/secret_key.',
    errors: { system: ['System error.'] },
  };
  const precheck = {
    code: 'E.0625',
    message: 'Invalid transaction parameters',
    friendly_message: 'Please check the data',
    errors: [{ type: ['is missing'] }],
  };
  const shop = { message: 'Shop is blocked.', errors: { shop: ['is blocked'] } };
  switch (fault as keyof typeof faults) {
    case 'auth_401_message':
      return json(401, { message: 'Unauthorized' });
    case 'auth_401_errors':
      return json(401, invalid);
    case 'auth_401_nested':
      return json(401, { response: invalid });
    case 'auth_401_echo':
      return json(401, { message: `Not valid: ${request.headers['authorization']}` });
    case 'auth_403_html':
      return {
        status: 403,
        headers: { 'content-type': 'text/html' },
        body: '<html><body>Forbidden</body></html>',
      };
    case 'error_422_v2':
      return json(422, {
        response: {
          message: 'Number is invalid.',
          errors: { recipient_card: { number: ['is not a card number'] } },
        },
      });
    case 'error_422_apm':
      return json(422, { message: 'Currency is invalid', errors: { currency: ['is missing'] } });
    case 'error_422_precheck':
      return json(422, precheck);
    case 'error_422_echo':
      return json(422, { message: `Not available: ${request.body.toString('utf8')}` });
    case 'error_404':
      return json(404, { response: { message: 'Record not found' } });
    case 'error_200_v3':
      return json(200, { ...precheck, code: 'F.0104', message: 'Not allowed' });
    case 'error_200_response':
      return json(200, { response: shop });
    case 'error_200_transaction':
      return json(200, { transaction: shop });
    default:
      return undefined;
  }
}

/** `Basic base64(shop_id:secret_key)`; the first colon ends the id. */
function isAuthorized(header: string | undefined, shopId: string, secretKey: string): boolean {
  const match = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(header ?? '');
  const given = Buffer.from(match?.[1] ?? '', 'base64');
  const colon = given.indexOf(':');
  if (colon < 0 || given.subarray(0, colon).toString('utf8') !== shopId) return false;
  const key = given.subarray(colon + 1);
  const expected = Buffer.from(secretKey);
  return key.length === expected.length && timingSafeEqual(key, expected);
}
