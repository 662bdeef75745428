// Who is paid by Alignet and from where: the fields of its route, the account that a payout draws
// on, and that no account number and no secret gets out of either.
import { afterEach, describe, expect, it } from 'vitest';
import { alignet } from '../../src/providers/alignet/index.ts';
import {
  sampleConnection,
  sampleFields,
  sampleOrder,
  startPayouts,
} from './alignet-payout-scene.ts';
import { createReplay, failureOf } from './start-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function start(changes: Parameters<typeof startPayouts>[0] = {}) {
  const started = await startPayouts(changes);
  closers.push(started.close);
  return started;
}

async function replay(body: string, status = 200) {
  const { sandbox, asked } = createReplay(sampleConnection, body, status);
  return { ...(await start({ sandbox })), asked };
}

/** name, wire name in the sample, is required, is masked, values taken, values refused */
const rules: [string, string, boolean, boolean, string[], string[]][] = [
  ['first_name', 'first_name', true, false, ['Mariano Leon', 'José'], [' Ana', 'A\nB', 'a\u202eb']],
  ['last_name', 'last_name', false, false, ['Sanchez Carranza', 'Ñ'], ['S\t', 'x'.repeat(101)]],
  ['bank_name', 'bank_name', true, false, ['Banco Continental', 'BCP'], ['B ', '\u0000']],
  [
    'account_type',
    'account_type',
    true,
    false,
    ['savings_account', 'current_account', 'savings', 'current', 'vista', 'rut'],
    ['Savings', 'savings account', '_a', '1'],
  ],
  [
    'account_number',
    'account_number',
    true,
    true,
    ['10040404000400938', '0'],
    ['1004-0404', '1004 0404', '١٢٣٤', '1'.repeat(35)],
  ],
  ['cci', 'cci_number', true, true, ['111040404000400940', '1'.repeat(20)], ['CCI', '11.1']],
  ['document_country', 'identity_document_country', true, false, ['PE', 'VE'], ['PER', 'pe']],
  ['document_type', 'identity_document_type', true, false, ['DNI', 'CE'], ['dni', 'D N', '1']],
  ['document_number', 'identity_document_identifier', true, true, ['44998831'], ['44998831X']],
  ['email', 'email_address', true, false, ['foo.bar@email.com'], ['foo', 'a b@c', '@', 'ñ@c.pe']],
  ['department', 'department', false, false, ['Lima', 'San Martín'], [' ', '\u2028']],
  ['phone_country', 'country_code', false, true, ['51'], ['+51']],
  ['phone', 'subscriber', false, true, ['967918120'], ['967 918 120']],
];

describe('the route pe-bank', () => {
  it('is the only one, and has exactly the documented fields', async () => {
    const { payouts } = await start();
    expect(payouts.routes.map(({ id, country, currencies }) => [id, country, currencies])).toEqual([
      ['pe-bank', 'PE', ['PEN']],
    ]);
    const fields = payouts.routes[0]?.fields ?? [];
    expect(
      fields.map(({ name, isRequired, isAccountNumber = false }) => [
        name,
        isRequired,
        isAccountNumber,
      ]),
    ).toEqual(rules.map(([name, , isRequired, isMasked]) => [name, isRequired, isMasked]));
    for (const { name, help, pattern } of fields) {
      expect(pattern, name).toMatch(/^\^.*\$$/);
      expect(help, name).toMatch(/^[A-Z].*\.$/);
    }
  });

  it.each(rules)('carries %s as %s', async (name, wireName, _required, _masked, good, bad) => {
    const { payouts, running } = await start();
    const [field] = (payouts.routes[0]?.fields ?? []).filter((one) => one.name === name);
    if (field === undefined) throw new Error(`no field ${name}`);
    for (const [index, value] of good.entries()) {
      const fields = { ...sampleFields, [name]: value };
      await payouts.create(sampleOrder({ fields, reference: `PTEST${name.length}X${index}` }));
      expect(running.requests().at(-1)?.body).toContain(`"${wireName}":"${value}"`);
      // A form on a page checks the same pattern, with one flag or the other.
      for (const flags of ['', 'u', 'v']) expect(value).toMatch(new RegExp(field.pattern, flags));
    }
    const sent = running.requests().length;
    for (const value of bad) {
      const error = await failureOf(
        payouts.create(sampleOrder({ fields: { ...sampleFields, [name]: value } })),
      );
      expect(error).toMatchObject({ code: 'rejected' });
      expect(error.message).toBe(
        `Alignet was not asked: ${field.label} of the payee is not right. ${field.help}`,
      );
    }
    expect(running.requests()).toHaveLength(sent);
  });

  it.each(rules)('wants %s (%s): %s', async (name, _wireName, isRequired) => {
    const { payouts, running } = await start();
    const { [name]: _left, ...fields } = sampleFields;
    const news = payouts.create(sampleOrder({ fields }));
    if (isRequired) {
      expect((await failureOf(news)).message).toContain('is missing from the payee');
      expect(running.requests()).toHaveLength(0);
    } else {
      expect((await news).state).toBe('submitted');
    }
  });

  it('has no field that nobody documented', async () => {
    const { payouts, running } = await start();
    const fields = { ...sampleFields, card_number: '4111111111111111' };
    const error = await failureOf(payouts.create(sampleOrder({ fields })));
    expect(error.message).toContain('Peru, bank account has no field card_number.');
    expect(error.message).not.toContain('4111');
    expect(running.requests()).toHaveLength(0);
  });
});

