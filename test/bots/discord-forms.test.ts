// Forms as modals: in one, in steps, with mistakes, late, and after a restart.
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Card, FormField } from '../../src/commands/card.ts';
import { type DiscordScene, openDiscordScene, room, say } from './discord-support.ts';

let scene: DiscordScene;

beforeEach(async () => {
  scene = await openDiscordScene();
  scene.dispatcher.forms.add('/payee add').add('payee.form:bank');
});

afterEach(async () => {
  await scene.stop();
  expect(scene.chat.complaints()).toEqual([]);
});

const titled = (title: string) => (seen: { title: string }) => seen.title === title;
const fieldsOf = (count: number): FormField[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `f${index + 1}`,
    label: `Field ${index + 1}`,
    kind: 'text',
    isRequired: index === 0,
    lengthMax: 50,
  }));
const formCard = (fields: readonly FormField[], text?: string): Card => ({
  tone: 'neutral',
  title: 'Add a payee',
  text: 'A second person agrees.',
  form: {
    action: 'payee.form:bank',
    title: 'Add a payee',
    submit: 'Save',
    fields,
    ...(text === undefined ? {} : { text }),
  },
});

async function openForm(fields: readonly FormField[], text?: string) {
  const { chat, dispatcher } = scene;
  dispatcher.answer(({ values }) =>
    values === undefined ? { card: formCard(fields, text), audience: 'asker' } : say('Saved'),
  );
  await chat.type('ana', room, '/payee add');
  const form = chat.form('ana');
  if (form === undefined) throw new Error('no form is open');
  return form;
}

test('a form of one page opens as the first answer, with its text', async () => {
  const { chat, dispatcher } = scene;
  const form = await openForm(fieldsOf(3), 'Look *twice*.');
  expect(form).toMatchObject({ title: 'Add a payee', fields: [{ label: 'Field 1' }, {}, {}] });
  expect(form.words).toContain('Look *twice*.');
  await chat.submit('ana', { f1: 'a', 'Field 3': 'c' });
  await chat.until('ana', room, titled('Saved'));
  expect(dispatcher.asked[1]).toMatchObject({
    action: 'payee.form:bank',
    values: { f1: 'a', f2: '', f3: 'c' },
  });
});

test('a long form goes in steps that keep what was typed', async () => {
  const { chat, dispatcher } = scene;
  const form = await openForm(fieldsOf(12), 'All of it.');
  expect(form).toMatchObject({ title: '(1/3) Add a payee' });
  expect(form.fields).toHaveLength(4);
  await chat.submit('ana', { f1: 'one', f6: 'six', f12: 'twelve' });
  await chat.until('ana', room, titled('Saved'));
  const values = dispatcher.asked[1]?.values;
  expect(Object.keys(values ?? {})).toHaveLength(12);
  expect(values).toMatchObject({ f1: 'one', f6: 'six', f12: 'twelve', f2: '' });
  // Nothing of the way there is left.
  expect(chat.look('ana', room).map(({ title }) => title)).toEqual(['Saved']);
});

test('what is wrong is told field by field, and only those pages are asked again', async () => {
  const { chat, dispatcher } = scene;
  const help = 'x'.repeat(150);
  dispatcher.answer(({ values }) => {
    if (values === undefined) return { card: formCard(fieldsOf(12)), audience: 'asker' };
    if (values['f7'] === 'good') return say('Saved', {}, { isInPlace: true });
    const fields = fieldsOf(12).map((field) => ({
      ...field,
      value: values[field.name] ?? '',
      ...(field.name === 'f7' ? { error: `It has ${help}.` } : {}),
    }));
    return { card: formCard(fields), audience: 'asker', isInPlace: true };
  });
  await chat.type('ana', room, '/payee add');
  await chat.submit('ana', { f1: 'one', f7: 'bad' });
  const wrong = await chat.until('ana', room, ({ buttons }) => buttons.includes('Correct it'));
  expect(wrong.words).toContain(`Field 7 It has ${help}.`);
  await chat.press('ana', wrong, 'Correct it');
  const again = chat.form('ana');
  expect(again?.title).toBe('(2/3) Add a payee');
  expect(again?.fields[1]).toMatchObject({ label: 'Field 7', value: 'bad' });
  expect(again?.fields[1]?.error).toMatch(/^It has x+…$/);
  await chat.submit('ana', { f7: 'good' });
  await chat.until('ana', room, titled('Saved'));
  expect(dispatcher.asked.at(-1)?.values).toMatchObject({ f1: 'one', f7: 'good' });
  expect(chat.look('ana', room)).toHaveLength(1);
});

