// How the reference provider pays: one order, one request; a hint is verified, a status is asked.
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson, toJson } from '../../src/json.ts';
import { rescale, toDecimalText } from '../../src/money.ts';
import type { Answer, Exchange, ProviderHttp } from '../../src/providers/http.ts';
import type {
  PayoutCalls,
  PayoutNewsState,
  PayoutOrder,
  PayoutRoute,
} from '../../src/providers/payouts.ts';
import { type ExamplePayee, maskAccount } from '../../src/providers/types.ts';

const route: PayoutRoute = {
  id: 'pe-bank',
  label: 'Peru, bank account',
  country: 'PE',
  currencies: ['USD'],
  fields: [
    {
      name: 'account_no',
      label: 'Account',
      help: 'Its digits, like 19312345678901.',
      isRequired: true,
      isAccountNumber: true,
      pattern: '^\\d{10,20}$',
      lengthMax: 20,
    },
  ],
};

export const examplePayee: ExamplePayee = {
  id: 'rosa',
  name: 'Rosa Quispe',
  route: route.id,
  currency: 'USD',
  fields: { account_no: '19398765432109' },
};

const states: Readonly<Record<string, PayoutNewsState>> = {
  pending: 'submitted',
  paid: 'paid',
  failed: 'failed',
  returned: 'returned',
};

export interface MintPayoutsConfig {
  readonly http: ProviderHttp;
  readonly headers: Readonly<Record<string, string>>;
  readonly key: string;
  readonly account: string;
}

export function createMintPayouts({ http, headers, key, account }: MintPayoutsConfig): PayoutCalls {
  return {
    routes: [route],
    decimalsOf: (currency) => (currency === 'USD' ? 2 : undefined),
    accountFor: () => `account ${maskAccount(account)}`,
    pollAfterMs: (ageMs) => (ageMs < 600_000 ? 30_000 : 3_600_000),
    returnWindowMs: 86_400_000,
    create: (order) =>
      http.write('payout', async (send) => {
        const answer = await send(composePayout(http, headers, order));
        const { code } = read(http, answer, z.object({ code: z.string() }));
        if (code === 'taken') return { state: 'submitted', providerStatus: code };
        const message = `Mint answers “${code}”.`;
        const isRefusal = code === 'refused';
        throw http.error({
          ...{ operation: 'payout', message },
          code: isRefusal ? 'rejected' : 'malformed_response',
        });
      }),
    getStatus: ({ reference }) =>
      http.read('payout status', async (send) => {
        const answer = await send({ method: 'GET', path: `/payouts/${reference}`, headers });
        const wire = z
          .object({ code: z.literal('unknown') })
          .or(z.object({ reference: z.literal(reference), state: z.string() }));
        const news = read(http, answer, wire);
        if ('code' in news) return { state: 'not_found', providerStatus: news.code };
        return { state: states[news.state] ?? 'unresolved', providerStatus: news.state };
      }),
    webhook: {
      acknowledgement: { contentType: 'text/plain', body: 'ok' },
      verify({ headers: given, body }) {
        const signature = createHmac('sha256', key).update(body).digest('hex');
        if (given['x-signature'] !== signature) {
          const message = 'A report is not signed by Mint.';
          throw http.error({ code: 'auth_failed', operation: 'report', message });
        }
        const { reference, state } = JSON.parse(body.toString());
        return { reference, providerStatus: state };
      },
    },
  };
}

function composePayout(
  http: ProviderHttp,
  headers: MintPayoutsConfig['headers'],
  order: PayoutOrder,
): Exchange {
  const { reference, amount, fields, callbackUrl } = order;
  const number = fields['account_no'] ?? '';
  const isPayable = amount.currency === 'USD' && amount.units > 0n && order.route === route.id;
  const isWhole = amount.units % 10n ** BigInt(Math.max(0, amount.decimals - 2)) === 0n;
  if (!isPayable || !isWhole || !/^\d{10,20}$/.test(number)) {
    const message = 'Mint was not asked: it cannot pay this.';
    throw http.error({ code: 'rejected', operation: 'payout', message });
  }
  const body = toJson({
    reference,
    amount: toDecimalText(rescale(amount, 2)),
    currency: amount.currency,
    account_no: number,
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  });
  return { method: 'POST', path: '/payouts', headers, body };
}

function read<T>(http: ProviderHttp, answer: Answer, wire: z.ZodType<T>): T {
  const failure = http.errorOfStatus('payout', answer);
  if (failure !== undefined) throw failure;
  try {
    return wire.parse(parseJson(answer.text));
  } catch (cause) {
    const message = 'Mint’s answer cannot be read.';
    throw http.error({ code: 'malformed_response', operation: 'payout', message, cause });
  }
}
