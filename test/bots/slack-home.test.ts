// The page of the app: what waits, balances, and no flood of questions to the providers.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBlocks } from './slack-reading.ts';
import { openSlackScene, type SlackScene, say } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene();
  scene.dispatcher.answer(({ line, account }) =>
    account.doubt !== undefined
      ? say('Purser does nothing for guests')
      : line === '/balance'
        ? say('Balances', {
            text: '5 of 5 providers answered.',
            buttons: [{ action: 'share:1', label: 'Share here', style: 'plain' }],
            suggestions: ['/balance payermax USD'],
          })
        : say(`You said ${line}`),
  );
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const page = (user: string) => readBlocks(scene.server.workspace.homes.get(user)?.blocks ?? []);
const balanceReads = () => scene.dispatcher.asked.filter(({ line }) => line === '/balance').length;

async function press(label: string): Promise<void> {
  const home = scene.server.workspace.homes.get('U0ANA');
  const button = readBlocks(home?.blocks ?? []).buttons.find((one) => one.label === label);
  if (home === undefined || button === undefined) throw new Error(`no button ${label}`);
  await scene.server.people.press('U0ANA', home, button);
}

test('shows what waits for me and the balances, and opens both', async () => {
  scene.dispatcher.waiting = [
    { line: '/payout show P7K2', label: '125.50 USD to Nadia', help: 'waits for you' },
  ];
  await scene.server.people.openHome('U0ANA');
  await expect.poll(() => page('U0ANA').words).toContain('5 of 5 providers');
  expect(page('U0ANA').words).toContain('125.50 USD to Nadia — waits for you');
  expect(page('U0ANA').buttons.map(({ label }) => label)).toEqual([
    'Open',
    '/balance payermax USD',
    'Refresh',
  ]);
  await press('Open');
  await scene.chat.until('ana', 'C01', ({ title }) => title === 'You said /payout show P7K2');
  expect(scene.dispatcher.asked.at(-1)?.spot).toEqual({ channel: 'home' });
});

test('opened often it asks the providers once a minute, and again when it is told to', async () => {
  for (let time = 0; time < 5; time += 1) await scene.server.people.openHome('U0ANA');
  await expect.poll(() => page('U0ANA').words).toContain('5 of 5 providers');
  await scene.server.people.openHome('U0ANA');
  await expect
    .poll(() => scene.server.calls.filter(({ method }) => method === 'views.publish').length)
    .toBeGreaterThanOrEqual(3);
  expect(balanceReads()).toBe(1);
  await press('Refresh');
  await expect.poll(balanceReads).toBe(2);
  scene.clock.advance(61_000);
  await scene.server.people.openHome('U0ANA');
  await expect.poll(balanceReads).toBe(3);
});

test('says to a guest that it is not for them, and nothing else', async () => {
  const user = scene.server.workspace.users.get('U0EVE');
  if (user !== undefined) user.is_restricted = true;
  await scene.server.people.openHome('U0EVE');
  await expect.poll(() => page('U0EVE').words).toContain('nothing for guests');
  expect(page('U0EVE').buttons).toEqual([]);
});

test('an answer whose dialog cannot be opened any more is a direct message', async () => {
  await scene.server.people.openHome('U0ANA');
  await expect.poll(() => page('U0ANA').words).toContain('5 of 5 providers');
  scene.dispatcher.answer(() => {
    scene.server.workspace.passTime(4000);
    return say('Slow');
  });
  await press('/balance payermax USD');
  await scene.chat.until('ana', 'dm', ({ title }) => title === 'Slow');
});
