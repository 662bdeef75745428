// One window as one person: keeps the state, listens to the server, draws. Everything on the screen
// comes from `redraw`.
import { render } from 'lit-html';
import { announce } from './announce.ts';
import { completeLine, listWaiting, sendLine } from './api.ts';
import { type Composer, createComposer } from './composer.ts';
import { connectState } from './connection.ts';
import { focusForm, focusMessage, holdFocus } from './focus.ts';
import { listenToKeys } from './keys.ts';
import { type ChatActions, chatView } from './layout.ts';
import { createPresser } from './press.ts';
import { createScroller, type Scroller } from './scroll.ts';
import { addressOf } from './sidebar.ts';
import { findSlashHint } from './slash.ts';
import { countUnread, markRead, type State } from './state.ts';
import { applyTheme, keepTheme, type Theme } from './theme.ts';
import { createWaiting } from './waiting.ts';

interface Chat {
  readonly root: HTMLElement;
  readonly state: State;
  readonly scroller: Scroller;
  readonly composer: Composer;
  redraw(): void;
}

const hintWaitMs = 2_000;

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
      const restoreFocus = holdFocus();
      render(chatView({ state, composer, actions }), root);
      restoreFocus();
      scroller.follow();
      const form = state.formToFocus;
      state.formToFocus = undefined;
      if (form !== undefined) focusForm(form, hasKeyboard());
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
      if (!text.startsWith('/')) void hintAtSlash(text, state, redraw);
    },
    redraw,
  });
  const actions = createActions({ root, state, scroller, composer, redraw });

  const waiting = createWaiting({
    list: () => listWaiting(me.id),
    show(list) {
      state.waiting = list;
      redraw();
    },
  });

  connectState(state, { redraw, hold: scroller.holdUnlessAtEnd, changed: waiting.refresh });
  listenToKeys(state, composer, actions);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    markRead(state, state.channel);
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
  const open = (channel: string) => {
    state.firstUnread.delete(state.channel);
    markRead(state, channel);
    state.changes.clear();
    Object.assign(state, { channel, hasNewBelow: false });
    history.replaceState(null, '', addressOf(state.me.id, channel));
    scroller.stick();
    setDrawer(false);
    redraw();
  };
  const presser = createPresser(state, { redraw, stick: scroller.stick });
  return {
    openDrawer: () => setDrawer(true),
    closeDrawer: () => setDrawer(false),
    openChannel(channel) {
      open(channel);
      if (hasKeyboard()) composer.focus();
    },
    chooseTheme(theme: Theme) {
      state.theme = theme;
      keepTheme(theme);
      applyTheme(theme);
      redraw();
    },
    send(line) {
      setDrawer(false);
      void composer.send(line);
    },
    press: (message, button) => void presser.press(message, button),
    submit: (message, action, values) => void presser.submit(message, action, values),
    leave: composer.focus,
    scrolled: scroller.scrolled,
    openMessage(channel, id) {
      if (channel !== state.channel && state.team.channels.includes(channel)) open(channel);
      requestAnimationFrame(() => {
        scroller.leave();
        if (focusMessage(id)) return;
        state.notice = 'This message is not kept any more.';
        announce(state.notice);
        redraw();
      });
    },
    toEnd: scroller.toEnd,
  };
}

function titleOf(state: State): string {
  const unread = countUnread(state);
  const called = state.mentioned.size > 0 ? '@' : '';
  return `${unread > 0 ? `(${called}${unread}) ` : ''}#${state.channel} · ${state.me.name} · Purser`;
}

async function hintAtSlash(text: string, state: State, redraw: () => void): Promise<void> {
  try {
    const commands = await completeLine(state.me.id, '/', AbortSignal.timeout(hintWaitMs));
    const hint = findSlashHint(text, commands);
    if (hint === undefined) return;
    state.notice = hint;
    announce(hint);
    redraw();
  } catch {
    // A hint that does not come is not missed.
  }
}
