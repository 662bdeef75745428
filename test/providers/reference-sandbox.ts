// The other side of the reference provider: a bank that never was, at its simplest.
import { randomBytes } from 'node:crypto';
import type { Sandbox, SandboxAnswer, SandboxDeps } from '../../src/providers/sandbox.ts';
import { createMintOrders, json, payoutFaults } from './reference-orders.ts';

export interface MintOptions {
  /** Decimal text, of the first account. */
  readonly available?: string;
}

/** The whole number of an account, of which people see the end. */
export const payoutAccount = '21120030202403071031';

const faults = {
  missing_amount: 'leaves the amounts out',
  one_account_fails: 'cannot tell one of its accounts',
  unreadable_amount: 'writes an amount with a comma',
  ...payoutFaults,
} as const;

export function createMintSandbox({ clock }: SandboxDeps, options: MintOptions = {}): Sandbox {
  const key = randomBytes(24).toString('hex');
  const orders = createMintOrders(clock, key);
  const rows = [
    { no: payoutAccount, currency: 'USD', available: options.available ?? '1250.75' },
    { no: '21120030202403078855', currency: 'PEN', available: '0.10' },
  ];

  function answerBalances(fault: string | undefined): SandboxAnswer {
    switch (fault) {
      case 'missing_amount':
        return json(200, { rows: rows.map(({ available, ...rest }) => rest) });
      case 'one_account_fails':
        return json(200, { rows: [rows[0], { no: rows[1]?.no, problem: 'locked' }] });
      case 'unreadable_amount':
        return json(200, { rows: rows.map((row) => ({ ...row, available: '1,5' })) });
      default:
        return json(200, { rows });
    }
  }

  return {
    id: 'mint',
    faults,
    answer({ method, path, headers, body }, fault) {
      if (headers['authorization'] !== `Bearer ${key}`) return json(401, { problem: 'who?' });
      if (path === '/balances') return answerBalances(fault);
      if (path === '/payouts' && method === 'POST') return orders.take(String(body), fault);
      return orders.tell(path.replace('/payouts/', ''), fault);
    },
    books: orders.books,
    takeWebhooks: orders.takeWebhooks,
    connect: (origin) => ({
      environment: { MINT_KEY: key, MINT_BASE_URL: origin, MINT_BRANCH: 'Lima' },
      settings: { account: payoutAccount },
    }),
  };
}
