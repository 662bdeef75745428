// The digest as a card: the title says whether all is well, the first sentence where to look if not;
// then every provider with its currencies, payouts, and in small print what the figures mean.
import {
  type Digest,
  type DigestReport,
  isMuted,
  localTimeOf,
  type PotReport,
  type ProviderReport,
} from '../digests/index.ts';
import { formatAmount, formatMoney } from '../money.ts';
import type { AmountKind } from '../providers/types.ts';
import type { Team } from '../team.ts';
import type { Button, Card, Cell, Column, Group, Tone } from './card.ts';
import { composePayoutFields, listTroubled } from './digest-payouts.ts';
import {
  countDays,
  describeChange,
  describeDate,
  levelTones,
  levelWords,
  namePot,
} from './digest-words.ts';
import { describeInstant } from './times.ts';
import { describeAge, describeDuration, explainFailure, labelFailure, listNames } from './words.ts';

export { troubledMax } from './digest-payouts.ts';

export interface DigestCardInput {
  readonly team: Team;
  readonly digest: Digest | undefined;
  /** When it was due, where it comes late. */
  readonly lateSinceMs?: number;
  /** The person who asked for it to be posted, beside the schedule. */
  readonly by?: string;
  /** Of payouts somebody must look at, by id: where their cards stand. */
  readonly links?: ReadonlyMap<string, string>;
}

const columns: readonly Column[] = [
  { label: 'Currency', align: 'start' },
  { label: 'Available', align: 'end', isHeadline: true },
  { label: 'Since last', align: 'end' },
  { label: 'Against 7 days', align: 'end' },
  { label: 'Lasts', align: 'end' },
  { label: 'Level', align: 'start' },
];

const smallKinds: readonly (readonly [AmountKind, string])[] = [
  ['held', 'held'],
  ['reserve', 'reserve'],
  ['inFlight', 'in flight'],
];
const smallMax = 12;
const muteMax = 2;
const suggestionsMax = 5;
/** More days than that say the same. */
const coverMax = 365n;

export function composeDigestCard(report: DigestReport, input: DigestCardInput): Card {
  const { balances } = report;
  const verdict = judge(report);
  return {
    tone: verdict.tone,
    title: `Balances, ${describeDate(report.date)} · ${verdict.words}`,
    text: [...explainLate(report, input), ...summarise(report), ...explainExtra(input)].join(' '),
    fields: composePayoutFields(
      report.payouts,
      balances.atMs,
      nameIn(report),
      input.links ?? new Map(),
    ),
    table: {
      caption: 'Available balances by provider and currency, with their changes',
      columns,
      groups: balances.providers.map((one) => toGroup(one, balances.atMs)),
    },
    notes: [...listSmallPrint(report), ...explain(report)],
    suggestions: suggest(report),
    buttons: listButtons(report),
  };
}

const nameIn =
  ({ balances }: DigestReport) =>
  (provider: string): string =>
    balances.providers.find(({ id }) => id === provider)?.name ?? provider;

const potsOf = ({ balances }: DigestReport): PotReport[] =>
  balances.providers.flatMap(({ pots }) => pots);

function judge(report: DigestReport): { tone: Tone; words: string } {
  const { providers } = report.balances;
  const pots = potsOf(report);
  const count = (level: PotReport['level']) => pots.filter((pot) => pot.level === level).length;
  const failing = providers.filter(({ failure }) => failure !== undefined).length;
  const [critical, warnings] = [count('critical'), count('warning')];
  const troubled = report.payouts.troubled.length;
  const said = [
    critical > 0 ? `${critical} critical` : '',
    warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
    failing > 0 ? `${failing} of ${providers.length} providers not answering` : '',
    troubled > 0 ? `${troubled} ${troubled === 1 ? 'payout' : 'payouts'} to look at` : '',
    report.payouts.frozen.length > 0 ? 'payouts frozen' : '',
  ].filter((part) => part !== '');
  if (providers.length === 0) return { tone: 'warning', words: 'no provider is connected' };
  const isBad = critical > 0 || failing === providers.length;
  if (said.length > 0) return { tone: isBad ? 'bad' : 'warning', words: said.join(', ') };
  const isJudged = pots.some(({ level }) => level !== undefined);
  return isJudged ? { tone: 'good', words: 'all fine' } : { tone: 'neutral', words: 'no alerts' };
}

function explainLate(
  { date, balances }: DigestReport,
  { digest, lateSinceMs }: DigestCardInput,
): string[] {
  if (lateSinceMs === undefined) return [];
  const zone = digest?.zone ?? 'UTC';
  const late = describeDuration(balances.atMs - lateSinceMs);
  return [
    `Late by ${late}: it was due on ${describeDate(date)} at ${localTimeOf(lateSinceMs, zone)} (${zone}).`,
  ];
}

/** Last: the first sentence is for the state of the balances. */
function explainExtra({ by, team }: DigestCardInput): string[] {
  if (by === undefined) return [];
  const name = team.people.find(({ id }) => id === by)?.name ?? by;
  return [`Posted by ${name}, beside the schedule.`];
}

