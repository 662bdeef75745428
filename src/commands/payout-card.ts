// One payout as a card. It says at a glance who asked, who must act and why, what it costs, what is
// left after it, and what happened; the buttons are those that make sense in this state.
import { formatMoney, type Money, parseDecimal } from '../money.ts';
import { amountOf, type Preview, tokenOf, wasTaken } from '../payouts/index.ts';
import {
  finalStates,
  type Payout,
  type PayoutContent,
  type PayoutState,
  type Shown,
  type Verdict,
  verdicts,
} from '../payouts/types.ts';
import type { Button, Card, Field, Tone } from './card.ts';
import { describeInstant } from './times.ts';
import { listNames } from './words.ts';

export interface PayoutCardInput {
  readonly payout: Payout;
  /** A provider that cannot be asked: people close its payouts. */
  readonly isAskable: boolean;
  /** Two people may say now how it ended. */
  readonly isClosable: boolean;
  /** Ids of those who may. */
  readonly closers: readonly string[];
  nameOf(person: string): string;
}

const stateWords: Readonly<Record<PayoutState, string>> = {
  requested: 'Waiting for approval',
  approved: 'Approved',
  sending: 'Sending',
  submitted: 'With the provider',
  unknown: 'Outcome unknown',
  paid: 'Paid',
  returned: 'Came back',
  failed: 'Failed',
  not_sent: 'Not sent',
  rejected: 'Rejected',
  cancelled: 'Cancelled',
  expired: 'Expired',
};

const stateTones: Readonly<Record<PayoutState, Tone>> = {
  requested: 'neutral',
  approved: 'neutral',
  sending: 'neutral',
  submitted: 'neutral',
  unknown: 'warning',
  paid: 'good',
  returned: 'bad',
  failed: 'bad',
  not_sent: 'warning',
  rejected: 'warning',
  cancelled: 'warning',
  expired: 'warning',
};

const verdictWords: Readonly<Record<Verdict, string>> = {
  paid: 'It was paid',
  failed: 'It failed',
  not_sent: 'It was never sent',
};

export function labelVerdict(verdict: Verdict): string {
  return verdictWords[verdict];
}

export function labelState(state: PayoutState): string {
  return stateWords[state];
}

export function composePayoutCard(input: PayoutCardInput): Card {
  const { payout, nameOf } = input;
  const amount = amountOf(payout.content);
  const buttons = buttonsFor(input, amount);
  return {
    tone: toneOf(payout),
    title: `${formatMoney(amount)} to ${payout.shown.payeeName}`,
    text: [
      `${stateWords[payout.state]}. ${explainState(input)}${explainClosure(input)}`,
      ...(payout.disputed === undefined ? [] : [`Look at this: ${payout.disputed}`]),
      ...(payout.duplicates.length === 0
        ? []
        : [
            `Possible duplicate: the same payee and amount within 24 h in ${payout.duplicates.join(', ')}.`,
          ]),
    ].join('\n\n'),
    fields: [
      ...describeContent(payout.content, payout.shown, 'Available when asked'),
      {
        label: 'Asked by',
        value: `${nameOf(payout.requestedBy)}, ${describeInstant(payout.requestedAtMs)}`,
      },
      { label: 'Needs', value: describeNeed(payout.requirement, nameOf) },
    ],
    ...(historyOf(payout, nameOf).length === 0
      ? {}
      : {
          table: {
            caption: 'What happened to this payout',
            columns: [
              { label: 'When', align: 'start' },
              { label: 'What happened', align: 'start', isHeadline: true },
            ],
            groups: [
              {
                rows: historyOf(payout, nameOf).map(({ atMs, text }) => [
                  { text: describeInstant(atMs), tone: 'quiet' },
                  { text },
                ]),
              },
            ],
          },
        }),
    ...(payout.providerReference === undefined
      ? {}
      : { notes: [`${payout.shown.providerName}: ${payout.providerReference}`] }),
    mark: `${payout.id} · reference ${payout.content.reference}`,
    ...(buttons.length === 0 ? {} : { buttons }),
  };
}

