// What this window knows. Views only read it.
import type { CardView, Message, PersonView, SuggestionView, TeamView } from '../protocol.ts';
import { readTheme, type Theme } from './theme.ts';

export interface State {
  readonly team: TeamView;
  readonly me: PersonView;
  theme: Theme;
  channel: string;
  boot: string | undefined;
  /** By channel, in the order of posting. */
  readonly messages: Map<string, readonly Message[]>;
  readonly unread: Map<string, number>;
  /** Channels with an unread message that calls this person. */
  readonly mentioned: Set<string>;
  /** Where "New" is drawn, by channel: the id of the first message not seen. */
  readonly firstUnread: Map<string, string>;
  /** Lines to run, most urgent first. */
  waiting: readonly SuggestionView[];
  /** The action being worked on, by message id. */
  readonly pressing: Map<string, string>;
  /** What is typed into the form of a card, by field name. */
  readonly drafts: WeakMap<CardView, Map<string, string>>;
  /** How often a card for everybody has changed before the reader's eyes, by message id. */
  readonly changes: Map<string, number>;
  /** The message whose form gets the keyboard at the next drawing. */
  formToFocus: string | undefined;
  isLive: boolean;
  isDrawerOpen: boolean;
  /** The feed is scrolled to its end. */
  isAtEnd: boolean;
  /** Messages came while it was not. */
  hasNewBelow: boolean;
  /** Said above the composer until something is sent. */
  notice: string | undefined;
}

const messagesMax = 500;

export function createState(team: TeamView, me: PersonView, channel: string): State {
  return {
    team,
    me,
    theme: readTheme(),
    channel,
    boot: undefined,
    messages: new Map(),
    unread: new Map(),
    mentioned: new Set(),
    firstUnread: new Map(),
    waiting: [],
    pressing: new Map(),
    drafts: new WeakMap(),
    changes: new Map(),
    formToFocus: undefined,
    isLive: false,
    isDrawerOpen: false,
    isAtEnd: true,
    hasNewBelow: false,
    notice: undefined,
  };
}

/** Gives the version of the message that was known before. */
export function putMessage(state: State, message: Message): Message | undefined {
  const before = state.messages.get(message.channel) ?? [];
  const known = before.find(({ id }) => id === message.id);
  const after = known
    ? before.map((one) => (one.id === message.id ? message : one))
    : [...before, message].sort((a, b) => a.position - b.position);
  state.messages.set(message.channel, after.slice(-messagesMax));
  return known;
}

export function typedInto({ drafts }: State, card: CardView): Map<string, string> {
  const typed = drafts.get(card) ?? new Map<string, string>();
  drafts.set(card, typed);
  return typed;
}

export function markUnread(state: State, message: Message): void {
  const { channel, id } = message;
  const count = state.unread.get(channel) ?? 0;
  if (count === 0) state.firstUnread.set(channel, id);
  state.unread.set(channel, count + 1);
  if (isMentioned(state, message)) state.mentioned.add(channel);
}

export function isMentioned({ me }: State, { body }: Message): boolean {
  return body.kind === 'card' && (body.card.mentions?.includes(me.id) ?? false);
}

export function markRead(state: State, channel: string): void {
  state.unread.delete(channel);
  state.mentioned.delete(channel);
}

export function forgetMessages(state: State): void {
  state.messages.clear();
  state.unread.clear();
  state.mentioned.clear();
  state.firstUnread.clear();
  state.changes.clear();
}

export function countUnread(state: State): number {
  return [...state.unread.values()].reduce((sum, count) => sum + count, 0);
}

export function nameOf(state: State, author: string | undefined): string {
  if (author === undefined) return 'Purser';
  return state.team.people.find(({ id }) => id === author)?.name ?? author;
}
