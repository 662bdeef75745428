// Asks PaynetEasy for the balances of one merchant (v2, OAuth 1.0a with HMAC-SHA1). A refusal can
// be HTTP 401, 403 or a web page with HTTP 200, and is never a balance of zero.
// https://doc.payneteasy.com/integration/API_commands/api_v2_get_balance_merchant.html (read 2026-11)
import type { Clock } from '../../clock.ts';
import type { Answer, Exchange, ProviderHttp } from '../http.ts';
import type { BalanceReading } from '../types.ts';
import { createCommandSigner } from './commands.ts';
import { encodeRfc3986, toHmacKey } from './sign.ts';
import { parseBalanceAnswer, type Refusal } from './wire.ts';

export interface BalanceRequestConfig {
  /** Ends in `/paynet`, as in the provider's host table. */
  readonly baseUrl: string;
  readonly login: string;
  readonly controlKey: string;
  /** Undefined asks for all balances. */
  readonly balanceName: string | undefined;
}

export interface BalanceClientConfig extends BalanceRequestConfig {
  readonly http: ProviderHttp;
  readonly clock: Clock;
  newNonce(): string;
}

export interface BalanceClient {
  getBalances(): Promise<BalanceReading>;
}

const operation = 'balance';

export function createBalanceClient(config: BalanceClientConfig): BalanceClient {
  const { http, clock } = config;
  const composeRequest = createBalanceRequestComposer(config);
  return {
    getBalances: () =>
      http.read(operation, async (send) => {
        // Made anew in each attempt: a server may refuse a nonce that it has seen.
        const timestampS = Math.floor(clock.now() / 1000);
        return toReading(http, await send(composeRequest(timestampS, config.newNonce())));
      }),
  };
}

/** Key and address are prepared once; each call of the result signs one request. */
export function createBalanceRequestComposer(
  config: BalanceRequestConfig,
): (timestampS: number, nonce: string) => Exchange {
  const sign = createCommandSigner(
    { ...config, oauth: { method: 'HMAC-SHA1', key: toHmacKey(config.controlKey) } },
    `/api/v2/get-balance/merchant/${encodeRfc3986(config.login)}`,
  );
  const { balanceName } = config;
  const parameters = balanceName === undefined ? [] : [['balance-name', balanceName] as const];
  return (timestampS, nonce) => sign(parameters, timestampS, nonce);
}

function toReading(http: ProviderHttp, answer: Answer): BalanceReading {
  const httpStatus = answer.status;
  const statusError = http.errorOfStatus(operation, answer);
  const parsed = parseBalanceAnswer(answer.text);
  switch (parsed.kind) {
    case 'lines':
      if (statusError !== undefined) throw statusError;
      return { lines: parsed.lines, failures: [] };
    case 'denied':
      throw http.error({
        code: 'auth_failed',
        operation,
        httpStatus,
        message: 'PaynetEasy answered the balance request with “Access is denied”.',
      });
    case 'refused':
      // A 401, 404, 429 or 5xx says more than the text beside it; another 4xx says less.
      if (statusError !== undefined && statusError.code !== 'rejected') throw statusError;
      throw http.error({ ...explainRefusal(parsed.refusal), operation, httpStatus });
    case 'unreadable':
      if (statusError !== undefined) throw statusError;
      throw http.error({
        code: 'malformed_response',
        operation,
        httpStatus,
        message: `PaynetEasy answered the balance request ${parsed.problem}.`,
        remedy:
          'Check that PAYNETEASY_BASE_URL ends in /paynet; if it does, ask PaynetEasy support.',
        cause: parsed.cause,
      });
  }
}

function explainRefusal({ message, code, serialNumber }: Refusal) {
  const reason = message === undefined ? 'without a reason' : `and says: “${message}”`;
  return {
    code: 'rejected',
    message: `PaynetEasy refused the balance request ${reason}.`,
    remedy:
      'Check PAYNETEASY_MERCHANT_LOGIN and providers.payneteasy.balance_name in the team file.',
    ...(code === undefined ? {} : { providerCode: code }),
    ...(serialNumber === undefined ? {} : { requestId: serialNumber }),
  } as const;
}
