// What PayerMax's payout tests share: a client that can pay, and an order that the sandbox takes.
import { createSign } from 'node:crypto';
import type { PayoutOrder } from '../../src/providers/payouts.ts';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import { keys, merchantOnly, type Scene, start, toTexts } from './payermax-scene.ts';

export const gatewayPath = '/aggregate-pay/api/gateway/';
export const accountNo = '9234567890';

/** 250.00 USD to a bank account in the Philippines. */
export function composeOrder(changes: Partial<PayoutOrder> = {}): PayoutOrder {
  return {
    reference: 'PU7K2M9QX4ABCD',
    amount: { units: 25000n, decimals: 2, currency: 'USD' },
    route: 'ph-bank',
    payeeName: 'Maria Santos',
    fields: { target_org: 'RCBC', account_no: accountNo },
    note: 'Invoice 4711',
    requestedOn: '2026-11-20',
    ...changes,
  };
}

export function keyOf({ reference, route, amount }: PayoutOrder) {
  return { reference, route, amount };
}

export async function startPayer(scene: Scene = {}) {
  const started = await start({ ...scene, environment: { ...merchantOnly, ...scene.environment } });
  const { payouts } = started.provider;
  if (payouts?.getStatus === undefined || payouts.webhook === undefined) {
    throw new Error('PayerMax can pay, be asked and report');
  }
  const { getStatus, webhook, validate } = payouts;
  return {
    ...started,
    payouts,
    webhook,
    ask: getStatus,
    check: async (order: PayoutOrder) => validate?.(order),
    /** What `/balance` says of the account that payouts in the currency draw on. */
    async funds(currency: string): Promise<Record<string, string>> {
      const { lines } = await started.provider.getBalances();
      const account = payouts.accountFor('ph-bank', currency);
      const line = lines.find((one) => one.account === account && one.currency === currency);
      return line === undefined ? {} : toTexts(line);
    },
    /** The requests to one API, as JSON. */
    sent(api: string): Record<string, unknown>[] {
      return started.running
        .requests()
        .filter(({ path }) => path === `${gatewayPath}${api}`)
        .map(({ body }) => JSON.parse(body));
    },
  };
}

/** Lets the sandbox answer as it does, and then changes the text of the answer. */
export function rewrite(change: (body: string) => { status?: number; body: string }) {
  return (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    answer(request, fault) {
      const answer = sandbox.answer(request, fault);
      return { ...answer, ...change(String(answer.body)) };
    },
  });
}

/** Lets the sandbox answer as it does, changes `data` of its successes and signs them anew. */
export function resign(change: (data: Record<string, unknown>) => object) {
  return (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    answer(request, fault) {
      const answer = sandbox.answer(request, fault);
      const json = JSON.parse(String(answer.body));
      const body = JSON.stringify({ ...json, data: change(json.data) });
      const sign = createSign('SHA256').update(body).sign(keys.platform.privateKey, 'base64');
      return { ...answer, headers: { ...answer.headers, sign }, body };
    },
  });
}
