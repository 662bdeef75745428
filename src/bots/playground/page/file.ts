// The file that came with a card, as a link.
import { html, type TemplateResult } from 'lit-html';
import type { FileView } from '../protocol.ts';
import { icon } from './icons.ts';

export function fileAddress(id: string, person: string): string {
  return `/api/files/${encodeURIComponent(id)}?${new URLSearchParams({ as: person })}`;
}

export function fileView({ id, name, bytes }: FileView, person: string): TemplateResult {
  const kilobytes = Math.ceil(bytes / 1024).toLocaleString('en');
  return html`<a class="file" href=${fileAddress(id, person)} download>
    ${icon('download')}
    <span class="file-name"><bdi>${name}</bdi></span>
    <span class="file-size">${kilobytes} KB</span>
  </a>`;
}
