// Whether Slack would take these blocks: written from the Block Kit reference, not from the renderer.
// https://docs.slack.dev/reference/block-kit/blocks (each block's page), read 2026-11-26. Unknown
// keys are refused here although Slack ignores some: they are always a mistake of ours.
import { z } from 'zod';

export type Surface = 'message' | 'modal' | 'home';

const text = (max: number, min = 1) => z.string().min(min).max(max);
const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: text(max),
    verbatim: z.boolean().optional(),
  });
const anyText = (max: number) => z.union([plainText(max), mrkdwn(max)]);
const blockId = { block_id: text(255).optional() };

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
  })
  .optional();
const richElement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1), style }),
  z.strictObject({
    type: z.literal('link'),
    url: z.url().max(3000),
    text: z.string().optional(),
    style,
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW]/), style }),
]);
const richSection = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(richElement).min(1),
});
const richText = z.strictObject({
  ...blockId,
  type: z.literal('rich_text'),
  elements: z.array(richSection).min(1),
});

const confirm = z.strictObject({
  title: plainText(100),
  text: plainText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});
const button = z.strictObject({
  type: z.literal('button'),
  action_id: text(255),
  text: plainText(75),
  value: text(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
});

const option = z.strictObject({ text: plainText(75), value: text(150) });
const select = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: text(255),
    options: z.array(option).min(1).max(100).optional(),
    option_groups: z
      .array(z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) }))
      .min(1)
      .max(100)
      .optional(),
    initial_option: option.optional(),
  })
  .refine(({ options, option_groups }) => (options === undefined) !== (option_groups === undefined))
  .refine(({ options = [], option_groups = [], initial_option }) => {
    const all = [...options, ...option_groups.flatMap((group) => group.options)];
    const isOne = (one: z.infer<typeof option>) =>
      JSON.stringify(one) === JSON.stringify(initial_option);
    return initial_option === undefined || all.some(isOne);
  }, 'initial_option is none of the options');
const plainInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    action_id: text(255),
    multiline: z.boolean().optional(),
    initial_value: text(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
  })
  .refine(({ initial_value = '', max_length = 3000 }) => initial_value.length <= max_length);

const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
]);
const table = z.strictObject({
  ...blockId,
  type: z.literal('table'),
  rows: z.array(z.array(cell).min(1).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z.strictObject({
        align: z.enum(['left', 'center', 'right']).optional(),
        is_wrapped: z.boolean().optional(),
      }),
    )
    .max(20)
    .optional(),
});

const chartLabel = text(20);
const chart = z.strictObject({
  ...blockId,
  type: z.literal('data_visualization'),
  title: text(50),
  chart: z
    .strictObject({
      type: z.enum(['line', 'bar', 'area']),
      series: z
        .array(
          z.strictObject({
            name: chartLabel,
            data: z.array(z.strictObject({ label: chartLabel, value: z.number() })).min(1),
          }),
        )
        .min(1)
        .max(6),
      axis_config: z.strictObject({ categories: z.array(chartLabel).min(1).max(20) }),
    })
    .refine(({ series, axis_config: { categories } }) =>
      series.every(
        ({ data }) => data.map(({ label }) => label).join('\n') === categories.join('\n'),
      ),
    ),
});

const block = z.discriminatedUnion('type', [
  z.strictObject({ ...blockId, type: z.literal('header'), text: plainText(150) }),
  z.strictObject({ ...blockId, type: z.literal('divider') }),
  z.strictObject({
    ...blockId,
    type: z.literal('section'),
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
  }),
  z.strictObject({
    ...blockId,
    type: z.literal('context'),
    elements: z.array(anyText(2000)).min(1).max(10),
  }),
  z.strictObject({
    ...blockId,
    type: z.literal('actions'),
    elements: z.array(button).min(1).max(25),
  }),
  z.strictObject({
    ...blockId,
    type: z.literal('image'),
    slack_file: z.strictObject({ id: text(40) }),
    alt_text: text(2000),
    title: plainText(2000).optional(),
  }),
  z.strictObject({
    ...blockId,
    type: z.literal('input'),
    label: plainText(2000),
    hint: plainText(2000).optional(),
    optional: z.boolean().optional(),
    element: z.union([plainInput, select]),
  }),
  richText,
  table,
  chart,
]);
export type SomeBlock = z.infer<typeof block>;

const mostOf: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };
const onlyInMessages = ['table', 'data_visualization'];

export const blocksSchema = z.array(block);

/** What is wrong with them; undefined where Slack takes them. `isReady` knows the files. */
export function findProblem(
  value: unknown,
  surface: Surface,
  isReady: (file: string) => boolean,
): string | undefined {
  const parsed = blocksSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `blocks ${issue?.path.join('.')}: ${issue?.message}`;
  }
  const blocks = parsed.data;
  if (blocks.length > mostOf[surface]) return `${blocks.length} blocks in a ${surface}`;
  const types = blocks.map(({ type }) => type);
  const stray = types.find((type) =>
    surface === 'message' ? type === 'input' : onlyInMessages.includes(type),
  );
  if (stray !== undefined) return `${stray} in a ${surface}`;
  if (types.filter((type) => type === 'table').length > 1) return 'only_one_table_allowed';
  if (types.filter((type) => type === 'data_visualization').length > 2) return 'three charts';
  return findDouble(blocks) ?? findTableProblem(blocks) ?? findFileProblem(blocks, isReady);
}

function findDouble(blocks: readonly SomeBlock[]): string | undefined {
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  if (new Set(ids).size < ids.length) return 'a block_id stands twice';
  for (const one of blocks) {
    if (one.type !== 'actions') continue;
    const actions = one.elements.map(({ action_id }) => action_id);
    if (new Set(actions).size < actions.length) return 'an action_id stands twice in a block';
  }
  return undefined;
}

function findTableProblem(blocks: readonly SomeBlock[]): string | undefined {
  for (const one of blocks) {
    if (one.type !== 'table') continue;
    const widths = new Set(one.rows.map((row) => row.length));
    if (widths.size > 1) return 'rows of a table differ in length';
    const characters = one.rows.flat().reduce((sum, part) => sum + countCharacters(part), 0);
    if (characters > 10_000) return `${characters} characters in a table`;
  }
  return undefined;
}

function countCharacters(value: z.infer<typeof cell>): number {
  if (value.type === 'raw_text') return value.text.length;
  const elements = value.elements.flatMap((part) => part.elements);
  return elements.reduce((sum, part) => sum + ('text' in part ? (part.text?.length ?? 0) : 0), 0);
}

function findFileProblem(
  blocks: readonly SomeBlock[],
  isReady: (file: string) => boolean,
): string | undefined {
  const images = blocks.filter((one) => one.type === 'image');
  const missing = images.find(({ slack_file: { id } }) => !isReady(id));
  return missing === undefined ? undefined : 'invalid slack file';
}
