// What the audit and alerts channels are told: one short card for each step, naming who made it.
// Account numbers are not in any of them.

import { formatMoney } from '../money.ts';
import { amountOf, type Freeze, type Payee, type PayeeStep } from '../payouts/index.ts';
import type { Payout } from '../payouts/types.ts';
import type { Card } from './card.ts';
import { labelState } from './payout-card.ts';
import { listNames } from './words.ts';

/** Undefined for bookkeeping, which is no step of anybody. */
export function composePayoutStep(
  payout: Payout,
  before: Payout | undefined,
  by: string,
): Card | undefined {
  const what = describeStep(payout, before);
  if (what === undefined) return undefined;
  return {
    tone: 'neutral',
    title: `${payout.id}: ${what}`,
    text: `${formatMoney(amountOf(payout.content))} to ${payout.shown.payeeName} at ${payout.shown.providerName}`,
    fields: [byField(by)],
  };
}

function describeStep(payout: Payout, before: Payout | undefined): string | undefined {
  const { decisions, requirement, closures } = payout;
  if (before === undefined) return labelState(payout.state);
  if (payout.state !== before.state) {
    return `${labelState(before.state)} → ${labelState(payout.state)}`;
  }
  if (payout.contentHash !== before.contentHash || decisions.length < before.decisions.length) {
    return 'Changed; approvals so far are void';
  }
  if (decisions.length > before.decisions.length) {
    return `Approved by ${decisions.length} of ${requirement.need}`;
  }
  const isSaid = closures.length > 0 && closures.at(-1)?.atMs !== before.closures.at(-1)?.atMs;
  return isSaid ? 'One of two people says how it ended' : undefined;
}

const payeeWords: Readonly<Record<PayeeStep['event'], string>> = {
  'payee.proposed': 'Waits for a second person',
  'payee.approved': 'Approved',
  'payee.rejected': 'Rejected',
  'payee.removed': 'Removed',
};

export function composePayeeStep(payee: Payee, { event }: PayeeStep, by: string): Card {
  return {
    tone: 'neutral',
    title: `Payee ${payee.id}: ${payeeWords[event]}`,
    fields: [byField(by)],
    suggestions: [`/payee show ${payee.id}`],
  };
}

/** `what` names its scope: “Payouts at PayerMax”. */
export function composeFreezeStep(freeze: Freeze, what: string, by: string): Card {
  const { isFrozen, liftedBy, reason } = freeze;
  const happens = !isFrozen
    ? 'go on'
    : liftedBy === undefined
      ? 'are frozen'
      : 'are frozen; one of two people lifts it';
  return {
    tone: 'neutral',
    title: `${what} ${happens}`,
    fields: [byField(by), { label: 'Why it was frozen', value: reason }],
  };
}

/** Undefined where nothing changes for payouts: one of two people agreed to lift it. */
export function composeFreezeAlert(freeze: Freeze, what: string): Card | undefined {
  const { isFrozen, liftedBy, scope, reason } = freeze;
  if (isFrozen && liftedBy !== undefined) return undefined;
  return {
    tone: isFrozen ? 'warning' : 'good',
    title: `${what} ${isFrozen ? 'are frozen' : 'go on'}`,
    fields: [{ label: 'Why it was frozen', value: reason }],
    suggestions: isFrozen ? [`/purser unfreeze ${scope}`] : ['/payout list'],
  };
}

function byField(by: string): { label: string; value: string } {
  return { label: 'By', value: by === 'purser' ? 'Purser' : by };
}

export function composeAlert(payout: Payout, text: string): Card {
  return {
    tone: 'warning',
    title: `${labelState(payout.state)}: ${formatMoney(amountOf(payout.content))} to ${payout.shown.payeeName}`,
    text,
    notes: [`${payout.id} · ${payout.shown.providerName} · reference ${payout.content.reference}`],
    suggestions: [`/payout show ${payout.id}`],
  };
}

/** `wider` are those whom it is escalated to, where it is. */
export function composeReminder(
  payout: Payout,
  left: readonly string[],
  wider: readonly string[] = [],
): Card {
  const escalation = wider.length === 0 ? '' : ` ${wider.join(', ')}: nobody has decided yet.`;
  return composeAlert(payout, `It still waits for ${listNames(left, 'or')}.${escalation}`);
}

/** Money came back, or the provider contradicts how it ended. */
export function isAlarming({ state, disputed }: Payout): boolean {
  return state === 'returned' || disputed !== undefined;
}

export function composeAlarm(payout: Payout): Card {
  const card = composeAlert(
    payout,
    payout.disputed ??
      `It was paid, and the money came back to ${payout.shown.providerName}. Find out why before it is asked for again.`,
  );
  return { ...card, mark: `alarm ${payout.id}, ${labelState(payout.state).toLowerCase()}` };
}

/** Stands in place of a card that was posted twice; nothing can be pressed here. */
export function composeWithdrawn({ title }: Card): Card {
  const text = 'This card was posted twice. The other one in this channel counts.';
  return { tone: 'neutral', title, text };
}
