// `providers.payermax` in the team file: what PayerMax's documents leave open about payouts. Which
// fields a country needs is in a spreadsheet that PayerMax hands out, and two of its pages differ
// about the version. https://docs.payermax.com/doc-center/disbursement/request/api-request.html
// (read 2026-11)
import { z } from 'zod';
import { moreFieldNames } from './payout-fields.ts';
import { routeIds } from './payout-routes.ts';

export const payermaxSettings = z
  .strictObject({
    /** 1.4 in the vendor's api.json, 1.5 on the current Chinese page. */
    payout_version: z.enum(['1.4', '1.5']).default('1.4'),
    /** `th-bank: { payee_phone: required }` */
    payout_fields: z
      .partialRecord(
        z.enum(routeIds),
        z.partialRecord(z.enum(moreFieldNames), z.enum(['required', 'optional'])),
      )
      .default({}),
  })
  .prefault({});

export type PayermaxSettings = z.output<typeof payermaxSettings>;
