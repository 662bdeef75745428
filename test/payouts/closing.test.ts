// Payouts that two people close because nobody else can say how they ended, and what is done when
// they were wrong.
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Verdict } from '../../src/payouts/types.ts';
import type { PayoutCalls, PayoutNews } from '../../src/providers/payouts.ts';
import { approve, current, later, press, request, savePayee, stateOf } from './acts.ts';
import { copyFolder, type OfficeConfig, openOffice, type Scene } from './scene.ts';
import { accounts, composeTeam, type PersonId } from './team.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** PayerMax never answers a call, and says of a payout what the test says. */
async function openUnclear() {
  let news: PayoutNews = { state: 'not_found', providerStatus: 'NONE' };
  let asked = 0;
  const wrap = (calls: PayoutCalls, provider: string): PayoutCalls =>
    provider !== 'payermax'
      ? calls
      : {
          ...calls,
          async create() {
            throw new ProviderError({
              code: 'outcome_unknown',
              provider,
              operation: 'payout',
              message: 'It did not answer.',
              remedy: 'Ask its support.',
            });
          },
          async getStatus() {
            asked += 1;
            return news;
          },
        };
  const scene = await openOffice({ wrap });
  await savePayee(scene);
  const payout = await request(scene);
  await approve(scene, payout);
  await later(scene, 16 * minuteMs);
  return {
    scene,
    payout,
    says: (next: PayoutNews) => {
      news = next;
    },
    countAsked: () => asked,
  };
}

function close(scene: Scene, id: string, by: PersonId, verdict: Verdict) {
  const values = { reason: 'seen in the portal' };
  return press(scene, accounts[by], `payout.close.${verdict}:${id}`, values);
}

describe('an unclear payout', () => {
  it('has on its card what the provider’s error advises', async () => {
    const { payout, scene } = await openUnclear();
    const { evidence } = await current(scene, payout.id);
    expect(evidence[0]?.reason).toBe('It did not answer. Ask its support.');
    expect(JSON.stringify(scene.posted.in('C01'))).toContain('Ask its support.');
  });

  it('forgets what people said when the provider has taken it after all', async () => {
    const { scene, payout, says } = await openUnclear();
    await close(scene, payout.id, 'ben', 'not_sent');
    says({ state: 'submitted', providerStatus: 'PENDING', providerReference: 'T1' });
    await later(scene, hourMs);
    const taken = await current(scene, payout.id);
    expect([taken.state, taken.closures, taken.alarmedAtMs]).toEqual(['submitted', [], undefined]);
    await close(scene, payout.id, 'cy', 'not_sent');
    await later(scene, 24 * hourMs);
    const { card } = await close(scene, payout.id, 'cy', 'not_sent');
    expect(card.text).toContain('has taken it');
    expect(await current(scene, payout.id)).toMatchObject({ state: 'submitted', closures: [] });
  });

  it('is told of again when it was taken after all and has no end, and people can close it', async () => {
    const { scene, payout, says } = await openUnclear();
    const told = () => scene.notices.filter(({ kind }) => kind === 'alarm').length;
    expect(told()).toBe(1);
    says({ state: 'submitted', providerStatus: 'PENDING', providerReference: 'T1' });
    await later(scene, hourMs);
    expect([await stateOf(scene, payout), told()]).toEqual(['submitted', 1]);
    await later(scene, 24 * hourMs);
    expect(told()).toBe(2);
    for (const by of ['ben', 'cy'] as const) await close(scene, payout.id, by, 'paid');
    expect(await stateOf(scene, payout)).toBe('paid');
  });

  it.each(['not_sent', 'failed', 'paid'] as const)(
    'is asked about each hour for a week after people said “%s”, and a contradiction is shown',
    async (verdict) => {
      const { scene, payout, says, countAsked } = await openUnclear();
      for (const by of ['ben', 'cy'] as const) await close(scene, payout.id, by, verdict);
      expect(await stateOf(scene, payout)).toBe(verdict);
      const before = countAsked();
      for (let hour = 0; hour < 24; hour += 1) await later(scene, hourMs);
      expect(countAsked() - before).toBe(24);
      says({ state: verdict === 'paid' ? 'failed' : 'paid', providerStatus: 'SURPRISE' });
      await later(scene, hourMs);
      expect((await current(scene, payout.id)).disputed).toContain('SURPRISE');
      expect(scene.posted.in('C03').at(-1)?.text).toContain('SURPRISE');
    },
  );

  it('that people closed makes the same request a possible duplicate', async () => {
    const { scene, payout } = await openUnclear();
    for (const by of ['ben', 'cy'] as const) await close(scene, payout.id, by, 'not_sent');
    const again = await request(scene);
    expect([again.duplicates, again.requirement.need]).toEqual([[payout.id], 2]);
  });
});

describe('who closes', () => {
  const openAs = async (scene: Scene, changes: OfficeConfig) => {
    const dataDir = await copyFolder(scene.dataDir);
    return openOffice({ outside: scene.outside, dataDir, ...changes });
  };

  it('is the team of today: not who has lost the role since, but who has it now', async () => {
    const { scene, payout } = await openUnclear();
    const people = composeTeam().people.map((one) =>
      one.id === 'cy'
        ? { ...one, roles: ['viewer'] }
        : one.id === 'dia'
          ? { ...one, roles: ['approver'] }
          : one,
    );
    const after = await openAs(scene, { team: composeTeam({ people }) });
    await close(after, payout.id, 'cy', 'paid');
    expect((await current(after, payout.id)).closures).toEqual([]);
    await close(after, payout.id, 'dia', 'paid');
    await close(after, payout.id, 'ben', 'paid');
    const { state, closures } = await current(after, payout.id);
    expect([state, closures.map(({ person }) => person)]).toEqual(['paid', ['dia', 'ben']]);
  });

  it('is any two who say the same, when the first was wrong and is gone', async () => {
    const people = composeTeam().people.map((one) =>
      one.id === 'dia' ? { ...one, roles: ['approver'] } : one,
    );
    const { scene, payout } = await openUnclear();
    const after = await openAs(scene, { team: composeTeam({ people }) });
    await close(after, payout.id, 'ben', 'not_sent');
    await close(after, payout.id, 'cy', 'paid');
    expect(await stateOf(after, payout)).toBe('unknown');
    await close(after, payout.id, 'dia', 'paid');
    expect(await stateOf(after, payout)).toBe('paid');
  });
});
