// What arrives over the stream goes into the state here: messages, unread marks, a restart.
import type { CardView, Hello, Message } from '../protocol.ts';
import { announce } from './announce.ts';
import { getTeam } from './api.ts';
import { headlineOf } from './card.ts';
import { isFreeFor } from './focus.ts';
import {
  forgetMessages,
  isMentioned,
  markUnread,
  nameOf,
  putMessage,
  type State,
} from './state.ts';
import { openStream } from './stream.ts';

export interface Screen {
  redraw(): void;
  /** Keeps the reader where they are, and gives whether that is not at the end. */
  hold(): boolean;
  /** Something is not as it was: what waits for the person may be something else now. */
  changed(): void;
}

export function connectState(state: State, { redraw, hold, changed }: Screen): void {
  let isCatchingUp = true;
  /** All that a new boot sends first is history; after a break it is news. */
  let isHistory = true;

  const take = (message: Message) => {
    const before = putMessage(state, message);
    const isNew = before === undefined;
    const isMine = message.author === state.me.id;
    const isHere = message.channel === state.channel && !document.hidden;
    if (isNew && !isMine && !(isCatchingUp && isHistory)) {
      if (!isHere) markUnread(state, message);
      else if (message.onlyFor === undefined && hold()) state.hasNewBelow = true;
    }
    if (isHere && !isMine && !isCatchingUp) show(state, message, before);
    changed();
    redraw();
  };
  openStream(state.me.id, {
    onHello(hello) {
      isCatchingUp = true;
      isHistory = state.boot !== hello.boot;
      if (isHistory) void restart(state, hello);
      changed();
    },
    onMessage: take,
    onCaughtUp() {
      isCatchingUp = false;
    },
    onLive(isLive) {
      state.isLive = isLive;
      redraw();
    },
  });
}

async function restart(state: State, { boot }: Hello): Promise<void> {
  const isFirst = state.boot === undefined;
  state.boot = boot;
  forgetMessages(state);
  if (isFirst) return;
  state.notice = 'Purser was restarted. Earlier messages are gone.';
  announce(state.notice);
  const team = await getTeam().catch(() => state.team);
  if (JSON.stringify(team) !== JSON.stringify(state.team)) location.reload();
}

/** What the reader sees happen. */
function show(state: State, message: Message, before: Message | undefined): void {
  const [card, cardBefore] = [settledCardOf(message), settledCardOf(before)];
  if (card !== undefined && cardBefore !== undefined && message.onlyFor === undefined) {
    state.changes.set(message.id, (state.changes.get(message.id) ?? 0) + 1);
  }
  if (card?.form !== undefined && message.onlyFor && isFreeFor(message.id))
    state.formToFocus = message.id;
  if (
    cardBefore === undefined ||
    card === undefined ||
    headlineOf(card) !== headlineOf(cardBefore)
  ) {
    announceMessage(state, message);
  }
}

/** Undefined while work goes on. */
function settledCardOf(message: Message | undefined): CardView | undefined {
  const card = message?.body.kind === 'card' ? message.body.card : undefined;
  return card?.progress === undefined ? card : undefined;
}

function announceMessage(state: State, message: Message): void {
  const { author, body, onlyFor } = message;
  const called = isMentioned(state, message) ? ' You are mentioned.' : '';
  const privately = onlyFor === undefined ? '' : ' Only you can see this.';
  if (body.kind === 'line') announce(`${nameOf(state, author)}: ${body.text}`);
  if (body.kind === 'card' && body.card.progress === undefined) {
    announce(`Purser: ${body.card.title}. ${body.card.text ?? ''}${called}${privately}`);
  }
}
