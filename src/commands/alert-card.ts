// What the alerts channels hear of balances and providers: what is so now, since when, and what one
// can do. Approvers are notified, and only of what got worse: who decides about money must know when
// there is none.
import { type Alert, findThreshold, type Level } from '../digests/index.ts';
import { formatMoney, parseDecimal } from '../money.ts';
import type { Team } from '../team.ts';
import type { Button, Card } from './card.ts';
import { describeDate, levelTones } from './digest-words.ts';
import { describeInstant } from './times.ts';

export interface AlertCardInput {
  readonly team: Team;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

export function composeAlertCard(alert: Alert, input: AlertCardInput): Card {
  const card = composeByKind(alert, input);
  if (!alert.isWorse) return card;
  const approvers = input.team.people.filter(({ roles }) => roles.includes('approver'));
  return { ...card, mentions: approvers.map(({ id }) => id) };
}

function composeByKind(alert: Alert, { team, providers }: AlertCardInput): Card {
  const { provider = '' } = alert;
  const name = providers.find(({ id }) => id === provider)?.name ?? provider;
  switch (alert.kind) {
    case 'level':
      return composeLevelAlert(alert, name, team);
    case 'provider':
      return composeProviderAlert(alert, name);
    case 'undelivered':
      return {
        tone: 'bad',
        title: `The digest ${alert.digest} of ${describeDate(alert.date ?? '')} was not posted`,
        text: `It could not be posted in ${alert.channel}: ${sentence(alert.reason)} It is not tried again; /digest now shows what it would say.`,
        suggestions: ['/digest log', '/digest now'],
      };
  }
}

const levelTitles: Readonly<Record<Level, (name: string) => string>> = {
  critical: (name) => `${name} is critical`,
  warning: (name) => `${name} is low`,
  idle: (name) => `${name} has more than should lie idle`,
  fine: (name) => `${name} is fine again`,
};

function composeLevelAlert(alert: Alert, providerName: string, team: Team): Card {
  const { topic, provider = '', currency = '', level = 'fine', before, available } = alert;
  const name = `${providerName} ${currency}`;
  const isRising = level === 'warning' && before === 'critical';
  const threshold = findThreshold(team.thresholds, provider, currency);
  const limit = level === 'fine' ? undefined : threshold?.[level];
  const side = level === 'idle' ? 'above' : 'below';
  const now =
    available === undefined ? '' : `Available: ${formatMoney(parseDecimal(available, currency))}`;
  const than = limit === undefined ? '' : `, ${side} ${formatMoney(parseDecimal(limit, currency))}`;
  return {
    tone: levelTones[level],
    title: isRising ? `${name} is no longer critical, and still low` : levelTitles[level](name),
    text: `${now}${than}.`,
    suggestions: [`/balance ${provider} ${currency}`],
    ...(level === 'fine'
      ? {}
      : { buttons: [...(level === 'idle' ? [] : [noteButton]), mute(topic)] }),
  };
}

function composeProviderAlert(alert: Alert, name: string): Card {
  const { topic, provider = '', isFailing, sinceMs, reason } = alert;
  const suggestions = [`/balance ${provider}`];
  const since = sinceMs === undefined ? '' : ` since ${describeInstant(sinceMs)}`;
  if (isFailing !== true) {
    return {
      tone: 'good',
      title: `${name} answers again`,
      text: `It had failed${since}.`,
      suggestions,
    };
  }
  return {
    tone: 'bad',
    title: `${name} does not answer as it should`,
    text: `It has failed${since}. ${sentence(reason)}`,
    suggestions,
    buttons: [mute(topic)],
  };
}

export const noteButton: Button = { action: 'digest.note:', label: 'Top-up note', style: 'plain' };

function mute(topic: string): Button {
  return { action: `alert.mute:${topic}`, label: 'Mute for a day', style: 'plain' };
}

function sentence(text = ''): string {
  return text === '' || /[.?!]$/.test(text) ? text : `${text}.`;
}
