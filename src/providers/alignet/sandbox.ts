// A local stand-in for Alignet's payfac API: balances and payouts. Written from the documentation as
// the server side; it shares nothing with the client. Payfac 1234 answers the documented samples,
// payfac 5820 has several accounts. There are no notifications, because none are documented.
// https://docs.pay-me.com/api-orquestador/Working-version/balance-query (read 2026-11)
import { randomInt } from 'node:crypto';
import type { Sandbox, SandboxDeps } from '../sandbox.ts';
import {
  answerBalance,
  balanceFaults,
  demoAccounts,
  type SandboxAccount,
  sampleRow,
  toRow,
} from './sandbox-balance.ts';
import { type Envelope, gateFaults, refuseAtGate, wrap } from './sandbox-gate.ts';
import { createLedger } from './sandbox-ledger.ts';
import { answerPayout, payoutFaults } from './sandbox-payouts.ts';

export interface AlignetSandboxOptions {
  /** The scale is undocumented: test with 2 and with 5. */
  readonly amountDecimals?: number;
  /** The balances of the demo payfac, in hundredths of the currency. */
  readonly accounts?: readonly SandboxAccount[];
}

const samplePayfacId = '1234';
const demoPayfacId = '5820';

export function createAlignetSandbox(
  { clock }: SandboxDeps,
  options: AlignetSandboxOptions = {},
): Sandbox {
  const amountDecimals = options.amountDecimals ?? 5;
  const authorization = `${randomText(16)}.${randomText(64)}`;
  const accounts = options.accounts ?? demoAccounts;
  const ledger = createLedger(
    new Map([
      [samplePayfacId, [sampleRow]],
      [demoPayfacId, accounts.map((one) => toRow(one, amountDecimals))],
    ]),
    amountDecimals,
    clock,
  );
  return {
    id: 'alignet',
    faults: { ...gateFaults, ...balanceFaults, ...payoutFaults },
    answer: (request, fault) => {
      const [, payfac = '', call = ''] =
        /^\/onboarding\/payfac\/([^/]+)\/(.+)$/.exec(request.path) ?? [];
      const action = call === 'payouts' ? 'pay_out' : 'pay_out_balance';
      const envelope: Envelope = { action, clock };
      const given = request.headers['authorization'] ?? '';
      const refused = refuseAtGate(given, authorization, fault, envelope);
      if (refused !== undefined) return refused;
      const id = decodeURIComponent(payfac);
      const rows = ledger.findRows(id);
      if (rows !== undefined && call === 'account/balance/monnet') {
        return answerBalance(request, fault, rows, envelope);
      }
      if (rows !== undefined && call === 'payouts') {
        return answerPayout(request, fault, { ledger, payfac: id, envelope });
      }
      return wrap(404, { code: '404', message: 'Not Found', local: 'No existe' }, {}, envelope);
    },
    connect: (origin) => ({
      environment: {
        ALIGNET_AUTHORIZATION: authorization,
        ALIGNET_BASE_URL: origin,
        ALIGNET_PAYFAC_ID: demoPayfacId,
      },
      settings: { amount_decimals: amountDecimals, payout_accounts: payoutAccounts(accounts) },
    }),
    books: ledger.books,
  };
}

/** Payouts draw on the first account of a currency; with a single one nobody has to say so. */
function payoutAccounts(accounts: readonly SandboxAccount[]): Record<string, string> {
  const currencies = new Set(accounts.map(({ currency }) => currency));
  return Object.fromEntries(
    [...currencies].flatMap((currency) => {
      const [first, ...others] = accounts.filter((account) => account.currency === currency);
      return first === undefined || others.length === 0 ? [] : [[currency, first.bank]];
    }),
  );
}

const alphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function randomText(length: number): string {
  return Array.from({ length }, () => alphanumerics.charAt(randomInt(alphanumerics.length))).join(
    '',
  );
}
