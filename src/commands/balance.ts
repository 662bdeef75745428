// /balance: every provider is asked at the same time, and each shows as soon as it answers.
import { type BalanceResult, listFailures } from '../balances.ts';
import { composeBalanceCard } from './balance-card.ts';
import { heldCurrencies } from './currencies.ts';
import { CommandError } from './errors.ts';
import type { Command, CommandContext } from './types.ts';
import { listNames } from './words.ts';

export const balanceCommand: Command = {
  path: ['balance'],
  summary: 'What is available at each provider, now',
  arguments: [
    {
      name: 'provider|all',
      kind: 'provider_or_all',
      isRequired: false,
      help: 'One provider; all of them when left out',
    },
    { name: 'currency', kind: 'currency', isRequired: false, help: 'Only this currency' },
  ],
  roles: ['viewer'],
  examples: ['/balance', '/balance payermax USD'],
  async run(context, values) {
    const provider = values['provider|all'] ?? 'all';
    const { currency } = values;
    const asked = listAsked(context, provider);
    const results: BalanceResult[] = [];
    const compose = (tookMs?: number) =>
      composeBalanceCard({
        asked,
        results,
        currency,
        nowMs: context.clock.now(),
        reference: context.reference,
        ...(tookMs === undefined ? {} : { tookMs }),
      });
    context.progress(compose());
    await context.balances.read(
      asked.map(({ id }) => id),
      (result) => {
        results.push(result);
        if (results.length < asked.length) context.progress(compose());
      },
    );
    const card = compose(Math.max(...results.map(({ tookMs }) => tookMs)));
    const suggestions = suggestCurrencies(context, provider, currency, results);
    return {
      card: suggestions.length > 0 ? { ...card, suggestions } : card,
      audience: 'asker',
      failures: listFailures(results),
    };
  },
};

function listAsked(context: CommandContext, provider: string) {
  const { connected, modules } = context;
  const asked = connected
    .filter(({ module }) => provider === 'all' || module.id === provider)
    .map(({ module }) => ({ id: module.id, name: module.name }));
  if (asked.length > 0) return asked;
  const module = modules.find(({ id }) => id === provider);
  const variable = module?.environment[0]?.name;
  const needed =
    variable === undefined ? 'the variables of a provider' : `${variable} and its other variables`;
  const names = connected.map((one) => one.module.name);
  throw new CommandError(
    module === undefined ? 'No provider is connected' : `${module.name} is not connected`,
    [
      `Set ${needed}, as .env.example shows, and start Purser again.`,
      ...(names.length === 0 ? [] : [`Connected now: ${listNames(names, 'and')}.`]),
    ].join(' '),
    connected.slice(0, 5).map((one) => `/balance ${one.module.id}`),
  );
}

/** Where the currency asked for is held nowhere, the ones that are. */
function suggestCurrencies(
  { balances, connected }: CommandContext,
  provider: string,
  currency: string | undefined,
  results: readonly BalanceResult[],
): string[] {
  if (currency === undefined) return [];
  const isFound = results.some((result) => {
    const reading = result.ok ? result.now.reading : result.last?.reading;
    return reading?.lines.some((line) => line.currency === currency) ?? false;
  });
  if (isFound) return [];
  const asked = connected.filter(({ module }) => provider === 'all' || module.id === provider);
  return heldCurrencies(balances, asked)
    .slice(0, 5)
    .map((code) => `/balance ${provider} ${code}`);
}
