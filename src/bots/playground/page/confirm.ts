// Asks once more before money moves. The safe answer has the focus, and Escape gives it too; a
// native dialog keeps the keyboard inside and gives it back where it was.
import { html, render } from 'lit-html';
import type { Button } from '../../../commands/card.ts';
import { isNewClick } from './buttons.ts';

export async function askFirst({ confirm, style }: Button): Promise<boolean> {
  if (confirm === undefined) return true;
  const { title, text, yes } = confirm;
  const dialog = document.createElement('dialog');
  dialog.className = 'confirm';
  dialog.setAttribute('aria-labelledby', 'confirm-title');
  dialog.setAttribute('aria-describedby', 'confirm-text');
  const answer = (word: 'yes' | 'no') => (event: MouseEvent) => {
    if (isNewClick(event)) dialog.close(word);
  };
  render(
    html`
      <h2 class="confirm-title" id="confirm-title" dir="auto">${title}</h2>
      <p class="confirm-text" id="confirm-text" dir="auto">${text}</p>
      <div class="confirm-foot">
        <button type="button" class="button button-plain" @click=${answer('no')}>
          Go back
        </button>
        <button
          type="button"
          class="button button-${style === 'danger' ? 'danger' : 'primary'}"
          @click=${answer('yes')}
        >
          ${yes}
        </button>
      </div>
    `,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  return await new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}
