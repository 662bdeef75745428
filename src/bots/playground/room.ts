// The messages of all channels and who may see them. Replay needs no log of events: a message
// carries the number of its last change, so whoever was away gets the present state of what changed.
import { limits } from './limits.ts';
import type { Message } from './protocol.ts';

export interface Change {
  /** Grows with every change in the room. */
  readonly number: number;
  readonly message: Message;
}

export interface Room {
  post(draft: Omit<Message, 'id' | 'position' | 'atMs'>): Message;
  /** Puts a newer version in the place of the message with its id. */
  put(message: Message): void;
  /** Undefined also where the message is not for this person. */
  find(person: string, id: string): Message | undefined;
  /** Whoever it is for: never to answer a person with. */
  get(id: string): Message | undefined;
  /** The newest card for everybody with that mark, posted since then. */
  findCard(channel: string, mark: string, sinceMs: number): Message | undefined;
  /** What this person may see and has changed since, in the order of change. */
  listSince(person: string, number: number): readonly Change[];
  /** Gives the way to stop. */
  subscribe(person: string, listener: (change: Change) => void): () => void;
  forget(): void;
}

export interface RoomDeps {
  now(): number;
  newId(): string;
}

export function createRoom(deps: RoomDeps): Room {
  const channels = new Map<string, Map<string, Change>>();
  const listeners = new Set<(change: Change) => void>();
  let changes = 0;
  let positions = 0;

  const put = (message: Message) => {
    const history = channels.get(message.channel) ?? new Map<string, Change>();
    channels.set(message.channel, history);
    changes += 1;
    const change: Change = { number: changes, message };
    history.set(message.id, change);
    const oldest = history.keys().next();
    if (history.size > limits.messagesPerChannelMax && !oldest.done) history.delete(oldest.value);
    for (const listener of listeners) listener(change);
  };

  const get = (id: string) => {
    for (const history of channels.values()) {
      const message = history.get(id)?.message;
      if (message !== undefined) return message;
    }
    return undefined;
  };

  return {
    put,
    get,
    forget: () => channels.clear(),
    post(draft) {
      positions += 1;
      const message = { ...draft, id: deps.newId(), position: positions, atMs: deps.now() };
      put(message);
      return message;
    },
    find(person, id) {
      const message = get(id);
      return message !== undefined && isFor(person, message) ? message : undefined;
    },
    findCard: (channel, mark, sinceMs) =>
      [...(channels.get(channel)?.values() ?? [])]
        .map(({ message }) => message)
        .findLast(
          ({ body, atMs, onlyFor }) =>
            body.kind === 'card' &&
            body.card.mark === mark &&
            atMs >= sinceMs &&
            onlyFor === undefined,
        ),
    listSince(person, number) {
      return [...channels.values()]
        .flatMap((history) => [...history.values()])
        .filter((change) => change.number > number && isFor(person, change.message))
        .sort((a, b) => a.number - b.number);
    },
    subscribe(person, listener) {
      const filtered = (change: Change) => {
        if (isFor(person, change.message)) listener(change);
      };
      listeners.add(filtered);
      return () => listeners.delete(filtered);
    },
  };
}

function isFor(person: string, message: Message): boolean {
  return message.onlyFor === undefined || message.onlyFor === person;
}
