// Slack and Discord in the configuration: when they are on, and what is wrong with them.
import { describe, expect, it } from 'vitest';
import { isPlayground } from '../../src/config.ts';
import { findProblems, goodBank, listMistakes, load } from './sources.ts';

const people = `people:
  - id: ana
    name: Ana
    roles: [viewer]
    slack: { team: T01, user: U01 }
    discord: { user: "100000000000000001" }
`;
const team = `${people}channels: { approvals: ['slack:C01', 'discord:200000000000000001'] }
approvals: [{ when: { currency: USD }, need: 1, from: [ana] }]
`;
const slack = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_APP_TOKEN: 'xapp-1-secret' };
const discord = { DISCORD_BOT_TOKEN: 'a.b.secret', DISCORD_GUILD_ID: '300000000000000001' };
const files = { './team.yaml': team };

const withVariables = (changes: Readonly<Record<string, string | undefined>>) => ({
  environment: { ...goodBank, ...slack, ...changes },
  files,
});
const pathsOf = (changes: Readonly<Record<string, string | undefined>>) =>
  findProblems(withVariables(changes)).map(({ path }) => path);

describe('a chat platform', () => {
  it('is on when its variables are there, and the playground is then off', () => {
    const config = load({ environment: { ...goodBank, ...slack, ...discord }, files });
    expect(config.chats).toEqual({
      slack: {
        botToken: 'xoxb-1-secret',
        appToken: 'xapp-1-secret',
        apiUrl: 'https://slack.com/api/',
      },
      discord: {
        botToken: 'a.b.secret',
        guildId: '300000000000000001',
        apiUrl: 'https://discord.com/api',
      },
    });
    expect(isPlayground(config)).toBe(false);
    expect(config.secrets).toEqual(
      expect.arrayContaining(['xoxb-1-secret', 'xapp-1-secret', 'a.b.secret']),
    );
    expect(isPlayground(load({}))).toBe(true);
  });

  it('lets a provider be at its real address', () => {
    const environment = { ...goodBank, ...slack, BANK_BASE_URL: 'https://api.bank.test/v1' };
    expect(findProblems({ environment, files })).toEqual([]);
  });

  it('is never served by the example team, nor without a provider', () => {
    expect(listMistakes({ environment: { ...goodBank, ...slack } })).toEqual([
      './team.yaml: The file is not there. ' +
        'Copy team.example.yaml to team.yaml and write your people and rules into it.',
    ]);
    expect(listMistakes({ environment: slack, files })[0]).toMatch(
      /^environment: No provider is switched on/,
    );
  });

  it('half configured does not become the playground', () => {
    expect(pathsOf({ SLACK_APP_TOKEN: undefined })).toEqual(['SLACK_APP_TOKEN']);
    expect(pathsOf({ SLACK_BOT_TOKEN: undefined })).toEqual(['SLACK_BOT_TOKEN']);
    expect(pathsOf({ DISCORD_BOT_TOKEN: 'x' })).toEqual(['DISCORD_GUILD_ID']);
    expect(pathsOf({ DISCORD_GUILD_ID: discord.DISCORD_GUILD_ID })).toEqual(['DISCORD_BOT_TOKEN']);
    const environment = { ...goodBank, SLACK_API_URL: 'http://127.0.0.1:9' };
    expect(findProblems({ environment, files }).map(({ path }) => path)).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
    ]);
  });

  it('hears Slack in one way only, and with a signing secret needs an address', () => {
    expect(pathsOf({ SLACK_SIGNING_SECRET: 'abcdef123' })).toEqual([
      'SLACK_SIGNING_SECRET',
      'HTTP_PORT',
      'PUBLIC_URL',
    ]);
    const http = { SLACK_APP_TOKEN: undefined, SLACK_SIGNING_SECRET: 'abcdef123' };
    const address = { HTTP_PORT: '8082', PUBLIC_URL: 'https://purser.example.com/' };
    expect(pathsOf({ ...http, HTTP_PORT: '8082' })).toEqual(['PUBLIC_URL']);
    const config = load(withVariables({ ...http, ...address }));
    expect(config).toMatchObject({
      chats: { slack: { signingSecret: 'abcdef123' } },
      httpPort: 8082,
      publicUrl: 'https://purser.example.com',
    });
  });

  it('takes another kind of token for a mistake, but not at a server of tests', () => {
    const swapped = { SLACK_BOT_TOKEN: 'xapp-1-secret', SLACK_APP_TOKEN: 'xoxb-1-secret' };
    expect(pathsOf(swapped)).toEqual(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']);
    expect(listMistakes(withVariables(swapped)).join()).not.toContain('1-secret');
    expect(pathsOf({ ...swapped, SLACK_API_URL: 'http://127.0.0.1:8090/api/' })).toEqual([]);
  });

  it('says nothing of what was typed where an id belongs', () => {
    const mistakes = listMistakes(withVariables({ ...discord, DISCORD_GUILD_ID: 'a.b.token' }));
    expect(mistakes.join()).toMatch(/^DISCORD_GUILD_ID: It is no id of a Discord server\./);
    expect(mistakes.join()).not.toContain('a.b.token');
  });
});

describe('a team file beside a chat platform', () => {
  const problemsOf = (text: string) =>
    findProblems({ environment: { ...goodBank, ...slack }, files: { './team.yaml': text } }).map(
      ({ problem }) => problem,
    );

  it('in which nobody has an account there is a mistake', () => {
    expect(problemsOf(team.replace(/ +slack: .*\n/, ''))).toEqual([
      'Nobody has an account on slack, so Purser would know nobody.',
    ]);
  });

  it('that shows requests nowhere is a mistake, unless nothing can be requested', () => {
    expect(problemsOf(team.replace("'slack:C01', ", ''))).toEqual([
      'No channel of slack is named, so nobody would see a request.',
    ]);
    expect(problemsOf(people)).toEqual([]);
  });

  it('that tells something in the playground alone is a mistake', () => {
    const digest = (to: string) =>
      `digests: [{ id: m, at: "09:00", zone: America/Lima, days: mon-fri, to: [${to}] }]\n`;
    const alerts = (to: string) => team.replace("001'] }", `001'], alerts: [${to}] }`);
    const problem = (key: string) =>
      `Only ${key} is named, and the playground is off beside a chat platform.`;
    expect(problemsOf(alerts("'playground:alerts'") + digest("'playground:general'"))).toEqual([
      problem('playground:alerts'),
      problem('playground:general'),
    ]);
    const both = "'playground:x', 'slack:C01'";
    expect(problemsOf(alerts(both) + digest(both))).toEqual([]);
  });
});

describe('a public address', () => {
  it('needs a port behind it', () => {
    expect(pathsOf({ PUBLIC_URL: 'https://purser.example.com' })).toEqual(['PUBLIC_URL']);
  });

  it('is not for the playground', () => {
    const environment = { PUBLIC_URL: 'https://purser.example.com', HTTP_PORT: '8082' };
    expect(findProblems({ environment }).map(({ path }) => path)).toEqual(['PUBLIC_URL']);
  });
});
