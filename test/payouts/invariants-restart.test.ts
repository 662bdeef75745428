// Killed anywhere (DESIGN.md, section 4: invariant 12). A store that dies at its n-th commit stands
// for the process: nothing is read or written after it, and another Purser starts on what the folder
// held at that moment, before the same providers.
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/errors.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import { createAgreements } from '../../src/store/index.ts';
import type { Store } from '../../src/store/types.ts';
import { approve, current, later, openReady, press, request, say, stateOf } from './acts.ts';
import { copyFolder, type Outside, openOffice, type Scene, startOutside } from './scene.ts';
import { accounts } from './team.ts';

interface Death {
  /** From 1. */
  readonly commit: number;
  /** Whether that commit still reached the disk. */
  readonly isWritten: boolean;
}

function createMortalStore() {
  let death: Death | undefined;
  let commits = 0;
  let isDead = false;
  const live = <T>(work: () => T): T => {
    if (isDead) throw new StoreError('killed');
    return work();
  };
  const wrapStore = (store: Store): Store => ({
    // Nothing of these outlives the process.
    ...createAgreements({ clock: { now: () => 0 } }),
    find: async (...given) => live(() => store.find(...given)),
    findByKey: async (...given) => live(() => store.findByKey(...given)),
    listOpen: async (...given) => live(() => store.listOpen(...given)),
    listSince: async (...given) => live(() => store.listSince(...given)),
    readAudit: (...given) => live(() => store.readAudit(...given)),
    appendReadings: async (...given) => live(() => store.appendReadings(...given)),
    readReadings: (...given) => live(() => store.readReadings(...given)),
    close: () => store.close(),
    async commit(changes, audit) {
      // The steps of payouts; where their cards stand is written down beside them.
      const isStep = changes.some(({ kind }) => kind === 'payout');
      if (isStep) commits += 1;
      const isLast = isStep && death !== undefined && commits >= death.commit;
      if (!isLast || (death?.isWritten && !isDead)) {
        await live(() => store.commit(changes, audit));
      }
      isDead ||= isLast;
      live(() => undefined);
    },
  });
  return {
    wrapStore,
    get commits() {
      return commits;
    },
    arm(next: Death | undefined) {
      commits = 0;
      death = next;
    },
  };
}

const wish = { amount: '2000.00' } as const;
type Mortal = ReturnType<typeof createMortalStore>;

/** From the request to the end; gives up silently where the process dies. */
async function live(scene: Scene): Promise<string[]> {
  const buttons: string[] = [];
  try {
    const { card } = await say(scene, accounts.ana, '/payout payermax 2000.00 USD maria');
    const posting = card.buttons?.[0]?.action ?? '';
    buttons.push(posting);
    await press(scene, accounts.ana, posting);
    const payout = await current(scene, posting.replace('payout.post:', ''));
    await scene.settle();
    for (const name of ['approve', 'reject']) buttons.push(`payout.${name}:${tokenOf(payout)}`);
    buttons.push(`payout.cancel:${payout.id}`);
    await approve(scene, payout, 'ben');
    await approve(scene, payout, 'cy');
    await later(scene, 5_000);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
  await scene.settle();
  return buttons;
}

/** What people do who find it as it is, with the buttons they have. */
async function goOn(scene: Scene): Promise<string> {
  const [found] = await scene.payouts.desk.listSince(0, 10);
  const payout = found ?? (await request(scene, wish));
  for (const by of ['ben', 'cy'] as const) {
    await press(scene, accounts[by], `payout.approve:${tokenOf(payout)}`);
    await scene.settle();
  }
  for (const waitMs of [5_000, 10_000, 20 * 60_000]) await later(scene, waitMs);
  if ((await stateOf(scene, payout)) === 'unknown') {
    const values = { reason: 'It is not in the dashboard.' };
    for (const by of ['ben', 'cy'] as const) {
      await press(scene, accounts[by], `payout.close.not_sent:${payout.id}`, values);
    }
  }
  return stateOf(scene, payout);
}

async function dieAndGoOn(outside: Outside, mortal: Mortal, death: Death) {
  const scene = await openReady({ outside, wrapStore: mortal.wrapStore });
  mortal.arm(death);
  const buttons = await live(scene);
  const dataDir = await copyFolder(scene.dataDir);
  const revived = await openOffice({ outside, dataDir });
  return { revived, buttons, end: await goOn(revived) };
}

describe('invariant 12: everything survives a kill at any moment', () => {
  it('goes on from every durable step to one end, and pays once at most', async () => {
    const counting = createMortalStore();
    const whole = await openReady({ wrapStore: counting.wrapStore });
    counting.arm(undefined);
    await live(whole);
    const steps = counting.commits;
    expect(steps).toBeGreaterThanOrEqual(6);
    const ends: string[] = [];
    for (let commit = 1; commit <= steps; commit += 1) {
      for (const isWritten of [false, true]) {
        const where = `commit ${commit}, ${isWritten ? 'written' : 'lost'}`;
        const outside = await startOutside();
        const { revived, end } = await dieAndGoOn(outside, createMortalStore(), {
          commit,
          isWritten,
        });
        const books = outside.payermax.books();
        expect(books.length, where).toBe(end === 'paid' ? 1 : 0);
        expect(['paid', 'not_sent'], where).toContain(end);
        expect(await revived.payouts.verifyAudit(), where).toMatchObject({ isIntact: true });
        ends.push(end);
      }
    }
    // Not paid only where it was killed between the last step on disk and the call.
    expect(ends.filter((end) => end === 'not_sent').length).toBe(1);
  });

  it('answers every old button after the restart', async () => {
    const outside = await startOutside();
    const mortal = createMortalStore();
    const death = { commit: 3, isWritten: true };
    const { revived, buttons, end } = await dieAndGoOn(outside, mortal, death);
    expect([end, buttons.length]).toEqual(['paid', 4]);
    for (const action of buttons) {
      for (const by of ['ana', 'ben', 'dia'] as const) {
        const values = { reason: 'an old button' };
        const { card } = await press(revived, accounts[by], action, values);
        expect(card.title).not.toContain('Something went wrong');
        expect(card.text).not.toBe('');
      }
    }
    expect(outside.payermax.books().length).toBe(1);
  });

  it('keeps a freeze, half a lifting of it, and half an approval', async () => {
    const scene = await openReady({});
    const payout = await request(scene, wish);
    await approve(scene, payout, 'ben');
    await say(scene, accounts.ben, '/purser freeze all before the kill');
    await say(scene, accounts.ana, '/purser unfreeze all');
    const { outside } = scene;
    const revived = await openOffice({ outside, dataDir: await copyFolder(scene.dataDir) });
    const refused = await approve(revived, payout, 'cy');
    expect(refused.text).toContain('All payouts are frozen by Ben: before the kill');
    expect((await current(revived, payout.id)).decisions.length).toBe(1);
    await say(revived, accounts.cy, '/purser unfreeze all');
    await approve(revived, payout, 'cy');
    expect(await stateOf(revived, payout)).toBe('submitted');
    expect(outside.payermax.books().length).toBe(1);
  });
});
