// Who asks, and who may: accounts are of persons, persons have roles, and whoever is refused reads who
// could act instead.
import type { Place } from '../payouts/types.ts';
import { listAccounts, type Person, type Role, type Team } from '../team.ts';
import { CommandError } from './errors.ts';
import type { Account, Doubt, Spot } from './types.ts';
import { listNames } from './words.ts';

export function toPlace({ platform, team, user }: Account, { channel, message }: Spot): Place {
  return {
    platform,
    user,
    channel,
    ...(team === undefined ? {} : { team }),
    ...(message === undefined ? {} : { message }),
  };
}

export function findPerson(account: Account, team: Team): Person | undefined {
  if (account.platform === 'playground') return team.people.find(({ id }) => id === account.user);
  const key = [account.platform, account.team, account.user]
    .filter((part) => part !== undefined)
    .join(':');
  return team.people.find((person) => listAccounts(person).includes(key));
}

export function findTrusted(account: Account, team: Team): Person | undefined {
  return account.doubt === undefined ? findPerson(account, team) : undefined;
}

/** Of the person, whatever account they use; of the account where nobody is behind it. */
export function keyOf({ platform, team, user }: Account, person: Person | undefined): string {
  if (person !== undefined) return person.id;
  return [platform, team, user].filter((part) => part !== undefined).join(':');
}

export function isAllowed(person: Person, roles: readonly Role[]): boolean {
  return roles.length === 0 || roles.some((role) => person.roles.includes(role));
}

function namesWith(team: Team, isMeant: (person: Person) => boolean): string {
  return listNames(
    team.people.filter(isMeant).map(({ name }) => name),
    'or',
  );
}

export function stranger(account: Account, team: Team): CommandError {
  const admins = namesWith(team, ({ roles }) => roles.includes('admin'));
  return new CommandError(
    'Purser does not know you',
    `Your ${account.platform} account is not in the team file. ${admins} can add you.`,
  );
}

const doubtWords: Readonly<Record<Doubt, readonly [title: string, text: string]>> = {
  guest: ['Purser does nothing for guests', 'You are a guest here, whatever the team file says.'],
  deactivated: ['This account is deactivated', 'Nothing is done in its name.'],
  bot: ['Purser does nothing for bots', 'Only a person can ask or decide.'],
  foreign: [
    'You are not from here',
    'Your account belongs elsewhere: nothing is done for it here.',
  ],
  unverified: [
    'Purser could not make sure who you are',
    'The chat platform does not say just now. Nothing has changed; try again in a moment.',
  ],
};

/** Says who could act instead, except where a moment later it is the same person. */
export function doubtful({ platform }: Account, doubt: Doubt, team: Team): CommandError {
  const [title, text] = doubtWords[doubt];
  if (doubt === 'unverified') return new CommandError(title, text);
  const admins = namesWith(team, ({ roles }) => roles.includes('admin'));
  return new CommandError(title, `${text} ${admins} can say who may use Purser on ${platform}.`);
}

export function authorise(person: Person, roles: readonly Role[], what: string, team: Team): void {
  if (isAllowed(person, roles)) return;
  throw new CommandError(
    `${what} is for ${listNames(
      roles.map((role) => `${role}s`),
      'or',
    )}`,
    `You are ${listNames(person.roles, 'and')}. ` +
      `${namesWith(team, (one) => isAllowed(one, roles))} can do this for you; ` +
      `${namesWith(team, (one) => one.roles.includes('admin'))} can change roles.`,
  );
}
