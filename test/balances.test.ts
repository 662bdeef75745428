// The desk asks providers and remembers: what it gives back when they answer, half answer or fail.
import { describe, expect, it } from 'vitest';
import { createGate, createScene, failureOf, lineOf, readingOf } from './commands/world.ts';

const usd = (available: string) => readingOf(lineOf('main', 'USD', { available }));
const partly = (available: string) => ({
  ...usd(available),
  failures: [{ account: 'second', error: failureOf('payermax') }],
});

describe('the balance desk', () => {
  it('asks all providers at the same time and gives the answers in the order asked', async () => {
    const { balances, teller } = createScene();
    const gate = createGate();
    teller('smilepayz').waits(gate.opened);
    const heard: string[] = [];
    const reading = balances.read(['smilepayz', 'alignet'], ({ provider }) => {
      heard.push(provider);
    });
    expect([teller('smilepayz').asked, teller('alignet').asked]).toEqual([1, 1]);
    while (heard.length === 0) await Promise.resolve();
    expect(heard).toEqual(['alignet']);
    gate.open();
    expect((await reading).map(({ provider }) => provider)).toEqual(['smilepayz', 'alignet']);
    expect(heard).toEqual(['alignet', 'smilepayz']);
  });

  it('says how long each took and when its answer was complete', async () => {
    const { balances, teller, clock } = createScene();
    const gate = createGate();
    teller('payermax').says(usd('1'));
    teller('payermax').waits(gate.opened);
    const startedAt = clock.now();
    const reading = balances.read(['payermax']);
    clock.advance(1234);
    gate.open();
    expect(await reading).toEqual([
      {
        provider: 'payermax',
        ok: true,
        tookMs: 1234,
        now: { reading: usd('1'), atMs: startedAt + 1234 },
        last: undefined,
      },
    ]);
  });

  it('gives a failure together with the last good answer and its time', async () => {
    const { balances, teller, clock } = createScene();
    const goodAt = clock.now();
    teller('payermax').says(usd('1'));
    await balances.read(['payermax']);
    clock.advance(60_000);
    const error = failureOf('payermax');
    teller('payermax').says(error);
    for (let again = 0; again < 2; again += 1) {
      expect(await balances.read(['payermax', 'alignet'])).toMatchObject([
        { ok: false, error, last: { reading: usd('1'), atMs: goodAt } },
        { ok: true },
      ]);
    }
  });

  it('remembers nothing before the first answer', async () => {
    const { balances, teller } = createScene();
    teller('payermax').says(failureOf('payermax'));
    expect(balances.findLast('payermax')).toBeUndefined();
    expect(await balances.read(['payermax'])).toMatchObject([{ ok: false, last: undefined }]);
    expect(balances.findLast('payermax')).toBeUndefined();
    expect(balances.findLast('nobody')).toBeUndefined();
  });

  it('does not let a partial answer push out a whole one', async () => {
    const { balances, teller } = createScene();
    teller('payermax').says(usd('1'));
    await balances.read(['payermax']);
    teller('payermax').says(partly('2'));
    expect(await balances.read(['payermax'])).toMatchObject([
      { ok: true, now: { reading: partly('2') }, last: { reading: usd('1') } },
    ]);
    expect(balances.findLast('payermax')?.reading).toEqual(usd('1'));
  });

  it('remembers partial answers while there is no whole one', async () => {
    const { balances, teller } = createScene();
    for (const answer of [partly('1'), partly('2'), usd('3')]) {
      teller('payermax').says(answer);
      await balances.read(['payermax']);
      expect(balances.findLast('payermax')?.reading).toEqual(answer);
    }
  });

  it('does not let a partial answer that was asked for earlier push out a whole one', async () => {
    const { balances, teller } = createScene();
    const gate = createGate();
    teller('payermax').says(partly('1'));
    teller('payermax').waits(gate.opened);
    const early = balances.read(['payermax']);
    teller('payermax').says(usd('2'));
    teller('payermax').waits(Promise.resolve());
    await balances.read(['payermax']);
    gate.open();
    await early;
    expect(balances.findLast('payermax')?.reading).toEqual(usd('2'));
  });

  it('lets a mistake in Purser through: only a provider’s own errors are results', async () => {
    const { balances, teller } = createScene();
    teller('payermax').says(new TypeError('x is not a function'));
    await expect(balances.read(['payermax'])).rejects.toThrow('x is not a function');
    await expect(balances.read(['nobody'])).rejects.toThrow('no provider nobody');
  });
});
