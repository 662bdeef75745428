// Adding and changing a payee: the way first, then its fields, each error beside its field.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import {
  accountNumbers,
  actionIn,
  ana,
  ben,
  createOffice,
  eve,
  fieldOf,
  officeTeam,
  textOf,
} from './office.ts';
import { bankRoute, createPayer } from './payer.ts';
import { ask, createScene } from './world.ts';

const form = 'payee.form:payermax/pe-bank';
const good = {
  id: 'john',
  name: 'John Doe',
  bank: 'BCP',
  account_no: '12345678901234',
  cci: '',
  phone: '51987654321',
};

const errorsOf = ({ form: shown }: Card) =>
  Object.fromEntries(
    (shown?.fields ?? []).flatMap(({ name, error }) =>
      error === undefined ? [] : [[name, error]],
    ),
  );
const valuesOf = ({ form: shown }: Card) =>
  Object.fromEntries((shown?.fields ?? []).map(({ name, value }) => [name, value]));

describe('/payee add', () => {
  it('asks for the way first, then for what that way needs', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, '/payee add');
    expect(card.form?.fields.map(({ name }) => name)).toEqual(['way']);
    expect(card.form?.fields[0]?.options?.[2]).toEqual({
      value: 'payermax/pe-bank',
      label: 'PayerMax: Peru, bank account (USD, PEN)',
    });
    const next = await office.fills(eve, actionIn(card, 'payee.way'), { way: 'payermax/pe-bank' });
    expect(next).toMatchObject({ audience: 'asker', isInPlace: true });
    expect(actionIn(next.card, 'payee.form')).toBe(form);
    expect(
      next.card.form?.fields.map(({ name, kind, isRequired }) => [name, kind, isRequired]),
    ).toEqual([
      ['id', 'text', true],
      ['name', 'text', true],
      ['bank', 'choice', true],
      ['account_no', 'text', true],
      ['cci', 'text', false],
      ['phone', 'text', false],
    ]);
    expect(errorsOf(next.card)).toEqual({});
  });

  it.each([
    ['payee.way:', { way: 'paycross/pe-bank' }],
    ['payee.way:', { way: 'x'.repeat(10_000) }],
    ['payee.form:payermax/gone', good],
    ['payee.form:', good],
    ['payee.form:__proto__/constructor', good],
  ])('by %j with %j is no way: start again', async (action, values) => {
    const office = await createOffice();
    expect((await office.fills(eve, action, values)).card).toMatchObject({
      title: 'This way of paying is not there any more',
      suggestions: ['/payee add', '/purser providers'],
    });
  });

  it.each([{}, { way: '' }])('with %j for the way asks for it again', async (values) => {
    const office = await createOffice();
    const { card, isInPlace } = await office.fills(eve, 'payee.way:', values);
    expect(isInPlace).toBe(true);
    expect(card.tone).toBe('warning');
    expect(errorsOf(card)).toEqual({ way: 'Choose how it is paid.' });
    expect(card.form?.fields[0]?.options).toHaveLength(4);
  });

  it('names four currencies of a way at most', async () => {
    const codes = ['USD', 'EUR', 'PEN', 'COP', 'CLP', 'MXN'];
    const labelOf = async (currencies: readonly string[]) => {
      const payermax = createPayer({ id: 'payermax', routes: [{ ...bankRoute, currencies }] });
      const { dispatcher } = createScene({ team: officeTeam, payers: { payermax } });
      const { card } = await ask(dispatcher, ana, '/payee add');
      return card.form?.fields[0]?.options?.[0]?.label;
    };
    expect(await labelOf(codes)).toBe(
      'PayerMax: Peru, bank account (USD, EUR, PEN, COP and 2 more)',
    );
    expect(await labelOf(codes.slice(0, 4))).toBe(
      'PayerMax: Peru, bank account (USD, EUR, PEN, COP)',
    );
  });

  it('cannot begin where no provider pays', async () => {
    const { dispatcher } = createScene();
    expect((await ask(dispatcher, ana, '/payee add')).card.title).toBe(
      'No provider can pay here yet',
    );
  });

  const long = 'x'.repeat(10_000);
  it.each([
    ['id', '', /^The short name has 2 to 32/],
    ['id', 'j', /^The short name has 2 to 32/],
    ['id', 'john doe', /^The short name has 2 to 32/],
    ['id', '../x', /^The short name has 2 to 32/],
    ['id', 'jöhn', /^The short name has 2 to 32/],
    ['id', '<@U02>', /^The short name has 2 to 32/],
    ['id', long, /^The short name has 2 to 32/],
    ['name', '', /^The name has 2 to 100/],
    ['name', ' J ', /^The name has 2 to 100/],
    ['name', '\u202E\u2069', /^The name has 2 to 100/],
    ['name', long, /^The name has 2 to 100/],
    ['bank', '', /^Bank is missing\./],
    ['bank', 'bcp', /^Bank is not right\./],
    ['bank', long, /^Bank is not right\./],
    ['account_no', '', /^Account number is missing\./],
    ['account_no', '123', /^Account number is not right\./],
    ['account_no', '1234567890123x', /^Account number is not right\./],
    ['account_no', '１２３４５６７８９０', /^Account number is not right\./],
    ['account_no', '1'.repeat(10_000), /^Account number is not right\./],
    ['cci', '1', /^CCI is not right\./],
    ['phone', '@everyone', /^Phone is not right\./],
    ['phone', '=1+1', /^Phone is not right\./],
  ])('with %s %j says so beside that field alone', async (name, value, error) => {
    const office = await createOffice();
    const { card, isInPlace } = await office.fills(eve, form, { ...good, [name]: value });
    expect(isInPlace).toBe(true);
    expect(card.tone).toBe('warning');
    expect(errorsOf(card)).toEqual({ [name]: expect.stringMatching(error) });
    const kept = valuesOf(card);
    for (const [other, typed] of Object.entries(good)) {
      if (other !== name) expect(kept[other]).toBe(typed === '' ? undefined : typed);
    }
    for (const field of card.form?.fields ?? []) {
      expect((field.value ?? '').length).toBeLessThanOrEqual(field.lengthMax);
      // The error says what the help says.
      expect(field.help === undefined).toBe(field.error !== undefined);
    }
    expect(await office.world.payouts.payees.find('john')).toBeUndefined();
  });

  it('with nothing at all says so beside every required field', async () => {
    const office = await createOffice();
    const { card } = await office.fills(eve, form, {});
    expect(Object.keys(errorsOf(card))).toEqual(['id', 'name', 'bank', 'account_no']);
  });

  it('reads numbers and names that were pasted with marks that cannot be seen', async () => {
    const office = await createOffice();
    await office.fills(eve, form, {
      ...good,
      id: ' JOHN ',
      name: 'John\u202E Doe\n',
      account_no: '\u202A12345678901234\u202C',
    });
    expect((await office.world.payouts.payees.find('john'))?.proposed).toMatchObject({
      name: 'John Doe',
      fields: { bank: 'BCP', account_no: '12345678901234', phone: '51987654321' },
    });
  });

  it('takes a name with mentions and formulas as the text that it is', async () => {
    const office = await createOffice();
    const name = '=HYPERLINK("x") <!channel> @everyone';
    const { card } = await office.fills(eve, form, { ...good, name });
    expect(card.title).toBe(`Payee john: ${name}`);
  });

  it('under a name that is taken is refused', async () => {
    const office = await createOffice();
    expect((await office.fills(eve, form, { ...good, id: 'maria' })).card).toMatchObject({
      title: 'There is a payee of this name',
      suggestions: ['/payee show maria'],
    });
    expect((await office.world.payouts.payees.find('maria'))?.proposed).toBeUndefined();
  });

  it('saves it for agreement, says who agrees, and hides the account but for its last four', async () => {
    const office = await createOffice();
    const { card, audience, isInPlace } = await office.fills(eve, form, good);
    expect({ audience, isInPlace }).toEqual({ audience: 'asker', isInPlace: true });
    expect(card).toEqual({
      reference: expect.stringMatching(/^R\d+$/),
      tone: 'neutral',
      mark: 'payee john, version 1',
      title: 'Payee john: John Doe',
      text: 'New: it cannot be paid before a second person agrees: Ana, Ben or Cy.',
      fields: [
        { label: 'Paid by', value: 'PayerMax, Peru, bank account' },
        { label: 'Name', value: 'John Doe' },
        { label: 'Account number', value: '••1234' },
        { label: 'Bank', value: 'BCP' },
        { label: 'Phone', value: '51987654321' },
        { label: 'Proposed by', value: 'Eve, 20 Nov, 12:00 UTC' },
      ],
    });
    const refused = await office.types(eve, '/payout payermax 5 USD john');
    expect(refused.card.text).toBe(
      'john waits for a second person’s approval before it can be paid.',
    );
  });

  it('notes that the same account is somebody else’s, however it is written', async () => {
    const office = await createOffice();
    const same = { ...good, cci: accountNumbers.mariaCci };
    const { card } = await office.fills(eve, form, same);
    expect(card.tone).toBe('warning');
    expect(card.notes).toEqual(['The same account belongs to maria already.']);
  });
});

