// What the payout calls answer, and what it says about a payout. `status` in `data` alone decides;
// `APPLY_SUCCESS` around it only says that the request was handled.
// https://docs.payermax.com/doc-center/appendix/disbursement/transaction-status.html (read 2026-11)
import { z } from 'zod';
import { wireText } from '../../json.ts';
import { parseDecimal } from '../../money.ts';
import type { PayoutNews, PayoutNewsState } from '../payouts.ts';

export const takenWire = z.object({
  outTradeNo: z.string().min(1),
  /** What no store could keep is left out. */
  tradeNo: z
    .string()
    .regex(/^[!-~]{1,64}$/)
    .nullish()
    .catch(undefined),
  status: z.string().min(1),
});

/** Texts that are not set are empty. The amount is that of the order, in major units. */
const tradeWire = z
  .object({ amount: wireText.nullish(), currency: z.string().nullish() })
  .transform(({ amount, currency }, context) => {
    if (!amount || !currency) return undefined;
    try {
      return parseDecimal(amount, currency);
    } catch {
      context.addIssue({ code: 'custom', path: ['amount'], message: 'not a decimal number' });
      return z.NEVER;
    }
  });

export const orderWire = takenWire.extend({
  subStatus: z.string().nullish(),
  trade: tradeWire.nullish(),
  responseCode: z.string().nullish(),
  responseMsg: z.string().nullish(),
});

/** PASS is a format check and no promise. */
export const validationWire = z.object({
  validationCode: z.enum(['PASS', 'PARAMS_INVALID']),
  validationFailedFields: z
    .array(z.object({ field: z.string(), errorMsg: z.string().nullish() }))
    .nullish(),
});

const states: ReadonlyMap<string, PayoutNewsState> = new Map([
  ['PENDING', 'submitted'],
  ['SUCCESS', 'paid'],
  ['FAILED', 'failed'],
  ['BOUNCEBACK', 'returned'],
]);

const waitingReasons: ReadonlyMap<string, string> = new Map([
  ['PEND_RFI_MATERIAL', 'PayerMax waits for documents: upload them in its dashboard.'],
  ['REVIEW', 'PayerMax is looking at the documents, which takes up to three working days.'],
]);

type Hide = (text: string) => string;

/** An end is left to the status query, which alone is documented to give it. */
export function toTakenNews(taken: z.output<typeof takenWire>, hide: Hide): PayoutNews {
  return {
    state: states.has(taken.status) ? 'submitted' : 'unresolved',
    ...toFacts(taken, hide),
  };
}

export function toStatusNews(order: z.output<typeof orderWire>, hide: Hide): PayoutNews {
  const state = states.get(order.status) ?? 'unresolved';
  const reason =
    state === 'submitted'
      ? waitingReasons.get(order.subStatus ?? '')
      : explain(order.responseCode ?? '', order.responseMsg ?? '', hide);
  return {
    state,
    ...toFacts(order, hide),
    ...(order.trade ? { amount: order.trade } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

function toFacts(
  {
    outTradeNo,
    tradeNo,
    status,
    subStatus,
  }: z.output<typeof takenWire> & { subStatus?: string | null | undefined },
  hide: Hide,
) {
  const words = ['APPLY_SUCCESS', status, ...(subStatus ? [subStatus] : [])].join('/');
  return {
    providerStatus: toLine(hide(words), 100),
    reference: outTradeNo,
    ...(tradeNo ? { providerReference: tradeNo } : {}),
  };
}

/** `Insufficient balance. (BALANCE_INSUFFICIENT)` */
function explain(code: string, text: string, hide: Hide): string | undefined {
  if (text === '') return code === '' ? undefined : toLine(hide(code), 300);
  return toLine(hide(code === '' ? text : `${text} (${code})`), 300);
}

/** Their words end up in cards and log lines, which want neither line breaks nor pages. */
export function toLine(text: string, charactersMax: number): string {
  const characters = [...text.replace(/[\s\p{Cc}]+/gu, ' ').trim()];
  return characters.length <= charactersMax
    ? characters.join('')
    : `${characters.slice(0, charactersMax - 1).join('')}…`;
}
