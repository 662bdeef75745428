// A card on the screen. Everything in a card becomes text; nothing in it can be markup.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Button, Card, Tone } from '../../../commands/card.ts';
import { announce } from './announce.ts';
import { icon } from './icons.ts';
import { tableView } from './table.ts';

export interface CardActions {
  send(line: string): void;
  press(action: string): Promise<void>;
}

/** Colour is never alone: an icon for those who see it, a word for those who do not. */
const toneWords: Readonly<Record<Tone, string>> = {
  neutral: '',
  good: 'Good: ',
  warning: 'Warning: ',
  bad: 'Problem: ',
};

export function cardView(card: Card, actions: CardActions): TemplateResult {
  const { tone, title, text, fields, table, notes, progress } = card;
  const isWorking = progress !== undefined;
  return html`
    <section class="card tone-${tone} ${isWorking ? 'is-working' : ''}" aria-label=${title}>
      <header class="card-head">
        ${tone === 'neutral' ? nothing : icon(tone)}
        <h2 class="card-title">
          <span class="visually-hidden">${toneWords[tone]}</span><bdi>${title}</bdi>
        </h2>
        ${progress === undefined ? nothing : progressView(progress)}
      </header>
      ${
        text === undefined
          ? nothing
          : text.split('\n\n').map((one) => html`<p class="card-text" dir="auto">${one}</p>`)
      }
      ${
        fields === undefined || fields.length === 0
          ? nothing
          : html`<dl class="fields">
              ${fields.map(
                ({ label, value }) =>
                  html`<div>
                    <dt>${label}</dt>
                    <dd dir="auto">${value}</dd>
                  </div>`,
              )}
            </dl>`
      }
      ${table === undefined ? nothing : tableView(table, isWorking)}
      ${
        notes === undefined || notes.length === 0
          ? nothing
          : html`<ul class="notes">
              ${notes.map((note) => html`<li dir="auto">${note}</li>`)}
            </ul>`
      }
      ${isWorking ? nothing : footView(card, actions)}
    </section>
  `;
}

function progressView({ done, of }: { done: number; of: number }): TemplateResult {
  return html`<span class="progress">
    <span aria-hidden="true">${done} of ${of}</span>
    <progress max=${of} .value=${done} aria-label="${done} of ${of} done"></progress>
  </span>`;
}

function footView({ suggestions = [], buttons = [], reference }: Card, actions: CardActions) {
  if (suggestions.length === 0 && buttons.length === 0 && reference === undefined) return nothing;
  return html`<div class="card-foot">
    ${buttons.map((button) => buttonView(button, actions))}
    ${suggestions.map(
      (line) =>
        html`<button type="button" class="chip" @click=${() => actions.send(line)}>
          ${line}
        </button>`,
    )}
    ${reference === undefined ? nothing : referenceView(reference)}
  </div>`;
}

function buttonView({ action, label, style }: Button, actions: CardActions): TemplateResult {
  const press = async (event: Event) => {
    const pressed = event.currentTarget;
    if (!(pressed instanceof HTMLButtonElement) || pressed.ariaDisabled === 'true') return;
    // Not `disabled`, which would drop the keyboard's place.
    pressed.ariaDisabled = 'true';
    await actions.press(action);
    pressed.ariaDisabled = null;
  };
  return html`<button type="button" class="button button-${style}" @click=${press}>
    ${label}
  </button>`;
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
