// What PayerMax posts when a payout ends or comes back. Its signature covers the whole body, by a key
// that all merchants of an environment share: so the app must be ours as well.
// https://docs.payermax.com/en/202606-version/disbursement/notices.md (read 2026-11)
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../json.ts';
import type { ProviderHttp } from '../http.ts';
import type { PayoutWebhook } from '../payouts.ts';
import { toLine } from './payout-wire.ts';
import { isSignedByPlatform } from './sign.ts';

const operation = 'notification';

const notificationWire = z.object({
  appId: z.string(),
  merchantNo: z.string().nullish(),
  notifyType: z.literal('PAYOUT'),
  data: z.object({
    outTradeNo: z.string().regex(/^[A-Za-z0-9_]{1,63}$/),
    status: z.string().min(1),
  }),
});

export interface NotificationsConfig {
  readonly http: ProviderHttp;
  readonly appId: string;
  readonly merchantNo: string;
  readonly platformPublicKey: KeyObject;
}

export function createNotifications(config: NotificationsConfig): PayoutWebhook {
  const { http, appId, merchantNo, platformPublicKey } = config;
  const refuse = (message: string) => http.error({ code: 'auth_failed', operation, message });

  return {
    // Only this code counts; anything else is sent again, up to six times in twelve hours.
    acknowledgement: {
      contentType: 'application/json',
      body: '{"msg":"Success","code":"SUCCESS"}',
    },
    verify({ headers, body }) {
      if (!isSignedByPlatform(body, headers['sign'], platformPublicKey)) {
        throw refuse('A notification is not signed by the configured PayerMax platform key.');
      }
      const wire = notificationWire.safeParse(readJson(body));
      if (!wire.success) {
        throw http.error({
          code: 'malformed_response',
          operation,
          message: 'A notification that PayerMax signed is not about a payout as documented.',
          remedy: 'Purser asks for the status by itself; ask PayerMax support what it sends.',
        });
      }
      const { data, ...sender } = wire.data;
      if (sender.appId !== appId || (sender.merchantNo ?? merchantNo) !== merchantNo) {
        throw refuse('A notification that PayerMax signed is for another app or merchant.');
      }
      return { reference: data.outTradeNo, providerStatus: toLine(data.status, 64) };
    },
  };
}

/** Undefined when the body is not JSON. */
function readJson(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
