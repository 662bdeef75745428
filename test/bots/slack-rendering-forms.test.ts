// Pictures and forms as blocks; see slack-rendering.test.ts for the rest of a card.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMessage } from '../../src/bots/slack/render.ts';
import { renderForm } from '../../src/bots/slack/view.ts';
import type { Card, Chart, FormField, Picture } from '../../src/commands/card.ts';
import { formCard } from './playground-cards.ts';
import { readBlocks } from './slack-reading.ts';
import { blocksSchema, findProblem, type Surface } from './slack-server/blocks.ts';

const problemOf = (blocks: unknown, surface: Surface = 'message') =>
  findProblem(blocks, surface, () => true);
const wordsOf = (blocks: unknown) => readBlocks(blocksSchema.parse(blocks)).words;

describe('a picture', () => {
  const picture = (chart?: Chart): Picture => ({
    name: 'trend.png',
    png: new Uint8Array([1]),
    width: 10,
    height: 10,
    alt: 'USD rises from 1 to 2',
    ...(chart === undefined ? {} : { chart }),
  });
  const chart = (values: readonly (number | undefined)[]): Chart => ({
    title: 'USD',
    categories: values.map((_, index) => `${index + 1} Nov`),
    series: [{ name: 'PayerMax USD', values }],
  });
  const typesOf = (given: Picture, options: object) =>
    renderMessage({ tone: 'neutral', title: 'x', picture: given }, options).blocks.map(
      ({ type }) => type,
    );

  test('is Slack’s own chart where the data fit one', () => {
    const given = picture(chart([1, 2, 3]));
    expect(typesOf(given, { hasChart: true })).toContain('data_visualization');
    const { blocks } = renderMessage(
      { tone: 'neutral', title: 'x', picture: given },
      { hasChart: true },
    );
    expect(problemOf(blocks)).toBeUndefined();
  });

  test.each([
    ['a gap', [1, undefined, 3]],
    ['thirty days', Array.from({ length: 30 }, (_, index) => index)],
  ])('with %s is never a chart', (_, values) => {
    expect(typesOf(picture(chart(values)), { hasChart: true, fileId: 'F1' })).toContain('image');
  });

  test('that could not be uploaded is said in words', () => {
    const { blocks } = renderMessage({ tone: 'neutral', title: 'x', picture: picture() });
    expect(wordsOf(blocks)).toContain('USD rises from 1 to 2');
  });
});

describe('a form', () => {
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id${ids}`;
  };
  const formOf = (field: Partial<FormField>) => {
    const card: Card = {
      tone: 'neutral',
      title: 'New payee',
      form: {
        action: 'payee.form:x',
        title: 'New payee',
        submit: 'Save the payee',
        fields: [
          {
            name: 'payee',
            label: 'Payee',
            kind: 'choice',
            isRequired: true,
            lengthMax: 40,
            ...field,
          },
        ],
      },
    };
    const { form } = card;
    if (form === undefined) throw new Error('no form');
    return renderForm({ card, form }, { channel: 'C01' }, newId);
  };
  const optionsOf = (count: number, length = 10) =>
    Array.from({ length: count }, (_, index) => ({
      value: `v${index}`.padEnd(length, '-'),
      label: `Payee ${index} ${'x'.repeat(length)}`,
    }));

  test('keeps what a restart would forget in itself, and shows what was typed and what is wrong', () => {
    const values = { payee: 'Nadia', route: 'wallet', note: 'x'.repeat(40) };
    const card = formCard(values);
    if (card.form === undefined) throw new Error('no form');
    const view = renderForm({ card, form: card.form }, { channel: 'C01', url: 'https://x' }, newId);
    expect(problemOf(view.blocks, 'modal')).toBeUndefined();
    expect(JSON.parse(view.private_metadata ?? '')).toEqual({
      channel: 'C01',
      url: 'https://x',
      action: 'form.send',
    });
    const { fields, buttons } = readBlocks(blocksSchema.parse(view.blocks));
    expect(fields).toMatchObject([
      { value: 'Nadia' },
      { value: 'Wallet' },
      { value: 'x'.repeat(40), error: 'This can have 30 characters.' },
    ]);
    expect(buttons.map(({ label }) => label)).toEqual(['Drop it']);
  });

  test('of more than a hundred choices groups them', () => {
    const view = formOf({ options: optionsOf(250), value: 'v249------' });
    expect(problemOf(view.blocks, 'modal')).toBeUndefined();
    const [field] = readBlocks(blocksSchema.parse(view.blocks)).fields;
    expect(field?.options).toHaveLength(250);
    expect(field?.value).toContain('Payee 249');
    expect(JSON.stringify(view.blocks)).toContain('201 to 250');
  });

  test('whose choices are no menu of Slack’s has a line for them, and says which there are', () => {
    const view = formOf({ options: optionsOf(3, 200) });
    expect(problemOf(view.blocks, 'modal')).toBeUndefined();
    expect(wordsOf(view.blocks)).toContain('Write one of: v0---');
    expect(wordsOf(formOf({ options: [] }).blocks)).toContain('nothing to choose from');
  });

  test('fits whatever its texts are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 4000 }),
        fc.constantFrom('text' as const, 'long_text' as const, 'choice' as const),
        (text, kind) => {
          const view = formOf({
            label: text,
            help: text,
            kind,
            error: text,
            value: text,
            lengthMax: 5000,
            options: [{ value: text, label: text }],
          });
          expect(problemOf(view.blocks, 'modal')).toBeUndefined();
        },
      ),
      { numRuns: 100 },
    );
  });
});
