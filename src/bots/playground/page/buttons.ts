// The buttons of a card. One that is worked on is busy and the others wait with it; none of them is
// `disabled`, which would drop the keyboard's place.
import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Button } from '../../../commands/card.ts';

/** `pressing` is the action being worked on in this card. */
export function buttonsView(
  buttons: readonly Button[],
  pressing: string | undefined,
  press: (button: Button) => void,
): unknown {
  // Keyed: a button must never become another one under the finger or the focus.
  return repeat(
    buttons,
    ({ action }) => action,
    (button) => {
      const isBusy = button.action === pressing;
      return html`<button
        type="button"
        class="button button-${button.style}"
        aria-disabled=${pressing === undefined ? nothing : 'true'}
        aria-busy=${isBusy ? 'true' : nothing}
        @click=${(event: MouseEvent) => {
          if (isNewClick(event)) press(button);
        }}
        @keydown=${ignoreRepeat}
      >
        ${button.label}
      </button>`;
    },
  );
}

/** Not the second half of a double click, which may already fall on something else. */
export function isNewClick({ detail }: MouseEvent): boolean {
  return detail <= 1;
}

/** A key held down is one press. */
function ignoreRepeat(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}
