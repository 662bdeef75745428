// Dialogs: a form, the moment of work after it, and an outcome in the same window. All that is needed
// after a restart stands in the dialog itself, in its private metadata.
import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Card, Form, FormField } from '../../commands/card.ts';
import type { Block, RenderOptions } from './layout.ts';
import { limits } from './limits.ts';
import { renderBlocks } from './render.ts';
import { bold, cut, isText, plain, richText, section, words } from './text.ts';

const metadataSchema = z.object({
  /** Of the form. */
  action: z.string().optional(),
  /** Where it was opened from; a page of its own has none. */
  channel: z.string().optional(),
  message: z.string().optional(),
  /** For an answer after the dialog was closed. */
  url: z.string().optional(),
});
export type Metadata = z.infer<typeof metadataSchema>;

export type View = types.ModalView;

/** What stands in a dialog that an older Purser opened may be anything. */
export function readMetadata(text: string | undefined): Metadata {
  try {
    return metadataSchema.parse(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

function writeMetadata(metadata: Metadata): string {
  const text = JSON.stringify(metadata);
  if (text.length > limits.metadataMax) throw new Error('a dialog has no room for its own data');
  return text;
}

export function renderForm(
  { card, form }: { card: Card; form: Form },
  metadata: Metadata,
  /** Other on each rendering: Slack keeps what was typed under an id that it knows. */
  newId: () => string,
): View {
  const { form: _, buttons = [], ...rest } = card;
  const isSaidAbove = form.title === card.title;
  const inputs = form.fields.flatMap((field) => renderField(field, newId()));
  const intro = isText(form.text) ? [richText(section(words(cut(form.text, 3000))))] : [];
  const title = isSaidAbove ? [] : [richText(section(bold(cut(form.title, 2000))))];
  const above = renderBlocks({ ...rest, buttons }, { surface: 'view' });
  const room = limits.blocksInViewMax - inputs.length - intro.length - title.length;
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain(form.title, limits.viewTitleMax),
    submit: plain(form.submit, limits.viewSubmitMax),
    close: plain('Cancel', limits.viewSubmitMax),
    private_metadata: writeMetadata({ ...metadata, action: form.action }),
    blocks: [
      ...above.slice(0, Math.max(room, 1)),
      ...title,
      ...intro,
      ...inputs,
    ] as types.KnownBlock[],
  };
}

function renderField(field: FormField, id: string): Block[] {
  const { label, help, isRequired, error } = field;
  const hint = [help, describeChoices(field)].filter(isText).join(' ');
  const input: types.InputBlock = {
    type: 'input',
    block_id: `${field.name}#${id}`.slice(-255),
    label: plain(label, limits.labelMax),
    optional: !isRequired,
    element: renderElement(field),
    ...(hint === '' ? {} : { hint: plain(hint, limits.hintMax) }),
  };
  // Errors of a dialog that is already acknowledged cannot be set; below the field they are as near.
  return error === undefined
    ? [input]
    : [input, richText(section(bold(cut(`⛔ ${error}`, limits.textObjectMax))))];
}

function renderElement(field: FormField): types.PlainTextInput | types.StaticSelect {
  const { name, kind, lengthMax, value } = field;
  if (kind === 'choice' && isSelectable(field)) return renderSelect(field);
  const text = cut(value ?? '', limits.inputMax);
  return {
    type: 'plain_text_input',
    action_id: name,
    multiline: kind === 'long_text',
    // A value that is too long must still open, so that its person can make it shorter.
    max_length: Math.min(Math.max(lengthMax, text.length, 1), limits.inputMax),
    ...(text === '' ? {} : { initial_value: text }),
  };
}

/** Slack wants at least one option, values that are short, and no more than a hundred groups. */
function isSelectable({ options = [] }: FormField): boolean {
  return (
    options.length > 0 &&
    options.length <= limits.optionsMax * limits.optionGroupsMax &&
    options.every(({ value }) => value !== '' && value.length <= limits.optionValueMax)
  );
}

function renderSelect({ name, options = [], value }: FormField): types.StaticSelect {
  const all = options.map((one) => ({
    text: plain(one.label, limits.optionLabelMax),
    value: one.value,
  }));
  const initial = all.find((option) => option.value === value);
  const base = {
    type: 'static_select' as const,
    action_id: name,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
  if (all.length <= limits.optionsMax) return { ...base, options: all };
  const groups: { label: types.PlainTextElement; options: typeof all }[] = [];
  for (let from = 0; from < all.length; from += limits.optionsMax) {
    const part = all.slice(from, from + limits.optionsMax);
    const label = `${from + 1} to ${from + part.length}`;
    groups.push({ label: plain(label, limits.optionLabelMax), options: part });
  }
  return { ...base, option_groups: groups };
}

/** Where the choices cannot be a menu they are typed, and their names are said. */
function describeChoices(field: FormField): string | undefined {
  if (field.kind !== 'choice' || isSelectable(field)) return undefined;
  const { options = [] } = field;
  if (options.length === 0) return 'There is nothing to choose from yet.';
  return cut(`Write one of: ${options.map(({ value }) => value).join(', ')}`, 1000);
}

export function renderCardView(
  card: Card,
  metadata: Metadata,
  options: Partial<RenderOptions> = {},
): View {
  return {
    type: 'modal',
    callback_id: 'card',
    title: plain('Purser', limits.viewTitleMax),
    close: plain('Close', limits.viewSubmitMax),
    private_metadata: writeMetadata(metadata),
    blocks: renderBlocks(card, { ...options, surface: 'view' }) as types.KnownBlock[],
  };
}

/** Between a form's being sent and its outcome. */
export function renderWorkingView(title: string, metadata: Metadata): View {
  return {
    type: 'modal',
    callback_id: 'working',
    title: plain(title, limits.viewTitleMax),
    close: plain('Close', limits.viewSubmitMax),
    private_metadata: writeMetadata(metadata),
    blocks: [richText(section(words('One moment: this is being checked.')))],
  };
}
