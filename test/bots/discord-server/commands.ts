// Registration of commands: what Discord refuses, and what it gives back. From
// https://discord.com/developers/docs/interactions/application-commands, read 2026-11-26.
import { z } from 'zod';

const name = z.string().regex(/^[-_a-z0-9]{1,32}$/);
const description = z.string().min(1).max(100);
const choice = z.strictObject({ name: z.string().min(1).max(100), value: z.string().max(100) });
const value = z
  .strictObject({
    type: z.literal(3),
    name,
    description,
    required: z.exactOptional(z.boolean()),
    autocomplete: z.exactOptional(z.boolean()),
    choices: z.exactOptional(z.array(choice).min(1).max(25)),
  })
  .refine(
    (one) => !(one.autocomplete && one.choices),
    'autocomplete and choices exclude each other',
  );
const values = z
  .array(value)
  .max(25)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'a name stands twice')
  .refine((all) => {
    const lastRequired = all.findLastIndex((one) => one.required);
    const firstOptional = all.findIndex((one) => !one.required);
    return firstOptional < 0 || lastRequired < firstOptional;
  }, 'required options come first');
const subcommand = z.strictObject({
  type: z.literal(1),
  name,
  description,
  options: z.exactOptional(values),
});
const group = z.strictObject({
  type: z.literal(2),
  name,
  description,
  options: z.array(subcommand).min(1).max(25),
});
const command = z.strictObject({
  type: z.exactOptional(z.literal(1)),
  name,
  description,
  options: z.exactOptional(z.union([values, z.array(z.union([subcommand, group])).max(25)])),
  contexts: z.exactOptional(z.array(z.int().min(0).max(2))),
  integration_types: z.exactOptional(z.array(z.int().min(0).max(1))),
});
const commandsSchema = z
  .array(command)
  .max(100)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'a name stands twice');

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly required?: boolean;
  readonly autocomplete?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string }[];
  readonly options?: readonly CommandOption[];
}

/** Problems, or the commands as Discord gives them back: with ids, versions and its own defaults. */
export function takeCommands(
  body: unknown,
  { application, guild, newId }: { application: string; guild: string; newId(): string },
): { problems: string[] } | { commands: Record<string, unknown>[] } {
  const parsed = commandsSchema.safeParse(body);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`) };
  }
  const commands = parsed.data.map((one) => ({
    id: newId(),
    application_id: application,
    version: newId(),
    default_member_permissions: null,
    type: 1,
    name: one.name,
    name_localizations: null,
    description: one.description,
    description_localizations: null,
    guild_id: guild,
    nsfw: false,
    // An empty list of options is not given back, and false is left out.
    ...(one.options === undefined || one.options.length === 0
      ? {}
      : { options: one.options.map(toStored) }),
    contexts: one.contexts ?? null,
    integration_types: one.integration_types ?? [0],
  }));
  // In the order that Discord likes.
  return { commands: commands.reverse() };
}

function toStored(option: object): object {
  const { required, options, ...rest } = option as { required?: boolean; options?: object[] };
  return {
    name_localizations: null,
    description_localizations: null,
    ...rest,
    ...(required ? { required } : {}),
    ...(options === undefined || options.length === 0 ? {} : { options: options.map(toStored) }),
  };
}
