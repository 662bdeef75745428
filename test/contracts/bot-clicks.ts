// Facts about buttons and forms.
import { expect } from 'vitest';
import type { Card, FormField } from '../../src/commands/card.ts';
import {
  all,
  type BotFact,
  cardOf,
  correct,
  eventually,
  expectWords,
  privately,
  titled,
} from './bot-subject.ts';

const payout = (more: Partial<Card> = {}): Card =>
  cardOf({
    title: '125.50 USD to Maria Santos',
    buttons: [
      {
        action: 'payout.approve:P7K2M9QX4.0a1b2c3d',
        label: 'Approve',
        style: 'primary',
        confirm: { title: 'Pay 125.50 USD?', text: 'To Maria with PayerMax.', yes: 'Approve' },
      },
      { action: 'payout.reject:P7K2M9QX4.0a1b2c3d', label: 'Reject', style: 'danger' },
    ],
    mark: 'P7K2M9QX4 · reference P34YD13KUQL0E5WH',
    ...more,
  });

const fields = (values: Record<string, string> = {}, errors: Record<string, string> = {}) =>
  [
    {
      name: 'payee',
      label: 'Payee',
      kind: 'choice',
      options: [
        { value: 'maria', label: 'maria: Maria Santos, PayerMax' },
        { value: 'diego', label: 'diego: Diego Ruiz, Alignet' },
      ],
      isRequired: true,
      lengthMax: 32,
    },
    { name: 'amount', label: 'Amount', kind: 'text', isRequired: true, lengthMax: 40 },
    { name: 'note', label: 'Note', kind: 'long_text', isRequired: false, lengthMax: 140 },
  ].map(
    (field): FormField => ({
      ...(field as FormField),
      ...(values[field.name] === undefined ? {} : { value: values[field.name] }),
      ...(errors[field.name] === undefined ? {} : { error: errors[field.name] }),
    }),
  );

const form = (values?: Record<string, string>, errors?: Record<string, string>) =>
  privately({
    title: 'Ask for a payout',
    text: 'You see a preview first.',
    form: {
      action: 'payout.form:',
      title: 'Ask for a payout',
      submit: 'Preview',
      fields: fields(values, errors),
    },
  });

