// The frame of the window: sidebar, head, messages, composer.
import { html, nothing, type TemplateResult } from 'lit-html';
import type { Composer } from './composer.ts';
import { type FeedActions, feedView } from './feed.ts';
import { icon } from './icons.ts';
import { initials, type SidebarActions, sidebarView } from './sidebar.ts';
import { countUnread, type State } from './state.ts';

export interface ChatActions extends SidebarActions, FeedActions {
  openDrawer(): void;
  toEnd(): void;
}

export interface ChatProps {
  readonly state: State;
  readonly composer: Composer;
  readonly actions: ChatActions;
}

export function chatView({ state, composer, actions }: ChatProps): TemplateResult {
  return html`
    <a class="skip" href="#line">Skip to the message line</a>
    ${sidebarView(state, actions)}
    <div class="scrim" ?hidden=${!state.isDrawerOpen} @click=${actions.closeDrawer}></div>
    <main class="main" ?inert=${state.isDrawerOpen}>
      ${headView(state, actions)} ${feedView(state, actions)}
      <div class="dock">
        ${
          state.isAtEnd
            ? nothing
            : html`<button
                type="button"
                class="to-newest ${state.hasNewBelow ? 'has-new' : ''}"
                aria-label=${state.hasNewBelow ? 'New messages: go to the end' : 'Go to the end'}
                @click=${actions.toEnd}
              >
                ${icon('down')}${state.hasNewBelow ? 'New messages' : nothing}
              </button>`
        }
        ${state.notice === undefined ? nothing : html`<p class="notice">${state.notice}</p>`}
        ${composer.view(`Message #${state.channel}, or / for commands`)}
      </div>
    </main>
  `;
}

function headView(state: State, actions: ChatActions): TemplateResult {
  const unread = countUnread(state);
  const waiting = state.waiting.length;
  const index = state.team.people.indexOf(state.me);
  return html`<header class="head">
    <button
      type="button"
      class="icon-button drawer-open"
      aria-label=${[
        'Open the menu',
        ...(unread > 0 ? [`${unread} new messages`] : []),
        ...(waiting > 0 ? [`${waiting} waiting for you`] : []),
      ].join(', ')}
      aria-expanded=${state.isDrawerOpen ? 'true' : 'false'}
      @click=${actions.openDrawer}
    >
      ${icon('menu')}${unread + waiting > 0 ? html`<span class="dot"></span>` : nothing}
    </button>
    <h1 class="head-title">${icon('hash')}${state.channel}</h1>
    ${
      state.isLive
        ? nothing
        : html`<p class="reconnecting" role="status"><span class="pulse"></span>Reconnecting…</p>`
    }
    <p class="head-me">
      <span class="visually-hidden">You are </span>
      <span class="head-name">${state.me.name}</span>
      <span class="avatar avatar-${Math.max(index, 0) % 6}" aria-hidden="true"
        >${initials(state.me)}</span
      >
    </p>
  </header>`;
}
