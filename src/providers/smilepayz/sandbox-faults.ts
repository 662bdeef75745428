// The sandbox’s own faults. SmilePayz documents neither refusals nor a complete answer, so these
// are the variants that the contradicting pages allow, and answers that no client may believe.
import { type AccountInfo, type BalanceAnswer, unknownAccount } from './sandbox-balance.ts';
import { badSignature, type Refusal, staleTimestamp } from './sandbox-gate.ts';

export const faults = {
  timestamp_ignored: 'takes any X-TIMESTAMP, as the short pages of the documents allow',
  bad_signature: 'refuses as if the signature were wrong (invented code)',
  echoed_string: 'refuses the signature and quotes the signed text, merchant secret included',
  stale_timestamp: 'refuses as if the clock were off (invented code)',
  http_401: 'answers HTTP 401',
  unknown_account: 'refuses the account and quotes its whole number (invented code)',
  unknown_code: 'answers with a code that nobody knows and no message',
  account_infos_object: 'answers accountInfos as one object, not an array',
  account_infos_missing: 'answers "00" without accountInfos',
  missing_available: 'leaves availableBalance out',
  missing_amount: 'leaves amount out',
  missing_value: 'leaves the value of availableBalance out',
  missing_currency: 'leaves the currency of availableBalance out',
  missing_type: 'leaves balanceType out',
  extra_type: 'adds an AVAILABLE entry that shows the same money once more',
  only_available_type: 'answers only an AVAILABLE entry',
  doubled_entry: 'answers the BALANCE entry twice',
  value_as_number: 'writes each value as a JSON number',
  value_with_fraction: 'writes a value with half a unit, like 1050.5',
  value_grouped: 'writes a value with commas between thousands',
  other_currency: 'answers in another currency than the account has',
  other_account: 'answers for another account than the one asked',
} as const;

/** A refusal that needs nothing from the books. */
export function refuseByFault(fault: string | undefined, signedText: string): Refusal | undefined {
  switch (fault) {
    case 'bad_signature':
      return badSignature;
    case 'echoed_string':
      return { ...badSignature, message: `${badSignature.message}: ${signedText}` };
    case 'stale_timestamp':
      return staleTimestamp;
    case 'unknown_code':
      return { code: '7F', message: '' };
    default:
      return undefined;
  }
}

/** The answer as the fault has it, as JSON text. */
export function writeAnswer(answer: BalanceAnswer, fault: string | undefined): string {
  const [info] = answer.accountInfos;
  if (info === undefined) throw new TypeError('a balance answer has an entry');
  const { amount, availableBalance, ...bare } = info;
  const write = (accountInfos: unknown) => JSON.stringify({ ...answer, accountInfos });
  switch (fault) {
    case 'unknown_account':
      return JSON.stringify(unknownAccount(answer.accountNo));
    case 'account_infos_object':
      return write(info);
    case 'account_infos_missing':
      return write(undefined);
    case 'missing_available':
      return write([{ ...bare, amount }]);
    case 'missing_amount':
      return write([{ ...bare, availableBalance }]);
    case 'missing_value':
      return write([{ ...info, availableBalance: { currency: availableBalance?.currency } }]);
    case 'missing_currency':
      return write([{ ...info, availableBalance: { value: availableBalance?.value } }]);
    case 'missing_type':
      return write([{ amount, availableBalance }]);
    case 'extra_type':
      return write([{ ...info, balanceType: 'AVAILABLE' }, info]);
    case 'only_available_type':
      return write([{ ...info, balanceType: 'AVAILABLE' }]);
    case 'doubled_entry':
      return write([info, info]);
    case 'value_as_number':
      // By text: a JavaScript number would lose the digits of a big amount.
      return write([info]).replace(/"value":"(-?[\d.]+)"/g, '"value":$1');
    case 'value_with_fraction':
      return write([changeValues(info, (value) => `${value.split('.')[0]}.5`)]);
    case 'value_grouped':
      return write([changeValues(info, (value) => `1,${value}`)]);
    case 'other_currency':
      return write([info]).replaceAll(/"currency":"[A-Z]+"/g, '"currency":"THB"');
    case 'other_account':
      return JSON.stringify({ ...answer, accountNo: `9${answer.accountNo.slice(1)}` });
    default:
      return JSON.stringify(answer);
  }
}

function changeValues(info: AccountInfo, change: (value: string) => string): AccountInfo {
  const changed = { ...info };
  if (info.amount) changed.amount = { ...info.amount, value: change(info.amount.value) };
  if (info.availableBalance) {
    const { availableBalance } = info;
    changed.availableBalance = { ...availableBalance, value: change(availableBalance.value) };
  }
  return changed;
}