export const clickFacts: readonly BotFact[] = [
  {
    name: 'takes a button to the dispatcher as the one who pressed it',
    async prove({ chat, bot, script, accountOf, channelIds }) {
      const id = await bot.poster.post(channelIds.approvals, payout());
      script.answer('payout.approve', () => privately({ title: 'You agreed' }));
      const seen = await chat.until('ben', 'approvals', titled('125.50 USD'));
      await chat.press('ben', seen, 'Approve');
      await script.until(1);
      expect(script.heard).toMatchObject([
        {
          text: 'payout.approve:P7K2M9QX4.0a1b2c3d',
          account: accountOf('ben'),
          spot: { channel: channelIds.approvals, message: id },
        },
      ]);
      expect(script.heard[0]?.values).toBeUndefined();
    },
  },
  {
    name: 'answers a button in private, and leaves the message for everybody as it is',
    async prove(subject) {
      const { chat, bot, script, channelIds } = subject;
      await bot.poster.post(channelIds.approvals, payout());
      script.answer('payout.approve', () => privately({ title: 'You may not' }));
      const seen = await chat.until('ben', 'approvals', titled('125.50 USD'));
      await chat.press('ben', seen, 'Approve');
      await eventually(() => expect(all(subject, 'ben', 'You may not')).toHaveLength(1));
      expect(all(subject, 'ben', 'You may not')[0]?.isPrivate).toBe(true);
      expect(all(subject, 'ana', 'You may not')).toEqual([]);
      const still = all(subject, 'ana', '125.50 USD');
      expect(still.map(({ buttons }) => buttons)).toEqual([['Approve', 'Reject']]);
    },
  },
  {
    name: 'runs a suggested line as the one who presses it',
    async prove({ chat, bot, script, accountOf, channelIds }) {
      const card = cardOf({ title: 'Paid', suggestions: ['/payout show P7K2M9QX4'] });
      await bot.poster.post(channelIds.general, card);
      script.answer('payout show', () => privately({ title: 'The whole payout' }));
      const seen = await chat.until('ben', 'general', titled('Paid'));
      await chat.press('ben', seen, '/payout show P7K2M9QX4');
      await chat.until('ben', 'general', titled('The whole payout'));
      expect(script.heard).toMatchObject([
        { text: '/payout show P7K2M9QX4', account: accountOf('ben') },
      ]);
    },
  },
  {
    name: 'opens a form, sends what was filled in, and shows what comes of it once',
    async prove(subject) {
      const { chat, script, accountOf } = subject;
      script.answer('payout', () => form(), true);
      script.answer('payout.form', () => ({
        ...privately({ title: 'Ask for 125.50 USD to Maria Santos?' }),
        isInPlace: true,
      }));
      await chat.type('ana', 'general', '/payout');
      await eventually(() => expect(chat.form('ana')?.title).toBe('Ask for a payout'));
      expect(chat.form('ana')?.fields.map(({ label }) => label)).toEqual([
        'Payee',
        'Amount',
        'Note',
      ]);
      await chat.submit('ana', { payee: 'maria', amount: '125.50', note: 'line one\nline two' });
      await eventually(() => {
        expect(all(subject, 'ana', 'Ask for 125.50 USD')).toHaveLength(1);
      });
      expect(all(subject, 'ben', 'Ask for')).toEqual([]);
      expect(script.heard[1]).toMatchObject({
        text: 'payout.form:',
        account: accountOf('ana'),
        values: { payee: 'maria', amount: '125.50', note: 'line one\nline two' },
      });
    },
  },
  {
    name: 'shows a form again with what is wrong beside what was typed',
    async prove(subject) {
      const { chat, script } = subject;
      script.answer('payout', () => form(), true);
      script.answer('payout.form', ({ values = {} }) =>
        values['amount'] === '125.50'
          ? { ...privately({ title: 'Preview' }), isInPlace: true }
          : {
              ...form(
                { payee: 'maria', amount: '1,250', note: 'rent' },
                { amount: '“1,250” could mean 1250 or 1.250.' },
              ),
              isInPlace: true,
            },
      );
      await chat.type('ana', 'general', '/payout');
      await eventually(() => expect(chat.form('ana')).toBeDefined());
      await chat.submit('ana', { payee: 'maria', amount: '1,250', note: 'rent' });
      await correct(subject, 'ana', '“1,250” could mean 1250 or 1.250.');
      const again = chat.form('ana');
      const [payee, amount, note] = again?.fields.map(({ value }) => value) ?? [];
      // A choice is shown by its label.
      expect([payee?.split(':')[0], amount, note]).toEqual(['maria', '1,250', 'rent']);
      await chat.submit('ana', { payee: 'maria', amount: '125.50', note: 'rent' });
      await script.until(3);
      expect(script.heard[2]?.values).toMatchObject({ amount: '125.50', note: 'rent' });
    },
  },
  {
    name: 'asks a button’s question in a form, and sends the answer with the button’s argument',
    async prove({ chat, bot, script, channelIds }) {
      await bot.poster.post(channelIds.approvals, payout());
      script.answer(
        'payout.reject',
        ({ text, values }) =>
          values === undefined
            ? privately({
                title: 'Reject this payout',
                form: {
                  action: text,
                  title: 'Reject this payout',
                  submit: 'Reject',
                  fields: [
                    {
                      name: 'reason',
                      label: 'Why',
                      help: '3 to 300 characters',
                      kind: 'long_text',
                      isRequired: true,
                      lengthMax: 300,
                    },
                  ],
                },
              })
            : { ...privately({ title: 'You rejected it' }), isInPlace: true },
        true,
      );
      const seen = await chat.until('ben', 'approvals', titled('125.50 USD'));
      await chat.press('ben', seen, 'Reject');
      await eventually(() => expect(chat.form('ben')?.fields[0]?.label).toBe('Why'));
      await chat.submit('ben', { reason: 'wrong account' });
      await script.until(2);
      expect(script.heard[1]).toMatchObject({
        text: 'payout.reject:P7K2M9QX4.0a1b2c3d',
        values: { reason: 'wrong account' },
      });
    },
  },
  {
    name: 'answers a refusal where a form was announced',
    async prove(subject) {
      const { chat, script } = subject;
      const refused = () => privately({ title: 'This is for requesters' });
      script.answer('payout', refused, true);
      await chat.type('ben', 'general', '/payout');
      await eventually(() => expect(all(subject, 'ben', 'This is for requesters')).toHaveLength(1));
      expect(chat.form('ben')).toBeUndefined();
    },
  },
  {
    name: 'takes the old buttons of an earlier start to the dispatcher',
    async prove(subject) {
      const { chat, bot, script, channelIds } = subject;
      await bot.poster.post(channelIds.approvals, payout());
      const seen = await chat.until('ben', 'approvals', titled('125.50 USD'));
      await subject.restart();
      script.answer('payout.approve', () => privately({ title: 'You agreed' }));
      await chat.press('ben', seen, 'Approve');
      await eventually(() => expect(all(subject, 'ben', 'You agreed')).toHaveLength(1));
      expectWords(all(subject, 'ben', 'You agreed')[0] ?? seen, 'You agreed');
    },
  },
];
