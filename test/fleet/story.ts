// The story of a payout with a death in it: who dies, after which act, and what must be so in the end.
import { expect } from 'vitest';
import { savePayee } from '../stories/cast.ts';
import { createPlayer, plain, posted, told } from '../town/player.ts';
import type { Platform } from '../town/team.ts';
import { openPostgres, type Postgres, untilFirst } from './database.ts';
import { type Fleet, openFleet, type Replica } from './index.ts';
import { makeCareless } from './scene.ts';
import { acts, beginTale, perform, type Tale, until } from './tale.ts';

export interface Death {
  readonly name: string;
  /** The place in `acts`. */
  readonly at: number;
  /** `acted`: as soon as the platform has delivered it; `done`: when it is seen. */
  readonly when: 'acted' | 'done';
  /** The provider takes the order, or does not get it, and never answers. */
  readonly fault?: 'process_then_timeout' | 'timeout';
}

export const deaths: readonly Death[] = [
  { name: 'when the form is open', at: 0, when: 'done' },
  { name: 'when the preview is there', at: 1, when: 'done' },
  { name: 'as soon as it is asked for', at: 2, when: 'acted' },
  { name: 'when it is posted', at: 2, when: 'done' },
  { name: 'as soon as one has agreed', at: 3, when: 'acted' },
  { name: 'as soon as two have agreed', at: 4, when: 'acted' },
  { name: 'when the provider has it', at: 5, when: 'done', fault: 'process_then_timeout' },
  { name: 'when the provider is being called', at: 5, when: 'done', fault: 'timeout' },
  { name: 'when it is submitted', at: 6, when: 'done' },
  { name: 'when it is paid', at: 7, when: 'done' },
];

export type Victim = 'actor' | 'first';

export interface Setting {
  readonly fleet: Fleet;
  readonly postgres: Postgres;
  readonly platform: Platform;
}

/** What the logs and platforms may say where a process died in the middle of an answer. */
export const expected = [
  /answer was lost/,
  /was not acknowledged within/,
  /Discord: .*(got no answer|is late|was answered twice)$/,
];

