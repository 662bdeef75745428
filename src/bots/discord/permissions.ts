// What the bot's role must allow, and whether it does in a channel: the same sum that Discord does.
// https://discord.com/developers/docs/topics/permissions, read 2026-11-26.
import { type APIOverwrite, OverwriteType, PermissionFlagsBits } from 'discord.js';

/** Each with what Purser does with it; the setup guide repeats this. */
export const neededPermissions = [
  {
    name: 'View Channels',
    bit: PermissionFlagsBits.ViewChannel,
    why: 'to see the channels that it posts to',
  },
  { name: 'Send Messages', bit: PermissionFlagsBits.SendMessages, why: 'to post cards' },
  {
    name: 'Send Messages in Threads',
    bit: PermissionFlagsBits.SendMessagesInThreads,
    why: 'to tell under a card what happens to it',
  },
  {
    name: 'Create Public Threads',
    bit: PermissionFlagsBits.CreatePublicThreads,
    why: 'to begin that thread',
  },
  {
    name: 'Attach Files',
    bit: PermissionFlagsBits.AttachFiles,
    why: 'for the picture of a digest',
  },
  {
    name: 'Read Message History',
    bit: PermissionFlagsBits.ReadMessageHistory,
    why: 'to find its own message again after a crash, and not post twice',
  },
] as const;

export const permissionsInteger = neededPermissions.reduce((sum, { bit }) => sum | bit, 0n);

/** Asks for exactly these rights, in that server. */
export function inviteUrl(application: string, guild: string): string {
  const query = new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: String(permissionsInteger),
    guild_id: guild,
    disable_guild_select: 'true',
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}

export interface Standpoint {
  readonly guild: string;
  readonly user: string;
  /** Of the member. */
  readonly roles: readonly string[];
  /** All of the server, with their permissions. */
  readonly guildRoles: readonly { readonly id: string; readonly permissions: string }[];
  readonly isOwner: boolean;
}

export function computePermissions(
  { guild, user, roles, guildRoles, isOwner }: Standpoint,
  overwrites: readonly APIOverwrite[],
): bigint {
  const all = ~0n;
  // The role of everybody has the server's own id.
  const held = [guild, ...roles];
  const base = guildRoles
    .filter(({ id }) => held.includes(id))
    .reduce((sum, { permissions }) => sum | BigInt(permissions), 0n);
  if (isOwner || (base & PermissionFlagsBits.Administrator) !== 0n) return all;
  const ofRoles = overwrites.filter(
    ({ id, type }) => type === OverwriteType.Role && id !== guild && roles.includes(id),
  );
  const layers = [
    overwrites.filter(({ id }) => id === guild),
    ofRoles,
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === user),
  ];
  return layers.reduce((sum, layer) => {
    const deny = layer.reduce((bits, one) => bits | BigInt(one.deny), 0n);
    const allow = layer.reduce((bits, one) => bits | BigInt(one.allow), 0n);
    return (sum & ~deny) | allow;
  }, base);
}

/** Names of those that are needed and not there. Who may not see a channel may do nothing in it. */
export function listMissing(permissions: bigint): string[] {
  const has = (bit: bigint) => (permissions & bit) !== 0n;
  const isHidden = !has(PermissionFlagsBits.ViewChannel);
  return neededPermissions.filter(({ bit }) => isHidden || !has(bit)).map(({ name }) => name);
}
