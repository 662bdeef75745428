// How much one person may ask for at once, and what is never held up.
import { expect, it } from 'vitest';
import { actions, commands } from '../../src/commands/registry.ts';
import { ana, ask, ben, commandThat, createScene, spot } from './world.ts';

const tooMuch = 'That is more than Purser does for one person at once';
const stranger = { platform: 'slack', team: 'T99', user: 'U99' } as const;

function openPaced() {
  let done = 0;
  const probe = commandThat(async () => {
    done += 1;
    return { card: { tone: 'good', title: 'Done' }, audience: 'asker' };
  });
  const scene = createScene({ isPaced: true, commands: [probe, ...commands] });
  const titles = async (count: number, who: typeof ana | typeof stranger, line = '/probe') => {
    const all = await Promise.all(
      Array.from({ length: count }, () => ask(scene.dispatcher, who, line)),
    );
    return all.map(({ card }) => card.title);
  };
  return { ...scene, titles, countDone: () => done };
}

it('does forty things at once, then one every two seconds, and says when', async () => {
  const { titles, dispatcher, clock, countDone, teller } = openPaced();
  expect(new Set(await titles(40, ana))).toEqual(new Set(['Done']));
  const { card, audience } = await ask(dispatcher, ana, '/balance payermax');
  expect([audience, card.title, card.text, card.reference]).toEqual([
    'asker',
    tooMuch,
    'Nothing was done. Try again in 2 seconds.',
    'R41',
  ]);
  expect([countDone(), teller('payermax').asked]).toEqual([40, 0]);
  expect(await titles(1, ben)).toEqual(['Done']);
  clock.advance(2_000);
  expect(await titles(2, ana)).toEqual(['Done', tooMuch]);
});

it('counts a person, whatever account they use', async () => {
  const { titles, dispatcher } = openPaced();
  await titles(40, ben);
  const elsewhere = { platform: 'slack', team: 'T01', user: 'U02' } as const;
  expect((await ask(dispatcher, elsewhere, '/probe')).card.title).toBe(tooMuch);
});

it('says it in the log once for each spell', async () => {
  const { titles, clock, log } = openPaced();
  await titles(60, ana);
  clock.advance(2_000);
  await titles(30, ana);
  const told = log.lines.filter(({ message }) => message.includes('told to wait'));
  const loud = told.filter(({ level }) => level === 'warn');
  expect([told.length, loud.length]).toEqual([20 + 29, 2]);
  expect(loud[0]?.fields).toMatchObject({ person: 'ana', command: 'probe', outcome: 'limited' });
});

it('lets a queue be decided as fast as anybody can press', async () => {
  const { titles, dispatcher } = openPaced();
  await titles(60, ben);
  const press = () => dispatcher.press({ account: ben, spot, action: 'payout.approve:P1.x' });
  const all = await Promise.all(Array.from({ length: 601 }, press));
  const limited = all.filter(({ card }) => card.title === tooMuch);
  expect(limited.length).toBe(1);
});

it('never holds up a freeze', async () => {
  const { titles } = openPaced();
  await titles(100, ben);
  expect(new Set(await titles(100, ben, '/purser freeze all stolen laptop'))).toEqual(
    new Set(['All payouts are frozen']),
  );
});

it('holds up strangers by their account, before anything is looked at', async () => {
  const { titles, dispatcher } = openPaced();
  const seen = await titles(41, stranger, '/purser freeze all me');
  expect(seen.slice(38)).toEqual(['Purser does not know you', 'Purser does not know you', tooMuch]);
  const other = { ...stranger, user: 'U98' };
  expect((await ask(dispatcher, other, '/probe')).card.title).toBe('Purser does not know you');
});

it('completes nothing for a while, and says nothing of it', async () => {
  const { dispatcher, clock, log } = openPaced();
  const complete = async () => (await dispatcher.complete({ account: ana, line: '/' })).length;
  for (let typed = 0; typed < 100; typed += 1) expect(await complete()).toBeGreaterThan(0);
  expect([await complete(), log.lines.length]).toEqual([0, 0]);
  clock.advance(100);
  expect(await complete()).toBeGreaterThan(0);
});

it('is slow about what asks providers or makes a record, and quick about decisions alone', () => {
  const named = [
    ...commands.map(({ path, pace = 'work' }) => [`/${path.join(' ')}`, pace] as const),
    ...actions.map(({ name, pace = 'work' }) => [name, pace] as const),
  ];
  const by = (wanted: string) => named.filter(([, pace]) => pace === wanted).map(([name]) => name);
  expect(by('unlimited')).toEqual(['/purser freeze']);
  expect(by('decision')).toEqual([
    '/payout cancel',
    '/purser unfreeze',
    '/purser help',
    'payout.drop',
    'payout.approve',
    'payout.reject',
    'payout.cancel',
    'payout.close.paid',
    'payout.close.failed',
    'payout.close.not_sent',
    'payee.approve',
    'payee.refuse',
    'alert.mute',
  ]);
});
