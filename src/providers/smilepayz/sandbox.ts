// A local SmilePayz v2.0: balances and payouts of a merchant with accounts in several regions.
// Answers are not signed, as theirs are not. Codes beginning with SBX_ are invented: only "00" is
// documented. Callbacks go out by themselves, where their sandbox waits for a click in the portal.
// https://docs.smilepayz.com/en/product/overview/signature.html (sheet compiled 2026-11)
import { generateKeyPairSync, type KeyPairKeyObjectResult, randomBytes } from 'node:crypto';
import type { Sandbox, SandboxAnswer, SandboxDeps, SandboxRequest } from '../sandbox.ts';
import { answerBalance, type SandboxAccount, seedAccounts } from './sandbox-balance.ts';
import { faults, refuseByFault, writeAnswer } from './sandbox-faults.ts';
import type { FieldGeneration } from './sandbox-fields.ts';
import { checkRequest, type Merchant, type Refusal, stripWhiteSpace } from './sandbox-gate.ts';
import { createOrderBook } from './sandbox-orders.ts';
import { createCallbackWriter, payoutFaults, writeStatus, writeTaken } from './sandbox-trades.ts';

export type { SandboxAccount } from './sandbox-balance.ts';

export interface SmilepayzSandboxDeps extends SandboxDeps {
  /** Other books than the demo’s. */
  readonly accounts?: readonly SandboxAccount[];
  /** Made anew when absent; that takes a noticeable part of a second. */
  readonly keys?: SmilepayzSandboxKeys;
  readonly partnerId?: string;
  /** Of the field names of Peru, Colombia and Chile; `current` when absent. */
  readonly generation?: FieldGeneration;
}

export interface SmilepayzSandboxKeys {
  readonly merchant: KeyPairKeyObjectResult;
  readonly platform: KeyPairKeyObjectResult;
}

export function createSandboxKeys(): SmilepayzSandboxKeys {
  return {
    merchant: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    platform: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };
}

type Operation = (body: string, fault: string | undefined, nowMs: number) => string;

export function createSmilepayzSandbox(deps: SmilepayzSandboxDeps): Sandbox {
  const accounts = deps.accounts ?? seedAccounts;
  const keys = deps.keys ?? createSandboxKeys();
  const generation = deps.generation ?? 'current';
  const partnerId = deps.partnerId ?? 'sandbox-20030';
  const merchant: Merchant = {
    partnerId,
    secret: randomBytes(32).toString('hex'),
    publicKey: keys.merchant.publicKey,
  };
  const orders = createOrderBook({ accounts, partnerId, generation });
  const callbacks = createCallbackWriter(keys.platform.privateKey);

  /** Path -> the body of its answer to a request that was let in. */
  const operations: Readonly<Record<string, Operation>> = {
    '/v2.0/inquiry-balance': (body, fault, nowMs) => {
      const balance = answerBalance(body, orders.accountsAt(nowMs));
      return 'accountInfos' in balance ? writeAnswer(balance, fault) : writeRefusal(balance);
    },
    '/v2.0/disbursement/pay-out': (body, fault, nowMs) => {
      const taken = orders.take(body, fault, nowMs);
      return 'code' in taken ? writeRefusal(taken) : writeTaken(taken, fault, toServerTime(nowMs));
    },
    '/v2.0/inquiry-status': (body, fault, nowMs) => {
      const found = orders.find(body);
      return 'code' in found ? writeRefusal(found) : writeStatus(found, fault, nowMs);
    },
  };

  function answer(request: SandboxRequest, fault: string | undefined): SandboxAnswer {
    const nowMs = deps.clock.now();
    const reply = (status: number, body: string): SandboxAnswer => ({
      status,
      headers: { 'content-type': 'application/json', 'x-timestamp': toServerTime(nowMs) },
      body,
    });
    const operate = operations[request.path];
    if (operate === undefined) return reply(404, '{"message":"no such path"}');
    if (request.method !== 'POST') return reply(405, '{"message":"use POST"}');
    if (fault === 'http_401') return reply(401, '{"code":"401","message":"Unauthorized"}');
    const text = request.body.toString('utf8');
    const signed = `${request.headers['x-timestamp']}|${merchant.secret}|${stripWhiteSpace(text)}`;
    const isWindowEnforced = fault !== 'timestamp_ignored';
    const refusal =
      checkRequest(request, merchant, { nowMs, isWindowEnforced }) ?? refuseByFault(fault, signed);
    return reply(200, refusal === undefined ? operate(text, fault, nowMs) : writeRefusal(refusal));
  }

  return {
    id: 'smilepayz',
    faults: { ...faults, ...payoutFaults },
    answer,
    books: () => orders.books(deps.clock.now()),
    takeWebhooks() {
      const nowMs = deps.clock.now();
      return callbacks.take(orders.list(), nowMs, toServerTime(nowMs));
    },
    connect: (origin) => ({
      environment: {
        SMILEPAYZ_PARTNER_ID: merchant.partnerId,
        SMILEPAYZ_BASE_URL: origin,
        SMILEPAYZ_MERCHANT_SECRET: merchant.secret,
        SMILEPAYZ_PRIVATE_KEY: keys.merchant.privateKey
          .export({ type: 'pkcs8', format: 'pem' })
          .toString(),
        SMILEPAYZ_PLATFORM_PUBLIC_KEY: keys.platform.publicKey
          .export({ type: 'spki', format: 'pem' })
          .toString(),
      },
      settings: {
        peru_fields: generation,
        accounts: accounts.map(({ no, use, currency, unit }) => ({ no, use, currency, unit })),
      },
    }),
  };
}

function writeRefusal({ code, message }: Refusal): string {
  const invented = ' (sandbox: SmilePayz documents no error codes)';
  return JSON.stringify({ code, message: message === '' ? '' : `${message}${invented}` });
}

/** Lima, like most of the seeded accounts: an answer’s offset need not be the client’s. */
function toServerTime(nowMs: number): string {
  return `${new Date(nowMs - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}
