// Notifications of PayCross. With the shop's public key they must carry `Content-Signature` over the
// raw body; the SDK's way back to HTTP Basic, where that header is missing, is closed then. Without
// the key they must repeat the shop's own credentials.
// https://docs.pay-cross.com/en/dev_tools/webhooks (read 2026-11)
import { createHash, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { z } from 'zod';
import type { ProviderError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import type { ProviderHttp } from '../http.ts';
import type { PayoutWebhook, WebhookRequest } from '../payouts.ts';

const operation = 'webhook';

const notificationWire = z.object({
  transaction: z.object({ tracking_id: z.string().min(1).max(255), status: z.string() }),
});

export interface WebhookConfig {
  readonly http: ProviderHttp;
  /** `Basic …` */
  readonly authorization: string;
  /** Undefined where the shop's key is not configured. */
  readonly publicKey: KeyObject | undefined;
}

export function createPayoutWebhook(config: WebhookConfig): PayoutWebhook {
  const { http, authorization, publicKey } = config;
  const refuse = (problem: string): ProviderError =>
    http.error({
      code: 'auth_failed',
      operation,
      message: `A notification is not believed to be PayCross’s: ${problem}.`,
      remedy:
        'Check PAYCROSS_PUBLIC_KEY, PAYCROSS_SHOP_ID and PAYCROSS_SECRET_KEY. Purser asks for the ' +
        'status by itself anyway.',
    });

  /** Throws for what is not proved to be PayCross's. */
  function authenticate({ headers, body }: WebhookRequest): void {
    if (publicKey === undefined) {
      if (!isSame(headers['authorization'] ?? '', authorization)) {
        throw refuse('it does not repeat the credentials of the shop');
      }
      return;
    }
    const signature = headers['content-signature'] ?? '';
    if (signature === '') throw refuse('it has no Content-Signature');
    if (!verify('RSA-SHA256', body, publicKey, Buffer.from(signature, 'base64'))) {
      throw refuse('Content-Signature does not fit its body');
    }
  }

  return {
    // Only the HTTP status 200 is documented.
    acknowledgement: { contentType: 'text/plain', body: 'OK' },
    verify(request) {
      if (request.method !== 'POST') throw refuse(`it came as ${request.method}`);
      authenticate(request);
      const wire = notificationWire.safeParse(parseBody(request.body));
      if (!wire.success) throw refuse('its body names no transaction with a tracking_id');
      const { tracking_id, status } = wire.data.transaction;
      return { reference: tracking_id, providerStatus: status.slice(0, 40) };
    },
  };
}

/** In constant time, whatever the lengths. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function parseBody(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
