// One page of a form as a modal: Discord takes five components in one.
import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { Form, FormField } from '../../commands/card.ts';
import { renderModalId } from './custom-id.ts';
import { cutPlain, escapeText } from './escape.ts';
import { limits } from './limits.ts';

/** The fields of each page. The first leaves room for the form's own text where there are several. */
export function listPages({ fields, text }: Form): (readonly FormField[])[] {
  const most = limits.modalComponentsMax;
  const firstMax = text !== undefined && fields.length > most ? most - 1 : most;
  const pages = [fields.slice(0, firstMax)];
  for (let from = firstMax; from < fields.length; from += most) {
    pages.push(fields.slice(from, from + most));
  }
  return pages;
}

export interface ModalPage {
  /** Under which the form is kept. */
  readonly id: string;
  readonly page: number;
  /** What was typed on this and other pages. */
  readonly values: Readonly<Record<string, string>>;
}

export function renderModal(
  form: Form,
  { id, page, values }: ModalPage,
): APIModalInteractionResponseCallbackData {
  const pages = listPages(form);
  const fields = pages[page] ?? [];
  const isWhole = pages.length === 1;
  const title = isWhole ? form.title : `(${page + 1}/${pages.length}) ${form.title}`;
  const hasText =
    page === 0 && form.text !== undefined && fields.length < limits.modalComponentsMax;
  const content = hasText ? escapeText(form.text ?? '').trim() : '';
  return {
    custom_id: renderModalId({ id, page, isWhole, action: form.action }),
    title: cutPlain(title, limits.modalTitleMax) || '…',
    components: [
      ...(content === '' ? [] : [{ type: ComponentType.TextDisplay, content } as const]),
      ...fields.map((field) => renderField(field, values[field.name] ?? '')),
    ],
  };
}

function renderField(field: FormField, value: string): APILabelComponent {
  const help = describeField(field);
  return {
    type: ComponentType.Label,
    label: cutPlain(field.label, limits.labelMax) || '…',
    ...(help === '' ? {} : { description: cutPlain(help, limits.labelHelpMax) }),
    component: renderInput(field, value),
  };
}

function describeField(field: FormField): string {
  const { error, help, options = [] } = field;
  if (error !== undefined) return `⛔ ${error}`;
  if (field.kind !== 'choice' || isSelect(field)) return help ?? '';
  const [first, second] = options;
  const example = [first?.value, second?.value].filter((one) => one !== undefined).join(' or ');
  return [help, `Type one of ${options.length}, like ${example}`].filter(Boolean).join('. ');
}

/** Discord's menus have 25 entries; a longer choice is typed. */
function isSelect({ kind, options = [] }: FormField): boolean {
  return kind === 'choice' && options.length > 0 && options.length <= limits.selectOptionsMax;
}

function renderInput(field: FormField, value: string): APIComponentInLabel {
  const { name, isRequired, options = [] } = field;
  if (isSelect(field)) {
    return {
      type: ComponentType.StringSelect,
      custom_id: name,
      required: isRequired,
      min_values: isRequired ? 1 : 0,
      options: options.map((option) => ({
        value: option.value,
        label: cutPlain(option.label, limits.optionTextMax) || '…',
        ...(option.value === value ? { default: true } : {}),
      })),
    };
  }
  const max_length = Math.min(Math.max(1, field.lengthMax), limits.inputMax);
  const shown = value.slice(0, max_length);
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: field.kind === 'long_text' ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required: isRequired,
    max_length,
    ...(shown === '' ? {} : { value: shown }),
  };
}

/** What was typed, by the name of its field. */
export function readModal(
  { components }: Pick<APIModalSubmission, 'components'>,
  form: Form | undefined,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const label of components) {
    if (label.type !== ComponentType.Label) continue;
    const { component } = label;
    const value = 'values' in component ? component.values[0] : component.value;
    const field = form?.fields.find(({ name }) => name === component.custom_id);
    values[component.custom_id] = toOption(field, typeof value === 'string' ? value : '');
  }
  return values;
}

/** A choice that was typed may be typed by its label too. */
function toOption(field: FormField | undefined, typed: string): string {
  const wanted = typed.trim().toLowerCase();
  const found = field?.options?.find(
    ({ value, label }) => value.toLowerCase() === wanted || label.toLowerCase() === wanted,
  );
  return found?.value ?? typed;
}
