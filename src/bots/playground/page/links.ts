// Links in cards. A card holds data from anywhere, so only two kinds are followed: https, which opens
// beside the playground and learns nothing of it, and a message of the playground itself.
import { html, type TemplateResult } from 'lit-html';
import { addressOf } from './sidebar.ts';

export interface LinkActions {
  /** Goes to a message of this playground. */
  openMessage(channel: string, message: string): void;
}

/** Plain text where the link is of another kind. */
export function linkView(
  text: string,
  link: string | undefined,
  person: string,
  { openMessage }: LinkActions,
): TemplateResult {
  const message = link === undefined ? undefined : messageOf(link);
  if (message !== undefined) {
    const open = (event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      openMessage(message.channel, message.id);
    };
    return html`<a class="link" href=${addressOf(person, message.channel)} @click=${open}
      >${text}</a
    >`;
  }
  if (link === undefined || !isWebAddress(link)) return html`${text}`;
  return html`<a class="link" href=${link} target="_blank" rel="noopener noreferrer">${text}</a>`;
}

function isWebAddress(link: string): boolean {
  return URL.canParse(link) && new URL(link).protocol === 'https:';
}

/** As the playground's poster writes it: `/?in=<channel>&at=<message>`. */
function messageOf(link: string): { channel: string; id: string } | undefined {
  if (!link.startsWith('/?')) return undefined;
  const asked = new URLSearchParams(link.slice(2));
  const [channel, id] = [asked.get('in'), asked.get('at')];
  return channel === null || id === null ? undefined : { channel, id };
}
