// The input line and its list: a combobox as the ARIA practices describe it, so that a screen reader
// says the completions while the keyboard stays in the line.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ read 2026-11-20
import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import type { SuggestionView } from '../protocol.ts';
import type { Completion } from './completion.ts';
import { icon } from './icons.ts';

export interface ComposerProps {
  readonly line: string;
  readonly problem: string;
  readonly placeholder: string;
  readonly completion: Completion;
  onInput(line: string): void;
  onKey(event: KeyboardEvent): void;
  onTake(suggestion: SuggestionView): void;
  onLeave(): void;
  onSubmit(): void;
}

export function composerView(props: ComposerProps): TemplateResult {
  const { line, problem, placeholder, completion } = props;
  const submit = (event: Event) => {
    event.preventDefault();
    props.onSubmit();
  };
  const input = (event: Event) => {
    if (event.target instanceof HTMLInputElement) props.onInput(event.target.value);
  };
  // Not `disabled`: Enter sends through this button, perhaps before the next drawing enables it.
  return html`<form class="composer" @submit=${submit}>
    ${listView(props)}
    ${
      problem === ''
        ? nothing
        : html`<p class="problem" role="alert">${icon('bad')}<span>${problem}</span></p>`
    }
    <div class="line-box">
      <label class="visually-hidden" for="line">${placeholder}</label>
      <input
        id="line"
        class="line"
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls="options"
        aria-expanded=${completion.suggestions.length > 0 ? 'true' : 'false'}
        aria-activedescendant=${completion.active < 0 ? nothing : `option-${completion.active}`}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        enterkeyhint="send"
        placeholder=${placeholder}
        .value=${live(line)}
        @input=${input}
        @keydown=${props.onKey}
        @blur=${props.onLeave}
      />
      <button
        class="send"
        type="submit"
        aria-label="Send"
        aria-disabled=${line.trim() === '' ? 'true' : 'false'}
      >
        ${icon('send')}
      </button>
    </div>
  </form>`;
}

function listView({ completion, onTake }: ComposerProps): TemplateResult {
  const { suggestions, active } = completion;
  queueMicrotask(() => {
    document.querySelector('.option[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  // The list keeps the focus where it is: in the line.
  const hold = (event: Event) => event.preventDefault();
  return html`<div class="popup" ?hidden=${suggestions.length === 0} @pointerdown=${hold}>
    <ul class="options" id="options" role="listbox" aria-label="Completions">
      ${suggestions.map(
        (suggestion, index) =>
          html`<li
            class="option"
            role="option"
            id="option-${index}"
            aria-selected=${index === active ? 'true' : 'false'}
            @click=${() => onTake(suggestion)}
          >
            <span class="option-label">${suggestion.label}</span>
            <span class="option-help">${suggestion.help}</span>
          </li>`,
      )}
    </ul>
    <p class="popup-keys" aria-hidden="true">
      <span><kbd>${icon('up')}</kbd> <kbd>${icon('down')}</kbd> choose</span>
      <span><kbd>Tab</kbd> complete</span>
      <span><kbd>Enter</kbd> ${active < 0 ? 'send' : 'take'}</span>
      <span><kbd>Esc</kbd> close</span>
    </p>
  </div>`;
}
