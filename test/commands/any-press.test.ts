// Whatever is pressed or filled in by whomever: a private card, and never a mistake inside Purser.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actions } from '../../src/commands/registry.ts';
import { ana, ben, createOffice, cy, dan, eve, mallory } from './office.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', 'P00000001', 'P00000002', 'maria', 'maria.1', 'payermax/pe-bank', '5', 'USD'),
  fc.constantFrom('payermax/pe-bank/maria', '__proto__', 'constructor', 'BCP', '12345678901234'),
  fc.constantFrom('=1+1', '<!channel>', '@everyone', '\u202E', '\u0000', 'because it is so'),
  fc.constant('x'.repeat(10_000)),
);
const fields = ['payee', 'amount', 'currency', 'note', 'reason', 'way', 'id', 'name', 'bank'];
const values = fc.dictionary(
  fc.oneof(fc.constantFrom(...fields, 'account_no', 'cci', '__proto__'), fc.string()),
  text,
  { maxKeys: 8 },
);

describe('any press by anybody', () => {
  it('is answered in private with a card that is short enough to read', async () => {
    const office = await createOffice();
    const payout = await office.requests(eve, '/payout payermax 5 USD maria');
    const token = (await office.actionOf(payout, 'payout.approve')).split(':')[1] ?? '';
    let forms = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(ana, ben, cy, dan, eve, mallory),
        fc.constantFrom(...actions.map(({ name }) => name)),
        fc.oneof(text, fc.constant(token)),
        fc.option(values, { nil: undefined }),
        async (account, name, argument, given) => {
          const action = `${name}:${argument}`;
          const { card, audience } =
            given === undefined
              ? await office.presses(account, action)
              : await office.fills(account, action, given);
          await office.world.payouts.settle();
          expect(card.title).not.toBe('Something went wrong inside Purser');
          expect(card.title.length).toBeLessThan(160);
          expect((card.text ?? '').length).toBeLessThan(500);
          expect(audience).toBe('asker');
          for (const { value, lengthMax } of card.form?.fields ?? []) {
            forms += 1;
            expect((value ?? '').length).toBeLessThanOrEqual(lengthMax);
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(forms).toBeGreaterThan(0);
    expect(office.payermax.orders.length).toBeLessThanOrEqual(1);
    expect((await office.types(ana, '/purser audit verify')).card.tone).toBe('good');
  });
});
