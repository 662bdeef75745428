// Payout orders at the Alignet sandbox: the documented rules of every field, the documented answer,
// and by switch the answers that leave a sender in doubt. Duplicates and a lack of funds have no
// documented answer: a repeated reference is refused with a code of its own, an order without funds
// with `is_valid` "false".
// https://docs.pay-me.com/api-orquestador/Working-version/parameters (read 2026-11)
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseJson, wireNumberText } from '../../json.ts';
import type { SandboxAnswer, SandboxRequest } from '../sandbox.ts';
import { type Envelope, succeed, wrap } from './sandbox-gate.ts';
import type { Fate, Ledger } from './sandbox-ledger.ts';

export const payoutFaults = {
  processes_twice: 'takes a reference again that it has taken before',
  payout_fails: 'takes the payout; after 4 s it has failed and the money is back',
  returned: 'takes and pays the payout; after an hour the money is back',
  stays_pending: 'takes the payout and never ends it',
  fails_unfunded: 'takes the payout whatever the balance; after 4 s it has failed',
  invalid_payment: 'takes nothing: is_valid "false" beside success "true"',
  invalid_batch: 'takes nothing: both is_valid and success are "false"',
  echoes_payee: 'takes nothing: HTTP 400 that quotes the account number and the credentials',
  boolean_words: 'takes the payout and writes success and is_valid as booleans',
  missing_batch_id: 'takes the payout and leaves out pay_out.id',
  taken_not_success: 'takes the payout, yet success is "false" beside is_valid "true"',
  taken_other_code: 'takes the payout, yet answers HTTP 200 with the code "97"',
  taken_422: 'takes the payout, yet answers HTTP 422',
  taken_other_word: 'takes the payout and writes "pending" as is_valid',
  taken_unlisted: 'takes the payout and lists no payment',
  taken_listed_twice: 'takes the payout and lists the payment twice',
  taken_other_reference: 'takes the payout and lists another reference',
} as const;

const text = z.string().min(1);
const digits = z.string().regex(/^[0-9]+$/);
const units = wireNumberText.refine((number) => /^[1-9][0-9]*$/.test(number), 'whole, above 0');
const currency = z.string().regex(/^[A-Z]{3}$/);

const payeeSchema = z.strictObject({
  bank_name: text,
  first_name: text,
  last_name: text.optional(),
  // The table's spelling and that of the sample.
  email_addres: text.optional(),
  email_address: text.optional(),
  account_type: text,
  account_number: digits,
  cci_number: digits.optional(),
  identity_document_country: z.string().regex(/^[A-Z]{2}$/),
  identity_document_type: text,
  identity_document_identifier: digits,
  department: text.optional(),
  phone: z
    .strictObject({ country_code: digits.optional(), subscriber: digits.optional() })
    .optional(),
});

const paymentSchema = z.strictObject({
  internal_transaction_id: text,
  payment_date: z.iso.date(),
  amount: units,
  amount_usd: units.optional(),
  currency: currency.optional(),
  payee: payeeSchema.refine(
    (payee) => (payee.email_address ?? payee.email_addres) !== undefined,
    'email_address is missing',
  ),
  user: z.strictObject({ name: text.optional(), id: text.optional() }).optional(),
});

const requestSchema = z.strictObject({
  action: z.literal('pay_out'),
  pay_out: z
    .strictObject({
      name: text,
      country: z.string().regex(/^[A-Z]{3}$/),
      currency,
      payments: z.array(paymentSchema).min(1),
    })
    .refine(
      ({ country, payments }) =>
        country !== 'PER' || payments.every(({ payee }) => payee.cci_number !== undefined),
      'cci_number is mandatory in Peru',
    ),
});
type Batch = z.infer<typeof requestSchema>['pay_out'];
type Payment = Batch['payments'][number];

