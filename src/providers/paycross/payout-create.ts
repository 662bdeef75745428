// Orders a payout: one request, never again. What counts is the transaction in the answer, not its
// HTTP status, which is not documented. Without one only two answers say for certain that nothing
// happened: a 401 and a 422, each with PayCross's words in it.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout (read 2026-11)
import type { ProviderError } from '../../errors.ts';
import { parseJson, toJson } from '../../json.ts';
import { compareMoney } from '../../money.ts';
import type { Answer, ProviderHttp } from '../http.ts';
import type { PayoutNews, PayoutOrder } from '../payouts.ts';
import { createAnswerReader } from './answers.ts';
import { findMistakes } from './payout-checks.ts';
import { createMask, toSafeNews } from './payout-mask.ts';
import type { PaycrossRoute } from './payout-routes.ts';
import { toNews, toPayoutBody, transactionWire } from './payout-wire.ts';
import type { AskedAccount, PaycrossSettings } from './settings.ts';
import { describeIssue, type Outcome } from './wire.ts';

const operation = 'payout';
const rejectedRemedy = 'Correct the payee or the amount; PayCross’s support can say more.';
/** Duplicate, and a previous one that is still processing: which payout they mean is not said. */
const doubleCodes: ReadonlySet<string> = new Set(['F.0108', 'F.0135']);

/** What every call about payouts needs. */
export interface PayoutCallConfig {
  readonly http: Readonly<Record<AskedAccount['api'], ProviderHttp>>;
  /** With the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly settings: PaycrossSettings;
  scrub(text: string): string;
}

/** Nothing was sent: nothing happened. */
export function unpayable(http: ProviderHttp, mistakes: readonly string[]): ProviderError {
  return http.error({
    code: 'rejected',
    operation,
    message: `PayCross was not asked: ${mistakes.join(' ')}`,
    remedy: 'Correct the payee, the amount or team.yaml: providers.paycross; then ask again.',
  });
}

export function createPayout(
  config: PayoutCallConfig,
  routes: readonly PaycrossRoute[],
): (order: PayoutOrder) => Promise<PayoutNews> {
  const { headers, settings } = config;
  const paths = { card: '/transactions/payouts', apm: settings.apm_payout_path };

  return async (order) => {
    const route = routes.find(({ id }) => id === order.route);
    if (route === undefined) {
      throw unpayable(config.http.card, [`There is no route ${order.route}.`]);
    }
    const { api } = route;
    const http = config.http[api];
    const mistakes = findMistakes(order, route);
    if (mistakes.length > 0) throw unpayable(http, mistakes);
    const body = toJson({ request: toPayoutBody(order, route, settings.test) });
    const read = createAnswerJudge(config, route, order);
    return http.write(operation, async (send) =>
      read(await send({ method: 'POST', path: paths[api], headers, body })),
    );
  };
}

function createAnswerJudge(
  { http: connections, settings, scrub }: PayoutCallConfig,
  route: PaycrossRoute,
  order: PayoutOrder,
): (answer: Answer) => PayoutNews {
  const { api } = route;
  const http = connections[api];
  const reader = createAnswerReader(http, operation, { rejected: rejectedRemedy });
  const numbers = route.fields
    .filter(({ isAccountNumber }) => isAccountNumber)
    .map(({ name }) => order.fields[name] ?? '');
  const mask = createMask(numbers, [order.reference]);
  const hide = (text: string) => mask(scrub(text));

  return (answer) => {
    const said = reader.findOutcome(answer);
    const words = said?.words === undefined ? undefined : hide(said.words);
    const outcome: Outcome | undefined = said && { ...said, words };
    const transaction = answer.status < 500 ? findTransaction(answer) : undefined;
    if (transaction === undefined) {
      const failure = http.errorOfStatus(operation, answer);
      const message = failure?.message ?? 'Its answer holds no transaction.';
      const code = isRefusal(answer, outcome) ? failure?.code : undefined;
      throw reader.error(answer, code ?? 'outcome_unknown', message, outcome);
    }
    const wire = transactionWire.safeParse(transaction);
    if (!wire.success) throw reader.unreadable(answer, describeIssue(wire.error));
    const news = toSafeNews(toNews(wire.data, { api, isTest: settings.test }), hide);
    if (news.state === 'failed' && doubleCodes.has(outcome?.code ?? '')) {
      throw reader.error(answer, 'outcome_unknown', 'It takes it for a duplicate.', outcome);
    }
    return toCreateNews(news, order);
  };
}

/** The documented shapes of wrong credentials and of a request that is not accepted. */
function isRefusal(answer: Answer, outcome: Outcome | undefined): boolean {
  if (outcome?.words === undefined) return false;
  const { code } = outcome;
  if (answer.status === 401) return true;
  // Codes with E were not accepted; those with F were tried, and a query says what became of them.
  return answer.status === 422 && (code === undefined || /^E\.\d+$/.test(code));
}

function findTransaction(answer: Answer): unknown {
  try {
    const body = parseJson(answer.text);
    const isObject = typeof body === 'object' && body !== null;
    return isObject && 'transaction' in body ? body.transaction : undefined;
  } catch {
    return undefined;
  }
}

/** Even “successful” is proved by the status query; another amount or reference proves nothing. */
function toCreateNews(news: PayoutNews, order: PayoutOrder): PayoutNews {
  const isOther =
    news.reference !== order.reference ||
    news.amount?.currency !== order.amount.currency ||
    compareMoney(news.amount, order.amount) !== 0;
  if (isOther) {
    const reason = 'PayCross’s answer names another amount, currency or reference.';
    return { state: 'unresolved', providerStatus: news.providerStatus, reason };
  }
  return news.state === 'paid' ? { ...news, state: 'submitted' } : news;
}