describe('/payee change', () => {
  const change = `${form}/maria`;
  const number = accountNumbers.maria;

  it('opens with what is saved, but never with an account number', async () => {
    const office = await createOffice();
    const { card } = await office.types(eve, '/payee change Maria');
    expect(card.title).toBe('Change maria');
    expect(card.text).toMatch(/A second person must agree; until then the old details are paid\.$/);
    expect(actionIn(card, 'payee.form')).toBe(change);
    expect(valuesOf(card)).toEqual({
      name: 'María López',
      bank: 'BCP',
      account_no: undefined,
      cci: undefined,
      phone: undefined,
    });
    const [account, cci] = card.form?.fields.slice(2, 4) ?? [];
    expect(account).toMatchObject({
      isRequired: false,
      help: '10 to 20 digits. Empty keeps ••2101.',
    });
    expect(cci?.help).toBe('20 digits. Empty keeps ••1017.');
    expect(textOf(card)).not.toContain(number);
  });

  it('keeps account numbers that were left empty', async () => {
    const office = await createOffice();
    const values = { name: 'María L. Vega', bank: 'BBVA', account_no: '', cci: ' ' };
    const { card } = await office.fills(eve, change, values);
    expect(card.text).toBe(
      'A change waits for a second person: Ana, Ben or Cy. Until then the old details are paid.',
    );
    expect(card.fields).toEqual([
      { label: 'Changed: Name', value: 'María López → María L. Vega' },
      { label: 'Changed: Bank', value: 'BCP → BBVA' },
      { label: 'Paid by', value: 'PayerMax, Peru, bank account' },
      { label: 'Account number', value: '••2101' },
      { label: 'CCI', value: '••1017' },
      { label: 'Proposed by', value: 'Eve, 20 Nov, 12:00 UTC' },
      { label: 'Agreed', value: 'Eve, 20 Nov, 12:00 UTC; agreed by Ben' },
    ]);
    expect(textOf(card)).not.toContain(number);
    const stored = await office.world.payouts.payees.find('maria');
    expect(stored?.proposed?.fields).toEqual({
      bank: 'BBVA',
      account_no: number,
      cci: accountNumbers.mariaCci,
    });
  });

  it('with a mistake asks again without showing what is saved', async () => {
    const office = await createOffice();
    const { card } = await office.fills(eve, change, { name: 'María', bank: 'X', cci: '1' });
    expect(Object.keys(errorsOf(card))).toEqual(['bank', 'cci']);
    expect(actionIn(card, 'payee.form')).toBe(change);
    expect(textOf(card)).not.toContain(number);
    expect(card.form?.fields[2]?.help).toContain('Empty keeps ••2101.');
    expect(errorsOf(card)['cci']).toBe('CCI is not right. 20 digits. Empty keeps ••1017.');
  });

  it('to a number that ends alike says that it is another one', async () => {
    const office = await createOffice();
    const values = {
      name: 'María López',
      bank: 'BCP',
      account_no: '55555555552101',
      phone: '519876',
    };
    const { card } = await office.fills(eve, change, values);
    expect(card.fields?.slice(0, 3)).toEqual([
      { label: 'Changed: Account number', value: 'another number, ••2101 → ••2101' },
      { label: 'Changed: Phone', value: 'nothing → 519876' },
      { label: 'Paid by', value: 'PayerMax, Peru, bank account' },
    ]);
  });

  it('that changes nothing says so', async () => {
    const office = await createOffice();
    const { card } = await office.fills(eve, change, { name: 'María López', bank: 'BCP' });
    expect(card.text).toMatch(/ Nothing differs\.$/);
    expect(textOf(card)).not.toContain('Changed');
  });

  it('is paid from the agreement on, and the old details until then', async () => {
    const office = await createOffice();
    const values = { name: 'María López', bank: 'BCP', account_no: '99998888777766' };
    await office.fills(eve, change, values);
    const preview = async () => (await office.types(eve, '/payout payermax 5 USD maria')).card;
    expect(fieldOf(await preview(), 'Account number')).toBe('••2101');
    await office.presses(ben, 'payee.approve:maria.2');
    expect(fieldOf(await preview(), 'Account number')).toBe('••7766');
  });

  it('of nobody finds nobody', async () => {
    const office = await createOffice();
    expect((await office.types(eve, '/payee change mria')).card).toMatchObject({
      title: 'There is no such payee',
      text: 'Did you mean maria?',
    });
    expect((await office.fills(eve, `${form}/nobody`, good)).card.title).toBe(
      'There is no such payee',
    );
  });
});
