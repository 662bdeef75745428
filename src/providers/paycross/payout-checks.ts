// What is certain before anything is sent: the documented rules of an order and the rules of its
// route, which may have changed since the payee was saved.
import { toDecimalText } from '../../money.ts';
import type { PayeeField, PayoutOrder } from '../payouts.ts';
import { findPayableDecimals } from './currency.ts';
import type { PaycrossRoute } from './payout-routes.ts';

/** Several ids may be joined with `;` in a `tracking_id`. */
const referenceShape = /^[^;]{1,255}$/;
const descriptionCharsMax = 255;

/** One sentence for each rule that the order breaks. */
export function findMistakes(order: PayoutOrder, route: PaycrossRoute): string[] {
  const { amount, fields, note, reference } = order;
  const known = new Set(route.fields.map(({ name }) => name));
  const mistakes = route.fields.flatMap((field) => findFieldMistake(field, fields) ?? []);
  for (const name of Object.keys(fields)) {
    if (!known.has(name)) mistakes.push(`${route.label} has no field ${name.slice(0, 40)}.`);
  }
  if (!referenceShape.test(reference)) {
    mistakes.push('The merchant reference needs 1 to 255 characters and no semicolon.');
  }
  if (note.length < 1 || note.length > descriptionCharsMax) {
    mistakes.push(`The note needs 1 to ${descriptionCharsMax} characters.`);
  }
  if (!route.currencies.includes(amount.currency)) {
    mistakes.push(`${route.label} cannot be paid in ${amount.currency} here.`);
  } else if (amount.decimals !== findPayableDecimals(amount.currency)) {
    mistakes.push(`${toDecimalText(amount)} ${amount.currency} has other decimals here.`);
  }
  if (amount.units <= 0n) mistakes.push('The amount must be more than zero.');
  return mistakes;
}

function findFieldMistake(field: PayeeField, fields: PayoutOrder['fields']): string | undefined {
  const value = fields[field.name] ?? '';
  if (value === '') {
    return field.isRequired ? `${field.label} is missing from the payee. ${field.help}` : undefined;
  }
  const isRight = value.length <= field.lengthMax && new RegExp(field.pattern, 'u').test(value);
  return isRight ? undefined : `${field.label} of the payee is not right. ${field.help}`;
}
