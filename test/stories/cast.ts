// Who plays a story where. A story is told once; which platform each person uses is its setting.
import { expect } from 'vitest';
import { providerModules } from '../../src/providers/registry.ts';
import type { Seen } from '../bots/chat.ts';
import type { Platform, Town, Townsperson } from '../town/index.ts';
import { createPlayer, type Fits, type Player, posted, told } from '../town/player.ts';

export interface Setting {
  readonly name: string;
  readonly platforms: readonly Platform[];
  /** Ana asks; Ben decides, and Cy where a third person is needed. */
  readonly at: Readonly<Record<'ana' | 'ben' | 'cy', Platform>>;
  /** So many Pursers on one PostgreSQL. */
  readonly replicas?: number;
}

export interface Cast {
  readonly town: Town;
  readonly ana: Player;
  readonly ben: Player;
  readonly cy: Player;
  /** In nobody's team file. */
  readonly eve: Player;
  /** In the team file, and a guest of the platform. */
  readonly gus: Player;
  /** The same person on the other platform; on the same one, where there is only one. */
  elsewhere(player: Player): Player;
}

export interface Story {
  readonly name: string;
  tell(cast: Cast): Promise<void>;
}

export function castFor(town: Town, { platforms, at }: Setting): Cast {
  const play = (id: Townsperson, platform: Platform) => createPlayer(town, id, platform);
  return {
    town,
    ana: play('ana', at.ana),
    ben: play('ben', at.ben),
    cy: play('cy', at.cy),
    eve: play('eve', at.ben),
    gus: play('gus', at.ben),
    elsewhere: ({ id, platform }) =>
      play(id, platforms.find((one) => one !== platform) ?? platform),
  };
}

/** One asks for it in a line and sends it on from the preview; another waits for the posted card. */
export async function request({ ana, ben }: Cast, line: string, title: string): Promise<void> {
  await ana.type(line);
  await ana.press(told(`Ask for ${title}?`), 'Ask for approval');
  await ana.sees(told(title, 'You have asked for it.'));
  await ben.sees(posted(title, 'Waiting for approval.'));
}

export async function approve(player: Player, title: string, said = 'You agreed.'): Promise<void> {
  await player.press(posted(title), 'Approve');
  await player.sees(told(title, said));
}

/** The provider takes its time, which passes at once. */
export async function untilPaid(cast: Cast, title: string): Promise<void> {
  await onEveryPlatform(cast, posted(title, 'With the provider.'));
  cast.town.clock.advance(10_000);
  await onEveryPlatform(cast, posted(title, 'Paid.'));
}

/** It is a fraction of a second, and a busy machine may add to it. */
const apartMaxMs = 3000;

/** Waits until each platform shows it, and holds them together. */
export async function onEveryPlatform({ town }: Cast, fits: Fits, channel = 'approvals') {
  const seen = await Promise.all(
    town.platforms.map(async (platform): Promise<[Seen, number]> => {
      const found = await town.chat(platform).until('cy', channel, fits);
      return [found, performance.now()];
    }),
  );
  const times = seen.map(([, atMs]) => atMs);
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(apartMaxMs);
  return seen.map(([found]) => found);
}

/** The example payee of a provider: one person fills in the form, another agrees. */
export async function savePayee(
  { ana, ben }: { readonly ana: Player<string>; readonly ben: Player<string> },
  provider: string,
): Promise<void> {
  const payee = providerModules.find(({ id }) => id === provider)?.examplePayee;
  if (payee === undefined) throw new Error(`${provider} has no example payee`);
  const { id, name, route, fields } = payee;
  await ana.type('/payee add');
  await ana.opens('Add a payee', 'Paid by');
  await ana.submit({ way: `${provider}/${route}` });
  await ana.opens('Add a payee', 'Short name');
  await ana.submit({ id, name, ...fields });
  await ana.sees(told(`Payee ${id}`, 'before a second person agrees'));
  await ben.press(posted(`Payee ${id}`), 'Agree');
  await ben.sees(told(`You agreed to ${id}`));
}
