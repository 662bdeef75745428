// The generated parts of the documentation, and the examples that people copy.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/commands/registry.ts';
import { usageOf } from '../src/commands/usage.ts';
import {
  renderCommandTable,
  renderEnvExample,
  renderProviderTable,
  renderReadme,
} from '../src/docs.ts';
import { providerModules } from '../src/providers/registry.ts';
import { bank, load, privatePem, publicPem, till } from './config/sources.ts';
import { createFakeClock } from './support.ts';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');

describe('.env.example', () => {
  const text = renderEnvExample([bank, till]);

  it('copied as it is changes nothing', () => {
    const environment = parseEnv(text);
    expect(Object.keys(environment)).toContain('BANK_SECRET');
    expect(load({ environment })).toEqual(load({}));
    const all = {
      environment: parseEnv(renderEnvExample(providerModules)),
      modules: providerModules,
    };
    expect(load(all)).toEqual(load({ modules: providerModules }));
  });

  it('with every line switched on sets what it names to its default', () => {
    const environment = parseEnv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));
    expect(environment).toEqual({
      DATA_DIR: './data',
      DATABASE_URL: '',
      HTTP_PORT: '',
      HTTP_HOST: '',
      PUBLIC_URL: '',
      SLACK_BOT_TOKEN: '',
      SLACK_APP_TOKEN: '',
      SLACK_SIGNING_SECRET: '',
      SLACK_API_URL: 'https://slack.com/api',
      DISCORD_BOT_TOKEN: '',
      DISCORD_GUILD_ID: '',
      DISCORD_API_URL: 'https://discord.com/api',
      TEAM_FILE: './team.yaml',
      LOG_LEVEL: 'info',
      PLAYGROUND_PORT: '8080',
      BANK_LOGIN: '',
      BANK_BASE_URL: 'https://api.bank.test/v1',
      BANK_SECRET: '',
      BANK_PRIVATE_KEY: '',
      BANK_PUBLIC_KEY: '',
      TILL_CODE: '',
      TILL_BASE_URL: '',
    });
  });

  it('says of each variable what it is and whether it is required', () => {
    expect(text).toContain('## Till\n\n# Required. Code of the till.\nTILL_CODE=\n');
    expect(text).toContain('\n# Ends in /v1.\n#BANK_BASE_URL=https://api.bank.test/v1\n');
    expect(text).toContain('\n# Required. Login of the portal.\nBANK_LOGIN=\n');
  });
});

describe('the tables of the README', () => {
  it('have one row a command, whose bars do not end a cell', () => {
    const rows = renderCommandTable(commands).split('\n');
    expect(rows).toHaveLength(commands.length + 2);
    for (const row of rows) expect(row.replaceAll('\\|', '').match(/\|/g)).toHaveLength(5);
    expect(rows[2]).toContain('`/balance [provider\\|all] [currency]`');
    for (const command of commands) {
      expect(rows.join('\n').replaceAll('\\|', '|')).toContain(usageOf(command));
    }
  });

  it('have one row a provider, with what it needs', () => {
    expect(renderProviderTable([bank, till]).split('\n').slice(2)).toEqual([
      '| [Bank](src/providers/bank/README.md) | `bank` | `BANK_LOGIN`, `BANK_SECRET`, `BANK_PRIVATE_KEY` | `BANK_BASE_URL`, `BANK_PUBLIC_KEY` |',
      '| [Till](src/providers/till/README.md) | `till` | `TILL_CODE`, `TILL_BASE_URL` | — |',
    ]);
    expect(renderProviderTable(providerModules)).toContain('`alignet`, `monnet`, `payme`');
  });

  it('are put between their markers, and nothing else is touched', () => {
    const frame = (a: string, b: string) =>
      `# Purser\n<!-- commands:begin -->\n${a}<!-- commands:end -->\ntext\n` +
      `<!-- providers:begin -->\n${b}<!-- providers:end -->\nend\n`;
    const parts = { commands, modules: [till] };
    const written = renderReadme(frame('old\n', ''), parts);
    expect(written).toBe(
      frame(`${renderCommandTable(commands)}\n`, `${renderProviderTable([till])}\n`),
    );
    expect(renderReadme(written, parts)).toBe(written);
    expect(() => renderReadme('# Purser\n', parts)).toThrow('no <!-- commands:begin -->');
    expect(() => renderReadme(frame('', '').replace('providers:end', 'x'), parts)).toThrow(
      'no <!-- providers:begin -->',
    );
  });
});

/** Every provider on, with nothing wrong in its variables. */
const environment = Object.fromEntries(
  providerModules.flatMap((module) =>
    module.environment.flatMap(({ name, kind, isRequired }) => {
      if (kind === 'url') return [[name, 'http://127.0.0.1:1']];
      if (!isRequired) return [];
      if (kind === 'private_key') return [[name, privatePem]];
      return [[name, kind === 'public_key' ? publicPem : 'value']];
    }),
  ),
);

describe('the team file', () => {
  it('with every key that people use is good for every provider', () => {
    const files = { './team.yaml': read('test/team/full.yaml') };
    const config = load({ environment, files, modules: providerModules });
    expect(config.providers.map(({ module }) => module.id)).toEqual([
      'alignet',
      'paycross',
      'payermax',
      'payneteasy',
      'smilepayz',
    ]);
    expect(config.team.people[0]?.roles).toEqual(['viewer', 'requester', 'approver', 'admin']);
    expect(config.team.digests[0]?.to).toEqual(['slack:C01', 'discord:200000000000000001']);
  });

  it('that ships with Purser has four people, of whom three may approve', () => {
    const files = { './team.yaml': read('team.example.yaml') };
    const { team } = load({ environment, files, modules: providerModules });
    expect(team.people.map(({ id, roles }) => [id, roles.join(' ')])).toEqual([
      ['ana', 'viewer requester approver admin'],
      ['ben', 'viewer approver'],
      ['cy', 'viewer approver'],
      ['dia', 'viewer'],
    ]);
    expect(team.channels).toEqual({
      approvals: ['playground:approvals'],
      audit: ['playground:audit'],
      alerts: ['playground:alerts'],
    });
  });

  it.each(providerModules.map((module) => [module.id, module] as const))(
    'that ships with Purser fits the sandbox of %s',
    async (id, module) => {
      const files = { './team.yaml': read('team.example.yaml') };
      const { team } = load({ files, modules: providerModules });
      const sandbox = (await module.loadSandbox())({ clock: createFakeClock() });
      const { settings } = sandbox.connect('http://127.0.0.1:1');
      expect(module.settings.parse(team.providers[id] ?? {})).toEqual(
        module.settings.parse(settings ?? {}),
      );
    },
  );
});
