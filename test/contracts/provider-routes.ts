// Facts about what a provider says it can pay: routes, the fields of payees, accounts and decimals.
import { expect } from 'vitest';
import type { PayeeField } from '../../src/providers/payouts.ts';
import { openPayer, payoutFact } from './provider-payer.ts';
import { type ProviderFact, startScene } from './provider-subject.ts';

export const routeFacts: readonly ProviderFact[] = [
  {
    name: 'has an example payee if, and only if, it can pay',
    async prove(subject) {
      const { provider } = (await startScene(subject)).open();
      expect(subject.module.examplePayee !== undefined).toBe(provider.payouts !== undefined);
    },
  },
  payoutFact('names each route once, and each field of it', async (subject) => {
    const { routes } = (await openPayer(subject)).payer.payouts;
    expect(routes).not.toEqual([]);
    expectUnique(
      routes.map(({ id }) => id),
      /^[a-z][a-z0-9-]*$/,
    );
    for (const { id, label, country, currencies, fields } of routes) {
      expect(label, id).toMatch(/^\p{Lu}/u);
      expect(country ?? 'PE', id).toMatch(/^[A-Z]{2}$/);
      expect(currencies, id).not.toEqual([]);
      expectUnique(currencies, /^[A-Z]{3,5}$/);
      expectUnique(
        fields.map(({ name }) => name),
        /^[a-z][a-z0-9_]*$/,
      );
    }
  }),
  payoutFact('says what to write into each field, and checks the whole of it', async (subject) => {
    const { routes } = (await openPayer(subject)).payer.payouts;
    for (const field of routes.flatMap(({ fields }) => fields)) expectUsable(field);
  }),
  payoutFact('has an example payee that fits its route', async (subject) => {
    const { payouts, payee } = (await openPayer(subject)).payer;
    const route = payouts.routes.find(({ id }) => id === payee.route);
    expect(route?.currencies).toContain(payee.currency);
    const fields = route?.fields ?? [];
    const names = fields.map(({ name }) => name);
    expect(Object.keys(payee.fields).filter((name) => !names.includes(name))).toEqual([]);
    for (const { name, isRequired, pattern, lengthMax, options } of fields) {
      const value = payee.fields[name];
      if (isRequired) expect(value, name).toBeDefined();
      if (value === undefined) continue;
      expect(value, name).toMatch(new RegExp(pattern, 'u'));
      expect(value.length, name).toBeLessThanOrEqual(lengthMax);
      if (options !== undefined) expect(options).toContain(value);
    }
  }),
  payoutFact('draws on an account whose balance it reads', async (subject) => {
    const { provider, payouts, payee } = (await openPayer(subject)).payer;
    const account = payouts.accountFor(payee.route, payee.currency);
    const { lines } = await provider.getBalances();
    const line = lines.find((one) => one.account === account && one.currency === payee.currency);
    expect(line?.amounts.available).toBeDefined();
  }),
  payoutFact(
    'knows the decimals that it can carry, and of no unknown currency',
    async (subject) => {
      const { payouts } = (await openPayer(subject)).payer;
      const all = payouts.routes.flatMap(({ currencies }) => currencies);
      for (const currency of all) {
        const decimals = payouts.decimalsOf(currency);
        if (decimals !== undefined) expect([0, 1, 2, 3, 4, 5, 6, 7, 8]).toContain(decimals);
      }
      expect(payouts.decimalsOf('XXX')).toBeUndefined();
    },
  ),
  payoutFact('says when to ask next, and for how long money can come back', async (subject) => {
    const { payouts } = (await openPayer(subject)).payer;
    const ages = [0, 1000, 60_000, 3_600_000, 86_400_000, 30 * 86_400_000];
    const waits = ages.map((ageMs) => payouts.pollAfterMs(ageMs));
    for (const waitMs of waits) expect(waitMs).toBeGreaterThanOrEqual(1000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(payouts.returnWindowMs).toBeGreaterThanOrEqual(0);
  }),
];

function expectUnique(names: readonly string[], form: RegExp): void {
  for (const name of names) expect(name).toMatch(form);
  expect(new Set(names).size).toBe(names.length);
}

function expectUsable({ name, label, help, pattern, lengthMax, options }: PayeeField): void {
  expect(label, name).not.toBe('');
  expect(help, name).toMatch(/^\S.*[.…]$/su);
  expect(Number.isInteger(lengthMax) && lengthMax > 0, name).toBe(true);
  const whole = new RegExp(pattern, 'u');
  expect(pattern, name).toMatch(/^\^[\s\S]*\$$/);
  // `^a|b$` would let anything in that begins with a.
  expect(withoutGroups(pattern), `${name} is anchored as a whole`).not.toContain('|');
  for (const option of options ?? []) {
    expect(option, name).toMatch(whole);
    expect(option.length, name).toBeLessThanOrEqual(lengthMax);
  }
}

function withoutGroups(pattern: string): string {
  let left = pattern.replace(/\\./gs, '').replace(/\[[^\]]*\]/g, '');
  for (let before = ''; before !== left; ) {
    before = left;
    left = left.replace(/\([^()]*\)/g, '');
  }
  return left;
}
