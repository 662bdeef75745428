// Completion of payouts, payees and subcommands: what exists now, and only for whom it is.
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/commands/types.ts';
import { ana, ben, createOffice, dan, eve, mallory } from './office.ts';

async function createTyped() {
  const office = await createOffice();
  const payout = await office.requests(eve, '/payout payermax 5 USD maria');
  await office.types(ana, '/balance');
  const lines = async (line: string, account: Account = ana) =>
    (await office.dispatcher.complete({ account, line })).map((one) => one.line);
  return { office, payout, lines };
}

describe('completion of payouts', () => {
  it.each([
    [
      '/payout ',
      [
        '/payout list ',
        '/payout show ',
        '/payout cancel ',
        '/payout alignet',
        '/payout payermax',
        '/payout smilepayz',
      ],
    ],
    ['/payout l', ['/payout list ']],
    ['/payout pa', ['/payout alignet', '/payout payermax']],
    [
      '/payout request ',
      ['alignet', 'payermax', 'smilepayz'].map((one) => `/payout request ${one}`),
    ],
    ['/payout payermax ', []],
    ['/payout payermax 5 ', ['/payout payermax 5 PEN', '/payout payermax 5 USD']],
    ['/payout payermax 5 u', ['/payout payermax 5 USD']],
    ['/payout payermax 5 USD ', ['/payout payermax 5 USD maria']],
    ['/payout alignet 5 USD ', ['/payout alignet 5 USD luz']],
    // By the name that people know, too.
    ['/payout payermax 5 USD marí', ['/payout payermax 5 USD maria']],
    ['/payout payermax 5 USD l', []],
    ['/payout payermax 5 USD maria ', []],
    ['/payout payermax USD ', []],
    ['/payout list ', ['pending', 'mine', 'stuck', 'all'].map((one) => `/payout list ${one}`)],
    ['/payout list s', ['/payout list stuck']],
    ['/payout show ', ['/payout show P00000001']],
    ['/payout show p0', ['/payout show P00000001']],
    ['/payout show P9', []],
  ])('of %j is %j', async (line, expected) => {
    const { lines } = await createTyped();
    expect(await lines(line)).toEqual(expected);
  });

  it('says what a payout is, and leaves out what is over', async () => {
    const { office, payout, lines } = await createTyped();
    const [found] = await office.dispatcher.complete({ account: ana, line: '/payout show ' });
    expect(found).toEqual({
      line: '/payout show P00000001',
      label: 'P00000001',
      help: '5.00 USD to María López',
    });
    await office.types(eve, `/payout cancel ${payout.id}`);
    expect(await lines('/payout show ')).toEqual([]);
  });
});

describe('completion of payees', () => {
  it('has those that are proposed, and none that are removed', async () => {
    const { office, lines } = await createTyped();
    await office.fills(eve, 'payee.form:payermax/pe-bank', {
      id: 'john',
      name: 'John Doe',
      bank: 'BCP',
      account_no: '12345678901234',
    });
    expect((await lines('/payee show ')).toSorted()).toEqual([
      '/payee show john',
      '/payee show luz',
      '/payee show maria',
    ]);
    expect(await lines('/payee show d')).toEqual([]);
    expect(await lines('/payee show jo')).toEqual(['/payee show john']);
    await office.types(ben, '/payee remove maria');
    expect(await lines('/payee show m')).toEqual([]);
  });
});

describe('completion of the rest', () => {
  it.each([
    ['/purser f', ['/purser freeze ']],
    ['/purser audit', ['/purser audit verify', '/purser audit export ']],
    ['/purser audit ', ['/purser audit verify', '/purser audit export ']],
    ['/purser freeze pay', ['/purser freeze alignet', '/purser freeze payermax']],
    ['/purser freeze payermax ', []],
    ['/purser audit export ', []],
    ['/payee ', ['add', 'change ', 'list', 'show ', 'remove '].map((one) => `/payee ${one}`)],
  ])('of %j is %j', async (line, expected) => {
    const { lines } = await createTyped();
    expect(await lines(line)).toEqual(expected);
  });

  it('has only what the person may do', async () => {
    const { lines } = await createTyped();
    expect(await lines('/payee ', dan)).toEqual(['/payee list', '/payee show ']);
    expect(await lines('/payout ', dan)).toEqual(['/payout list ', '/payout show ']);
    expect(await lines('/purser fr', dan)).toEqual([]);
    expect(await lines('/payee ', mallory)).toEqual([]);
    expect(await lines('/payout show ', mallory)).toEqual([]);
  });
});
