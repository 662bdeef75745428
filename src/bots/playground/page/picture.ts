// The picture of a card, and in full size above the page. Its words stand in for it where it is gone.
import { html, render, type TemplateResult } from 'lit-html';
import type { PictureView } from '../protocol.ts';
import { fileAddress } from './file.ts';
import { icon } from './icons.ts';

export function pictureView(picture: PictureView, person: string): TemplateResult {
  return html`<div class="picture">
    ${imageView(picture, person)}
    <button
      type="button"
      class="picture-open"
      aria-label="Open the picture in full size"
      title="Open in full size"
      @click=${() => openPicture(picture, person)}
    ></button>
  </div>`;
}

/** A native dialog keeps the keyboard inside and gives it back where it was. */
function openPicture(picture: PictureView, person: string): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'viewer';
  dialog.setAttribute('aria-label', 'Picture');
  const close = () => dialog.close();
  render(
    html`
      <button type="button" class="icon-button viewer-close" aria-label="Close" @click=${close}>
        ${icon('close')}
      </button>
      <div class="viewer-frame">${imageView(picture, person)}</div>
    `,
    dialog,
  );
  // Beside the picture is the dialog itself.
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) close();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Its size is told before it comes, so that nothing below it jumps. */
function imageView({ id, width, height, alt }: PictureView, person: string): TemplateResult {
  return html`<img src=${fileAddress(id, person)} width=${width} height=${height} alt=${alt} />`;
}
