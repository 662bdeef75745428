// Payouts: v4 (OAuth RSA-SHA256) or v2 (HMAC-SHA1), followed with v2 status and its `control`. Status
// is asked by our reference, and by PaynetEasy's own id as soon as it is known: no page says what
// becomes of a reference that is used twice.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html
// https://doc.payneteasy.com/integration/API_commands/api_v2_status.html (read 2026-11)
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { ProviderHttp } from '../http.ts';
import type { PayoutCalls, PayoutKey, PayoutWebhook } from '../payouts.ts';
import { composeControlledCommand, createCommandSigner } from './commands.ts';
import { decimalsOf } from './decimals.ts';
import { type Clean, parseCommandAnswer, toStatusNews } from './payout-answers.ts';
import { composeParameters, createMask, findMistakes, isCallable } from './payout-order.ts';
import { createRoutes, type PaynetEasyRoute } from './payout-routes.ts';
import { denialOf, judge } from './payout-verdict.ts';
import type { PaynetEasySettings } from './settings.ts';
import { composeControl, encodeRfc3986, type OauthKey } from './sign.ts';

export interface PayoutsConfig {
  readonly http: ProviderHttp;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends in `/paynet`, as in the provider's host table. */
  readonly baseUrl: string;
  readonly login: string;
  readonly controlKey: string;
  readonly endpointId: string;
  /** That of `settings.payout_auth`. */
  readonly oauth: OauthKey;
  readonly settings: PaynetEasySettings;
  readonly webhook: PayoutWebhook;
  newNonce(): string;
  scrub(text: string): string;
  accountFor(currency: string): string | Promise<string>;
}

/**
 * “Every 3-5 s for the first 5 minutes, every 5-10 minutes up to an hour, then rely on the callback”;
 * callbacks get lost, so it is asked on, rarely. Age up to, then every.
 */
const pollSteps: readonly { readonly upToMs: number; readonly everyMs: number }[] = [
  { upToMs: 5 * 60_000, everyMs: 5_000 },
  { upToMs: 60 * 60_000, everyMs: 5 * 60_000 },
];
const slowestPollMs = 30 * 60_000;

export function createPayouts(config: PayoutsConfig): PayoutCalls {
  const { settings, webhook } = config;
  const routes = createRoutes(settings.payout_auth, settings.payout_fields);
  return {
    routes,
    decimalsOf,
    accountFor: (_route, currency) => config.accountFor(currency),
    create: createPayout(config, routes),
    getStatus: createStatusQuery(config),
    pollAfterMs: (ageMs) =>
      pollSteps.find(({ upToMs }) => ageMs < upToMs)?.everyMs ?? slowestPollMs,
    // No document speaks of a payout that comes back.
    returnWindowMs: 0,
    webhook,
  };
}

function createPayout(
  config: PayoutsConfig,
  routes: readonly PaynetEasyRoute[],
): PayoutCalls['create'] {
  const { http, clock, log, settings } = config;
  const version = settings.payout_auth;
  const endpoint = encodeRfc3986(config.endpointId);
  const signers = new Map(
    routes.map(({ id, command }) => [
      id as string,
      createCommandSigner(config, `/api/${version}/${command}/${endpoint}`),
    ]),
  );

  return async (order) => {
    const route = routes.find(({ id }) => id === order.route);
    const sign = signers.get(order.route);
    const mistakes =
      route === undefined ? ['It has no such route here.'] : findMistakes(order, route);
    if (route === undefined || sign === undefined || mistakes.length > 0) {
      throw http.error({
        code: 'rejected',
        operation: 'payout',
        message: `PaynetEasy was not asked: ${mistakes.join(' ')}`,
        remedy: 'Correct the payee or the amount, then ask for the payout anew.',
      });
    }
    if (order.callbackUrl !== undefined && !isCallable(order.callbackUrl)) {
      log.warn({}, 'PUBLIC_URL is not one that PaynetEasy calls: ports 80, 443, 8080, 8443 only');
    }
    const parameters = composeParameters(order, route, settings.order_id_name);
    const clean = createClean(config, createMask([order.reference], order, route));
    return http.write('payout', async (send) => {
      const request = sign(parameters, Math.floor(clock.now() / 1000), config.newNonce());
      return judge(await send(request), { http, clean, order });
    });
  };
}

function createStatusQuery(config: PayoutsConfig): NonNullable<PayoutCalls['getStatus']> {
  const { http, login, controlKey } = config;
  const path = `/api/v2/status/${encodeRfc3986(config.endpointId)}`;
  const operation = 'payout status';

  return (key: PayoutKey) => {
    const { reference, providerReference: orderId } = key;
    const request = composeControlledCommand(path, [
      ['login', login],
      ['client_orderid', reference],
      ...(orderId === undefined ? [] : [['orderid', orderId] as const]),
      ['control', composeControl([login, reference, orderId ?? ''], controlKey)],
    ]);
    const clean = createClean(config, createMask([reference, orderId]));
    return http.read(operation, async (send) => {
      const answer = await send(request);
      const failure = http.errorOfStatus(operation, answer);
      if (failure !== undefined && failure.code !== 'auth_failed') throw failure;
      const read = parseCommandAnswer(answer.text);
      if (failure !== undefined || read.kind === 'denied') {
        throw denialOf(http, operation, answer);
      }
      const news = read.kind === 'fields' ? toStatusNews(read.fields, key, clean) : read.problem;
      if (typeof news !== 'string') return news;
      throw http.error({
        code: 'malformed_response',
        operation,
        httpStatus: answer.status,
        message: `PaynetEasy answered the status query ${news}.`,
      });
    });
  };
}

/** Secrets go first: masking digits inside of one would hide it. */
function createClean({ scrub }: PayoutsConfig, mask: Clean): Clean {
  return (words) => toLine(mask(scrub(words)));
}

const wordsMax = 200;

/** PaynetEasy's words end up in cards and log lines, which want neither line breaks nor pages. */
function toLine(words: string): string {
  const characters = [...words.replace(/[\s\p{Cc}]+/gu, ' ').trim()];
  return characters.length <= wordsMax
    ? characters.join('')
    : `${characters.slice(0, wordsMax - 1).join('')}…`;
}