function toneOf({ state, disputed, duplicates }: Payout): Tone {
  if (disputed !== undefined) return 'bad';
  return state === 'requested' && duplicates.length > 0 ? 'warning' : stateTones[state];
}

/** For one person, beside the posted card that has everything. */
export function composePayoutLine(card: Card, payout: Payout, text?: string): Card {
  return {
    tone: card.tone,
    title: card.title,
    ...(text === undefined ? (card.text === undefined ? {} : { text: card.text }) : { text }),
    notes: [`${payout.id} · ${payout.shown.providerName}`],
    suggestions: [`/payout show ${payout.id}`],
  };
}

/** Seen by the requester alone, before anything is posted. */
export function composePreviewCard(preview: Preview, nameOf: (person: string) => string): Card {
  const { content, amount, requirement, shown, duplicates, id } = preview;
  return {
    tone: duplicates.length > 0 ? 'warning' : 'neutral',
    title: `Ask for ${formatMoney(amount)} to ${shown.payeeName}?`,
    text: 'Only you see this. Nothing is posted or sent yet.',
    fields: [
      ...describeContent(content, shown, 'Available'),
      { label: 'Needs', value: describeNeed(requirement, nameOf) },
    ],
    notes:
      duplicates.length === 0
        ? []
        : [
            `Possible duplicate: the same payee and amount within 24 h in ${duplicates
              .map((one) => `${one.id} (${stateWords[one.state].toLowerCase()})`)
              .join(', ')}. One more person must agree.`,
          ],
    buttons: [
      { action: `payout.post:${id}`, label: 'Ask for approval', style: 'primary' },
      { action: `payout.drop:${id}`, label: 'Drop it', style: 'plain' },
    ],
  };
}

function describeContent(
  { note, account, currency }: PayoutContent,
  shown: Shown,
  availableLabel: string,
): Field[] {
  const money = (text: string) => formatMoney(parseDecimal(text, currency));
  return [
    { label: 'To', value: `${shown.payeeName} (${shown.routeLabel})` },
    ...shown.payeeFields,
    { label: 'From', value: `${shown.providerName}, ${account}` },
    { label: availableLabel, value: `${money(shown.available)}, ${money(shown.after)} after it` },
    ...(note === '' ? [] : [{ label: 'Note', value: note }]),
  ];
}

function describeNeed(
  { need, from, why }: Payout['requirement'],
  nameOf: (person: string) => string,
): string {
  return `${need} of ${from.map(nameOf).join(', ')} (${why})`;
}

function explainState(input: PayoutCardInput): string {
  const { payout, isAskable, nameOf } = input;
  const byPeople = input.isClosable
    ? ' That takes too long already: if its portal shows the end, two people can close it here.'
    : '';
  const provider = payout.shown.providerName;
  const decided = payout.decisions.at(-1);
  switch (payout.state) {
    case 'requested': {
      const done = payout.decisions.map(({ person }) => person);
      const left = payout.requirement.from.filter((id) => !done.includes(id)).map(nameOf);
      const missing = payout.requirement.need - done.length;
      return `${listNames(left, 'or')} can decide${missing > 1 ? `; ${missing} of them must agree` : ''}. It expires ${describeInstant(payout.expiresAtMs)}.`;
    }
    case 'approved':
      return payout.blocked === undefined
        ? 'It is being checked once more and then sent.'
        : `It waits: ${payout.blocked}`;
    case 'sending':
      return `${provider} is being asked to pay.`;
    case 'submitted':
      return isAskable
        ? `${provider} has taken it; that is not yet paid. Purser asks until it is final.${byPeople}`
        : `${provider} has taken it and cannot be asked. When its portal shows the end, two people close it here.`;
    case 'unknown':
      return isAskable
        ? `Nobody knows yet whether ${provider} took it. Purser asks and never sends it again.${byPeople}`
        : `Nobody knows whether ${provider} took it, and ${provider} cannot be asked. Look in its portal; then two people close it here. It is never sent again.`;
    case 'paid':
      return `${provider} has paid it.`;
    case 'returned':
      return `It was paid, and the money came back to ${provider}.`;
    case 'failed':
      return payout.evidence.at(-1)?.reason ?? `${provider} did not pay it.`;
    case 'not_sent':
      return `Two people established that ${provider} never acted on it.`;
    case 'rejected':
      return `${nameOf(decided?.person ?? '')} said no: ${decided?.reason ?? ''}`;
    case 'cancelled':
      return `${nameOf(payout.cancelledBy ?? '')} took it back.`;
    case 'expired':
      return `${
        payout.decisions.length < payout.requirement.need
          ? 'Too few people agreed in time.'
          : 'It was approved, but could not be sent in time.'
      } That is not a no: it can be asked for again.`;
  }
}

