// What the local Discord knows: one server with its channels, roles, members and messages. Facts about
// Discord are from https://discord.com/developers/docs, read 2026-11-26, unless a line says otherwise.

export interface Overwrite {
  readonly id: string;
  /** 0 a role, 1 a member. */
  readonly type: 0 | 1;
  readonly allow: string;
  readonly deny: string;
}

export interface Channel {
  readonly id: string;
  /** 0 text, 1 direct message, 2 voice, 5 announcement, 11 public thread. */
  readonly type: 0 | 1 | 2 | 5 | 11;
  readonly guild?: string;
  readonly name: string;
  overwrites: Overwrite[];
  /** Of a thread: its channel. */
  readonly parent?: string;
  /** Of a direct message: the other side. */
  readonly recipient?: string;
}

export interface User {
  readonly id: string;
  readonly username: string;
  bot?: boolean;
  /** Whether the bot may write to them. */
  takesDirectMessages?: boolean;
}

export interface Member {
  readonly user: User;
  roles: string[];
  flags: number;
}

export interface Role {
  readonly id: string;
  permissions: string;
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Components are as they came, checked. */
export interface Message {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  readonly createdMs: number;
  isPrivate: boolean;
  /** Who sees it, where it is private. */
  readonly viewer?: string;
  isThinking: boolean;
  isV2: boolean;
  components: readonly Component[];
  attachments: Attachment[];
  /** Users whom it has notified. */
  notified: string[];
  isEverybodyNotified: boolean;
  hasThread: boolean;
}

export interface Component {
  readonly type: number;
  readonly [key: string]: unknown;
}

export interface State {
  readonly guild: string;
  readonly owner: string;
  readonly application: string;
  readonly bot: User;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly messages: Map<string, Message>;
  isBotInGuild: boolean;
  mayRegister: boolean;
  /** As Discord would give them back, with the defaults that it writes out. */
  commands: readonly Record<string, unknown>[];
  newId(): string;
}

const epochMs = Date.UTC(2015, 0, 1);

export function createState(now: () => number): State {
  let counter = 0n;
  const guild = '300000000000000001';
  const application = '400000000000000001';
  const bot: User = { id: application, username: 'Purser', bot: true };
  const botRole = '500000000000000001';
  const state: State = {
    guild,
    owner: '100000000000000099',
    application,
    bot,
    roles: new Map([
      [guild, { id: guild, permissions: '0' }],
      // What the invitation asks for: see docs/discord.md.
      [botRole, { id: botRole, permissions: String(invited) }],
    ]),
    members: new Map([[bot.id, { user: bot, roles: [botRole], flags: 0 }]]),
    users: new Map([[bot.id, bot]]),
    channels: new Map(),
    messages: new Map(),
    isBotInGuild: true,
    mayRegister: true,
    commands: [],
    newId() {
      counter += 1n;
      return String((BigInt(now() - epochMs) << 22n) | (counter & 0x3fffffn));
    },
  };
  return state;
}

export const permissions = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
} as const;

const invited = Object.values(permissions).reduce((sum, bit) => sum | bit, 0n);

/** As the page “Permissions” of the documentation computes it. */
export function permissionsOf(state: State, user: string, channel: Channel): bigint {
  if (channel.type === 1) return invited;
  if (channel.guild !== state.guild) return 0n;
  const place = channel.parent === undefined ? channel : state.channels.get(channel.parent);
  const member = state.members.get(user);
  if (member === undefined || place === undefined) return 0n;
  const everyone = BigInt(state.roles.get(state.guild)?.permissions ?? '0');
  let sum = member.roles.reduce(
    (bits, id) => bits | BigInt(state.roles.get(id)?.permissions ?? '0'),
    everyone,
  );
  if (user === state.owner || (sum & 8n) !== 0n) return ~0n;
  const apply = (found: readonly Overwrite[]) => {
    for (const { deny } of found) sum &= ~BigInt(deny);
    for (const { allow } of found) sum |= BigInt(allow);
  };
  apply(place.overwrites.filter(({ id }) => id === state.guild));
  apply(place.overwrites.filter(({ id, type }) => type === 0 && member.roles.includes(id)));
  apply(place.overwrites.filter(({ id, type }) => type === 1 && id === user));
  return sum;
}

/** The bot, where nothing is taken away, cannot see what everybody may not. */
export function sees(state: State, user: string, channel: Channel): boolean {
  if (channel.type === 1) return channel.recipient === user || user === state.bot.id;
  if (user !== state.bot.id) return channel.guild === state.guild && state.members.has(user);
  return (permissionsOf(state, user, channel) & permissions.viewChannel) !== 0n;
}
