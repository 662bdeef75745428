// What the tests of PayCross's balances share: a client at the sandbox, and a server that repeats one
// answer.
import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { paycross } from '../../src/providers/paycross/index.ts';
import { createPaycrossSandbox } from '../../src/providers/paycross/sandbox.ts';
import type { Sandbox } from '../../src/providers/sandbox.ts';
import { createFakeClock } from '../support.ts';
import { keys } from './paycross-payout-scene.ts';
import { type ClientChanges, createReplay, startClient, toTexts } from './start-client.ts';

interface Sample {
  readonly text: string;
  readonly requests: readonly object[];
  readonly request: object;
}
function readSample(name: string): Sample {
  const url = new URL(`fixtures/paycross/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
export const cardSample = readSample('card-balance');
export const apmSample = readSample('apm-balance');

export const deps = { clock: createFakeClock() };

export async function start(changes: ClientChanges & { sandbox?: Sandbox } = {}) {
  const started = await startClient(
    paycross,
    changes.sandbox ?? createPaycrossSandbox(deps, { keys }),
    changes,
  );
  onTestFinished(started.close);
  return started;
}

export const basic = `Basic ${Buffer.from('42:synthetic-key').toString('base64')}`;
export const connection = {
  id: 'paycross',
  connect: (origin: string) => ({
    environment: {
      PAYCROSS_SHOP_ID: '42',
      PAYCROSS_SECRET_KEY: 'synthetic-key',
      PAYCROSS_BASE_URL: origin,
      PAYCROSS_APM_BASE_URL: `${origin}/beyag`,
    },
    settings: undefined,
  }),
};

/** What comes of one account when PayCross answers this text. */
export async function readReplay(text: string, account: object) {
  const { sandbox, asked } = createReplay(connection, text);
  const { provider } = await start({ sandbox, settings: { accounts: [account] } });
  const { lines } = await provider.getBalances();
  expect(lines).toHaveLength(1);
  return { line: lines[0], text: toTexts({ lines, failures: [] })[0], asked };
}

export const cardAnswer = (result: string) => `{"status":"successful","result":${result}}`;
