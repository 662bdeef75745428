// Who may do what: every command and every action is named here, so that a new one cannot come in
// without somebody saying who it is for.
import { describe, expect, it } from 'vitest';
import { actions, commands } from '../../src/commands/registry.ts';
import type { Account } from '../../src/commands/types.ts';
import { type Role, teamSchema } from '../../src/team.ts';
import { ana, createOffice, mallory, officeTeam } from './office.ts';

const commandRoles: Readonly<Record<string, readonly Role[]>> = {
  balance: ['viewer'],
  payout: ['requester'],
  'payout list': ['viewer', 'requester', 'approver'],
  'payout show': ['viewer', 'requester', 'approver'],
  'payout cancel': ['requester'],
  'payee add': ['requester'],
  'payee change': ['requester'],
  'payee list': ['viewer', 'requester', 'approver'],
  'payee show': ['viewer', 'requester', 'approver'],
  'payee remove': ['requester', 'approver'],
  'digest now': ['viewer'],
  'digest list': ['viewer', 'admin'],
  'digest log': ['viewer', 'admin'],
  'purser providers': ['viewer'],
  'purser policy': [],
  'purser freeze': ['approver'],
  'purser unfreeze': ['approver'],
  'purser audit verify': ['approver', 'admin'],
  'purser audit export': ['approver', 'admin'],
  'purser help': [],
};

/** The life of a payout itself says who decides: its requirement names persons, not roles. */
const actionRoles: Readonly<Record<string, readonly Role[]>> = {
  'payout.form': ['requester'],
  'payout.post': ['requester'],
  'payout.drop': [],
  'payout.approve': [],
  'payout.reject': [],
  'payout.cancel': [],
  'payout.close.paid': [],
  'payout.close.failed': [],
  'payout.close.not_sent': [],
  'payee.way': ['requester'],
  'payee.form': ['requester'],
  'payee.approve': ['approver'],
  'payee.refuse': ['approver'],
  'digest.post': ['approver', 'admin'],
  'digest.note': ['requester', 'approver', 'admin'],
  'alert.mute': ['approver', 'admin'],
};

const lines: Readonly<Record<string, string>> = {
  payout: '/payout payermax 5 USD maria',
  'payout show': '/payout show P00000001',
  'payout cancel': '/payout cancel P00000001',
  'payee change': '/payee change maria',
  'payee show': '/payee show maria',
  'payee remove': '/payee remove maria',
  'purser freeze': '/purser freeze looks odd',
  'purser audit export': '/purser audit export 2026-11',
};
const lineOf = (name: string) => lines[name] ?? `/${name}`;

/** One person for each role, beside the five. */
const soloTeam = teamSchema.parse({
  ...officeTeam,
  people: [
    ...officeTeam.people,
    ...(['viewer', 'requester', 'approver', 'admin'] as const).map((role) => ({
      id: `only-${role}`,
      name: `Only ${role}`,
      roles: [role],
    })),
  ],
});
const only = (role: Role): Account => ({ platform: 'playground', user: `only-${role}` });
const everyRole: readonly Role[] = ['viewer', 'requester', 'approver', 'admin'];
/** How a refusal for want of a role begins to end. */
const refusal = / is for (viewers|requesters|approvers|admins)\b/;

describe('the roles', () => {
  it('of every command and action stand here', () => {
    expect(Object.fromEntries(commands.map(({ path, roles }) => [path.join(' '), roles]))).toEqual(
      commandRoles,
    );
    expect(Object.fromEntries(actions.map(({ name, roles }) => [name, roles]))).toEqual(
      actionRoles,
    );
    expect(commands).toHaveLength(Object.keys(commandRoles).length);
    expect(actions).toHaveLength(Object.keys(actionRoles).length);
  });

  it.each(Object.entries(commandRoles))('of /%s are asked for', async (name, roles) => {
    const office = await createOffice({ team: soloTeam });
    for (const role of everyRole) {
      const before = office.data.entries.length;
      const { card, audience } = await office.types(only(role), lineOf(name));
      if (roles.length === 0 || roles.includes(role)) {
        expect(card.title).not.toMatch(refusal);
      } else {
        expect(card.title).toMatch(refusal);
        expect(card.text).toMatch(
          /^You are .*\. .* can do this for you; Ana or Only admin can change roles\.$/,
        );
        expect(audience).toBe('asker');
        expect(office.data.entries).toHaveLength(before);
      }
    }
  });

  it.each(Object.entries(actionRoles))('of %s are asked for', async (name, roles) => {
    const office = await createOffice({ team: soloTeam });
    for (const role of everyRole) {
      const { card } = await office.fills(only(role), `${name}:x`, {});
      const isRefused = roles.length > 0 && !roles.includes(role);
      expect(refusal.test(card.title)).toBe(isRefused);
    }
  });

  it('are never enough for a stranger', async () => {
    const office = await createOffice();
    const before = JSON.stringify(office.data);
    const outcomes = [
      ...(await Promise.all(
        commands.map(({ path }) => office.types(mallory, lineOf(path.join(' ')))),
      )),
      ...(await Promise.all(actions.map(({ name }) => office.presses(mallory, `${name}:x`)))),
      ...(await Promise.all(
        actions.map(({ name }) => office.fills(mallory, `${name}:maria.1`, { reason: 'because' })),
      )),
    ];
    expect(outcomes).toHaveLength(20 + 16 + 16);
    for (const { card, audience, file } of outcomes) {
      expect(card).toMatchObject({
        title: 'Purser does not know you',
        text: 'Your playground account is not in the team file. Ana can add you.',
      });
      expect(audience).toBe('asker');
      expect(file).toBeUndefined();
    }
    expect(JSON.stringify(office.data)).toBe(before);
    expect(await office.dispatcher.listWaiting(mallory)).toEqual([]);
    expect(await office.dispatcher.complete({ account: mallory, line: '/payout ' })).toEqual([]);
  });
});

describe('the commands of Purser', () => {
  it('have names that are unique, and examples that work', async () => {
    const names = [
      ...commands.map(({ path }) => path.join(' ')),
      ...actions.map(({ name }) => name),
    ];
    expect(new Set(names).size).toBe(names.length);
    const office = await createOffice();
    let count = 0;
    for (const { examples } of commands) {
      for (const line of examples) {
        count += 1;
        expect((await office.types(ana, line)).card.tone).not.toBe('bad');
        expect((await office.types(ana, line)).card.title).not.toMatch(/^(There is no|“|That did)/);
      }
    }
    expect(count).toBeGreaterThan(5);
  });
});