/** What is worst comes first, each with its figure. */
function summarise(report: DigestReport): string[] {
  const { providers } = report.balances;
  const name = nameIn(report);
  const low = (level: 'critical' | 'warning') =>
    potsOf(report)
      .filter((pot) => pot.level === level)
      .map((pot) => {
        const { available } = pot.amounts;
        const figure = available === undefined ? '' : ` (${formatMoney(available)})`;
        return `${namePot(name(pot.provider), pot)}${figure}`;
      });
  const failing = providers.flatMap((one) => (one.failure === undefined ? [] : [one.name]));
  const [critical, warning] = [low('critical'), low('warning')];
  const sentences = [
    ...(critical.length > 0 ? [`Critical: ${cut(critical)}.`] : []),
    ...(warning.length > 0 ? [`Low: ${cut(warning)}.`] : []),
    ...(failing.length > 0 ? [`Not answering as they should: ${listNames(failing, 'and')}.`] : []),
  ];
  if (providers.length === 0) return ['No provider is connected, so there is nothing to show.'];
  if (sentences.length > 0) return sentences;
  const count = providers.length;
  return [count === 1 ? 'The provider has answered.' : `All ${count} providers have answered.`];
}

function cut(names: readonly string[]): string {
  const most = 4;
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : listNames(names, 'and');
}

function toGroup({ name, failure, pots }: ProviderReport, nowMs: number): Group {
  const rows = pots.map(toRow);
  if (failure === undefined) {
    return { title: name, rows, ...(rows.length === 0 ? { text: 'It lists no account.' } : {}) };
  }
  const since = `Failing since ${describeInstant(failure.sinceMs)}.`;
  const last =
    failure.lastAtMs === undefined
      ? 'There is no earlier answer to show.'
      : `Shown is its last good answer, ${describeAge(nowMs - failure.lastAtMs)}.`;
  const partial = `${listNames([...new Set(failure.accounts)], 'and')} did not answer.`;
  return {
    title: name,
    status: failure.isPartial
      ? `${failure.accounts.length} of its accounts failed`
      : labelFailure(failure.error.code),
    tone: failure.isPartial ? 'warning' : 'bad',
    text: [
      ...(failure.isPartial ? [partial] : []),
      explainFailure(failure.error),
      since,
      last,
    ].join(' '),
    rows,
  };
}

function toRow(pot: PotReport): Cell[] {
  const { amounts, accounts, currency, isWhole, coverDays, level } = pot;
  const { available } = amounts;
  const name = currency ?? pot.account ?? '?';
  const quiet = (text: string): Cell => ({ text, tone: 'quiet' });
  const change = (of: PotReport['sinceLast'] | PotReport['againstWeek']): Cell => {
    const text = describeChange(of, pot);
    return of.kind === 'change' ? { text } : quiet(text);
  };
  return [
    { text: accounts.length > 1 ? `${name} (${accounts.length} accounts)` : name },
    available === undefined
      ? quiet('—')
      : {
          text: formatAmount(available),
          ...(isWhole ? (available.units < 0n ? { tone: 'bad' } : {}) : { tone: 'quiet' }),
        },
    change(pot.sinceLast),
    change(pot.againstWeek),
    coverDays === undefined
      ? quiet('—')
      : { text: coverDays > coverMax ? `over ${coverMax} days` : countDays(coverDays) },
    level === undefined ? quiet('—') : { text: levelWords[level], tone: levelTones[level] },
  ];
}

/** What is there and cannot be paid out. */
function listSmallPrint(report: DigestReport): string[] {
  const name = nameIn(report);
  const lines = potsOf(report).flatMap((pot) => {
    const parts = smallKinds.flatMap(([kind, word]) => {
      const amount = pot.amounts[kind];
      return amount === undefined || amount.units === 0n ? [] : [`${word} ${formatAmount(amount)}`];
    });
    return parts.length === 0 ? [] : [`${namePot(name(pot.provider), pot)}: ${parts.join(', ')}.`];
  });
  const more = lines.length - smallMax;
  return more > 0 ? [...lines.slice(0, smallMax), `And ${more} more: ask /balance.`] : lines;
}

function explain(report: DigestReport): string[] {
  const { lastAtMs } = report.balances;
  const pots = potsOf(report);
  return [
    ...(lastAtMs === undefined ? [] : [`Since last: since ${describeInstant(lastAtMs)}.`]),
    ...(pots.some(({ againstWeek }) => againstWeek.kind === 'change')
      ? ['Against 7 days: the average of the last figures of the seven UTC days before.']
      : []),
    ...(pots.some(({ coverDays }) => coverDays !== undefined)
      ? ['Lasts: whole days, if it goes on shrinking as it did in these seven.']
      : []),
    ...(pots.some(({ accounts }) => accounts.length > 1)
      ? ['Accounts of one provider and currency are added up; different currencies never are.']
      : []),
  ];
}

function suggest(report: DigestReport): string[] {
  const bad = report.balances.providers.filter(
    ({ failure, pots }) =>
      failure !== undefined ||
      pots.some(({ level }) => level === 'critical' || level === 'warning'),
  );
  const shown = bad.length > 0 ? bad : report.balances.providers;
  return [
    ...listTroubled(report.payouts).slice(0, 3),
    ...shown.map(({ id }) => `/balance ${id}`),
  ].slice(0, suggestionsMax);
}

function listButtons(report: DigestReport): Button[] {
  const name = nameIn(report);
  const told = report.topics.filter(
    (topic) =>
      (topic.toldFailing === true || (topic.toldLevel ?? 'fine') !== 'fine') &&
      !isMuted(topic, report.balances.atMs),
  );
  return [
    { action: 'digest.note:', label: 'Top-up note', style: 'plain' },
    ...told.slice(0, muteMax).map(({ id }): Button => {
      const [, provider = '', ...rest] = id.split(' ');
      const what = [name(provider), ...rest].join(' ');
      return { action: `alert.mute:${id}`, label: `Mute ${what} for a day`, style: 'plain' };
    }),
  ];
}