/** One of two people has said how it ended. */
function explainClosure({ payout, closers, nameOf }: PayoutCardInput): string {
  const first = payout.closures.at(-1);
  if (first === undefined || isFinal(payout)) return '';
  const others = closers.filter((id) => id !== first.person).map(nameOf);
  return ` ${nameOf(first.person)} says “${labelVerdict(first.verdict)}”; ${listNames(others, 'or')} must say the same.`;
}

function historyOf(
  payout: Payout,
  nameOf: (person: string) => string,
): { atMs: number; text: string }[] {
  const provider = payout.shown.providerName;
  return [
    ...payout.decisions.map(({ person, kind, atMs, reason }) => ({
      atMs,
      text: `${nameOf(person)} ${kind === 'approve' ? 'approved' : `rejected: ${reason ?? ''}`}`,
    })),
    ...(payout.sentAtMs === undefined
      ? []
      : [{ atMs: payout.sentAtMs, text: `Sent to ${provider}, once` }]),
    ...payout.evidence
      .filter(({ from }) => from !== 'people')
      .map(({ atMs, from, providerStatus, reason }) => ({
        atMs,
        text: `${from === 'restart' ? 'Purser' : provider}: ${providerStatus}${reason === undefined ? '' : ` (${reason})`}`,
      })),
    ...payout.closures.map(({ person, verdict, reason, atMs }) => ({
      atMs,
      text: `${nameOf(person)} says “${labelVerdict(verdict)}”: ${reason}`,
    })),
  ].sort((a, b) => a.atMs - b.atMs);
}

function buttonsFor({ payout, isClosable }: PayoutCardInput, amount: Money): Button[] {
  const token = tokenOf(payout);
  const { payeeName, providerName } = payout.shown;
  switch (payout.state) {
    case 'requested':
      return [
        {
          action: `payout.approve:${token}`,
          label: 'Approve',
          style: 'primary',
          confirm: {
            title: `Pay ${formatMoney(amount)}?`,
            text: `To ${payeeName} with ${providerName}. Once enough people agree it is sent and cannot be called back.`,
            yes: 'Approve',
          },
        },
        { action: `payout.reject:${token}`, label: 'Reject', style: 'danger' },
        { action: `payout.cancel:${payout.id}`, label: 'Cancel my request', style: 'plain' },
      ];
    case 'approved':
      return payout.blocked === undefined
        ? []
        : [
            { action: `payout.reject:${token}`, label: 'Reject', style: 'danger' },
            { action: `payout.cancel:${payout.id}`, label: 'Cancel my request', style: 'plain' },
          ];
    case 'unknown':
    case 'submitted':
      if (!isClosable) return [];
      // That it was never sent cannot be, once the provider has spoken of it.
      return verdicts
        .filter((verdict) => verdict !== 'not_sent' || !wasTaken(payout))
        .map((verdict) => ({
          action: `payout.close.${verdict}:${payout.id}`,
          label: labelVerdict(verdict),
          style: 'plain',
        }));
    default:
      return [];
  }
}

export function isFinal(payout: Payout): boolean {
  return finalStates.has(payout.state);
}
