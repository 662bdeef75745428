// One payout as Alignet reads it, and what it answers. The amount is a whole number of the agreed
// scale, like the balance. Left out: `amount_usd`, which needs an exchange rate that Purser does not
// have, and `user`; the table asks for neither.
// https://docs.pay-me.com/api-orquestador/Working-version/parameters (read 2026-11)
import { z } from 'zod';
import { toJson, wireBoolean, wireText } from '../../json.ts';
import { rescale } from '../../money.ts';
import type { PayoutOrder } from '../payouts.ts';

/** Throws `InexactAmountError` for what the agreed scale cannot carry. */
export function toPayoutBody(order: PayoutOrder, amountDecimals: number): string {
  const { fields, amount, reference } = order;
  const { currency } = amount;
  const phone = {
    country_code: filled(fields['phone_country']),
    subscriber: filled(fields['phone']),
  };
  const isPhoneGiven = Object.values(phone).some((part) => part !== undefined);
  return toJson({
    action: 'pay_out',
    pay_out: {
      // Free text, and all that people in Alignet's portal can find the payout by.
      name: `${order.note} ${reference}`.trim(),
      country: 'PER',
      currency,
      payments: [
        {
          internal_transaction_id: reference,
          payment_date: order.requestedOn,
          amount: rescale(amount, amountDecimals).units,
          currency,
          payee: {
            bank_name: fields['bank_name'],
            first_name: fields['first_name'],
            last_name: filled(fields['last_name']),
            // The table spells it `email_addres`, every sample like this.
            email_address: fields['email'],
            account_type: fields['account_type'],
            account_number: fields['account_number'],
            cci_number: fields['cci'],
            identity_document_country: fields['document_country'],
            identity_document_type: fields['document_type'],
            identity_document_identifier: fields['document_number'],
            department: filled(fields['department']),
            phone: isPhoneGiven ? phone : undefined,
          },
        },
      ],
    },
  });
}

/** A field that nobody filled in is not sent: an empty string would be a statement. */
function filled(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

/** Beside the envelope. The documents write both booleans as strings. */
export const payoutAnswerWire = z.object({
  success: wireBoolean,
  pay_out: z.object({
    /** Of the batch; a payment has no id of its own. What no store could keep is left out. */
    id: wireText
      .pipe(z.string().regex(/^[!-~]{1,100}$/))
      .nullish()
      .catch(undefined),
    payments: z.array(z.object({ internal_transaction_id: wireText, is_valid: wireBoolean })),
  }),
});
