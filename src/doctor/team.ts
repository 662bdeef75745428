// Whether the people and rules of a team file make sense together: each line of it may be right, and
// still nobody can approve anything.
import type { Finding } from '../bots/types.ts';
import { listNames } from '../commands/words.ts';
import { type Config, isPlayground } from '../config.ts';
import { compareMoney, parseDecimal } from '../money.ts';
import { describeRule, peopleOf } from '../payouts/index.ts';
import { listAccounts, type Person, type Role, type Team } from '../team.ts';
import { fine, problem, warning } from './findings.ts';

type Rule = Team['approvals'][number];
type Named = Pick<Person, 'id' | 'name' | 'roles'>;

const platformNames: Readonly<Record<string, string>> = {
  slack: 'Slack',
  discord: 'Discord',
  playground: 'the playground',
};

export function examineTeam(config: Config): Finding[] {
  const { team } = config;
  const platforms = listPlatforms(config);
  // In the playground everybody is who they say they are.
  const able = isPlayground(config)
    ? team.people
    : team.people.filter((person) => isOn(person, platforms));
  const found = [
    ...findStrangers(team, able, platforms),
    ...examineRoles(team, able),
    ...team.approvals.flatMap((_rule, index) => examineRule(config, able, index)),
    ...findUnseen(team, able, platforms),
    ...findIdleChannels(team, platforms),
    ...findIdleProviders(config),
  ];
  const people = `${team.people.length} ${team.people.length === 1 ? 'person' : 'people'}`;
  const rules = `${team.approvals.length} ${team.approvals.length === 1 ? 'rule' : 'rules'}`;
  const clear = `${people} and ${rules}: every rule can be met.`;
  return found.length > 0 ? found : [fine('People and rules', clear)];
}

function listPlatforms({ chats }: Config): string[] {
  const on = (['slack', 'discord'] as const).filter((one) => chats[one] !== undefined);
  return on.length === 0 ? ['playground'] : on;
}

function isOn(person: Person, platforms: readonly string[]): boolean {
  return listAccounts(person).some((account) =>
    platforms.some((platform) => account.startsWith(`${platform}:`)),
  );
}

function nameAll(platforms: readonly string[], word: 'or' | 'and'): string {
  return listNames(
    platforms.map((one) => platformNames[one] ?? one),
    word,
  );
}

function findStrangers(team: Team, able: readonly Person[], platforms: readonly string[]) {
  return team.people
    .filter((person) => !able.includes(person))
    .map(({ name }) => {
      const keys = platforms.map((one) => `${one}:`).join(' or ');
      const text = `Has no account on ${nameAll(platforms, 'or')}, so Purser hears nothing of them. Write ${keys} beside the name.`;
      return warning(name, text);
    });
}

function having(people: readonly Person[], role: Role): Person[] {
  return people.filter(({ roles }) => roles.includes(role));
}

function examineRoles(team: Team, able: readonly Person[]): Finding[] {
  const found: Finding[] = [];
  const approvers = having(able, 'approver');
  if (team.approvals.length > 0 && having(able, 'requester').length === 0) {
    const text = 'Nobody has it, so nobody can ask for a payout. Give it to somebody in people.';
    found.push(warning('Role requester', text));
  }
  if (team.approvals.length === 0 && having(able, 'requester').length > 0) {
    const text = 'There is none, so every payout is refused. Write who must agree to what.';
    found.push(warning('approvals', text));
  }
  if (having(able, 'admin').length === 0) {
    const text = 'Nobody has it, so nobody is named to those who may not do something.';
    found.push(warning('Role admin', text));
  }
  const { escalate_to: role } = team.expiry;
  if (role !== 'admin' && having(able, role).length === 0) {
    const text = `Nobody has the role ${role}, so the last reminder of a request calls nobody.`;
    found.push(warning('expiry.escalate_to', text));
  }
  if (approvers.length > 0 && approvers.length < 3 && team.approvals.length > 0) {
    const who = approvers.length === 1 ? 'approver' : 'approvers';
    const text = `Two approvers beside the one who froze payouts must lift that, and only ${nameThem(approvers)} ${approvers.length === 1 ? 'is' : 'are'} ${who}.`;
    found.push(warning('Freezes', text));
  }
  return found;
}

function nameThem(people: readonly Named[]): string {
  return listNames(
    people.map(({ name }) => name),
    'and',
  );
}

