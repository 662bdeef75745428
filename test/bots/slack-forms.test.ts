// Dialogs: forms with their errors in place, previews with buttons in the same window, and what is
// left of them when they are closed, late or delivered twice.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { openSlackScene, type SlackScene, say } from './slack-support.ts';

let scene: SlackScene;
beforeEach(async () => {
  scene = await openSlackScene();
});
afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const formCard: Card = {
  tone: 'neutral',
  title: 'New payout',
  text: 'Only you see this.',
  form: {
    action: 'payout.form:7',
    title: 'New payout',
    submit: 'Preview',
    fields: [
      { name: 'amount', label: 'Amount', kind: 'text', isRequired: true, lengthMax: 20 },
      { name: 'note', label: 'Note', kind: 'long_text', isRequired: false, lengthMax: 90 },
    ],
  },
};
const form = { card: formCard, audience: 'asker' as const };
const preview = say('125.50 USD to Nadia?', {
  buttons: [
    {
      action: 'payout.post:1',
      label: 'Ask for it',
      style: 'primary',
      confirm: { title: 'Ask?', text: 'It is posted.', yes: 'Ask' },
    },
    { action: 'payout.form:7', label: 'Change', style: 'plain' },
  ],
});

async function openForm(): Promise<void> {
  await scene.chat.type('ana', 'C01', '/payout');
  await expect.poll(() => scene.chat.form('ana')?.title).toBe('New payout');
}

test('a preview stands in the dialog, and its buttons work there', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ line, action, values }) =>
    line !== undefined || (action === 'payout.form:7' && values === undefined)
      ? form
      : action === 'payout.post:1'
        ? say('You have asked for it', {}, { isInPlace: true })
        : preview,
  );
  await openForm();
  await chat.submit('ana', { Amount: '125.50' });
  const seen = await chat.until('ana', 'C01', ({ title }) => title.includes('Nadia'));
  expect(dispatcher.asked.at(-1)).toMatchObject({
    action: 'payout.form:7',
    values: { amount: '125.50', note: '' },
    spot: { channel: 'C01' },
  });
  await chat.press('ana', seen, 'Change');
  await expect.poll(() => chat.form('ana')?.title).toBe('New payout');
  await chat.submit('ana', { Amount: '1' });
  const again = await chat.until('ana', 'C01', ({ title }) => title.includes('Nadia'));
  await chat.press('ana', again, 'Ask for it');
  await chat.until('ana', 'C01', ({ title }) => title === 'You have asked for it');
  // Nothing of it was posted beside the dialog.
  expect(scene.server.workspace.messages).toEqual([]);
});

test('a form whose trigger is over waits behind a button', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.answer(({ line }) => {
    if (dispatcher.asked.length === 1) server.workspace.passTime(4000);
    return line === undefined ? say('?') : form;
  });
  await chat.type('ana', 'C01', '/payout payermax');
  const seen = await chat.until('ana', 'C01', ({ title }) => title === 'New payout');
  expect(seen.buttons).toEqual(['Open: New payout']);
  await chat.press('ana', seen, 'Open: New payout');
  await expect.poll(() => chat.form('ana')?.title).toBe('New payout');
  expect(dispatcher.asked.at(-1)?.line).toBe('/payout payermax');
});

test('blanks in a field that must be filled in are refused at once, and nobody is asked', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.answer(() => form);
  await openForm();
  const answered = await server.people.submit('U0ANA', { amount: '   ' });
  expect(answered?.payload).toMatchObject({ response_action: 'errors' });
  expect(Object.values(answered?.payload['errors'] ?? {})).toEqual(['This cannot be empty.']);
  expect(dispatcher.asked).toHaveLength(1);
  expect(chat.form('ana')).toBeDefined();
});

test('a dialog that was closed meanwhile is answered beside it', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.answer(({ values }) => {
    if (values === undefined) return form;
    server.people.closeView('U0ANA');
    return say('Saved', { reference: 'REF234' });
  });
  await openForm();
  await chat.submit('ana', { Amount: '5' });
  const seen = await chat.until('ana', 'C01', ({ title }) => title === 'Saved');
  expect(seen.isPrivate).toBe(true);
});

test('a form with errors whose dialog was closed says them and offers itself again', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.answer(({ values }) => {
    if (values === undefined) return form;
    server.people.closeView('U0ANA');
    const [amount, ...others] = formCard.form?.fields ?? [];
    if (amount === undefined || formCard.form === undefined) throw new Error('no form');
    const fields = [{ ...amount, error: 'That is too much.' }, ...others];
    return { ...form, card: { ...formCard, form: { ...formCard.form, fields } } };
  });
  await openForm();
  await chat.submit('ana', { Amount: '5' });
  const seen = await chat.until('ana', 'C01', ({ words }) => words.includes('That is too much.'));
  expect(seen.buttons).toEqual(['Open: New payout']);
  await chat.press('ana', seen, 'Open: New payout');
  await expect.poll(() => chat.form('ana')?.title).toBe('New payout');
});

test('a form that is delivered twice is done once, and its outcome stays', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ values }) => (values === undefined ? form : say('Saved')));
  await openForm();
  await chat.submit('ana', { Amount: '5' });
  await chat.until('ana', 'C01', ({ title }) => title === 'Saved');
  await chat.redeliver();
  expect(dispatcher.asked).toHaveLength(2);
  expect(chat.look('ana', 'C01').map(({ title }) => title)).toEqual(['Saved']);
});

test('an outcome for the channel is posted there, and the dialog says so', async () => {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ values }) =>
    values === undefined ? form : say('For all', {}, { audience: 'channel' }),
  );
  await openForm();
  await chat.submit('ana', { Amount: '5' });
  await chat.until('ben', 'C01', ({ title }) => title === 'For all');
  const seen = await chat.until('ana', 'C01', ({ title }) => title === 'Posted');
  expect(seen.words).toContain('For all');
});

test('a button opens a form, and a refusal instead of a form is told beside it', async () => {
  const { chat, bot, dispatcher } = scene;
  let isRefused = false;
  dispatcher.answer(() => (isRefused ? say('Not for you') : form));
  await bot.poster.post('C01', {
    tone: 'neutral',
    title: 'Payee',
    buttons: [{ action: 'payee.way:1', label: 'Choose', style: 'plain' }],
  });
  const card = await chat.until('ana', 'C01', ({ title }) => title === 'Payee');
  await chat.press('ana', card, 'Choose');
  await expect.poll(() => chat.form('ana')?.title).toBe('New payout');
  isRefused = true;
  await chat.press('ben', card, 'Choose');
  const refused = await chat.until('ben', 'C01', ({ title }) => title === 'Not for you');
  expect(refused.isPrivate).toBe(true);
  expect(chat.form('ben')).toBeUndefined();
});

test('a dialog of another Purser says that nothing was saved', async () => {
  const { chat, server, dispatcher } = scene;
  dispatcher.answer(() => form);
  await openForm();
  const view = server.workspace.views.get('U0ANA');
  if (view !== undefined) view.private_metadata = 'not JSON';
  await chat.submit('ana', { Amount: '5' });
  const seen = await chat.until('ana', 'C01', ({ title }) => title.includes('does not know'));
  expect(seen.words).toContain('nothing was saved');
  expect(dispatcher.asked).toHaveLength(1);
});
