// What binds an approval to a payout: its hash, its reference, the token of a button.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newPayoutId } from '../../src/names.ts';
import { hashContent, parseToken, referenceFor, tokenOf } from '../../src/payouts/content.ts';
import { toProviderNote } from '../../src/payouts/executor.ts';
import type { PayoutContent } from '../../src/payouts/types.ts';
import { composePayout, content } from './sample.ts';

describe('the content hash', () => {
  const changed: Readonly<Record<keyof PayoutContent, Partial<PayoutContent>>> = {
    provider: { provider: 'alignet' },
    route: { route: 'ph-wallet' },
    account: { account: 'another account' },
    amount: { amount: '250.01' },
    currency: { currency: 'PEN' },
    payee: { payee: { id: 'maria', version: 2 } },
    reference: { reference: 'P0123456789ABCDF' },
    note: { note: 'invoice 43' },
  };
  it.each(Object.entries(changed))('is another one when the %s is', (_member, change) => {
    expect(hashContent({ ...content, ...change })).not.toBe(hashContent(content));
  });

  it('is another one for another payee of the same version', () => {
    const payee = { id: 'mario', version: 1 };
    expect(hashContent({ ...content, payee })).not.toBe(hashContent(content));
  });

  it('does not depend on the order of members, and cannot be moved between them', () => {
    const { note, ...rest } = content;
    expect(hashContent({ note, ...rest })).toBe(hashContent(content));
    const texts = fc.tuple(fc.string(), fc.string(), fc.string(), fc.string());
    const property = fc.property(texts, texts, (left, right) => {
      const [provider, route, account, given] = left;
      const [provider2, route2, account2, given2] = right;
      fc.pre(JSON.stringify(left) !== JSON.stringify(right));
      return (
        hashContent({ ...content, provider, route, account, note: given }) !==
        hashContent({
          ...content,
          provider: provider2,
          route: route2,
          account: account2,
          note: given2,
        })
      );
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('the merchant reference', () => {
  it('is sixteen letters and digits, another one for each of 10,000 payouts', () => {
    const references = Array.from({ length: 10_000 }, () => referenceFor(newPayoutId(), 'P'));
    expect(references.filter((one) => !/^P[A-Z0-9]{15}$/.test(one))).toEqual([]);
    expect(new Set(references).size).toBe(10_000);
  });

  it('is the same whenever it is derived, with any prefix', () => {
    for (const prefix of ['', 'P', 'PROD']) {
      const reference = referenceFor('P2345678', prefix);
      expect(reference).toBe(referenceFor('P2345678', prefix));
      expect(reference).toMatch(new RegExp(`^${prefix}[A-Z0-9]{${16 - prefix.length}}$`));
    }
    expect(referenceFor('P2345678', 'P')).not.toBe(referenceFor('P2345679', 'P'));
  });
});

describe('a token', () => {
  it('names a payout and its content, and is void with another one', () => {
    const payout = composePayout();
    expect(parseToken(tokenOf(payout))).toEqual({
      id: payout.id,
      hashStart: payout.contentHash.slice(0, 16),
    });
    const other = { ...content, amount: '251.00' };
    const revised = composePayout({ content: other, contentHash: hashContent(other) });
    expect(tokenOf(revised)).not.toBe(tokenOf(payout));
  });

  it('reads nothing from any other text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseToken(text) === undefined));
    for (const text of [
      'P2345678',
      'P2345678.',
      '../x.0123456789abcdef',
      'P2.0123456789abcdef\n',
    ]) {
      expect(parseToken(text)).toBeUndefined();
    }
  });
});

describe('a note for the provider', () => {
  it('has at most 60 letters, digits, blanks, dots and hyphens, and is never empty', () => {
    expect(toProviderNote('Factura Nº 42: “café” <b>')).toBe('Factura No 42 cafe b');
    expect([toProviderNote(''), toProviderNote('发票'), toProviderNote('  ')]).toEqual([
      'payout',
      'payout',
      'payout',
    ]);
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (note) =>
        /^[A-Za-z0-9.-](?:[A-Za-z0-9 .-]{0,58}[A-Za-z0-9.-])?$/.test(toProviderNote(note)),
      ),
    );
  });
});
