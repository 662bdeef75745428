// The story of a payout on two replicas, one of which is killed in the middle of it: the other goes on,
// and the books of the provider have it once. Here are the deaths that have the most to lose;
// `npm run chaos -- --only story` has every one.
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPlayer, told } from '../town/player.ts';
import type { Platform } from '../town/team.ts';
import { deaths, expected, openSetting, type Setting, tell, type Victim } from './story.ts';

tellOn('slack', [
  ['actor', 'when it is posted'],
  ['actor', 'as soon as two have agreed'],
  ['actor', 'when the provider has it'],
  ['first', 'when the provider is being called'],
]);
tellOn('discord', [
  ['first', 'when the preview is there'],
  ['first', 'as soon as one has agreed'],
  ['first', 'when it is submitted'],
]);

function tellOn(platform: Platform, chosen: readonly (readonly [Victim, string])[]): void {
  describe(`on two replicas, in ${platform}`, () => {
    let setting: Setting;
    beforeAll(async () => {
      setting = await openSetting(platform, await (await fetch(inject('postgresGate'))).text());
    });
    afterEach(() => expect(setting.fleet.listTroubles(expected)).toEqual([]));
    afterAll(() => setting?.fleet.stop());

    const all = chosen.map(([victim, name], number) => ({ victim, name, number }));
    test.each(all)(
      'the $victim dies $name, and the payout goes on',
      { timeout: 90_000 },
      async ({ victim, name, number }) => {
        const death = deaths.find((one) => one.name === name);
        expect(death).toBeDefined();
        if (death !== undefined) await tell(setting, { death, victim, number });
      },
    );

    test('the audit log is intact', async () => {
      const ana = createPlayer(setting.fleet, 'ana', platform);
      await ana.type('/purser audit verify');
      await ana.sees(told('The audit log is intact'));
    });
  });
}
