// A provider at its simplest that keeps the whole contract: what the facts mean. The self-test of
// the contract breaks it on purpose, one rule at a time.
import { z } from 'zod';
import type { ProviderError } from '../../src/errors.ts';
import { parseJson } from '../../src/json.ts';
import { parseDecimal } from '../../src/money.ts';
import {
  type Answer,
  createProviderHttp,
  type ProviderHttp,
  type ProviderHttpConfig,
} from '../../src/providers/http.ts';
import {
  type AccountFailure,
  type BalanceLine,
  type BalanceReading,
  maskAccount,
  type ProviderModule,
} from '../../src/providers/types.ts';
import { createMintPayouts, examplePayee } from './reference-payouts.ts';
import { createMintSandbox } from './reference-sandbox.ts';

const settings = z.strictObject({ account: z.string() });

const balancesWire = z.object({
  rows: z.array(
    z.object({
      no: z.string(),
      currency: z.string().optional(),
      available: z.string().optional(),
      problem: z.string().optional(),
    }),
  ),
});

export type MintModule = ProviderModule<z.output<typeof settings>>;

/** `connect` makes its way out, for those that break there. */
export function createMint(
  connect: (config: ProviderHttpConfig) => ProviderHttp = createProviderHttp,
): MintModule {
  return {
    id: 'mint',
    name: 'Mint',
    aliases: ['coins'],
    environment: [
      { name: 'MINT_KEY', kind: 'secret', isRequired: true, help: 'Key of the Mint.' },
      { name: 'MINT_BASE_URL', kind: 'url', isRequired: true, help: 'Address of the Mint.' },
      { name: 'MINT_BRANCH', kind: 'text', isRequired: false, help: 'Where its coins are.' },
    ],
    settings,
    create({ environment, settings: { account } }, deps) {
      const http = connect({
        ...deps,
        provider: 'mint',
        name: 'Mint',
        baseUrl: environment['MINT_BASE_URL'] ?? '',
        authRemedy: 'Check MINT_KEY.',
      });
      const key = environment['MINT_KEY'] ?? '';
      const headers = { authorization: `Bearer ${key}` };
      return {
        id: 'mint',
        getBalances: () =>
          http.read('balance', async (send) =>
            toReading(http, await send({ method: 'GET', path: '/balances', headers })),
          ),
        payouts: createMintPayouts({ http, headers, key, account }),
        close: http.close,
      };
    },
    examplePayee,
    loadSandbox: async () => createMintSandbox,
  };
}

function toReading(http: ProviderHttp, answer: Answer): BalanceReading {
  const lines: BalanceLine[] = [];
  const failures: AccountFailure[] = [];
  for (const { no, currency, available, problem } of readAnswer(http, 'balance', answer).rows) {
    const account = `account ${maskAccount(no)}`;
    if (problem !== undefined) {
      const message = `Mint says “${problem}” of ${account}.`;
      const error = http.error({ code: 'rejected', operation: 'balance', message });
      failures.push({ account, error });
    } else if (available === undefined || currency === undefined) {
      lines.push({ account, currency, amounts: {}, note: 'Mint gave no amount.' });
    } else lines.push({ account, currency, amounts: { available: read(available, currency) } });
  }
  return { lines, failures };

  function read(text: string, currency: string) {
    try {
      return parseDecimal(text, currency);
    } catch (cause) {
      throw unreadable(http, 'balance', cause);
    }
  }
}

function readAnswer(http: ProviderHttp, operation: string, answer: Answer) {
  const failure = http.errorOfStatus(operation, answer);
  if (failure !== undefined) throw failure;
  try {
    return balancesWire.parse(parseJson(answer.text));
  } catch (cause) {
    throw unreadable(http, operation, cause);
  }
}

function unreadable(http: ProviderHttp, operation: string, cause: unknown): ProviderError {
  const message = 'Mint’s answer cannot be read.';
  return http.error({ code: 'malformed_response', operation, message, cause });
}
