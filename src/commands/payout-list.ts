// /payout list, show and cancel.
import { formatMoney } from '../money.ts';
import { amountOf } from '../payouts/index.ts';
import type { Payout } from '../payouts/types.ts';
import type { Card, Cell } from './card.ts';
import { labelState } from './payout-card.ts';
import { cancelPayout, findPayout } from './payout-decide.ts';
import { composePayoutCardFor } from './payout-view.ts';
import { describeInstant } from './times.ts';
import type { Command, CommandContext } from './types.ts';
import { describeAge } from './words.ts';

const lists = ['pending', 'mine', 'stuck', 'all'] as const;
type List = (typeof lists)[number];

const rowsMax = 50;
const allWindowMs = 30 * 24 * 3_600_000;

export const payoutListCommand: Command = {
  path: ['payout', 'list'],
  summary: 'Payouts that wait, your own, those that are stuck, or all of 30 days',
  arguments: [
    { name: lists.join('|'), kind: 'choice', options: lists, isRequired: false, help: 'which' },
  ],
  roles: ['viewer', 'requester', 'approver'],
  examples: ['/payout list', '/payout list all'],
  async run(context, values) {
    const list = lists.find((one) => one === values[lists.join('|')]) ?? 'pending';
    const payouts = await readList(context, list);
    return { card: composeList(context, list, payouts), audience: 'asker' };
  },
};

export const payoutShowCommand: Command = {
  path: ['payout', 'show'],
  summary: 'One payout with all that happened to it',
  arguments: [{ name: 'id', kind: 'payout', isRequired: true, help: 'from its card' }],
  roles: ['viewer', 'requester', 'approver'],
  examples: [],
  async run(context, values) {
    const payout = await findPayout(context, values['id'] ?? '');
    return { card: composePayoutCardFor(context, payout), audience: 'asker' };
  },
};

export const payoutCancelCommand: Command = {
  path: ['payout', 'cancel'],
  pace: 'decision',
  summary: 'Take back your own request, until it is sent',
  arguments: [{ name: 'id', kind: 'payout', isRequired: true, help: 'from its card' }],
  roles: ['requester'],
  examples: [],
  run: (context, values) => cancelPayout(context, values['id'] ?? ''),
};

async function readList({ payouts, person, clock }: CommandContext, list: List): Promise<Payout[]> {
  const { desk } = payouts;
  if (list === 'all' || list === 'mine') {
    const recent = await desk.listSince(clock.now() - allWindowMs, 1000);
    return list === 'all' ? recent : recent.filter((one) => one.requestedBy === person.id);
  }
  const open = (await desk.listOpen()).reverse();
  return list === 'pending' ? open : open.filter(isStuck);
}

function isStuck({ state, blocked, alarmedAtMs }: Payout): boolean {
  return state === 'unknown' || blocked !== undefined || alarmedAtMs !== undefined;
}

const titles: Readonly<Record<List, string>> = {
  pending: 'Payouts that are not over',
  mine: 'Your payouts of the last 30 days',
  stuck: 'Payouts that are stuck',
  all: 'Payouts of the last 30 days',
};

function composeList(context: CommandContext, list: List, payouts: readonly Payout[]): Card {
  const { reference, clock } = context;
  const [first] = payouts;
  if (first === undefined) {
    return { tone: 'good', title: titles[list], text: 'There are none.', reference };
  }
  return {
    tone: 'neutral',
    title: titles[list],
    ...(payouts.length > rowsMax
      ? { text: `The newest ${rowsMax} of ${payouts.length} are shown.` }
      : {}),
    table: {
      caption: 'Payouts with their state, amount, payee, requester and age',
      columns: [
        { label: 'Payout', align: 'start' },
        { label: 'State', align: 'start' },
        { label: 'Amount', align: 'end', isHeadline: true },
        { label: 'To', align: 'start' },
        { label: 'Asked by', align: 'start' },
        { label: 'When', align: 'start' },
      ],
      groups: [{ rows: payouts.slice(0, rowsMax).map((one) => toRow(context, one, clock.now())) }],
    },
    suggestions: payouts.slice(0, 3).map(({ id }) => `/payout show ${id}`),
    reference,
  };
}

function toRow({ nameOf }: CommandContext, payout: Payout, nowMs: number): Cell[] {
  const age = nowMs - payout.requestedAtMs;
  return [
    { text: payout.id, tone: 'quiet' },
    { text: labelState(payout.state), ...(isStuck(payout) ? { tone: 'warning' } : {}) },
    { text: formatMoney(amountOf(payout.content)) },
    { text: `${payout.shown.payeeName}, ${payout.shown.providerName}` },
    { text: nameOf(payout.requestedBy) },
    {
      text: age < 48 * 3_600_000 ? describeAge(age) : describeInstant(payout.requestedAtMs),
      tone: 'quiet',
    },
  ];
}
