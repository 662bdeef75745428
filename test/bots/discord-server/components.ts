// The shapes and limits of components, from https://discord.com/developers/docs/components/reference,
// read 2026-11-26. Written from the documentation, and sharing nothing with the bot's renderer.
import { z } from 'zod';
import type { Component } from './state.ts';

const id = z.exactOptional(z.int().min(0));
const customId = z.string().min(1).max(100);
const url = z.string().min(1).max(2048);
const media = z.object({ url });

const button = z
  .strictObject({
    type: z.literal(2),
    id,
    style: z.int().min(1).max(4),
    label: z.string().min(1).max(80),
    custom_id: customId,
    disabled: z.exactOptional(z.boolean()),
  })
  .or(
    z.strictObject({
      type: z.literal(2),
      id,
      style: z.literal(5),
      label: z.string().min(1).max(80),
      url: z.string().max(512),
      disabled: z.exactOptional(z.boolean()),
    }),
  );
const actionRow = z.strictObject({
  type: z.literal(1),
  id,
  components: z.array(button).min(1).max(5),
});
const textDisplay = z.strictObject({
  type: z.literal(10),
  id,
  content: z
    .string()
    .min(1)
    .max(4000)
    .refine((text) => text.trim() !== '', 'is blank'),
});
const thumbnail = z.strictObject({
  type: z.literal(11),
  id,
  media,
  description: z.exactOptional(z.string().max(1024)),
  spoiler: z.exactOptional(z.boolean()),
});
const section = z.strictObject({
  type: z.literal(9),
  id,
  components: z.array(textDisplay).min(1).max(3),
  accessory: z.union([button, thumbnail]),
});
const mediaGallery = z.strictObject({
  type: z.literal(12),
  id,
  items: z
    .array(
      z.strictObject({
        media,
        description: z.exactOptional(z.string().min(1).max(1024).nullable()),
        spoiler: z.exactOptional(z.boolean()),
      }),
    )
    .min(1)
    .max(10),
});
const file = z.strictObject({
  type: z.literal(13),
  id,
  file: media.refine((one) => one.url.startsWith('attachment://'), 'is no attachment'),
  spoiler: z.exactOptional(z.boolean()),
  // Given back by Discord, and ignored when sent.
  name: z.exactOptional(z.string()),
  size: z.exactOptional(z.number()),
});
const separator = z.strictObject({
  type: z.literal(14),
  id,
  divider: z.exactOptional(z.boolean()),
  spacing: z.exactOptional(z.union([z.literal(1), z.literal(2)])),
});
const container = z.strictObject({
  type: z.literal(17),
  id,
  accent_color: z.exactOptional(z.int().min(0).max(0xffffff).nullable()),
  spoiler: z.exactOptional(z.boolean()),
  components: z
    .array(z.union([actionRow, textDisplay, section, mediaGallery, separator, file]))
    .min(1),
});
const messageComponents = z
  .array(z.union([actionRow, textDisplay, section, mediaGallery, file, separator, container]))
  .min(1);

const textInput = z.strictObject({
  type: z.literal(4),
  id,
  custom_id: customId,
  style: z.union([z.literal(1), z.literal(2)]),
  min_length: z.exactOptional(z.int().min(0).max(4000)),
  max_length: z.exactOptional(z.int().min(1).max(4000)),
  required: z.exactOptional(z.boolean()),
  value: z.exactOptional(z.string().max(4000)),
  placeholder: z.exactOptional(z.string().max(100)),
});
const option = z.strictObject({
  label: z.string().min(1).max(100),
  value: z.string().min(1).max(100),
  description: z.exactOptional(z.string().max(100)),
  default: z.exactOptional(z.boolean()),
});
const stringSelect = z.strictObject({
  type: z.literal(3),
  id,
  custom_id: customId,
  options: z.array(option).min(1).max(25),
  placeholder: z.exactOptional(z.string().max(150)),
  min_values: z.exactOptional(z.int().min(0).max(25)),
  max_values: z.exactOptional(z.int().min(1).max(25)),
  required: z.exactOptional(z.boolean()),
});
const label = z.strictObject({
  type: z.literal(18),
  id,
  label: z.string().min(1).max(45),
  description: z.exactOptional(z.string().min(1).max(100)),
  component: z.union([textInput, stringSelect]),
});
const modal = z.strictObject({
  custom_id: customId,
  title: z.string().min(1).max(45),
  components: z
    .array(z.union([label, textDisplay]))
    .min(1)
    .max(5),
});

/** Every component, the outer before the inner. */
export function walk(components: readonly Component[]): Component[] {
  return components.flatMap((one) => {
    const inner = [one['components'], one['accessory'], one['component']].flat();
    return [one, ...walk(inner.filter((child): child is Component => child !== undefined))];
  });
}

function describe(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** What Discord would refuse; `files` are the names of what is attached. */
export function findMessageProblems(components: unknown, files: readonly string[]): string[] {
  const parsed = messageComponents.safeParse(components);
  if (!parsed.success) return describe(parsed.error);
  const all = walk(parsed.data as unknown as Component[]);
  const problems: string[] = [];
  if (all.length > 40) problems.push(`${all.length} components are more than 40`);
  const text = all.reduce((sum, one) => sum + String(one['content'] ?? '').length, 0);
  if (text > 4000) problems.push(`${text} characters are more than 4000`);
  problems.push(...findTwice(all));
  const references = [...JSON.stringify(components).matchAll(/"attachment:\/\/([^"]*)"/g)];
  for (const [, name = ''] of references) {
    if (!files.includes(name)) problems.push(`attachment://${name} is not attached`);
  }
  return problems;
}

export function findModalProblems(data: unknown): string[] {
  const parsed = modal.safeParse(data);
  if (!parsed.success) return describe(parsed.error);
  const all = walk(parsed.data.components as unknown as Component[]);
  const problems = findTwice(all);
  for (const { component } of parsed.data.components.filter((one) => one.type === 18)) {
    if (component.type === 4) {
      const { value = '', max_length = 4000 } = component;
      if (value.length > max_length) problems.push('a value is longer than its field');
    } else {
      const values = component.options.map((one) => one.value);
      if (new Set(values).size < values.length) problems.push('a select offers a value twice');
      const { required = true, min_values = 1, max_values = 1 } = component;
      if (required && min_values === 0) problems.push('a required select takes no value');
      const chosen = component.options.filter((one) => one.default).length;
      if (chosen > max_values) problems.push('a select has more defaults than it takes');
    }
  }
  return problems;
}

function findTwice(all: readonly Component[]): string[] {
  const ids = all.flatMap((one) =>
    one['custom_id'] === undefined ? [] : [String(one['custom_id'])],
  );
  return ids
    .filter((one, index) => ids.indexOf(one) !== index)
    .map((one) => `the custom_id ${one} stands there twice`);
}
