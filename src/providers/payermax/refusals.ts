// What PayerMax's codes mean for Purser. `code` alone decides: HTTP statuses are documented nowhere
// and error answers may be unsigned.
// https://docs.payermax.com/doc-center/disbursement/request/api-request.html (read 2026-11); the codes
// of the last two groups come from other pages of the same gateway.
import type { ProviderErrorCode, ProviderErrorFacts } from '../../errors.ts';
import { type Answer, readHeader } from '../http.ts';

interface Refusal {
  readonly code: ProviderErrorCode;
  readonly message: string;
  readonly remedy: string;
}

const later = 'Ask again in a minute; if it stays, ask PayerMax support.';
const busy: Refusal = {
  code: 'unavailable',
  message: 'PayerMax has a problem of its own',
  remedy: later,
};
const badRequest: Refusal = {
  code: 'rejected',
  message: 'PayerMax refused the request',
  remedy: 'Compare the PAYERMAX variables with the PayerMax dashboard.',
};

const refusals: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  [
    'ILLEGAL_IP_REQUEST',
    {
      code: 'auth_failed',
      message: 'PayerMax does not accept calls from this IP address',
      remedy: 'Have the public IP address from which Purser calls put on PayerMax’s whitelist.',
    },
  ],
  [
    'TOO_MANY_REQUEST',
    { code: 'rate_limited', message: 'PayerMax asks Purser to slow down', remedy: later },
  ],
  [
    'MERCHANT_APP_INVALID',
    {
      code: 'auth_failed',
      message: 'PayerMax has no public key for this app',
      remedy:
        'Check PAYERMAX_APP_ID, and that its public key is uploaded in the dashboard (MMC > Settings > Config).',
    },
  ],
  [
    'SIGN_VERIFY_FAILED',
    {
      code: 'auth_failed',
      message: 'PayerMax does not accept Purser’s signature',
      remedy:
        'Check that the public key in the dashboard (MMC > Settings > Config) belongs to PAYERMAX_PRIVATE_KEY, and that both are for the environment of PAYERMAX_BASE_URL.',
    },
  ],
  [
    'CONTRACT_INVALID',
    {
      code: 'rejected',
      message: 'PayerMax has not opened this for the merchant',
      remedy: 'Ask PayerMax to enable it in the contract.',
    },
  ],
  [
    'MERCHANT_INVALID',
    {
      code: 'rejected',
      message: 'PayerMax does not serve this merchant now',
      remedy: 'Check PAYERMAX_MERCHANT_NO and PAYERMAX_MEMBER_ID, then ask PayerMax support.',
    },
  ],
  [
    'ORDER_REPEAT',
    {
      // Not `rejected`: the order that is there may be this very one.
      code: 'unavailable',
      message: 'PayerMax has an order with this reference already',
      remedy: 'Ask for the status of that order.',
    },
  ],
  [
    'ORDER_NOT_EXIST',
    {
      code: 'not_found',
      message: 'PayerMax does not know an order with this reference',
      remedy: 'Ask again in five minutes: once is no proof.',
    },
  ],
  [
    'BALANCE_INSUFFICIENT',
    {
      // Listed for orders that failed later; whether it can stop one at the door is documented nowhere.
      code: 'unavailable',
      message: 'PayerMax says that the balance does not cover it',
      remedy: 'Look at the balance and ask for the status of the order.',
    },
  ],
  ['PARAMS_INVALID', badRequest],
  ['AMOUNT_INVALID', badRequest],
  ['COUNTRY_INVALID', badRequest],
  ['CURRENCY_INVALID', badRequest],
  ['SYSTEM_ERROR', busy],
  ['REQUEST_TIMEOUT', busy],
  ['UNEXPECTED_ERROR', busy],
]);

/** The facts for a code that is not success. A code that no document lists is never a verdict. */
export function explainRefusal(
  providerCode: string,
  text: string,
  answer: Answer,
  nowMs: number,
): Omit<ProviderErrorFacts, 'provider' | 'operation'> {
  const quoted = text.trim() === '' ? '' : quote(text);
  const facts = { providerCode, httpStatus: answer.status };
  if (providerCode === 'REQ_TIME_OVER_TIME') {
    return { ...facts, code: 'auth_failed', ...explainSkew(answer, nowMs) };
  }
  const refusal = refusals.get(providerCode);
  if (refusal === undefined) {
    return {
      ...facts,
      code: 'malformed_response',
      message: `PayerMax answered with the code ${clipCode(providerCode)}, which Purser does not know${quoted}.`,
      remedy: 'Ask PayerMax support what it means.',
    };
  }
  const { code, message, remedy } = refusal;
  return { ...facts, code, message: `${message} (${providerCode})${quoted}.`, remedy };
}

export function isKnownRefusal(providerCode: string): boolean {
  return providerCode === 'REQ_TIME_OVER_TIME' || refusals.has(providerCode);
}

function quote(text: string): string {
  return `: “${text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')}”`;
}

function clipCode(code: string): string {
  return code.length <= 64 ? code : `${code.slice(0, 63)}…`;
}

/** PayerMax accepts a requestTime within two minutes of its own. */
const windowMs = 120_000;

function explainSkew(answer: Answer, nowMs: number): { message: string; remedy: string } {
  const refused = 'PayerMax refused the time of the request (REQ_TIME_OVER_TIME)';
  const theirsMs = Date.parse(readHeader(answer, 'date') ?? '');
  if (Number.isNaN(theirsMs)) {
    return {
      message: `${refused}: this machine’s clock is more than 2 min off.`,
      remedy: 'Set it by NTP.',
    };
  }
  const skewMs = nowMs - theirsMs;
  const span = describeSpan(Math.abs(skewMs));
  const side = skewMs < 0 ? 'behind' : 'ahead of';
  // The header has whole seconds and was written before the answer travelled.
  if (Math.abs(skewMs) < windowMs - 5_000) {
    return {
      message: `${refused}, although this machine’s clock is only ${span} ${side} PayerMax’s.`,
      remedy: 'Look for a proxy or a network that holds requests back for minutes.',
    };
  }
  return {
    message: `${refused}: this machine’s clock is ${span} ${side} PayerMax’s.`,
    remedy: 'Set it by NTP.',
  };
}

/** `3 min 12 s` */
function describeSpan(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
