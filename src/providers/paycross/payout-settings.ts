// What the team file says of payouts, because the documents leave it to the acquirer and the payment
// method: which fields a card payout needs, which APM methods there are and what each one asks for.
// https://docs.pay-cross.com/en/integration/apm_api/transactions/payout (read 2026-11)
import { z } from 'zod';
import { cardFieldNames, customerFieldNames, needs } from './payout-fields.ts';

const routesMax = 20;
const fieldsMax = 20;

const need = z.enum(needs, 'write required or optional');

const methodField = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,49}$/, 'write PayCross’s name of the field, like account_number')
    .refine((name) => name !== 'type', 'the type of the method is written in `type` of the method'),
  label: z.string().min(1).max(60),
  help: z.string('say what to write, with an example').min(1).max(200),
  pattern: z.string().refine(isPattern, 'write a regular expression, like [A-Z]{2}[0-9]{10,30}'),
  length_max: z.int().min(1).max(500),
  /** No default: one that is forgotten would be shown in full. */
  account_number: z.boolean('write true for what is shown by its last four characters only'),
  required: z.boolean().default(true),
});

const payoutMethod = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'write a short name of your own for it, like sepa'),
    type: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,49}$/, 'write PayCross’s type of the method, like bank_transfer'),
    label: z.string().min(1).max(60),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'write the two letters of the country, like DE')
      .optional(),
    currencies: z.array(z.string()).min(1, 'list the currencies that it pays, like [EUR]').max(20),
    customer: z.partialRecord(z.enum(customerFieldNames), need).default({}),
    fields: z.array(methodField).max(fieldsMax),
  })
  .superRefine(({ customer, fields }, context) => {
    const seen = new Set<string>(Object.keys(customer));
    fields.forEach(({ name }, index) => {
      if (seen.has(name)) {
        const message = 'another field of this method has the same name';
        context.addIssue({ code: 'custom', path: ['fields', index, 'name'], message });
      }
      seen.add(name);
    });
  });
export type PayoutMethod = z.infer<typeof payoutMethod>;

export const payoutSettings = {
  /** Conditional fields of card payouts. */
  payout_fields: z
    .strictObject({ card: z.partialRecord(z.enum(cardFieldNames), need).optional() })
    .default({}),
  payout_methods: z
    .array(payoutMethod)
    .max(routesMax)
    .superRefine((methods, context) => {
      methods.forEach(({ id }, index) => {
        if (methods.findIndex((other) => other.id === id) < index) {
          const message = 'another method has the same id';
          context.addIssue({ code: 'custom', path: [index, 'id'], message });
        }
      });
    })
    .default([]),
  /** Plural by the documents, singular in the vendor's Ruby SDK. */
  apm_payout_path: z
    .enum(
      ['/transactions/payouts', '/transactions/payout'],
      'write /transactions/payouts, or /transactions/payout if PayCross tells you so',
    )
    .default('/transactions/payouts'),
  /** Sends `"test": true`: no money moves, and no answer about real money is believed. */
  test: z.boolean().default(false),
};

function isPattern(text: string): boolean {
  try {
    new RegExp(toAnchored(text), 'u');
    return true;
  } catch {
    return false;
  }
}

export function toAnchored(pattern: string): string {
  return `^(?:${pattern})$`;
}