const row = (bank_name: string, currency = 'PEN') => ({ bank_name, currency, total_balance: 1 });
const balance = (...rows: object[]) =>
  JSON.stringify({ balance: rows, meta: { status: { code: '00' } } });

describe('the account that a payout draws on', () => {
  it('is the only one in the currency, read once when no balance was', async () => {
    const { payouts, provider, asked } = await replay(
      balance(row('Interbank'), row('Interbank', 'USD')),
    );
    expect(await payouts.accountFor('pe-bank', 'PEN')).toBe('Interbank');
    expect(asked).toHaveLength(1);
    expect(payouts.accountFor('pe-bank', 'PEN')).toBe('Interbank');
    const accounts = (await provider.getBalances()).lines.map(({ account }) => account);
    expect(accounts).toContain(payouts.accountFor('pe-bank', 'PEN'));
    expect(asked).toHaveLength(2);
  });

  it('is refused where there are several, with the setting that says which', async () => {
    const { payouts, provider } = await replay(balance(row('Interbank'), row('Banco de Credito')));
    const problem = {
      code: 'unsupported',
      message:
        'Alignet shows several accounts in PEN (Interbank; Banco de Credito), and a payout does ' +
        'not name the one that it draws on.',
      remedy: expect.stringContaining('{ payout_accounts: { PEN: … } }'),
    };
    expect(await failureOf(Promise.resolve(payouts.accountFor('pe-bank', 'PEN')))).toMatchObject(
      problem,
    );
    await provider.getBalances();
    const now = async () => payouts.accountFor('pe-bank', 'PEN');
    expect(await failureOf(now())).toMatchObject(problem);
  });

  it('is refused where there is none', async () => {
    const { payouts } = await replay(balance(row('Interbank', 'USD')));
    const now = async () => payouts.accountFor('pe-bank', 'PEN');
    expect(await failureOf(now())).toMatchObject({
      code: 'unsupported',
      message: 'Alignet shows no account in PEN.',
    });
  });

  it('is what the team file says, without asking', async () => {
    const { sandbox, asked } = createReplay(sampleConnection, balance());
    const settings = { amount_decimals: 5, payout_accounts: { PEN: ' Banco Continental ' } };
    const { payouts } = await start({ sandbox, settings });
    expect(payouts.accountFor('pe-bank', 'PEN')).toBe('Banco Continental');
    expect(asked).toHaveLength(0);
  });

  it.each([
    [{ pen: 'Interbank' }, 'PEN'],
    [{ PEN: ' ' }, 'as /balance names it'],
  ])('is not %j', (payout_accounts, remedy) => {
    const parsed = alignet.settings.safeParse({ amount_decimals: 5, payout_accounts });
    expect(JSON.stringify(parsed.error?.issues)).toContain(remedy);
  });
});

describe('nothing gets out', () => {
  it('of the account number and the credentials that a refusal quotes', async () => {
    const { payouts, running, log, secret } = await start();
    running.switchFault({ name: 'echoes_payee' });
    const error = await failureOf(payouts.create(sampleOrder()));
    expect(error.message).toContain('It says “Account ••0938 is not of [secret], CCI unknown”');
    log.error({ error }, 'logged as it is');
    expect(log.text()).not.toContain(secret);
    for (const name of ['account_number', 'cci', 'document_number', 'phone']) {
      expect(log.text()).not.toContain(sampleFields[name]);
    }
  });

  it.each([
    ['“10040404000400938”', '••0938'],
    ['100-4040 400.0400938x', '••0938'],
    ['ref10040404000400938z', '••0938'],
  ])('of a number written as %s', async (message, shown) => {
    const body = JSON.stringify({ meta: { status: { code: '10040404000400938', message } } });
    const { payouts } = await replay(body);
    const error = await failureOf(payouts.create(sampleOrder()));
    expect(error.message).toContain(shown);
    expect(`${error.message} ${error.providerCode}`).not.toMatch(/\d{5}/);
    expect(error.providerCode).toBeUndefined();
  });

  it('of a secret with many digits, or one that is cut off where the quotation ends', async () => {
    const { provider, payouts, log } = await replay(
      JSON.stringify({
        meta: {
          status: {
            code: '51',
            message: `${'No. '.repeat(47)} synthetic-authorization, synthetic-authorization`,
          },
        },
      }),
    );
    const errors = [
      await failureOf(payouts.create(sampleOrder())),
      await failureOf(provider.getBalances()),
    ];
    log.error({ errors }, 'logged as it is');
    expect(log.text()).not.toContain('synth');
  });

  it('of digits in a secret that were masked before it was recognised', async () => {
    const secret = 'Ab1234567890cdEf';
    const meta = { status: { code: '51', message: `Key ${secret} is blocked` } };
    const { sandbox } = createReplay(sampleConnection, JSON.stringify({ meta }));
    const environment = { ALIGNET_AUTHORIZATION: secret };
    const { payouts } = await start({ sandbox, environment });
    const error = await failureOf(payouts.create(sampleOrder()));
    expect(error.message).toContain('“Key [secret] is blocked”');
  });
});
