// Callbacks of SmilePayz. Their signature covers the trade number and the time, not the body:
// status and amount could be anybody's, and within the window a signature can be used again with
// another body. So a callback only says which payout to ask about.
// https://docs.smilepayz.com/en/guide/feature/callback.html (sheet compiled 2026-11)
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { parseJson, wireText } from '../../json.ts';
import type { ProviderHttp } from '../http.ts';
import type { PayoutWebhook } from '../payouts.ts';
import { isCallbackSigned } from './sign.ts';

const operation = 'callback';
/** No window is documented for callbacks; requests have 5 minutes. */
const ageMaxMs = 10 * 60_000;
const timestampShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const callbackWire = z.object({
  tradeNo: wireText,
  orderNo: z.string().regex(/^[A-Za-z0-9]{6,32}$/),
  status: z.unknown(),
});

export interface CallbacksConfig {
  readonly http: ProviderHttp;
  readonly clock: Clock;
  /** The Platform Public Key of the portal. */
  readonly platformKey: KeyObject;
}

export function createCallbacks({ http, clock, platformKey }: CallbacksConfig): PayoutWebhook {
  const refuse = (problem: string) =>
    http.error({
      code: 'auth_failed',
      operation,
      message: `A callback is not believed to be SmilePayz’s: ${problem}.`,
      remedy:
        'Check SMILEPAYZ_PLATFORM_PUBLIC_KEY (SmilePayz portal, Integration Info) and the clock ' +
        'of this machine. Purser asks for the status by itself anyway.',
    });
  return {
    acknowledgement: { contentType: 'text/plain', body: 'SUCCESS' },
    verify({ method, headers, body }) {
      if (method !== 'POST') throw refuse(`it came as ${method}`);
      const wire = callbackWire.safeParse(parseBody(body));
      if (!wire.success) throw refuse('its body does not name an order and a trade');
      const { tradeNo, orderNo, status } = wire.data;
      const timestamp = headers['x-timestamp'] ?? '';
      const signature = headers['x-signature'] ?? '';
      if (signature === '') throw refuse('it has no X-SIGNATURE');
      if (!isCallbackSigned({ tradeNo, timestamp, signature }, platformKey)) {
        throw refuse('X-SIGNATURE does not fit its tradeNo and X-TIMESTAMP');
      }
      const atMs = timestampShape.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
      // Not a number is refused as well: no comparison with it is true.
      if (!(Math.abs(clock.now() - atMs) <= ageMaxMs)) {
        throw refuse('its X-TIMESTAMP is more than 10 minutes off, as in a replay');
      }
      return { reference: orderNo, providerStatus: toWord(status) };
    },
  };
}

function parseBody(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** For the record only: nothing unsigned goes further than one word. */
function toWord(status: unknown): string {
  return typeof status === 'string' && /^[A-Z_]{1,32}$/.test(status) ? status : 'unreadable';
}
