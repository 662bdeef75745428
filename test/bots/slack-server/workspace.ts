// What a Slack workspace holds, in memory: people, channels, messages, dialogs, pages and files, and
// what a person sees of it.
import type { SomeBlock } from './blocks.ts';

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  team_id: string;
  deleted: boolean;
  is_bot: boolean;
  is_restricted: boolean;
  is_ultra_restricted: boolean;
  is_stranger: boolean;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  isMember: boolean;
  isArchived: boolean;
  /** Of a direct conversation. */
  readonly user?: string;
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly alt: string;
  bytes: Buffer | undefined;
  isComplete: boolean;
  readyAtMs: number;
}

export interface SlackMessage {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: readonly SomeBlock[];
  readonly threadTs?: string;
  /** Ephemeral: the only one who sees it. */
  readonly onlyFor?: string;
  readonly files: readonly string[];
  isEdited: boolean;
  /** Instead of the bot. */
  author?: string;
}

export interface SlackView {
  readonly id: string;
  readonly user: string;
  type: 'modal' | 'home';
  callback_id: string;
  hash: string;
  title: string;
  submit: string | undefined;
  private_metadata: string;
  blocks: readonly SomeBlock[];
}

export interface Workspace {
  readonly team: string;
  readonly botUser: string;
  botId: string;
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  readonly messages: SlackMessage[];
  /** The open dialog of each person. */
  readonly views: Map<string, SlackView>;
  readonly homes: Map<string, SlackView>;
  readonly files: Map<string, SlackFile>;
  /** What Slack would hold against the app. */
  readonly complaints: string[];
  /** Milliseconds; tests may move it. */
  now(): number;
  passTime(ms: number): void;
  newId(prefix: string): string;
  newTs(): string;
  addUser(id: string, facts?: Partial<SlackUser>): SlackUser;
  addChannel(id: string, facts?: Partial<SlackChannel>): SlackChannel;
  openDirect(user: string): SlackChannel;
  /** Something changed that somebody may see. */
  notify(): void;
  subscribe(listener: () => void): () => void;
}

export function createWorkspace(team = 'T01'): Workspace {
  const listeners = new Set<() => void>();
  let offsetMs = 0;
  let ids = 0;
  let lastTs = 0;
  const workspace: Workspace = {
    team,
    botUser: 'U0PURSER',
    botId: 'B0PURSER',
    users: new Map(),
    channels: new Map(),
    messages: [],
    views: new Map(),
    homes: new Map(),
    files: new Map(),
    complaints: [],
    now: () => Date.now() + offsetMs,
    passTime(ms) {
      offsetMs += ms;
    },
    newId(prefix) {
      ids += 1;
      return `${prefix}${ids.toString(36).toUpperCase().padStart(6, '0')}`;
    },
    newTs() {
      lastTs = Math.max(lastTs + 1, workspace.now() * 1000);
      return (lastTs / 1e6).toFixed(6);
    },
    addUser(id, facts = {}) {
      const user = {
        id,
        name: id.toLowerCase(),
        team_id: team,
        deleted: false,
        is_bot: false,
        is_restricted: false,
        is_ultra_restricted: false,
        is_stranger: false,
        ...facts,
      };
      workspace.users.set(id, user);
      return user;
    },
    addChannel(id, facts = {}) {
      const channel = { id, name: id.toLowerCase(), isMember: true, isArchived: false, ...facts };
      workspace.channels.set(id, channel);
      return channel;
    },
    openDirect(user) {
      const known = [...workspace.channels.values()].find((one) => one.user === user);
      return known ?? workspace.addChannel(workspace.newId('D'), { user, name: 'directmessage' });
    },
    notify() {
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  workspace.addUser(workspace.botUser, { is_bot: true, name: 'purser' });
  return workspace;
}
