// Keeps the keyboard's place when a card changes under it, and takes it to a form that was asked
// for. Nobody who is typing something else is ever interrupted.

/** Before a drawing. Gives what to do after it: whose button or field is gone, lands on its card. */
export function holdFocus(): () => void {
  const id = document.activeElement?.closest<HTMLElement>('.message')?.dataset['id'];
  return () => {
    if (id === undefined || document.activeElement !== document.body) return;
    findIn(id, '.card')?.focus();
  };
}

/** Whether nothing that is being typed would be interrupted by taking the keyboard to this message. */
export function isFreeFor(id: string): boolean {
  const { activeElement: element } = document;
  if (element instanceof HTMLInputElement && element.id === 'line') return element.value === '';
  if (!element?.matches('.control')) return true;
  return element.closest<HTMLElement>('.message')?.dataset['id'] === id;
}

/** The first field that is wrong; else the first, where that raises no keyboard on the screen. */
export function focusForm(id: string, hasKeyboard: boolean): void {
  const wrong = findIn(id, '.form [aria-invalid="true"]');
  (wrong ?? (hasKeyboard ? findIn(id, '.form .control') : null))?.focus();
}

/** Into sight and under the keyboard; false where it is not in this channel. */
export function focusMessage(id: string): boolean {
  const card = findIn(id, '.card');
  card?.scrollIntoView({ block: 'center' });
  card?.focus({ preventScroll: true });
  return card !== null;
}

function findIn(id: string, selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] ${selector}`);
}
