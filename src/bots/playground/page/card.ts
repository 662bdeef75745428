// A card on the screen. Everything in a card becomes text; nothing in it can be markup.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Button, Tone } from '../../../commands/card.ts';
import type { CardView } from '../protocol.ts';
import { announce } from './announce.ts';
import { buttonsView } from './buttons.ts';
import { formView } from './form.ts';
import { icon } from './icons.ts';
import { type LinkActions, linkView } from './links.ts';
import { pictureView } from './picture.ts';
import { tableView } from './table.ts';

export interface CardProps {
  readonly card: CardView;
  /** Unique on the page. */
  readonly id: string;
  /** The action of this card that is being worked on. */
  readonly pressing: string | undefined;
  /** What is typed into its form, by field name. */
  readonly typed: Map<string, string>;
  /** What came with the card. */
  readonly attached: unknown;
  /** Whom the card calls. */
  readonly mentions: unknown;
  /** Who looks at it. */
  readonly person: string;
}

export interface CardActions extends LinkActions {
  send(line: string): void;
  press(button: Button): void;
  submit(action: string, values: Readonly<Record<string, string>>): void;
  /** Out of a form, back to the line. */
  leave(): void;
}

/** Colour is never alone: an icon for those who see it, a word for those who do not. */
const toneWords: Readonly<Record<Tone, string>> = {
  neutral: '',
  good: 'Good: ',
  warning: 'Warning: ',
  bad: 'Problem: ',
};

export function cardView(props: CardProps, actions: CardActions): TemplateResult {
  const { card, attached, mentions, person } = props;
  const { tone, title, text, table, picture, notes, progress, mark } = card;
  const isWorking = progress !== undefined;
  return html`
    <section
      class="card tone-${tone} ${isWorking ? 'is-working' : ''}"
      aria-label=${title}
      tabindex="-1"
    >
      <header class="card-head">
        ${tone === 'neutral' ? nothing : icon(tone)}
        <h2 class="card-title">
          <span class="visually-hidden">${toneWords[tone]}</span><bdi>${title}</bdi>
        </h2>
        ${progress === undefined ? nothing : progressView(progress)}
      </header>
      ${mentions} ${text === undefined ? nothing : textView(text)} ${fieldsView(card, person, actions)}
      ${picture === undefined ? nothing : pictureView(picture, person)}
      ${table === undefined ? nothing : tableView(table, { isWorking, person, actions })}
      ${
        notes === undefined || notes.length === 0
          ? nothing
          : html`<ul class="notes">
              ${notes.map((note) => html`<li dir="auto">${note}</li>`)}
            </ul>`
      }
      ${attached} ${isWorking ? nothing : endView(props, actions)}
      ${mark === undefined ? nothing : html`<p class="card-mark">${mark}</p>`}
    </section>
  `;
}

/** What a reader must hear when it changes: the title and the first sentence, which is the state. */
export function headlineOf({ title, text = '' }: CardView): string {
  return `${title}. ${splitLead(text).lead}`;
}

function textView(text: string): unknown {
  return text.split('\n\n').map((paragraph) => {
    const { lead, rest } = splitLead(paragraph);
    return html`<p class="card-text" dir="auto"
      >${rest === '' ? lead : html`<strong class="lead">${lead}</strong>${rest}`}</p
    >`;
  });
}

/** The first sentence, where others follow it. */
function splitLead(paragraph: string): { lead: string; rest: string } {
  const end = /[.!?](?=\s)/.exec(paragraph);
  const length = end === null ? paragraph.length : end.index + 1;
  return { lead: paragraph.slice(0, length), rest: paragraph.slice(length) };
}

function fieldsView({ fields = [] }: CardView, person: string, actions: LinkActions): unknown {
  if (fields.length === 0) return nothing;
  return html`<dl class="fields">
    ${fields.map(
      ({ label, value, link }) =>
        html`<div>
          <dt>${label}</dt>
          <dd dir="auto">${linkView(value, link, person, actions)}</dd>
        </div>`,
    )}
  </dl>`;
}

function progressView({ done, of }: { done: number; of: number }): TemplateResult {
  return html`<span class="progress">
    <span aria-hidden="true">${done} of ${of}</span>
    <progress max=${of} .value=${done} aria-label="${done} of ${of} done"></progress>
  </span>`;
}

/** A form has the buttons of the card beside its own. */
function endView({ card, id, typed, pressing }: CardProps, actions: CardActions): unknown {
  const { form, suggestions = [], reference } = card;
  const buttons = buttonsView(card.buttons ?? [], pressing, actions.press);
  const hasFoot =
    suggestions.length > 0 ||
    reference !== undefined ||
    (form === undefined && card.buttons !== undefined && card.buttons.length > 0);
  return html`
    ${
      form === undefined
        ? nothing
        : formView({
            form,
            id: `${id}-field`,
            cardTitle: card.title,
            typed,
            pressing,
            buttons,
            submit: (values) => actions.submit(form.action, values),
            leave: actions.leave,
          })
    }
    ${
      hasFoot
        ? html`<div class="card-foot">
            ${form === undefined ? buttons : nothing}
            ${suggestions.map(
              (line) =>
                html`<button type="button" class="chip" @click=${() => actions.send(line)}>
                  ${line}
                </button>`,
            )}
            ${reference === undefined ? nothing : referenceView(reference)}
          </div>`
        : nothing
    }
  `;
}

function referenceView(reference: string): TemplateResult {
  const copy = async (event: Event) => {
    const button = event.currentTarget;
    if (!(button instanceof HTMLElement)) return;
    try {
      await navigator.clipboard.writeText(reference);
    } catch {
      announce('The browser did not allow copying.');
      return;
    }
    announce(`Copied ${reference}`);
    button.classList.add('is-copied');
    setTimeout(() => button.classList.remove('is-copied'), 1500);
  };
  return html`<p class="reference">
    <button
      type="button"
      title="Copy: name it when you ask for help"
      aria-label="Copy the reference ${reference}"
      @click=${copy}
    >
      <span>${reference}</span>${icon('copy')}${icon('check')}
    </button>
  </p>`;
}
