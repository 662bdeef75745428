// What the app may do in a workspace, and what for: no more than is used. The manifest, the check of
// the token and docs/slack.md are made from this.

export interface Scope {
  readonly name: string;
  readonly why: string;
}

export const botScopes: readonly Scope[] = [
  { name: 'chat:write', why: 'Posts and changes its own messages in channels it was invited to.' },
  { name: 'commands', why: 'Takes the slash commands.' },
  {
    name: 'users:read',
    why: 'Looks up who typed or clicked: guests, bots, deactivated and foreign accounts are refused.',
  },
  {
    name: 'channels:read',
    why: 'Checks at start that it is in each public channel of the team file.',
  },
  { name: 'groups:read', why: 'The same for private channels.' },
  {
    name: 'channels:history',
    why: 'Finds its own message again after a crash, so that nothing is posted twice.',
  },
  { name: 'groups:history', why: 'The same in private channels.' },
  {
    name: 'im:write',
    why: 'Opens the conversation with one person, for news about their payouts.',
  },
  { name: 'files:write', why: 'Uploads pictures of digests and exports of the audit log.' },
];
