// Callbacks of PaynetEasy: a GET whose `control` covers status, order ids and the control key. The
// amount is not covered, so a callback only says which payout to ask about.
// https://doc.payneteasy.com/integration/API_commands/merchant_callback_parameters.html (read 2026-11)
import type { ProviderHttp } from '../http.ts';
import type { PayoutWebhook } from '../payouts.ts';
import { composeControl, isSameControl } from './sign.ts';

const operation = 'callback';
const referenceLengthMax = 128;

export interface CallbacksConfig {
  readonly http: ProviderHttp;
  readonly controlKey: string;
}

export function createCallbacks({ http, controlKey }: CallbacksConfig): PayoutWebhook {
  const refuse = (problem: string) =>
    http.error({
      code: 'auth_failed',
      operation,
      message: `A callback is not believed to be PaynetEasy’s: ${problem}.`,
      remedy: 'Check PAYNETEASY_CONTROL_KEY. Purser asks for the status by itself anyway.',
    });
  return {
    // Anything but HTTP 200 is sent again, up to 30 times in 14 days; the text does not matter.
    acknowledgement: { contentType: 'text/plain', body: 'OK' },
    verify({ method, query }) {
      if (method !== 'GET') throw refuse('it did not come as GET');
      const given = query.get('control') ?? '';
      if (given === '') throw refuse('it has no control');
      // A field that is missing counts as empty.
      const [status, orderId, reference] = ['status', 'orderid', 'client_orderid'].map(
        (name) => query.get(name) ?? '',
      ) as [string, string, string];
      const expected = composeControl([status, orderId, reference], controlKey);
      if (!isSameControl(given, expected)) throw refuse('its control does not fit its order');
      if (reference === '' || reference.length > referenceLengthMax) {
        throw refuse('it does not name an order of a merchant');
      }
      return { reference, providerStatus: /^\w{1,32}$/.test(status) ? status : 'unreadable' };
    },
  };
}
