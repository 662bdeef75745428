// A form inside a card. What is typed outlives its fields, which go when another channel is looked
// at. No `maxlength`: the browser would cut a pasted value without a word.
import { html, nothing, type TemplateResult } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Form, FormField } from '../../../commands/card.ts';
import { icon } from './icons.ts';

export interface FormProps {
  readonly form: Form;
  /** Unique on the page. */
  readonly id: string;
  readonly cardTitle: string;
  /** By field name; kept up to date here. */
  readonly typed: Map<string, string>;
  /** The action of the card that is being worked on: nothing else of it can be pressed. */
  readonly pressing: string | undefined;
  /** Beside the button that sends it. */
  readonly buttons: unknown;
  submit(values: Readonly<Record<string, string>>): void;
  leave(): void;
}

export function formView(props: FormProps): unknown {
  const { form, id, cardTitle, typed, pressing, buttons } = props;
  const isBusy = pressing === form.action;
  const submit = (event: Event) => {
    event.preventDefault();
    const entryOf = (field: FormField): [string, string] => [field.name, valueIn(field, typed)];
    props.submit(Object.fromEntries(form.fields.map(entryOf)));
  };
  const onKey = (event: KeyboardEvent) => {
    const { currentTarget: element, target, key, ctrlKey, metaKey, isComposing } = event;
    if (isComposing || !(element instanceof HTMLFormElement)) return;
    if (key === 'Escape') props.leave();
    else if (key === 'Enter' && (ctrlKey || metaKey) && target instanceof HTMLTextAreaElement) {
      element.requestSubmit();
    } else return;
    event.preventDefault();
  };
  // Keyed: the next form of a dialogue is another one, even where fields have the same names.
  return keyed(
    form.action,
    html`<form class="form" novalidate aria-label=${form.title} @submit=${submit} @keydown=${onKey}>
      ${form.title === cardTitle ? nothing : html`<h3 class="form-title">${form.title}</h3>`}
      ${form.text === undefined ? nothing : html`<p class="card-text" dir="auto">${form.text}</p>`}
      ${repeat(
        form.fields,
        ({ name }) => name,
        (field, index) => fieldView(field, `${id}-${index}`, typed),
      )}
      <div class="card-foot">
        <button
          type="submit"
          class="button button-primary"
          aria-disabled=${pressing === undefined ? nothing : 'true'}
          aria-busy=${isBusy ? 'true' : nothing}
        >
          ${form.submit}
        </button>
        ${buttons}
      </div>
    </form>`,
  );
}

function valueIn({ name, value = '' }: FormField, typed: ReadonlyMap<string, string>): string {
  return typed.get(name) ?? value;
}

function fieldView(field: FormField, id: string, typed: Map<string, string>): TemplateResult {
  const { label, help, error, isRequired } = field;
  const described = [
    ...(error === undefined ? [] : [`${id}-error`]),
    ...(help === undefined ? [] : [`${id}-help`]),
    `${id}-count`,
  ];
  return html`<div class="field ${error === undefined ? '' : 'is-wrong'}">
    <div class="field-head">
      <label for=${id}
        >${label}${
          isRequired
            ? html`<span class="required" aria-hidden="true"> *</span>`
            : html`<span class="optional"> optional</span>`
        }</label
      >
      <span
        class="count"
        id="${id}-count"
        .textContent=${countText(valueIn(field, typed), field.lengthMax)}
      ></span>
    </div>
    ${controlView(field, id, described.join(' '), typed)}
    ${
      error === undefined
        ? nothing
        : html`<p class="field-error" id="${id}-error" dir="auto">${icon('bad')}${error}</p>`
    }
    ${help === undefined ? nothing : html`<p class="field-help" id="${id}-help" dir="auto">${help}</p>`}
  </div>`;
}

function controlView(
  field: FormField,
  id: string,
  describedBy: string,
  typed: Map<string, string>,
): TemplateResult {
  const { name, kind, options = [], isRequired, lengthMax, error } = field;
  const value = valueIn(field, typed);
  const input = ({ target }: Event) => {
    if (target === null || !('value' in target) || typeof target.value !== 'string') return;
    typed.set(name, target.value);
    const count = document.getElementById(`${id}-count`);
    if (count !== null && kind !== 'choice') count.textContent = countText(target.value, lengthMax);
  };
  const isWrong = error === undefined ? nothing : 'true';
  if (kind === 'choice') {
    const choices = [{ value: '', label: isRequired ? 'Choose…' : 'None' }, ...options];
    return html`<select
      id=${id}
      class="control"
      ?required=${isRequired}
      aria-describedby=${describedBy}
      aria-invalid=${isWrong}
      @input=${input}
    >
      ${choices.map(
        (one) =>
          html`<option value=${one.value} .selected=${live(one.value === value)}>
            ${one.label}
          </option>`,
      )}
    </select>`;
  }
  return kind === 'long_text'
    ? html`<textarea
        id=${id}
        class="control"
        rows="3"
        dir="auto"
        ?required=${isRequired}
        aria-describedby=${describedBy}
        aria-invalid=${isWrong}
        .value=${live(value)}
        @input=${input}
      ></textarea>`
    : html`<input
        id=${id}
        class="control"
        type="text"
        dir="auto"
        autocomplete="off"
        ?required=${isRequired}
        aria-describedby=${describedBy}
        aria-invalid=${isWrong}
        .value=${live(value)}
        @input=${input}
      />`;
}

/** Said only where the end is near: nobody wants to see how much they could write. */
function countText({ length }: string, lengthMax: number): string {
  if (length > lengthMax) return `${length - lengthMax} too many`;
  return length > 10 && length >= lengthMax * 0.8 ? `${lengthMax - length} left` : '';
}
