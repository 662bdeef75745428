// The team file as people write it: what parses, and which line is named when it does not.
import { describe, expect, it } from 'vitest';
import { listAccounts, teamSchema } from '../src/team.ts';
import {
  anaAlone,
  findProblems,
  goodBank,
  listMistakes,
  load,
  mistakesOfTeam,
} from './config/sources.ts';
import { mistakes } from './team/mistakes.ts';
import { asking, people, person } from './team/people.ts';

describe('the team file', () => {
  it('needs people only; the rest has its defaults', () => {
    expect(load({ files: { './team.yaml': anaAlone } }).team).toEqual({
      providers: {},
      people: [{ id: 'ana', name: 'Ana Torres', roles: ['viewer'] }],
      channels: { approvals: [], audit: [], alerts: [] },
      approvals: [],
      expiry: { after: '24h', remind: ['12h', '21h'], escalate_to: 'admin' },
      limits: [],
      thresholds: [],
      digests: [],
    });
  });

  it('may begin with a byte order mark and use anchors', () => {
    const text = `\uFEFF${people(person('ana'), '  - { id: ben, name: Ben, roles: &all [viewer] }', '  - { id: cy, name: Cy, roles: *all }')}`;
    const { team } = load({ files: { './team.yaml': text } });
    expect(team.people.map(({ id, roles }) => [id, roles])).toEqual([
      ['ana', ['viewer']],
      ['ben', ['viewer']],
      ['cy', ['viewer']],
    ]);
  });

  it.each([
    [undefined, 'is not there'],
    [{ code: 'EISDIR' }, 'is a folder'],
    [{ code: 'EACCES' }, 'may not be read by this user'],
  ])('named by TEAM_FILE is never replaced by the example: %j', (content, problem) => {
    const files = content === undefined ? {} : { '/etc/team.yaml': content };
    expect(listMistakes({ environment: { TEAM_FILE: '/etc/team.yaml' }, files })).toEqual([
      `TEAM_FILE: The file that it names ${problem}. ` +
        'Copy team.example.yaml to team.yaml and write your people and rules into it.',
    ]);
  });

  it('that is there and cannot be read is never replaced by the example', () => {
    expect(listMistakes({ files: { './team.yaml': { code: 'EISDIR' } } })).toEqual([
      './team.yaml: The file is a folder. ' +
        'Copy team.example.yaml to team.yaml and write your people and rules into it.',
    ]);
  });

  it('leaves the mistakes of variables to be found when it is not there', () => {
    const environment = { ...goodBank, BANK_LOGIN: '', LOG_LEVEL: 'loud', TEAM_FILE: '/none' };
    expect(findProblems({ environment }).map(({ path }) => path)).toEqual([
      'TEAM_FILE',
      'BANK_LOGIN',
      'LOG_LEVEL',
    ]);
  });
});

