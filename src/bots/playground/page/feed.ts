// The messages of one channel, oldest first.
import { html, nothing, type TemplateResult } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import type { Button } from '../../../commands/card.ts';
import type { Message } from '../protocol.ts';
import { cardView } from './card.ts';
import { fileView } from './file.ts';
import { icon, mark } from './icons.ts';
import { introView } from './intro.ts';
import type { LinkActions } from './links.ts';
import { mentionsView } from './mentions.ts';
import { initials } from './sidebar.ts';
import { isMentioned, nameOf, type State, typedInto } from './state.ts';

export interface FeedActions extends LinkActions {
  send(line: string): void;
  press(message: Message, button: Button): void;
  submit(message: Message, action: string, values: Readonly<Record<string, string>>): void;
  /** Back to the line. */
  leave(): void;
  /** The reader moved; tells how far it is to the newest message. */
  scrolled(): void;
}

/** Messages of one author closer than this stand under one name. */
const togetherMs = 5 * 60_000;

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

export function feedView(state: State, actions: FeedActions): TemplateResult {
  const messages = state.messages.get(state.channel) ?? [];
  const firstUnread = state.firstUnread.get(state.channel);
  return html`<div
    class="feed"
    role="log"
    aria-live="off"
    aria-label="Messages in ${state.channel}"
    tabindex="0"
    @scroll=${actions.scrolled}
  >
    <div class="feed-inner ${messages.length === 0 ? 'is-empty' : ''}">
      ${introView(state, actions.send)}
      ${repeat(
        messages,
        ({ id }) => id,
        (message, index) => {
          const place = placeOf(message, messages[index - 1], message.id === firstUnread);
          const shown = [state.pressing.get(message.id), state.changes.get(message.id)];
          return guard([message, ...Object.values(place), ...shown], () =>
            messageView(state, message, place, actions),
          );
        },
      )}
    </div>
  </div>`;
}

/** What a message shows because of the one before it. */
interface Place {
  readonly day: string;
  readonly isFirstNew: boolean;
  readonly hasName: boolean;
  readonly startsPrivate: boolean;
}

function placeOf(message: Message, before: Message | undefined, isFirstNew: boolean): Place {
  const today = day.format(message.atMs);
  const isNewDay = before !== undefined && day.format(before.atMs) !== today;
  const isPrivate = message.onlyFor !== undefined;
  const wasPrivate = before?.onlyFor !== undefined;
  const hasName =
    before === undefined ||
    isNewDay ||
    isFirstNew ||
    isPrivate !== wasPrivate ||
    before.author !== message.author ||
    message.atMs - before.atMs > togetherMs;
  return {
    day: isNewDay ? today : '',
    isFirstNew,
    hasName,
    startsPrivate: isPrivate && (!wasPrivate || isNewDay || isFirstNew),
  };
}

function messageView(
  state: State,
  message: Message,
  place: Place,
  actions: FeedActions,
): TemplateResult {
  const isPrivate = message.onlyFor !== undefined;
  const name = nameOf(state, message.author);
  const at = time.format(message.atMs);
  const classes = [
    'message',
    isPrivate ? 'is-private' : '',
    isMentioned(state, message) ? 'is-mention' : '',
    place.hasName ? 'has-name' : '',
    place.startsPrivate ? 'starts-private' : '',
    flashOf(state.changes.get(message.id)),
  ].join(' ');
  return html`
    ${place.day === '' ? nothing : html`<p class="divider"><span>${place.day}</span></p>`}
    ${place.isFirstNew ? html`<p class="divider divider-new"><span>New</span></p>` : nothing}
    <article class=${classes} data-id=${message.id} aria-label="${name}, ${at}">
      ${
        isPrivate
          ? html`<p class=${place.startsPrivate ? 'private-note' : 'visually-hidden'}>
              ${icon('eye')}Only you can see this
            </p>`
          : nothing
      }
      ${
        place.hasName
          ? html`${avatarView(state, message.author)}
              <header class="message-head">
                <span class="author"><bdi>${name}</bdi></span>
                ${message.author === undefined ? html`<span class="app-tag">App</span>` : nothing}
                <time datetime=${new Date(message.atMs).toISOString()}>${at}</time>
              </header>`
          : html`<time class="side-time" datetime=${new Date(message.atMs).toISOString()}
              >${at}</time
            >`
      }
      <div class="message-body">${bodyView(state, message, actions)}</div>
    </article>
  `;
}

/** An animation runs again when it gets another name. */
function flashOf(changes: number | undefined): string {
  if (changes === undefined) return '';
  return changes % 2 === 0 ? 'flash-even' : 'flash-odd';
}

function avatarView(state: State, author: string | undefined): TemplateResult {
  if (author === undefined) {
    return html`<span class="avatar avatar-app" aria-hidden="true">${mark()}</span>`;
  }
  const index = state.team.people.findIndex(({ id }) => id === author);
  const person = state.team.people[index];
  return html`<span class="avatar avatar-${Math.max(index, 0) % 6}" aria-hidden="true"
    >${person === undefined ? '?' : initials(person)}</span
  >`;
}

function bodyView(state: State, message: Message, actions: FeedActions): TemplateResult {
  const { body } = message;
  if (body.kind === 'working') {
    return html`<p class="working">
      <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
      <span class="visually-hidden">Purser is working on it</span>
    </p>`;
  }
  if (body.kind === 'card') {
    const { card, file } = body;
    const attached = file === undefined ? nothing : fileView(file, state.me.id);
    const pressing = state.pressing.get(message.id);
    const mentions = mentionsView(state, card.mentions ?? []);
    const [typed, person] = [typedInto(state, card), state.me.id];
    return cardView(
      { card, id: message.id, pressing, typed, attached, mentions, person },
      {
        openMessage: actions.openMessage,
        send: actions.send,
        press: (button) => actions.press(message, button),
        submit: (action, values) => actions.submit(message, action, values),
        leave: actions.leave,
      },
    );
  }
  // Very long texts scroll in a box of their own, which the keyboard must be able to reach.
  const isLong = body.text.length > 2000;
  return body.text.startsWith('/')
    ? html`<p class="said"><code class="command ${isLong ? 'is-long' : ''}">${body.text}</code></p>`
    : html`<p
        class="said ${isLong ? 'is-long' : ''}"
        dir="auto"
        tabindex=${isLong ? '0' : nothing}
      >${body.text}</p>`;
}