test('a form that comes too late is offered by a button', async () => {
  const { chat, dispatcher, clock } = scene;
  let open = () => {};
  dispatcher.answer(async () => {
    await new Promise<void>((resolve) => {
      open = resolve;
    });
    return { card: formCard(fieldsOf(2)), audience: 'asker' };
  });
  await chat.type('ana', room, '/payee add');
  void clock;
  expect(chat.form('ana')).toBeUndefined();
  open();
  const offer = await chat.until('ana', room, titled('Add a payee'));
  expect(offer.words).toContain('A second person agrees.');
  await chat.press('ana', offer, 'Add a payee');
  expect(chat.form('ana')?.fields).toHaveLength(2);
  await chat.press('ana', offer, 'Add a payee');
  expect(chat.form('ana')?.fields).toHaveLength(2);
});

test('an open form of one page is taken after a restart', async () => {
  const { chat, dispatcher } = scene;
  await openForm(fieldsOf(2));
  await scene.restart();
  await chat.submit('ana', { f1: 'a' });
  await chat.until('ana', room, titled('Saved'));
  expect(dispatcher.asked.at(-1)).toMatchObject({ values: { f1: 'a', f2: '' } });
});

test('a form in steps is gone after a restart, and starts again', async () => {
  const { chat, dispatcher, log } = scene;
  await openForm(fieldsOf(12));
  await scene.restart();
  await chat.submit('ana', { f1: 'a' });
  const gone = await chat.until('ana', room, titled('This form is gone'));
  expect(gone.words).toContain('Nothing was saved or sent.');
  expect(gone.words).toContain('REF234');
  expect(log.text()).toContain('a form was gone bot=discord reference=REF234');
  await chat.press('ana', gone, 'Start again');
  expect(chat.form('ana')?.title).toBe('(1/3) Add a payee');
  expect(dispatcher.asked.at(-1)).toMatchObject({ action: 'payee.form:bank' });
});

test('a kept form is forgotten after half an hour', async () => {
  const { chat, clock } = scene;
  await openForm(fieldsOf(12));
  clock.advance(31 * 60_000);
  await chat.submit('ana', { f1: 'a' });
  await chat.until('ana', room, titled('This form is gone'));
});

test('choices are menus up to 25, and typed beyond that, by value or by label', async () => {
  const { chat, dispatcher } = scene;
  const choice = (name: string, count: number): FormField => ({
    name,
    label: name,
    kind: 'choice',
    options: Array.from({ length: count }, (_, index) => ({
      value: `${name}${index}`,
      label: `Number ${index} ${'y'.repeat(120)}`,
    })),
    isRequired: true,
    lengthMax: 60,
    ...(name === 'few' ? { value: 'few3' } : {}),
  });
  const form = await openForm([choice('few', 25), choice('many', 26)]);
  expect(form.fields[0]?.options).toHaveLength(25);
  expect(form.fields[0]?.value).toMatch(/^Number 3 y+…$/);
  expect(form.fields[1]?.options).toBeUndefined();
  expect(form.words).toContain('Type one of 26, like many0 or many1');
  await chat.submit('ana', { many: 'MANY25' });
  await chat.until('ana', room, titled('Saved'));
  expect(dispatcher.asked.at(-1)?.values).toEqual({ few: 'few3', many: 'many25' });
});

test('labels, helps and titles that are too long are cut visibly', async () => {
  const long = (length: number) => 'w'.repeat(length);
  const field: FormField = {
    name: 'f',
    label: long(60),
    help: long(130),
    kind: 'long_text',
    isRequired: false,
    lengthMax: 9_000,
    value: long(4_500),
  };
  const { chat, dispatcher } = scene;
  const card = formCard([field]);
  const form = { ...card.form, title: long(60) } as NonNullable<Card['form']>;
  dispatcher.answer(() => ({ card: { ...card, form }, audience: 'asker' }));
  await chat.type('ana', room, '/payee add');
  const shown = chat.form('ana');
  expect(shown?.title).toBe(`${long(44)}…`);
  expect(shown?.fields[0]).toMatchObject({ label: `${long(44)}…`, value: long(4_000) });
  expect(shown?.words).toContain(`${long(99)}…`);
});
