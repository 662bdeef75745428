import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSlackScene, type SlackScene, say } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

test('a command is answered before its asker alone', async () => {
  const { chat, dispatcher } = scene;
  await chat.type('ana', 'C01', '/balance payermax USD');
  const seen = await chat.until('ana', 'C01', ({ title }) => title.startsWith('You said'));
  expect(seen).toMatchObject({ title: 'You said /balance payermax USD', isPrivate: true });
  expect(chat.look('ben', 'C01')).toEqual([]);
  expect(dispatcher.asked).toEqual([
    {
      account: { platform: 'slack', team: 'T01', user: 'U0ANA' },
      spot: { channel: 'C01' },
      line: '/balance payermax USD',
    },
  ]);
});

test('an answer for the channel says who asked', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(() => say('Frozen', {}, { audience: 'channel' }));
  await chat.type('ana', 'C01', '/purser freeze all');
  const seen = await chat.until('ben', 'C01', ({ title }) => title === 'Frozen');
  expect(seen.isPrivate).toBe(false);
  expect(seen.words).toContain('Asked by Ana Torres');
});

test('a button runs its action as whoever presses it', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ line }) =>
    line === undefined
      ? say('Done', {}, { isInPlace: true })
      : say('Sure?', { buttons: [{ action: 'go:1', label: 'Go', style: 'primary' }] }),
  );
  await chat.type('ana', 'C01', '/balance');
  const card = await chat.until('ana', 'C01', ({ title }) => title === 'Sure?');
  await chat.press('ana', card, 'Go');
  const done = await chat.until('ana', 'C01', ({ title }) => title === 'Done');
  expect(done.id).toBe(card.id);
  expect(dispatcher.asked[1]).toMatchObject({
    action: 'go:1',
    spot: { channel: 'C01', message: card.id },
  });
});

test('a form opens as a dialog, comes back with its errors, and shows its outcome', async () => {
  const { chat, dispatcher } = scene;
  const form = (value?: string, error?: string) =>
    say('New payee', {
      form: {
        action: 'payee.form:1',
        title: 'New payee',
        submit: 'Save',
        fields: [
          {
            name: 'name',
            label: 'Name',
            kind: 'text',
            isRequired: true,
            lengthMax: 40,
            ...(value === undefined ? {} : { value }),
            ...(error === undefined ? {} : { error }),
          },
        ],
      },
    });
  dispatcher.answer(({ values }) =>
    values === undefined
      ? form()
      : values['name'] === 'x'
        ? form('x', 'That is too short.')
        : say('Saved', { text: values['name'] ?? '' }),
  );
  await chat.type('ana', 'C01', '/payee add');
  await expect.poll(() => chat.form('ana')?.title).toBe('New payee');
  await chat.submit('ana', { Name: 'x' });
  await expect
    .poll(() => chat.form('ana')?.fields)
    .toEqual([{ label: 'Name', value: 'x', error: 'That is too short.' }]);
  await chat.submit('ana', { Name: 'Nadia' });
  const seen = await chat.until('ana', 'C01', ({ title }) => title === 'Saved');
  expect(seen.words).toContain('Nadia');
});
