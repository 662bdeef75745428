// One window as one person: keeps the state, listens to the server, draws. Everything on the screen
// comes from `redraw`.
import { render } from 'lit-html';
import type { Message } from '../protocol.ts';
import { announce } from './announce.ts';
import { completeLine, pressButton, sendLine } from './api.ts';
import { type Composer, createComposer } from './composer.ts';
import { connectState } from './connection.ts';
import { type ChatActions, chatView } from './layout.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { addressOf } from './sidebar.ts';
import { countUnread, type State } from './state.ts';
import { applyTheme, keepTheme, type Theme } from './theme.ts';

interface Chat {
  readonly root: HTMLElement;
  readonly state: State;
  readonly scroller: Scroller;
  readonly composer: Composer;
  redraw(): void;
}

/** A phone's keyboard should not jump up by itself. */
const hasKeyboard = () => matchMedia('(hover: hover)').matches;

export function openChat(root: HTMLElement, state: State): void {
  const { me } = state;
  let isDrawing = false;
  const redraw = () => {
    document.title = titleOf(state);
    if (isDrawing) return;
    isDrawing = true;
    // Frames stop in a hidden window, and what it misses is drawn when it is looked at.
    requestAnimationFrame(() => {
      isDrawing = false;
      render(chatView({ state, composer, actions }), root);
      scroller.follow();
    });
  };
  const scroller = createScroller((isAtEnd) => {
    const hasNewBelow = state.hasNewBelow && !isAtEnd;
    if (isAtEnd === state.isAtEnd && hasNewBelow === state.hasNewBelow) return;
    Object.assign(state, { isAtEnd, hasNewBelow });
    redraw();
  });
  const composer = createComposer({
    person: me.id,
    complete: (line, signal) => completeLine(me.id, line, signal),
    async submit(text) {
      scroller.stick();
      state.notice = undefined;
      state.firstUnread.delete(state.channel);
      await sendLine({ as: me.id, channel: state.channel, text });
    },
    redraw,
  });
  const actions = createActions({ root, state, scroller, composer, redraw });

  connectState(state, { redraw, hold: scroller.holdUnlessAtEnd });
  listenToKeys(state, composer, actions);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    state.unread.delete(state.channel);
    redraw();
  });
  matchMedia('(min-width: 720px)').addEventListener('change', actions.closeDrawer);
  redraw();
  if (hasKeyboard()) requestAnimationFrame(composer.focus);
}

function createActions({ root, state, scroller, composer, redraw }: Chat): ChatActions {
  const setDrawer = (isOpen: boolean) => {
    if (state.isDrawerOpen === isOpen) return;
    state.isDrawerOpen = isOpen;
    redraw();
    const next = isOpen ? '.drawer-close' : '.drawer-open';
    requestAnimationFrame(() => root.querySelector<HTMLElement>(next)?.focus());
  };
  return {
    openDrawer: () => setDrawer(true),
    closeDrawer: () => setDrawer(false),
    openChannel(channel) {
      state.firstUnread.delete(state.channel);
      state.unread.delete(channel);
      Object.assign(state, { channel, hasNewBelow: false });
      history.replaceState(null, '', addressOf(state.me.id, channel));
      scroller.stick();
      setDrawer(false);
      redraw();
      if (hasKeyboard()) composer.focus();
    },
    chooseTheme(theme: Theme) {
      state.theme = theme;
      keepTheme(theme);
      applyTheme(theme);
      redraw();
    },
    send: (line) => void composer.send(line),
    async press({ id }: Message, action) {
      scroller.stick();
      try {
        await pressButton({ as: state.me.id, message: id, action });
      } catch (error) {
        state.notice = error instanceof Error ? error.message : String(error);
        announce(state.notice);
        redraw();
      }
    },
    scrolled: scroller.scrolled,
    toEnd: scroller.toEnd,
  };
}

/** `/` begins a command from anywhere; Alt with the arrows goes through the channels. */
function listenToKeys(state: State, composer: Composer, actions: ChatActions): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'text';
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === 'Escape') actions.closeDrawer();
    if (event.key === '/' && isPlain && !isTyping) {
      event.preventDefault();
      actions.closeDrawer();
      composer.begin('/');
    }
    if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const { channels } = state.team;
      const by = event.key === 'ArrowDown' ? 1 : -1;
      const place = (channels.indexOf(state.channel) + by + channels.length) % channels.length;
      actions.openChannel(channels[place] ?? state.channel);
    }
  });
}

function titleOf(state: State): string {
  const unread = countUnread(state);
  return `${unread > 0 ? `(${unread}) ` : ''}#${state.channel} · ${state.me.name} · Purser`;
}
