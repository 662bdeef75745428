// What a digest says of payouts, as fields and as lines to ask next.
import { type Ending, endings, type PayoutReport, type Tally } from '../digests/index.ts';
import { formatMoney } from '../money.ts';
import { amountOf } from '../payouts/index.ts';
import type { Field } from './card.ts';
import { labelState } from './payout-card.ts';
import { describeAge } from './words.ts';

const endingWords: Readonly<Record<Ending, string>> = {
  paid: 'Paid in 24 h',
  failed: 'Failed in 24 h',
  returned: 'Came back in 24 h',
};
/** Those that a digest names one by one. */
export const troubledMax = 5;

/** Only what there is: nothing about payouts is no field. */
export function composePayoutFields(
  report: PayoutReport,
  nowMs: number,
  nameOf: (provider: string) => string,
  links: ReadonlyMap<string, string>,
): Field[] {
  const { ended, waiting, troubled, frozen } = report;
  const fields: Field[] = endings.flatMap((ending) =>
    ended[ending].length === 0
      ? []
      : [{ label: endingWords[ending], value: describeTallies(ended[ending]) }],
  );
  if (waiting.oldestAtMs !== undefined) {
    const oldest = `the oldest asked ${describeAge(nowMs - waiting.oldestAtMs)}`;
    fields.push({ label: 'Waiting', value: `${describeTallies(waiting.tallies)}; ${oldest}` });
  }
  for (const payout of troubled.slice(0, troubledMax)) {
    const what = payout.disputed === undefined ? labelState(payout.state) : 'Contradicts itself';
    const link = links.get(payout.id);
    fields.push({
      label: 'To look at',
      value: `${payout.id}: ${formatMoney(amountOf(payout.content))} at ${payout.shown.providerName}, ${what.toLowerCase()}`,
      ...(link === undefined ? {} : { link }),
    });
  }
  const more = troubled.length - troubledMax;
  if (more > 0) fields.push({ label: 'To look at', value: `${more} more: /payout list stuck` });
  for (const { scope, reason } of frozen) {
    const what = scope === 'all' ? 'All payouts' : nameOf(scope);
    fields.push({ label: 'Frozen', value: `${what}: ${reason}` });
  }
  return fields;
}

/** `3 of 1,200.00 USD together, 1 of 50.00 EUR` */
function describeTallies(tallies: readonly Tally[]): string {
  return tallies
    .map(({ count, amount }) => `${count} of ${formatMoney(amount)}${count > 1 ? ' together' : ''}`)
    .join(', ');
}

/** Lines that show the payouts somebody must look at. */
export function listTroubled({ troubled }: PayoutReport): string[] {
  return troubled.map(({ id }) => `/payout show ${id}`);
}
