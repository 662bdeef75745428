// Where and who: the channels, the people that a window can be, and light or dark.
import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PersonView } from '../protocol.ts';
import { icon, mark } from './icons.ts';
import type { State } from './state.ts';
import { type Theme, themes } from './theme.ts';
import { waitingView } from './waiting.ts';

export interface SidebarActions {
  openChannel(channel: string): void;
  /** Runs a line here. */
  send(line: string): void;
  closeDrawer(): void;
  chooseTheme(theme: Theme): void;
}

export function sidebarView(state: State, actions: SidebarActions): TemplateResult {
  return html`
    <aside class="sidebar ${state.isDrawerOpen ? 'is-open' : ''}" aria-label="Channels and people">
      <div class="brand">
        <span class="avatar avatar-app">${mark()}</span>
        <span class="brand-name">Purser</span>
        <span class="brand-tag">Playground</span>
        <button
          type="button"
          class="icon-button drawer-close"
          aria-label="Close the menu"
          @click=${actions.closeDrawer}
        >
          ${icon('close')}
        </button>
      </div>
      <nav class="section" aria-labelledby="channels-title">
        <h2 class="section-title" id="channels-title">Channels</h2>
        <ul class="plain-list">
          ${repeat(
            state.team.channels,
            (channel) => channel,
            (channel) => channelView(state, channel, actions),
          )}
        </ul>
      </nav>
      ${waitingView(state.waiting, actions.send)}
      <nav class="section" aria-labelledby="people-title">
        <h2 class="section-title" id="people-title">People</h2>
        <ul class="plain-list">
          ${state.team.people.map((person, index) => personView(state, person, index))}
        </ul>
        <p class="section-hint">Each window is one person. Open two to see who sees what.</p>
      </nav>
      <fieldset class="themes">
        <legend class="visually-hidden">Colours</legend>
        ${themes.map((one) => themeView(one, state.theme, actions))}
      </fieldset>
    </aside>
  `;
}

/** The address of a window; shared with app.ts, which reads it back. */
export function addressOf(person: string, channel: string): string {
  return `/?${new URLSearchParams({ as: person, in: channel })}`;
}

function channelView(state: State, channel: string, actions: SidebarActions): TemplateResult {
  const unread = state.unread.get(channel) ?? 0;
  const isCalled = state.mentioned.has(channel);
  const isHere = channel === state.channel;
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.openChannel(channel);
  };
  return html`<li>
    <a
      class="row ${unread > 0 ? 'is-unread' : ''}"
      href=${addressOf(state.me.id, channel)}
      aria-current=${isHere ? 'page' : nothing}
      @click=${open}
    >
      ${icon('hash')}<span class="row-text">${channel}</span>
      ${
        unread > 0
          ? html`<span class="badge"
              >${isCalled ? '@' : ''}${unread > 99 ? '99+' : unread}<span class="visually-hidden"
                >${isCalled ? ' new, you are mentioned' : ' new'}</span
              ></span
            >`
          : nothing
      }
    </a>
  </li>`;
}

function personView(state: State, person: PersonView, index: number): TemplateResult {
  const isMe = person.id === state.me.id;
  const address = addressOf(person.id, state.channel);
  const first = firstName(person);
  return html`<li class="person">
    <a class="row" href=${address} aria-current=${isMe ? 'true' : nothing}>
      <span class="avatar avatar-${index % 6}" aria-hidden="true">${initials(person)}</span>
      <span class="row-text">
        <span class="person-name"
          >${person.name}${isMe ? html` <span class="you">you</span>` : nothing}</span
        >
        <span class="person-roles">${person.roles.join(', ')}</span>
      </span>
    </a>
    ${
      isMe
        ? nothing
        : html`<a
            class="icon-button"
            href=${address}
            target="_blank"
            rel="noopener"
            title="Open a window as ${first}"
            aria-label="Open a window as ${first}"
            >${icon('window')}</a
          >`
    }
  </li>`;
}

const themeNames: Readonly<Record<Theme, string>> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

function themeView(one: Theme, chosen: Theme, actions: SidebarActions): TemplateResult {
  return html`<label class="theme" title=${themeNames[one]}>
    <input
      type="radio"
      name="theme"
      class="visually-hidden"
      .checked=${one === chosen}
      @change=${() => actions.chooseTheme(one)}
    />
    ${icon(one)}<span class="visually-hidden">${themeNames[one]}</span>
  </label>`;
}

export function initials({ name }: PersonView): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? '')][0] ?? '').join('');
}

export function firstName({ name }: PersonView): string {
  return name.split(/\s+/)[0] ?? name;
}