export function answerPayout(
  request: SandboxRequest,
  fault: string | undefined,
  { ledger, payfac, envelope }: { ledger: Ledger; payfac: string; envelope: Envelope },
): SandboxAnswer {
  const refuse = (httpStatus: number, code: string, message: string, local = '') =>
    wrap(httpStatus, { code, message, local }, { success: 'false' }, envelope);
  if (request.method !== 'POST') return refuse(405, '405', 'Method Not Allowed');
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    return refuse(415, '415', 'Unsupported Media Type');
  }
  const read = requestSchema.safeParse(readJson(request));
  if (!read.success) {
    const [issue] = read.error.issues;
    const path = issue?.path.join('.') ?? '';
    return refuse(422, '422', `${path}: ${issue?.message}`, 'Solicitud inválida');
  }
  const batch = read.data.pay_out;
  if (fault === 'echoes_payee') {
    const account = batch.payments[0]?.payee.account_number;
    const key = request.headers['authorization'];
    return refuse(400, '400', `Account ${account} is not of ${key}, CCI unknown`);
  }
  const references = batch.payments.map((payment) => payment.internal_transaction_id);
  const isRepeated =
    new Set(references).size < references.length ||
    references.some((reference) => ledger.knows(payfac, reference));
  if (isRepeated && fault !== 'processes_twice') {
    return refuse(200, '2005', '[internal_transaction_id] Duplicated', 'Pay out duplicado');
  }
  const payments = batch.payments.map((payment) => ({
    internal_transaction_id: payment.internal_transaction_id,
    is_valid: String(takePayment(payment, batch, fault, { ledger, payfac })),
  }));
  return answerTaken(batch, payments, fault, envelope);
}

function readJson(request: SandboxRequest): unknown {
  try {
    return parseJson(request.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const fates: Readonly<Record<string, Fate>> = {
  payout_fails: 'fails',
  returned: 'returned',
  stays_pending: 'stays',
  fails_unfunded: 'unfunded',
};

/** Whether it was taken. */
function takePayment(
  payment: Payment,
  batch: Batch,
  fault: string | undefined,
  { ledger, payfac }: { ledger: Ledger; payfac: string },
): boolean {
  if (fault === 'invalid_payment' || fault === 'invalid_batch') return false;
  const drawn = payment.currency ?? batch.currency;
  const row = ledger.findRows(payfac)?.find((one) => one.currency === drawn);
  const amount = BigInt(payment.amount);
  const fate = fates[fault ?? ''] ?? 'paid';
  if (fate !== 'unfunded' && (row === undefined || row.total_balance < amount)) return false;
  const reference = payment.internal_transaction_id;
  ledger.take({ payfac, reference, units: amount, currency: drawn, fate });
  return true;
}

interface Listed {
  readonly internal_transaction_id: string;
  readonly is_valid: unknown;
}

function answerTaken(
  { name, country }: Batch,
  listed: readonly Listed[],
  fault: string | undefined,
  envelope: Envelope,
): SandboxAnswer {
  const payments = bend(listed, fault);
  const id = fault === 'missing_batch_id' ? {} : { id: randomUUID() };
  const isNo = fault === 'invalid_batch' || fault === 'taken_not_success';
  const success = fault === 'boolean_words' ? !isNo : String(!isNo);
  const content = { success, pay_out: { ...id, name, country, payments } };
  switch (fault) {
    case 'taken_other_code':
      return wrap(200, { code: '97', message: 'Switch down', local: '' }, content, envelope);
    case 'taken_422':
      return wrap(422, { code: '22', message: 'Not routed', local: '' }, content, envelope);
    default:
      return succeed(content, 'Pay out creado', fault, envelope);
  }
}

/** The payments as the fault wants them listed. */
function bend(payments: readonly Listed[], fault: string | undefined): readonly Listed[] {
  switch (fault) {
    case 'boolean_words':
      return payments.map((one) => ({ ...one, is_valid: one.is_valid === 'true' }));
    case 'taken_other_word':
      return payments.map((one) => ({ ...one, is_valid: 'pending' }));
    case 'taken_unlisted':
      return [];
    case 'taken_listed_twice':
      return [...payments, ...payments];
    case 'taken_other_reference':
      return payments.map((one) => ({ ...one, internal_transaction_id: randomUUID() }));
    default:
      return payments;
  }
}
