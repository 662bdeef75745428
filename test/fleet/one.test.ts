// A single process on a folder: what the fleet is made of works, and what a test would find is found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { savePayee } from '../stories/cast.ts';
import { createPlayer, posted, told } from '../town/player.ts';
import { openFolder } from './database.ts';
import { type Fleet, openFleet } from './index.ts';
import { findTroubles } from './troubles.ts';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await openFleet({ database: await openFolder(), replicas: 1 });
});
afterAll(() => fleet.stop());

test('what nobody may see is found', () => {
  const line = { life: 1, level: 'info', message: 'said', fields: {}, text: 'said shh-secret' };
  const replica = { name: 'r1', lines: [line, { ...line, level: 'error', text: 'oh' }] };
  expect(findTroubles([replica], { SLACK_BOT_TOKEN: 'shh-secret' })).toEqual([
    'r1 wrote SLACK_BOT_TOKEN into its log: said shh-secret',
    'r1: said oh',
  ]);
});

test('a payout goes from its request to its end, through a kill', async () => {
  await fleet.start();
  const [ana, ben] = [createPlayer(fleet, 'ana', 'slack'), createPlayer(fleet, 'ben', 'discord')];
  await savePayee({ ana, ben }, 'payermax');
  await ana.type('/payout payermax 20.00 USD maria');
  await ana.press(told('Ask for 20.00 USD to Maria Santos?'), 'Ask for approval');
  await ben.sees(posted('20.00 USD to Maria Santos', 'Waiting for approval.'));
  await fleet.replicas[0]?.kill();
  await fleet.start();
  await ben.press(posted('20.00 USD to Maria Santos'), 'Approve');
  await ben.sees(posted('20.00 USD to Maria Santos', 'With the provider.'));
  await fleet.advance(10_000);
  await ben.sees(posted('20.00 USD to Maria Santos', 'Paid.'));
  expect(fleet.orders('payermax', '20.00 USD')).toEqual(['SUCCESS']);
  expect(await fleet.replicas[0]?.stop()).toBe(0);
  expect(fleet.listTroubles()).toEqual([]);
});
