// What the playground's tests show: balances, a form, a preview, and markup everywhere.
import type { Card, FormField, Group } from '../../src/commands/card.ts';

export const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

export const hostileCard: Card = {
  tone: 'bad',
  title: hostile,
  text: `${hostile}\n\n\u202Eright to left`,
  fields: [{ label: hostile, value: hostile }],
  table: {
    caption: hostile,
    columns: [{ label: hostile, align: 'start' }],
    groups: [{ title: hostile, status: hostile, text: hostile, rows: [[{ text: hostile }]] }],
  },
  notes: [hostile],
  suggestions: [hostile],
  buttons: [
    {
      action: 'refuse',
      label: hostile,
      style: 'danger',
      confirm: { title: hostile, text: hostile, yes: hostile },
    },
  ],
  form: {
    action: 'form.send',
    title: `Form ${hostile}`,
    text: hostile,
    submit: hostile,
    fields: [
      {
        name: 'payee',
        label: hostile,
        help: hostile,
        kind: 'text',
        isRequired: true,
        lengthMax: 200,
        value: hostile,
        error: hostile,
      },
      {
        name: 'route',
        label: hostile,
        kind: 'choice',
        options: [{ value: hostile, label: hostile }],
        isRequired: false,
        lengthMax: 200,
        value: hostile,
      },
    ],
  },
  reference: hostile,
};

const row = (account: string, currency: string, ...amounts: string[]) => [
  { text: account },
  { text: currency, tone: 'quiet' } as const,
  ...amounts.map((text) => (text === '—' ? ({ text, tone: 'quiet' } as const) : { text })),
];

export const groups: Group[] = [
  {
    title: 'Alignet',
    status: '82 ms',
    rows: [row('payfac 7781', 'PEN', '184,220.51400', '—', '—', '—')],
  },
  {
    title: 'PayCross',
    status: '140 ms',
    rows: [
      row('card', 'USD', '48,310.22', '52,010.22', '3,700.00', '—'),
      row('card', 'EUR', '9,004.10', '9,004.10', '0.00', '—'),
      row('apm gateway 1234', 'IDR', '730,500,000.00', '—', '—', '—'),
    ],
  },
  {
    title: 'PayerMax',
    status: '310 ms',
    rows: [
      row('merchant P01010114229508', 'USD', '125,884.07', '131,200.00', '—', '5,315.93'),
      row('merchant P01010114229508', 'KWD', '-12.40', '88.00', '—', '—').map((cell) =>
        cell.text === '-12.40' ? { ...cell, tone: 'bad' as const } : cell,
      ),
    ],
  },
  {
    title: 'PaynetEasy',
    status: 'no answer',
    tone: 'bad',
    text: 'PaynetEasy did not answer within 10 s. Ask again; if it goes on, look at its status page. Shown is its last good answer, 4 min ago.',
    rows: [
      row('merchant pne-live', 'EUR', '8,854.000', '9,120.500', '266.500', '—').map((cell) => ({
        ...cell,
        tone: 'quiet' as const,
      })),
    ],
  },
  {
    title: 'SmilePayz',
    status: '95 ms',
    rows: [
      row('pay-in 21120030202403071001', 'PEN', '61,200.00', '61,200.00', '—', '—'),
      row('pay-out 21120030202403071031', 'PEN', '20,015.75', '20,015.75', '—', '—'),
    ],
  },
];

/** What `/balance` shows when so many providers have answered. */
export function balanceCard(done: number): Card {
  const isDone = done >= groups.length;
  return {
    tone: done > 3 ? 'warning' : 'neutral',
    title: 'Balances',
    ...(isDone ? { text: '4 of 5 providers answered in 310 ms.' } : {}),
    table: {
      caption: 'Balances, by provider and account',
      columns: [
        { label: 'Account', align: 'start' },
        { label: 'Currency', align: 'start' },
        { label: 'Available', align: 'end', isHeadline: true },
        { label: 'Total', align: 'end' },
        { label: 'Held', align: 'end' },
        { label: 'Settling', align: 'end' },
      ],
      groups: groups.map((group, index) =>
        index < done ? group : { title: group.title ?? '', status: 'asking…', rows: [] },
      ),
    },
    ...(isDone
      ? {
          notes: [
            '— means that the provider does not give this figure; it is not zero.',
            'Not given at all: reserve, in flight.',
          ],
          buttons: [
            { action: 'share', label: 'Share here', style: 'plain' },
            { action: 'refuse', label: 'Approve', style: 'primary' },
            { action: 'reject', label: 'Reject', style: 'danger' },
          ],
          suggestions: ['/balance payermax USD'],
          reference: 'b7k2m9',
        }
      : { progress: { done, of: groups.length } }),
  };
}

const formFields: readonly FormField[] = [
  {
    name: 'payee',
    label: 'Name of the payee',
    help: 'As the bank knows it.',
    kind: 'text',
    isRequired: true,
    lengthMax: 40,
  },
  {
    name: 'route',
    label: 'How it is paid',
    kind: 'choice',
    options: [
      { value: 'bank', label: 'Bank transfer' },
      { value: 'wallet', label: 'Wallet' },
    ],
    isRequired: true,
    lengthMax: 20,
  },
  { name: 'note', label: 'Note', kind: 'long_text', isRequired: false, lengthMax: 30 },
];

/** The form as a command would give it back: what was typed, and what is wrong beside it. */
export function formCard(values?: Readonly<Record<string, string>>): Card {
  return {
    tone: 'neutral',
    title: 'New payee',
    text: 'Only you see this. A second person approves it.',
    form: {
      action: 'form.send',
      title: 'New payee',
      submit: 'Save the payee',
      fields: formFields.map((field) => {
        const value = values?.[field.name] ?? '';
        if (values === undefined) return field;
        const error = findError(field, value);
        return { ...field, value, ...(error === undefined ? {} : { error }) };
      }),
    },
    buttons: [{ action: 'drop', label: 'Drop it', style: 'plain' }],
  };
}

export function findError({ isRequired, lengthMax }: FormField, value: string): string | undefined {
  if (isRequired && value.trim() === '') return 'This cannot be empty.';
  return value.length > lengthMax ? `This can have ${lengthMax} characters.` : undefined;
}

export const previewCard: Card = {
  tone: 'neutral',
  title: 'Ask for 125.50 USD to Nadia?',
  text: 'Only you see this. Nothing is posted or sent yet.',
  buttons: [
    {
      action: 'ask',
      label: 'Ask for approval',
      style: 'primary',
      confirm: { title: 'Pay 125.50 USD?', text: 'It cannot be called back.', yes: 'Ask now' },
    },
    { action: 'drop', label: 'Drop it', style: 'plain' },
  ],
};

/** A payout as everybody sees it. */
export function payoutCard(state: 'Waiting for approval' | 'Paid'): Card {
  const isOpen = state === 'Waiting for approval';
  return {
    tone: isOpen ? 'neutral' : 'good',
    title: '125.50 USD to Nadia',
    text: isOpen ? `${state}. Ben can decide.` : `${state}. PayerMax has paid it.`,
    ...(isOpen ? { buttons: [{ action: 'approve', label: 'Approve', style: 'primary' }] } : {}),
  };
}
