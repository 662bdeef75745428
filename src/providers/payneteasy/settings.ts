// `providers.payneteasy` in the team file: what PaynetEasy's documents leave open, because it depends
// on the acquirer behind the endpoint or on the age of the page.
// https://doc.payneteasy.com/integration/API_commands/api_v4_payout.html (read 2026-11)
import { z } from 'zod';
import { isReservedName, moreFieldName, routeIds } from './payout-routes.ts';

/** https://doc.payneteasy.com: string of up to 128. */
const balanceName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a balance name is one line of text');

const fieldName = z
  .string()
  .regex(moreFieldName, 'a parameter has small letters, digits and _, like routing_number')
  .refine(
    (name) => !isReservedName(name),
    'Purser fills this parameter itself, or never sends it: card numbers are not kept',
  );

export const payneteasySettings = z
  .strictObject({
    /** v4 signs payouts with the private key (RSA-SHA256), v2 with the control key (HMAC-SHA1). */
    payout_auth: z.enum(['v4', 'v2']).default('v4'),
    /** The documents have the first, the vendor's samples the second. */
    order_id_name: z.enum(['client_orderid', 'client-order-id']).default('client_orderid'),
    /** `bank: { routing_number: required }`, as the acquirer wants it. */
    payout_fields: z
      .partialRecord(z.enum(routeIds), z.record(fieldName, z.enum(['required', 'optional'])))
      .default({}),
    /** `EUR: EU payouts`: which balance payouts draw on, where there are several in a currency. */
    payout_accounts: z
      .record(z.string().regex(/^[A-Z]{3}$/, 'a currency has three capital letters'), balanceName)
      .default({}),
    /** Asks for this balance only. */
    balance_name: balanceName.optional(),
  })
  .prefault({});

export type PaynetEasySettings = z.output<typeof payneteasySettings>;
