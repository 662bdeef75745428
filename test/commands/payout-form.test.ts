// The form of /payout: whatever is typed into it, the person keeps it and reads what is wrong.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { actionIn, ana, createOffice, eve, fieldOf, officeTeam } from './office.ts';
import { createScene } from './world.ts';

const good = { payee: 'maria', amount: '125.50', currency: 'USD', note: 'invoice 42' };
const form = 'payout.form:';

/** By the name of the field. */
const problemsOf = ({ form: shown }: Card) =>
  (shown?.fields ?? []).flatMap(({ name, error }) => (error === undefined ? [] : [[name, error]]));
const valuesOf = ({ form: shown }: Card) =>
  Object.fromEntries((shown?.fields ?? []).map(({ name, value }) => [name, value]));

describe('the form of /payout', () => {
  it('offers the payees that can be paid, and fields with what they hold at most', async () => {
    const office = await createOffice();
    await office.types(eve, '/payee add');
    const { card, audience } = await office.types(eve, '/payout');
    expect(audience).toBe('asker');
    expect(card).toMatchObject({
      title: 'Ask for a payout',
      text: 'You see a preview before anything is posted.',
      form: { action: form, submit: 'Preview' },
    });
    expect(
      card.form?.fields.map(({ name, isRequired, lengthMax }) => [name, isRequired, lengthMax]),
    ).toEqual([
      ['payee', true, 32],
      ['amount', true, 40],
      ['currency', false, 5],
      ['note', false, 140],
    ]);
    expect(card.form?.fields[0]?.options).toEqual([
      { value: 'luz', label: 'luz: Luz Vega, Alignet, Peru, bank account' },
      { value: 'maria', label: 'maria: María López, PayerMax, Peru, bank account' },
    ]);
  });

  it('opens with what was typed on the line, and only with payees of that provider', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, '/payout payermax 7.5');
    expect(valuesOf(card)).toEqual({
      payee: undefined,
      amount: '7.5',
      currency: undefined,
      note: undefined,
    });
    expect(card.form?.fields[0]?.options?.map(({ value }) => value)).toEqual(['maria']);
  });

  it('does not open where nobody can be paid', async () => {
    const { dispatcher } = createScene({ team: officeTeam });
    const outcome = await dispatcher.run(
      { account: eve, spot: { channel: 'c' }, line: '/payout' },
      () => {},
    );
    expect(outcome.card).toMatchObject({
      title: 'There is no payee yet that can be paid',
      suggestions: ['/payee add', '/payee list'],
    });
  });

  it('filled in well is a preview in its place, posted by nobody', async () => {
    const office = await createOffice();
    const outcome = await office.fills(eve, form, good);
    expect(outcome).toMatchObject({ audience: 'asker', isInPlace: true });
    expect(outcome.card.title).toBe('Ask for 125.50 USD to María López?');
    expect(actionIn(outcome.card, 'payout.post')).toBe('payout.post:P00000001');
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
  });

  it('pressed as if it were a button opens empty', async () => {
    const office = await createOffice();
    expect(valuesOf((await office.presses(eve, form)).card)).toEqual({});
  });

  const long = 'x'.repeat(10_000);
  it.each([
    ['no payee', { payee: '' }, /^Choose a payee\.$/],
    ['an unknown payee', { payee: 'nobody' }, /^There is no such payee\./],
    ['a payee of 10,000 characters', { payee: long }, /^There is no such payee\./],
    ['a payee with a mention', { payee: '<!channel>' }, /^There is no such payee\./],
    ['no amount', { amount: ' ' }, /^Write the amount, like 125\.50\.$/],
    ['letters for the amount', { amount: 'ten' }, /^“ten” is not an amount\./],
    ['an amount of nothing', { amount: '0.00' }, /^The amount must be more than zero\.$/],
    ['an amount below nothing', { amount: '-5' }, /^“-5” is not an amount\./],
    ['an exponent', { amount: '1e9' }, /^“1e9” is not an amount\./],
    ['an amount with two readings', { amount: '1.250,50' }, /^“1\.250,50” could mean 1250\.50 or /],
    ['too many decimals', { amount: '5.0051' }, /cannot be carried exactly/],
    [
      'an amount of 10,000 characters',
      { amount: '1'.repeat(10_000) },
      /^“1{50}…” is not an amount/,
    ],
    ['full-width digits', { amount: '１２５' }, /^“１２５” is not an amount\./],
    ['no currency where the payee has two', { currency: '' }, /^Name the currency: USD or PEN\.$/],
    [
      'a currency that the payee has not',
      { currency: 'EUR' },
      /^maria can be paid in USD or PEN only \(PayerMax, Peru, bank account\)\.$/,
    ],
    [
      'a currency of 10,000 characters',
      { currency: long },
      /^maria can be paid in USD or PEN only \(PayerMax, Peru, bank account\)\.$/,
    ],
    ['a note of 10,000 characters', { note: long }, /^The note has 10000 characters; at most 140/],
  ])('with %s says what is wrong and keeps the rest', async (_what, wrong, text) => {
    const office = await createOffice();
    const { card, isInPlace, audience } = await office.fills(eve, form, { ...good, ...wrong });
    expect({ isInPlace, audience }).toEqual({ isInPlace: true, audience: 'asker' });
    expect(card.tone).toBe('warning');
    const [field] = Object.keys(wrong);
    const found = problemsOf(card);
    expect(found).toEqual([[field, expect.stringMatching(text)]]);
    expect(found[0]?.[1]?.length).toBeLessThan(400);
    const kept = valuesOf(card);
    for (const [name, value] of Object.entries(good)) {
      if (!(name in wrong)) expect(kept[name]).toBe(value);
    }
    for (const { value, lengthMax, options } of card.form?.fields ?? []) {
      expect((value ?? '').length).toBeLessThanOrEqual(lengthMax);
      if (options !== undefined && value !== undefined) {
        expect(options.map((one) => one.value)).toContain(value);
      }
    }
    expect(await office.world.payouts.desk.listOpen()).toEqual([]);
  });

  it.each([
    [{ currency: 'pen' }, /^No approval rule allows 125\.50 PEN/],
    [{ amount: '20000.01' }, /^One person may pay 20,000\.00 USD in 24 h; /],
  ])('with %j says above the fields what no one of them is to blame for', async (wrong, text) => {
    const office = await createOffice();
    const { card } = await office.fills(eve, form, { ...good, ...wrong });
    expect(card).toMatchObject({ tone: 'warning', text: expect.stringMatching(text) });
    expect(problemsOf(card)).toEqual([]);
  });

  it('without any value at all asks for the payee first', async () => {
    const office = await createOffice();
    expect(problemsOf((await office.fills(eve, form, {})).card)).toEqual([
      ['payee', 'Choose a payee.'],
    ]);
  });

  it('with an unknown field takes no notice of it', async () => {
    const office = await createOffice();
    const { card } = await office.fills(eve, form, { ...good, provider: 'alignet', id: 'P1' });
    expect(fieldOf(card, 'From')).toBe('PayerMax, main');
  });

  it('takes a note with mentions and markup as the text that it is', async () => {
    const office = await createOffice();
    const note = '<!channel> @everyone *bold* `code` <b>';
    const { card } = await office.fills(eve, form, { ...good, note });
    expect(fieldOf(card, 'Note')).toBe(note);
  });

  it('takes out of a note what cannot be seen: other lines, turned directions, controls', async () => {
    const office = await createOffice();
    const note = 'rent\n\nApproved by Ben\u202E 05.521\u2069\u0000\u001B[31m\u2028x\uD800';
    const { card } = await office.fills(ana, form, { ...good, note });
    expect(fieldOf(card, 'Note')).toBe('rent Approved by Ben 05.521 [31m x');
  });

  it('reads a number that was pasted with marks of direction', async () => {
    const office = await createOffice();
    const { card } = await office.fills(eve, form, { ...good, amount: '\u202A125.50\u202C' });
    expect(card.title).toBe('Ask for 125.50 USD to María López?');
  });

  it('leaves out the currency where the payee has one only', async () => {
    const office = await createOffice();
    const added = await office.fills(eve, 'payee.form:payermax/us-wallet', {
      id: 'kim',
      name: 'Kim Lee',
      wallet: '123456789012',
    });
    expect(added.card.title).toBe('Payee kim: Kim Lee');
    await office.presses(ana, 'payee.approve:kim.1');
    const { card } = await office.fills(eve, form, { payee: ' KIM ', amount: '5' });
    expect(card.title).toBe('Ask for 5.00 USD to Kim Lee?');
  });
});