describe('what is not YAML', () => {
  const remedy = 'Compare with team.example.yaml; mind the indentation.';

  it.each([
    ['a tab', `${anaAlone}channels:\n\taudit: []`, 4],
    ['a key that is there twice', `${anaAlone}limits: []\nlimits: []\n`, 4],
    ['a bracket that stays open', `${anaAlone}limits: [\n`, 4],
    ['a wrong indentation', `${anaAlone}limits:\n  - x\n - y\n`, 5],
    ['a second document', `${anaAlone}---\n${anaAlone}`, 3],
    ['a tag', `${anaAlone}limits: !secret x\n`, 3],
    ['a list as a key', `${anaAlone}? [a, b]\n: c\n`, 3],
  ])('is named with its line: %s', (_what, text, line) => {
    const [first] = findProblems({ files: { './team.yaml': text } });
    expect(first).toMatchObject({ path: `./team.yaml:${line}`, remedy });
    expect(first?.problem).toMatch(/^It is not YAML here: .+[^.][.]$/);
  });

  it.each([
    ['stands for nothing', 'people: *everybody'],
    [
      'grows without bound',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]`,
    ],
  ])('is an alias that %s', (_what, text) => {
    expect(mistakesOfTeam(text)).toEqual([
      './team.yaml: An alias (*name) in it stands for nothing, or for too much. Write the value itself.',
    ]);
  });

  it.each(['', '# nothing yet', 'just a sentence', '- a\n- list', '42', 'null'])(
    'and what is YAML but no team, %j, is refused',
    (text) => {
      expect(mistakesOfTeam(text)).not.toEqual([]);
    },
  );
});

describe('a mistake in the team file', () => {
  it.each(mistakes)('is named with its line: %s', (_what, text, mistake) => {
    const told = mistakesOfTeam(text);
    expect(told).toHaveLength(1);
    expect(told[0]?.startsWith(`${mistake} `)).toBe(true);
  });

  it('does not hide those that other parts have', () => {
    const text = [
      people(person('ana'), person('ana')),
      'approvals:',
      '  - { when: { provider: bnak }, need: 1, from: [bob] }',
      'thresholds:',
      '  - { provider: bnak, currency: usd }',
      'digests:',
      '  - { id: morning }',
    ].join('\n');
    expect(findProblems({ files: { './team.yaml': text } }).map(({ path }) => path)).toEqual([
      './team.yaml:7: thresholds[0].currency',
      './team.yaml:9: digests[0].at',
      './team.yaml:9: digests[0].zone',
      './team.yaml:9: digests[0].to',
      './team.yaml:3: people[1]',
      './team.yaml:5: approvals[0].from',
      './team.yaml:5: approvals[0].when.provider',
    ]);
  });

  it('in a provider’s part names its line as well', () => {
    const text = [
      anaAlone.trimEnd(),
      'providers:',
      '  bank:',
      '    unit: major',
      '    accounts:',
      '      - no: "1"',
      '      - no: 21120030202403071031',
      '        nr: x',
      '  till:',
      '    decimals: two',
    ].join('\n');
    const environment = { ...goodBank, TILL_CODE: '7', TILL_BASE_URL: 'http://127.0.0.1:1' };
    expect(listMistakes({ environment, files: { './team.yaml': text } })).toEqual([
      './team.yaml:8: providers.bank.accounts[1].no: Write the number in quotes. See Bank in team.example.yaml.',
      './team.yaml:9: providers.bank.accounts[1].nr: Purser knows no such key here. See Bank in team.example.yaml.',
      './team.yaml:11: providers.till.decimals: Write how many decimals, like 2. See Till in team.example.yaml.',
    ]);
  });

  it('in the part of a provider that is switched off is named too', () => {
    expect(mistakesOfTeam(`${anaAlone}providers: { till: { decimals: two } }`)).toEqual([
      './team.yaml:3: providers.till.decimals: Write how many decimals, like 2. See Till in team.example.yaml.',
    ]);
    expect(mistakesOfTeam(`${anaAlone}providers: { till: }`)).toEqual([]);
  });

  it('is no rule that can just be kept', () => {
    const text = [
      people(asking('ana', 'approver'), asking('ben', 'approver'), person('cy')),
      'approvals:',
      '  - { when: { currency: USD, up_to: "0.01" }, need: 1, from: approver }',
      '  - { when: { currency: EUR }, need: 2, from: [ben, cy] }',
      'expiry: { after: 1d, remind: [1439m, 23h] }',
      'thresholds:',
      '  - { provider: bank, currency: USD, critical: "9.99", warning: "10.00", idle: "10.01" }',
      '  - { provider: bank, currency: EUR, critical: "9.99", idle: "10" }',
      'digests:',
      '  - { id: morning, at: "09:00", zone: UTC, to: [slack:C01] }',
      '  - { id: evening, at: "09:00", zone: UTC, to: [slack:C01] }',
    ].join('\n');
    expect(mistakesOfTeam(text)).toEqual([]);
  });
});

describe('a person’s accounts', () => {
  it('are told apart by platform, workspace and user', () => {
    const { people: all } = teamSchema.parse({
      people: [
        { id: 'ana', name: 'Ana', roles: ['viewer'], slack: { team: 'T01', user: 'U01' } },
        {
          id: 'ben',
          name: 'Ben',
          roles: ['viewer'],
          slack: [
            { team: 'T01', user: 'U02' },
            { team: 'T02', user: 'U01' },
          ],
          discord: { user: '100000000000000001' },
        },
        { id: 'cy', name: 'Cy', roles: ['viewer'] },
      ],
    });
    expect(all.map(listAccounts)).toEqual([
      ['slack:T01:U01'],
      ['slack:T01:U02', 'slack:T02:U01', 'discord:100000000000000001'],
      [],
    ]);
  });
});
