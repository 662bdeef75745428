// Who must approve: the first rule that matches decides, none means no.
import { describe, expect, it } from 'vitest';
import { parseDecimal } from '../../src/money.ts';
import { findRequirement } from '../../src/payouts/policy.ts';
import { composeTeam } from './team.ts';

const usd = (text: string) => parseDecimal(text, 'USD');

describe('the policy', () => {
  const ask = (approvals: object[], changes: object = {}) =>
    findRequirement(composeTeam({ approvals }), {
      provider: 'payermax',
      providerName: 'PayerMax',
      amount: usd('1000.00'),
      requester: 'ana',
      isPossibleDuplicate: false,
      ...changes,
    });
  const one = { need: 1, from: 'approver' };

  it('takes the first rule that matches, whatever comes after it', () => {
    const answer = ask([
      { when: { currency: 'EUR' }, ...one },
      { when: { provider: 'payermax' }, need: 2, from: 'approver' },
      { when: {}, ...one },
    ]);
    expect(answer).toMatchObject({
      ok: true,
      requirement: { need: 2, from: ['ben', 'cy'], rule: 2, why: 'anything at PayerMax' },
    });
  });

  it.each([
    ['1000.00', '1000', true],
    ['1000.01', '1000', false],
    ['999.999', '1000.00', true],
    ['1000.0', '1000.00', true],
    ['1000.001', '1000.00', false],
  ])('holds %s against a rule up to %s: %s', (amount, upTo, isAllowed) => {
    const rule = { when: { currency: 'USD', up_to: upTo }, ...one };
    expect(ask([rule], { amount: usd(amount) }).ok).toBe(isAllowed);
  });

  it('takes an amount without a currency in the rule for one of any currency', () => {
    const rule = { when: { up_to: '500' }, ...one };
    expect(ask([rule], { amount: parseDecimal('500', 'PEN') }).ok).toBe(true);
    expect(ask([rule], { amount: parseDecimal('501', 'PEN') }).ok).toBe(false);
  });

  it('wants one more for a possible duplicate, and refuses where there is nobody more', () => {
    const rule = { when: {}, need: 1, from: ['ana', 'ben', 'cy'] };
    expect(ask([rule], { isPossibleDuplicate: true })).toMatchObject({
      requirement: { need: 2, from: ['ben', 'cy'] },
    });
    const scarce = { when: {}, need: 2, from: ['ana', 'ben', 'cy'] };
    expect(ask([scarce])).toMatchObject({ ok: true });
    expect(ask([scarce], { isPossibleDuplicate: true })).toMatchObject({ ok: false });
  });

  it('does not count somebody twice who is named twice', () => {
    expect(ask([{ when: {}, need: 2, from: ['ben', 'ben'] }])).toMatchObject({ ok: false });
  });

  it('refuses what no rule matches, saying who can change that', () => {
    expect(ask([])).toEqual({
      ok: false,
      why: 'No approval rule allows 1,000.00 USD at PayerMax. Ana can add one to the team file.',
    });
  });
});
