// Whether everything at Slack is as it should be: one line for each thing that was looked at, and
// what to do where it is not fine. Looks only, changes nothing.
import { webApi } from '@slack/bolt';
import type { Log } from '../../log.ts';
import type { Person } from '../../team.ts';
import type { Finding } from '../types.ts';
import { clientOptions, type SlackApi } from './api.ts';
import { explain, toFailure } from './failure.ts';
import { explainAppToken, explainToken, type Identity } from './identity.ts';
import { botScopes } from './scopes.ts';
import { findDoubt } from './standing.ts';

export interface CheckDeps {
  readonly api: SlackApi;
  readonly log: Log;
  readonly apiUrl: string;
  readonly appToken: string | undefined;
  readonly people: readonly Person[];
  readonly channels: readonly string[];
  identity(): Promise<Identity>;
}

export async function checkSlack(deps: CheckDeps): Promise<Finding[]> {
  const bot = await checkToken(deps);
  if (bot.identity === undefined) {
    const why = bot.isAway ? 'Slack is out of reach' : 'the token is refused';
    const way = bot.isAway ? unchecked(wayOf(deps), why) : await checkWay(deps);
    const rest = ['Slack scopes', 'Channels on Slack', 'People on Slack'];
    return [...bot.findings, way, ...rest.map((what) => unchecked(what, why))];
  }
  const { identity } = bot;
  const way = await checkWay(deps);
  const channels = await inTurn(deps.channels, (channel) => checkChannel(channel, deps));
  const accounts = identity.scopes.includes('users:read')
    ? await inTurn(deps.people, (person) => checkPerson(person, identity, deps))
    : [[unchecked('People on Slack', 'without users:read everybody is refused')]];
  return [...bot.findings, way, ...channels, ...accounts.flat()];
}

/** One cause is one problem; what hangs on it is named, so that nobody takes it for fine. */
function unchecked(what: string, why: string): Finding {
  return { level: 'unchecked', what, text: `Not checked: ${why}.` };
}

/** One after the other: a team of fifty would run into Slack's limits all at once. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  look: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await look(item));
  return results;
}

interface Bearer {
  readonly identity?: Identity;
  readonly isAway: boolean;
  readonly findings: Finding[];
}

async function checkToken(deps: CheckDeps): Promise<Bearer> {
  const what = 'Slack token';
  try {
    const identity = await deps.identity();
    const { name, teamName, team, scopes } = identity;
    const missing = botScopes.filter((scope) => !scopes.includes(scope.name));
    const text = `@${name} in ${teamName} (${team}).`;
    const findings: Finding[] = [{ level: 'fine', what, text }, toScopes(missing)];
    return { identity, isAway: false, findings };
  } catch (error) {
    const failure = toFailure(error);
    const refusal = explainToken(failure);
    const text = refusal?.message ?? `${explain(failure)} ${tryAgain}`;
    return { isAway: refusal === undefined, findings: [{ level: 'problem', what, text }] };
  }
}

function toScopes(missing: readonly { name: string; why: string }[]): Finding {
  const what = 'Slack scopes';
  if (missing.length === 0) return { level: 'fine', what, text: 'All are there.' };
  const names = missing.map(({ name }) => name).join(', ');
  return {
    level: 'problem',
    what,
    text: `Missing: ${names}. Put the manifest of “npm run manifest” into the app and install it again.`,
  };
}

const tryAgain = 'Look at status.slack.com and at the network of this machine, then try again.';

function wayOf({ appToken }: CheckDeps): string {
  return appToken === undefined ? 'Slack signing secret' : 'Slack app token';
}

async function checkWay(deps: CheckDeps): Promise<Finding> {
  const { appToken, apiUrl, log } = deps;
  const what = wayOf(deps);
  if (appToken === undefined) {
    return {
      level: 'fine',
      what,
      text: 'It cannot be checked from here: a wrong one shows when Slack’s requests are refused.',
    };
  }
  try {
    const client = new webApi.WebClient(appToken, clientOptions(apiUrl, log));
    await client.apps.connections.open({});
    return { level: 'fine', what, text: 'It opens a connection.' };
  } catch (error) {
    const failure = toFailure(error);
    const text = failure.isPassing
      ? `${explain(failure)} ${tryAgain}`
      : explainAppToken(failure).message;
    return { level: 'problem', what, text };
  }
}

async function checkChannel(channel: string, { api }: CheckDeps): Promise<Finding> {
  const what = `slack:${channel}`;
  // The conversation with one person has no members to be among.
  if (channel.startsWith('D')) return { level: 'fine', what, text: 'A direct message.' };
  try {
    const { channel: found } = await api.call((client) => client.conversations.info({ channel }));
    const name = found?.name === undefined ? channel : `#${found.name}`;
    if (found?.is_archived === true) {
      const text = `${name} is archived: name another channel in the team file.`;
      return { level: 'problem', what, text };
    }
    if (found?.is_member !== true) {
      const text = `Purser is not in ${name}: write “/invite @purser” there.`;
      return { level: 'problem', what, text };
    }
    if (found.is_ext_shared === true) {
      const text = `${name} is shared with another workspace, whose people see what is posted.`;
      return { level: 'warning', what, text };
    }
    return { level: 'fine', what, text: `Purser is in ${name}.` };
  } catch (error) {
    const failure = toFailure(error);
    // The scopes have a line of their own.
    if (failure.code === 'missing_scope') {
      return unchecked(what, `the scope ${failure.needed ?? 'that it needs'} is missing`);
    }
    return { level: 'problem', what, text: explain(failure) };
  }
}

const doubts = {
  guest: 'is a guest and will be refused',
  deactivated: 'is deactivated and will be refused',
  bot: 'is a bot and will be refused',
  foreign: 'belongs to another workspace and will be refused',
  unverified: 'could not be looked up',
} as const;

async function checkPerson(
  person: Person,
  identity: Identity,
  { api }: CheckDeps,
): Promise<Finding[]> {
  const accounts = [person.slack ?? []].flat();
  return inTurn(accounts, async ({ team, user }): Promise<Finding> => {
    const what = `${person.name} on Slack`;
    const other = `The team file says workspace ${team}, and the app is in ${identity.team}`;
    if (team !== identity.team && identity.enterprise === undefined) {
      return { level: 'warning', what, text: `${other}: the account ${user} cannot be used here.` };
    }
    try {
      const { user: found } = await api.call((client) => client.users.info({ user }));
      const doubt = found === undefined ? 'unverified' : findDoubt(found, identity);
      if (doubt !== undefined) {
        const text = `The account ${user} ${doubts[doubt]}: put another one into the team file.`;
        return { level: 'problem', what, text };
      }
      if (found?.team_id !== team) {
        const text = `${user} is of workspace ${found?.team_id}, not ${team}: correct the team file.`;
        return { level: 'problem', what, text };
      }
      return { level: 'fine', what, text: `@${found?.name ?? user}` };
    } catch (error) {
      const text = `The account ${user} could not be looked up. ${explain(toFailure(error))}`;
      return { level: 'problem', what, text };
    }
  });
}