/** Two replicas, and a payee whom a payout can go to. */
export async function openSetting(platform: Platform, serverUrl?: string): Promise<Setting> {
  const postgres = await openPostgres(serverUrl === undefined ? {} : { serverUrl });
  const fleet = await openFleet({ database: postgres, replicas: 2, platforms: [platform] });
  try {
    await fleet.start();
    const [ana, ben] = [createPlayer(fleet, 'ana', platform), createPlayer(fleet, 'ben', platform)];
    await savePayee({ ana, ben }, 'payermax');
    return { fleet, postgres, platform };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

/** Tells it with that death; `number` gives it an amount of its own. */
export async function tell(
  setting: Setting,
  { death, victim, number }: { death: Death; victim: Victim; number: number },
): Promise<void> {
  const { fleet, platform } = setting;
  const tale = beginTale(fleet, platform, number);
  const dying = await cast(setting, victim);
  // Half of them come back at once, half when all is over.
  const kill = async () => {
    await dying.kill();
    if (number % 2 === 0) await dying.start();
    if (platform === 'discord') await untilServed(setting, dying);
  };
  makeCareless(fleet, 'payermax', death.fault, 'paymentOrderPay');
  const isLost = death.fault === 'timeout';
  for (const [at, act] of acts.entries()) {
    const isHere = at === death.at;
    if (isHere && isLost) {
      await untilCalled(tale);
      await kill();
      await closeUnsent(tale);
      break;
    }
    await perform(tale, act, isHere && death.when === 'acted' ? kill : undefined);
    if (isHere && death.when === 'done') await kill();
  }
  await expectEnd(tale, isLost);
  if (dying.state === 'down') await dying.start();
}

/** Who acts in Slack is steered: never the first, so that it is one of them who dies. */
async function cast({ fleet, postgres, platform }: Setting, victim: Victim): Promise<Replica> {
  const first = fleet.replica(await untilFirst(postgres, () => true));
  const other = fleet.replicas.find((one) => one !== first);
  if (other === undefined) throw new Error('there is only one replica');
  fleet.steerSlack(other.name);
  // The gateway is the first one's.
  return victim === 'first' || platform === 'discord' ? first : other;
}

async function untilServed({ fleet, postgres }: Setting, dead: Replica): Promise<void> {
  await untilFirst(postgres, (name) => fleet.replica(name).pid !== dead.pid || dead.state === 'up');
  const { gateway } = fleet.discord.server;
  if (!(await until(() => gateway.isConnected, patienceMs))) throw new Error('nobody takes over');
}

const patienceMs = 30_000;
const callPatienceMs = 90_000;
const closableAfterMs = 16 * 60_000;

async function untilCalled({ fleet, amount }: Tale): Promise<void> {
  const isCalled = () =>
    fleet
      .sandbox('payermax')
      .requests()
      .some(({ path, body }) => path.includes('paymentOrderPay') && body.includes(`${amount}`));
  if (!(await until(isCalled, patienceMs))) throw new Error('the provider is not called');
}

/**
 * Nobody knows: Purser says so, asks, and never sends it again. After a quarter of an hour it asks
 * people, two of whom find that it was not sent.
 */
async function closeUnsent(tale: Tale): Promise<void> {
  const { fleet, ben, cy, title } = tale;
  // Where the caller lives, its call must first run out of time.
  const isUnclear = () => ben.look(posted(title, 'Outcome unknown.')).length > 0;
  if (!(await until(isUnclear, callPatienceMs))) throw new Error('it is not said to be unclear');
  await fleet.advance(closableAfterMs);
  for (const one of [ben, cy]) {
    await one.press(posted(title), 'It was never sent');
    await one.opens('It was never sent', 'Why');
    await one.submit({ reason: 'It is not in the portal' });
    await one.sees(told(title, one === ben ? 'A second person' : 'closed'));
  }
}

async function expectEnd(tale: Tale, isLost: boolean): Promise<void> {
  const { fleet, platform, ana, ben, title, amount } = tale;
  const end = isLost ? 'Not sent.' : 'Paid.';
  const final = await ben.sees(posted(title, end));
  expect(final.buttons).toEqual([]);
  expect(ben.look(posted(title))).toHaveLength(1);
  expect(plain(final.words)).toContain('Ben Okafor approved');
  expect(plain(final.words)).toContain('Cy Lindqvist approved');
  await ana.sees(told(title, end), 'dm');
  const id = /\b(P[0-9A-Z]{8}) · reference/.exec(final.words)?.[1] ?? '';
  await ben.sees(({ words }) => words.includes(id), 'audit');
  expect(fleet.orders('payermax', `${amount} USD`)).toEqual(isLost ? [] : ['SUCCESS']);
  // An old button: the preview's, which whoever died has shown.
  const old = ana.look(told(`Ask for ${title}?`)).at(-1);
  if (old?.buttons.includes('Ask for approval') !== true) return;
  const before = ana.look(told('no longer open')).length;
  await fleet.chat(platform).press('ana', old, 'Ask for approval');
  const isTold = () => ana.look(told('no longer open')).length > before;
  if (!(await until(isTold, patienceMs))) throw new Error('an old button does not answer');
}

/** Every death on both platforms; gives what was wrong. */
export async function tellAll(note: (what: string) => void): Promise<string[]> {
  const wrong: string[] = [];
  const plan = { slack: ['actor', 'first'], discord: ['first'] } as const;
  for (const platform of ['slack', 'discord'] as const) {
    const setting = await openSetting(platform);
    try {
      const all = plan[platform].flatMap((victim) => deaths.map((death) => ({ victim, death })));
      for (const [number, one] of all.entries()) {
        const name = `${platform}: the ${one.victim} dies ${one.death.name}`;
        await tell(setting, { ...one, number }).catch((error: unknown) => {
          wrong.push(`${name}: ${String(error)}`);
        });
        await setting.fleet.start();
        note(`deaths in ${platform}`);
      }
      wrong.push(...setting.fleet.listTroubles(expected));
    } finally {
      await setting.fleet.stop();
    }
  }
  return wrong;
}
