// Values by name: what was given for one argument can never become another.
import { describe, expect, it } from 'vitest';
import { completeNamed } from '../../src/commands/complete.ts';
import { commands } from '../../src/commands/registry.ts';
import type { Account } from '../../src/commands/types.ts';
import { ana, createScene, lineOf, readingOf, spot } from './world.ts';

async function createHeldScene() {
  const scene = createScene();
  for (const [id, currency] of [
    ['payermax', 'USD'],
    ['alignet', 'PEN'],
  ] as const) {
    scene.teller(id).says(readingOf(lineOf('main', currency, { available: '1' })));
  }
  await scene.balances.read(['payermax', 'alignet']);
  return scene;
}

const { dispatcher, world } = await createHeldScene();

async function answer(line: string, named: Readonly<Record<string, string>>) {
  const { card } = await dispatcher.run({ account: ana, spot, line, named }, () => {});
  return `${card.title}. ${card.text ?? ''}`;
}

describe('a named value', () => {
  it.each([
    ['payermax 999 USD', 'There is no provider “payermax 999 USD”'],
    ['USD', 'There is no provider “USD”'],
    ['payermax\n999', 'There is no provider “payermax 999”'],
    ['payer\u200Bmax x', 'There is no provider “payermax x”'],
  ])('is read as its own argument only: provider %j', async (provider, said) => {
    expect(await answer('/payout', { provider, amount: '5', payee: 'maria' })).toContain(said);
    expect(await answer('/balance', { 'provider|all': provider })).toContain(said);
  });

  it('leaves a reason a reason, whatever its first word is', async () => {
    const frozen = await answer('/purser freeze', { 'reason…': 'all of it looks wrong' });
    expect(frozen).toContain('All payouts are frozen');
    const [freeze] = await world.payouts.freezes.list();
    expect(freeze).toMatchObject({ scope: 'all', reason: 'all of it looks wrong' });
  });

  it('does not fall through to the reason where it is no provider', async () => {
    const { dispatcher: fresh, world: other } = createScene();
    const named = { 'provider|all': 'paymax', 'reason…': 'odd' };
    const { card } = await fresh.run(
      { account: ana, spot, line: '/purser freeze', named },
      () => {},
    );
    expect(card.title).toBe('There is no provider “paymax”');
    expect(await other.payouts.freezes.list()).toEqual([]);
  });

  it('that is missing or empty is said where it is needed', async () => {
    expect(await answer('/purser freeze', {})).toContain('The reason is missing');
    expect(await answer('/purser freeze', { 'reason…': ' ' })).toContain('The reason is missing');
    expect(await answer('/nothing', {})).toContain('There is no command “/nothing”');
  });

  it('has a command that is written as Discord wants it, in help and in refusals', async () => {
    const account = { platform: 'discord', user: '100000000000000003' } as const;
    const help = async (from: Account) => {
      const { card } = await dispatcher.run(
        { account: from, spot, line: '/purser help' },
        () => {},
      );
      return JSON.stringify(card.table);
    };
    expect(await help(account)).toContain('/payout request [provider]');
    expect(await help(ana)).toContain('/payout [request] [provider]');
  });

  it('decides whether a form opens', () => {
    expect(dispatcher.opensForm({ line: '/payout', named: { payee: 'maria' } })).toBe(true);
    expect(dispatcher.opensForm({ line: '/payout', named: { provider: 'nobody' } })).toBe(false);
    const all = { provider: 'payermax', amount: '1', currency: 'USD', payee: 'maria' };
    expect(dispatcher.opensForm({ line: '/payout', named: all })).toBe(false);
  });
});

describe('completion by name', () => {
  const values = async (line: string, asked: string, named: Readonly<Record<string, string>>) =>
    (await completeNamed({ line, named, asked }, world, commands)).map(({ label }) => label);

  it('offers the values of the one argument that is asked for', async () => {
    expect(await values('/balance', 'currency', { currency: 'u' })).toEqual(['USD']);
    expect(await values('/balance', 'currency', { 'provider|all': 'payme', currency: '' })).toEqual(
      ['PEN'],
    );
    expect(await values('/payout', 'provider', { provider: 'MON' })).toEqual(['alignet']);
    expect(await values('/payout', 'amount', { amount: '1' })).toEqual([]);
    expect(await values('/payout', 'nothing', {})).toEqual([]);
    expect(await values('/nothing', 'provider', {})).toEqual([]);
  });

  it('is for people of the team only', async () => {
    const asked = { line: '/payout', named: {}, asked: 'provider' };
    const account = { platform: 'discord', user: '9' } as const;
    expect(await dispatcher.complete({ account, ...asked })).toEqual([]);
    expect(await dispatcher.complete({ account: ana, ...asked })).not.toEqual([]);
  });
});