function examineRule(config: Config, able: readonly Person[], index: number): Finding[] {
  const { team } = config;
  const rule = team.approvals[index];
  if (rule === undefined) return [];
  const what = `approvals[${index}]`;
  const first = team.approvals.findIndex((one) => covers(one, rule));
  if (first < index) {
    const text = `It never decides: approvals[${first}] stands before it and matches all of the same. Put it first, or take it out.`;
    return [warning(what, text)];
  }
  const may = able.filter(({ id }) => peopleOf(team, rule).includes(id));
  const isStuck = ({ id }: Named) => may.filter((one) => one.id !== id).length < rule.need;
  const requesters = having(able, 'requester');
  const stuck = requesters.filter(isStuck);
  const about = `(${describeRule(rule, nameProvider(config, rule.when.provider))})`;
  const who = `only ${nameThem(may)} may`;
  if (may.length < rule.need || (requesters.length > 0 && stuck.length === requesters.length)) {
    const text = `Nobody can ever satisfy it ${about}: ${rule.need} must agree beside the requester, and ${who}. Add people to from, or lower need.`;
    return [problem(what, text)];
  }
  if (stuck.length === 0) return [];
  const text = `What ${nameThem(stuck)} ${stuck.length === 1 ? 'asks' : 'ask'} for under it ${about} can never be approved: ${rule.need} others must agree, and ${who}.`;
  return [warning(what, text)];
}

/** The same rule covers itself: the first that does is the one that decides. */
function covers({ when: a }: Rule, { when: b }: Rule): boolean {
  if (a.provider !== undefined && a.provider !== b.provider) return false;
  if (a.currency !== undefined && a.currency !== b.currency) return false;
  if (a.up_to === undefined) return true;
  if (b.up_to === undefined || b.currency === undefined) return false;
  const [wide, narrow] = [a.up_to, b.up_to].map((text) => parseDecimal(text, b.currency ?? ''));
  return wide !== undefined && narrow !== undefined && compareMoney(wide, narrow) >= 0;
}

function nameProvider({ providers }: Config, id: string | undefined): string {
  return providers.find(({ module }) => module.id === id)?.module.name ?? id ?? '';
}

/** Requests are posted, and decided on where they are posted. */
function findUnseen(team: Team, able: readonly Person[], platforms: readonly string[]): Finding[] {
  const { channels, approvals } = team;
  const found: Finding[] = [];
  const isShown = (platform: string) =>
    channels.approvals.some((key) => key.startsWith(`${platform}:`));
  const deciders = new Set(approvals.flatMap((rule) => peopleOf(team, rule)));
  for (const platform of approvals.length === 0 ? [] : platforms) {
    if (isShown(platform) || platform === 'playground') continue;
    const shown = platforms.filter(isShown);
    const blindOnes = able.filter((one) => deciders.has(one.id) && !isOn(one, shown));
    if (blindOnes.length === 0) continue;
    const text = `No channel of ${nameAll([platform], 'or')} is named, and ${nameThem(blindOnes)} ${blindOnes.length === 1 ? 'has' : 'have'} an account only there: they see no request. Add ${platform}:<channel id>.`;
    found.push(warning('channels.approvals', text));
  }
  if (channels.alerts.length === 0) {
    const text = 'None is named: low balances and payouts that are stuck are told only in the log.';
    found.push(warning('channels.alerts', text));
  }
  return found;
}

/** Whoever wrote them expects messages there. */
function findIdleChannels(team: Team, platforms: readonly string[]): Finding[] {
  const named = [
    ...Object.values(team.channels).flat(),
    ...team.digests.flatMap(({ to }) => to),
  ].filter((key) => !platforms.some((platform) => key.startsWith(`${platform}:`)));
  return [...new Set(named)].map((key) => {
    const platform = platformNames[key.split(':')[0] ?? ''] ?? 'its platform';
    const text = `The team file names it, but ${platform} is not switched on: nothing is posted there.`;
    return warning(key, text);
  });
}

/** A rule about a provider that is off is for another day; a threshold would be believed to watch. */
function findIdleProviders(config: Config): Finding[] {
  if (isPlayground(config)) return [];
  const on = new Set(config.providers.map(({ module }) => module.id));
  const off = config.team.thresholds.filter(({ provider }) => !on.has(provider));
  return [...new Set(off.map(({ provider }) => provider))].map((provider) => {
    const text = `They name ${provider}, which is not switched on: nobody watches its balances.`;
    return warning('thresholds', text);
  });
}
