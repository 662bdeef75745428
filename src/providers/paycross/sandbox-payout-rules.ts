// The field rules of the payout calls, as the tables of the documents give them, written from the
// server's side. Where a rule is broken the documented shape of a 422 says so in invented words.
// https://docs.pay-cross.com/en/integration/card_api/transactions/payout and
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout (read 2026-11)
import { z } from 'zod';
import { parseJson, wireNumberText } from '../../json.ts';
import type { SandboxRequest } from '../sandbox.ts';

const shortText = (charsMax: number) =>
  z.string('must be a string').min(1, "can't be blank").max(charsMax, 'is too long');
const anyText = z.string('must be a string');
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a date');
const country = z.string().regex(/^[A-Z]{2}$/, 'is not a country code');
const url = z
  .string('must be a string')
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'is not a URL');

const base = {
  amount: wireNumberText
    .refine((digits) => /^[1-9]\d{0,29}$/.test(digits), 'must be a positive integer')
    .transform(BigInt),
  currency: z.string('must be a string').regex(/^[A-Z]{3}$/, 'is not a currency code'),
  description: shortText(255),
  tracking_id: shortText(255).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2}$/, 'is not a language code')
    .optional(),
  notification_url: url.optional(),
  test: z.boolean('must be true or false').optional(),
};

const billingAddress = z.strictObject({
  first_name: shortText(30).optional(),
  last_name: shortText(30).optional(),
  country: country.optional(),
  city: shortText(60).optional(),
  state: anyText.optional(),
  zip: anyText.optional(),
  address: shortText(255).optional(),
  phone: anyText.optional(),
});

const card = z.strictObject({
  ...base,
  duplicate_check: z.boolean('must be true or false').default(true),
  verification_url: url.optional(),
  recipient_credit_card: z
    .strictObject({
      number: z
        .string('must be a string')
        .regex(/^\d{12,19}$/, 'is not a card number')
        .optional(),
      token: shortText(255).optional(),
      holder: shortText(32).optional(),
      exp_month: z
        .string('must be a string')
        .regex(/^(?:0[1-9]|1[0-2])$/, 'is not a month')
        .optional(),
      exp_year: z
        .string('must be a string')
        .regex(/^\d{4}$/, 'is not a year')
        .optional(),
    })
    .refine(
      ({ number, token }) => (number === undefined) !== (token === undefined),
      'needs number or token',
    ),
  recipient: z
    .strictObject({
      ip: anyText.optional(),
      email: z
        .string()
        .regex(/^[^@\s]+@[^@\s]+$/, 'is invalid')
        .optional(),
      birth_date: day.optional(),
    })
    .optional(),
  recipient_billing_address: billingAddress.optional(),
  sender: z.looseObject({}).optional(),
  sender_billing_address: billingAddress.optional(),
  additional_data: z.looseObject({}).optional(),
});

const customerNames = [
  'first_name',
  'last_name',
  'middle_name',
  'country',
  'city',
  'zip',
  'address',
  'phone',
  'email',
  'birth_date',
  'external_id',
  'taxpayer_id',
  'device_id',
] as const;

const apm = z.strictObject({
  ...base,
  ip: anyText.optional(),
  return_url: url.optional(),
  customer: z.partialRecord(z.enum(customerNames), anyText).optional(),
  // What else a method takes is not documented, so everything is taken.
  method: z.looseObject({ type: z.string('is missing').min(1, 'is missing') }),
});

export type CardPayout = z.infer<typeof card>;
export type ApmPayout = z.infer<typeof apm>;

export interface RuleBreak {
  readonly message: string;
  /** Nested like the request: `{"recipient_credit_card":{"number":["is not a card number"]}}` */
  readonly errors: object;
}

export function checkCardPayout(request: SandboxRequest): CardPayout | RuleBreak {
  return check(card, request);
}

export function checkApmPayout(request: SandboxRequest): ApmPayout | RuleBreak {
  return check(apm, request);
}

function check<T>(schema: z.ZodType<T>, request: SandboxRequest): T | RuleBreak {
  const wrapped = z
    .strictObject({ request: schema })
    .safeParse(readBody(request.body), { reportInput: true });
  return wrapped.success ? wrapped.data.request : explain(wrapped.error);
}

function readBody(body: Buffer): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function explain({ issues: [issue] }: z.ZodError): RuleBreak {
  const path = (issue?.path ?? []).map(String).filter((part) => part !== 'request');
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const places = [...path, ...unknown];
  const isMissing = issue?.input === undefined;
  const problem = isMissing
    ? 'is missing'
    : unknown.length > 0
      ? 'is unknown'
      : (issue?.message ?? 'is invalid');
  const errors = places.reduceRight<unknown>((inner, name) => ({ [name]: inner }), [problem]);
  const name = (places.at(-1) ?? 'request').replaceAll('_', ' ');
  return {
    message: `${name.charAt(0).toUpperCase()}${name.slice(1)} ${problem}.`,
    errors: places.length === 0 ? { request: [problem] } : (errors as object),
  };
}
