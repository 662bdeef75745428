// Lines of a team file that are each right, and together let nobody do what they were written for.
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { examineTeam } from '../../src/doctor/team.ts';
import { goodBank, load } from '../config/sources.ts';

const slack = { SLACK_BOT_TOKEN: 'xoxb-1-x', SLACK_APP_TOKEN: 'xapp-1-x' };
const discord = { DISCORD_BOT_TOKEN: 'a.b.c', DISCORD_GUILD_ID: '300000000000000001' };

interface PersonLike {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly slack?: object;
  readonly discord?: object;
}

const on = (id: string, ...roles: string[]): PersonLike => ({
  ...{ id, name: `${id[0]?.toUpperCase()}${id.slice(1)}`, roles },
  slack: { team: 'T01', user: `U0${id.toUpperCase()}` },
});
const ana = on('ana', 'viewer', 'requester', 'approver', 'admin');
const ben = on('ben', 'viewer', 'approver');
const cy = on('cy', 'viewer', 'approver');
const rule = (when: object, need: number, from: string | readonly string[]) => ({
  when,
  need,
  from,
});
const whole = {
  people: [ana, ben, cy],
  channels: { approvals: ['slack:C01'], alerts: ['slack:C03'] },
  approvals: [rule({ currency: 'USD' }, 1, 'approver')],
};

function look(changes: object = {}, environment: Readonly<Record<string, string>> = {}): string[] {
  const config = load({
    environment: { ...goodBank, ...slack, ...environment },
    files: { './team.yaml': stringify({ ...whole, ...changes }, { aliasDuplicateObjects: false }) },
  });
  return examineTeam(config).map(({ level, what, text }) => `${level} ${what}: ${text}`);
}

test('a team that makes sense is one fine line', () => {
  expect(look()).toEqual(['fine People and rules: 3 people and 1 rule: every rule can be met.']);
});

describe('a rule', () => {
  test('that nobody can satisfy is a problem, with who may and what to change', () => {
    expect(
      look({ approvals: [rule({ currency: 'USD', up_to: '5.00' }, 2, ['ana', 'ben'])] }),
    ).toEqual([
      'problem approvals[0]: Nobody can ever satisfy it (up to 5.00 USD): 2 must agree beside the requester, and only Ana and Ben may. Add people to from, or lower need.',
    ]);
    const [nobody] = look({ approvals: [rule({}, 3, ['ben'])] });
    expect(nobody).toMatch(
      /^problem approvals\[0\]: Nobody .* \(anything\): 3 must agree .* Ben may/,
    );
  });

  test('that one of those who ask cannot satisfy is a warning', () => {
    const dia = on('dia', 'viewer', 'requester');
    const approvals = [rule({ provider: 'bank' }, 2, ['ana', 'ben'])];
    expect(look({ people: [ana, ben, cy, dia], approvals })).toEqual([
      'warning approvals[0]: What Ana asks for under it (anything at Bank) can never be approved: 2 others must agree, and only Ana and Ben may.',
    ]);
  });

  test('counts only those who have an account where Purser listens', () => {
    const far = { ...cy, slack: undefined, discord: { user: '100000000000000003' } };
    const approvals = [rule({ currency: 'USD' }, 2, 'approver')];
    const people = [ana, ben, far];
    expect(look({ people, approvals })).toEqual([
      'warning Cy: Has no account on Slack, so Purser hears nothing of them. Write slack: beside the name.',
      'warning Freezes: Two approvers beside the one who froze payouts must lift that, and only Ana and Ben are approvers.',
      expect.stringMatching(/^problem approvals\[0\]: Nobody can ever satisfy it/),
    ]);
  });

  test('behind one that matches all of the same never decides', () => {
    const narrow = rule({ currency: 'USD', up_to: '10.00' }, 1, 'approver');
    const wide = rule({ currency: 'USD', up_to: '100.00' }, 1, 'approver');
    expect(look({ approvals: [wide, narrow] })).toEqual([
      'warning approvals[1]: It never decides: approvals[0] stands before it and matches all of the same. Put it first, or take it out.',
    ]);
    expect(look({ approvals: [narrow, wide] })[0]).toMatch(/^fine/);
    const bank = rule({ provider: 'bank', currency: 'USD' }, 1, 'approver');
    expect(look({ approvals: [bank, wide] })[0]).toMatch(/^fine/);
    expect(look({ approvals: [rule({}, 1, 'approver'), bank] })[0]).toMatch(
      /^warning approvals\[1\]/,
    );
  });
});

test('roles that nobody has are named', () => {
  const people = [on('ana', 'viewer', 'approver'), ben, cy];
  const expiry = { after: '24h', remind: [], escalate_to: 'requester' };
  expect(look({ people, expiry })).toEqual([
    'warning Role requester: Nobody has it, so nobody can ask for a payout. Give it to somebody in people.',
    'warning Role admin: Nobody has it, so nobody is named to those who may not do something.',
    'warning expiry.escalate_to: Nobody has the role requester, so the last reminder of a request calls nobody.',
  ]);
  expect(look({ approvals: [] })).toEqual([
    'warning approvals: There is none, so every payout is refused. Write who must agree to what.',
  ]);
});

test('those who would see no request are named', () => {
  const far = { ...cy, slack: undefined, discord: { user: '100000000000000003' } };
  expect(look({ people: [ana, ben, far] }, discord)).toEqual([
    'warning channels.approvals: No channel of Discord is named, and Cy has an account only there: they see no request. Add discord:<channel id>.',
  ]);
});

test('channels of platforms that are off, no alerts and thresholds of providers that are off', () => {
  const thresholds = [{ provider: 'till', currency: 'USD', warning: '5.00' }];
  const channels = { approvals: ['slack:C01', 'discord:200000000000000001'] };
  expect(look({ channels, thresholds })).toEqual([
    'warning channels.alerts: None is named: low balances and payouts that are stuck are told only in the log.',
    'warning discord:200000000000000001: The team file names it, but Discord is not switched on: nothing is posted there.',
    'warning thresholds: They name till, which is not switched on: nobody watches its balances.',
  ]);
});
