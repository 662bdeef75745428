// /purser providers: what each provider can do here, and whether it answers right now.
import { type BalanceResult, listFailures } from '../balances.ts';
import type { Card, Cell, Group } from './card.ts';
import type { Command, CommandContext, ConnectedProvider } from './types.ts';
import { describeAge, describeTook, explainFailure, labelFailure } from './words.ts';

export const providersCommand: Command = {
  path: ['purser', 'providers'],
  summary: 'What each provider can do here, and whether it answers',
  arguments: [],
  roles: ['viewer'],
  examples: ['/purser providers'],
  async run(context) {
    const results: BalanceResult[] = [];
    context.progress(composeCard(context, results));
    await context.balances.read(
      context.connected.map(({ module }) => module.id),
      (result) => {
        results.push(result);
        context.progress(composeCard(context, results));
      },
    );
    return {
      card: composeCard(context, results),
      audience: 'asker',
      failures: listFailures(results),
    };
  },
};

function composeCard(context: CommandContext, results: readonly BalanceResult[]): Card {
  const { connected, modules, reference } = context;
  const off = modules.filter(({ id }) => !connected.some(({ module }) => module.id === id));
  const failed = results.filter(({ ok }) => !ok).length;
  const isFlawed = results.some((one) => !one.ok || one.now.reading.failures.length > 0);
  const isDone = results.length === connected.length;
  const answered = `${results.length - failed} of ${connected.length} answer`;
  return {
    tone: isFlawed ? 'warning' : isDone ? 'good' : 'neutral',
    title: 'Providers',
    ...(isDone ? { text: `${answered}.` } : {}),
    table: {
      caption: 'Providers, whether they answer, and what Purser can do with them',
      columns: [
        { label: 'Provider', align: 'start', isHeadline: true },
        { label: 'Health', align: 'start' },
        { label: 'Can do', align: 'start' },
        { label: 'Asked at', align: 'start' },
      ],
      groups: [
        ...connected.map((one) => composeGroup(one, results, context.clock.now())),
        ...(off.length === 0
          ? []
          : [
              {
                rows: off.map((module): Cell[] => [
                  { text: module.name, tone: 'quiet' },
                  { text: 'not connected', tone: 'quiet' },
                  { text: '—', tone: 'quiet' },
                  { text: `set ${module.environment[0]?.name}`, tone: 'quiet' },
                ]),
              },
            ]),
      ],
    },
    ...(isDone ? {} : { progress: { done: results.length, of: connected.length } }),
    reference,
  };
}

function composeGroup(
  { module, provider, host, isSandbox }: ConnectedProvider,
  results: readonly BalanceResult[],
  nowMs: number,
): Group {
  const result = results.find((one) => one.provider === module.id);
  return {
    ...(result?.ok === false
      ? {
          tone: 'bad',
          text: `${explainFailure(result.error)}${
            result.last === undefined
              ? ''
              : ` Its last good answer was ${describeAge(nowMs - result.last.atMs)}.`
          }`,
        }
      : {}),
    rows: [
      [
        { text: module.name },
        healthOf(result),
        { text: capabilitiesOf(provider).join(', ') },
        { text: isSandbox ? `${host} (sandbox)` : host, tone: 'quiet' },
      ],
    ],
  };
}

function healthOf(result: BalanceResult | undefined): Cell {
  if (result === undefined) return { text: 'asking…', tone: 'quiet' };
  if (!result.ok) return { text: labelFailure(result.error.code), tone: 'bad' };
  const failed = result.now.reading.failures.length;
  return failed === 0
    ? { text: `answers in ${describeTook(result.tookMs)}`, tone: 'good' }
    : { text: `${failed} of its accounts failed`, tone: 'warning' };
}

/** What a provider can do is what it has methods for. */
function capabilitiesOf(provider: ConnectedProvider['provider']): string[] {
  const { payouts } = provider;
  if (payouts === undefined) return ['balances'];
  return [
    'balances',
    payouts.getStatus === undefined ? 'payouts (people close them)' : 'payouts',
    ...(payouts.webhook === undefined ? [] : ['notifications']),
  ];
}
