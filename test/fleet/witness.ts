// The books of the simulators are the witness: no order twice, none that nobody asked for, and what
// Purser keeps and shows is what they say.
import type { Payout } from '../../src/payouts/types.ts';
import { finalStates } from '../../src/payouts/types.ts';
import { verifyChain } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { channels } from '../town/team.ts';
import { findOnDiscord } from './board.ts';
import { endedPattern, wordsOf } from './feed.ts';
import type { Fleet } from './index.ts';

export interface Testimony {
  readonly payouts: number;
  readonly orders: number;
  readonly states: Readonly<Record<string, number>>;
  /** What was ordered, by currency. */
  readonly sums: Readonly<Record<string, string>>;
  /** Empty when all is well. */
  readonly wrong: readonly string[];
}

const cardState: Readonly<Record<string, string>> = {
  ...{ paid: 'Paid', failed: 'Failed', not_sent: 'Not sent', unknown: 'Outcome unknown' },
  ...{ requested: 'Waiting for approval', approved: 'Approved', sending: 'Sending' },
  ...{ submitted: 'With the provider', expired: 'Expired', cancelled: 'Cancelled' },
  ...{ rejected: 'Rejected', returned: 'Came back' },
};

/** Holds record, books, cards and chain against each other. The replicas may run or not. */
export async function hear(fleet: Fleet, store: Store): Promise<Testimony> {
  const rows = await store.listSince('payout', 0, 100_000);
  const payouts = rows.map(({ value }): unknown => value).map((value) => value as Payout);
  const books = fleet.sandboxes.flatMap((sandbox) =>
    sandbox.books().map((order) => ({ ...order, provider: sandbox.id })),
  );
  const wrong: string[] = [];
  const byReference = new Map(payouts.map((payout) => [payout.content.reference, payout]));
  const orders = new Map(books.map((order) => [order.reference, order]));
  if (orders.size !== books.length) wrong.push(`${books.length - orders.size} orders stand twice`);
  for (const { reference, provider, amount, currency } of books) {
    const content = byReference.get(reference)?.content;
    const said = `${content?.provider} ${content?.amount} ${content?.currency}`;
    if (said !== `${provider} ${amount} ${currency}`) {
      wrong.push(`${reference} is ${amount} ${currency} in the books, ${said} in the record`);
    }
  }
  for (const payout of payouts) {
    const status = orders.get(payout.content.reference)?.status;
    if (!isTrue(payout, status)) {
      wrong.push(`${payout.id} is ${payout.state}, and the books say ${status ?? 'nothing'}`);
    }
  }
  const chain = await verifyChain(store.readAudit());
  if (!chain.isIntact) wrong.push(`the audit log is broken: ${JSON.stringify(chain)}`);
  wrong.push(...findWrongCards(fleet, payouts));
  const paid = payouts.filter(({ state }) => state === 'paid').map(({ content }) => content);
  const sums = addUp(books);
  if (JSON.stringify(addUp(paid)) !== JSON.stringify(sums)) {
    wrong.push(`paid ${JSON.stringify(addUp(paid))}, ordered ${JSON.stringify(sums)}`);
  }
  const states: Record<string, number> = {};
  for (const { state } of payouts) states[state] = (states[state] ?? 0) + 1;
  return { payouts: payouts.length, orders: books.length, states, sums, wrong };
}

/** The simulators of the tests end every order well; each names that in its own word. */
const paidStatus = /success|approved/i;
const failedStatus = /fail|declined/i;

function isTrue({ state }: Payout, status: string | undefined): boolean {
  if (state === 'paid') return status !== undefined && paidStatus.test(status);
  if (state === 'failed' && status !== undefined) return failedStatus.test(status);
  // Asked for twice by somebody who heard nothing, and agreed to once.
  return (finalStates.has(state) || state === 'requested') && status === undefined;
}

/** Each payout stands in each channel for approvals once, as it is. */
function findWrongCards({ platforms, slack, discord }: Fleet, payouts: readonly Payout[]) {
  const wrong: string[] = [];
  const cards = new Map<string, string[]>();
  const note = (platform: string, words: string) => {
    const id = /\b(P[0-9A-Z]{8}) · reference/.exec(words)?.[1];
    if (id === undefined || !words.includes('Asked by')) return;
    cards.set(`${platform} ${id}`, [...(cards.get(`${platform} ${id}`) ?? []), words]);
  };
  for (const message of slack.server.workspace.messages) {
    const isPosted = message.onlyFor === undefined && message.threadTs === undefined;
    if (isPosted && message.channel === channels.slack.approvals) note('slack', wordsOf(message));
  }
  findOnDiscord(discord, channels.discord.approvals, ({ words }) => {
    note('discord', words.replace(/\s+/g, ' '));
    return false;
  });
  for (const { id, state } of payouts) {
    for (const platform of platforms) {
      const seen = cards.get(`${platform} ${id}`) ?? [];
      const [words = ''] = seen;
      if (seen.length !== 1) wrong.push(`${id} stands in ${platform} ${seen.length} times`);
      else if (!words.includes(`${cardState[state]}. `)) {
        const said = endedPattern.exec(words)?.[1] ?? words.slice(0, 300);
        wrong.push(`${id} is ${state}, and its card in ${platform} says ${said}`);
      }
    }
  }
  return wrong;
}

function addUp(
  amounts: readonly { readonly amount: string; readonly currency: string }[],
): Record<string, string> {
  const cents = new Map<string, bigint>();
  for (const { amount, currency } of amounts) {
    const [whole = '0', part = ''] = amount.split('.');
    const one = BigInt(`${whole}${part.padEnd(2, '0')}`);
    cents.set(currency, (cents.get(currency) ?? 0n) + one);
  }
  return Object.fromEntries(
    [...cents]
      .sort()
      .map(([currency, sum]) => [currency, `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`]),
  );
}
