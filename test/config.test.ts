// What people get wrong in the environment, and what they read then.
import { describe, expect, it } from 'vitest';
import {
  anaAlone,
  findError,
  findProblems,
  goodBank,
  listMistakes,
  load,
  privatePem,
  publicPem,
} from './config/sources.ts';

describe('a configuration', () => {
  it('starts from nothing with the example team, no provider and the defaults', () => {
    expect(load({})).toEqual({
      dataDir: './data',
      logLevel: 'info',
      chats: {},
      playgroundPort: 8080,
      httpHost: '127.0.0.1',
      team: expect.objectContaining({ people: [expect.objectContaining({ id: 'ana' })] }),
      teamFile: '/app/team.example.yaml',
      providers: [],
      secrets: [],
    });
  });

  it('takes variables that are empty or blank as not set', () => {
    const environment = { DATA_DIR: '', LOG_LEVEL: '  ', TILL_CODE: '', SLACK_BOT_TOKEN: '' };
    expect(load({ environment })).toEqual(load({}));
  });

  it('reads what is set', () => {
    const config = load({
      environment: {
        ...goodBank,
        DATA_DIR: '/var/purser',
        LOG_LEVEL: ' debug\n',
        PLAYGROUND_PORT: '0',
        TEAM_FILE: '/etc/team.yaml',
      },
      files: { '/etc/team.yaml': `${anaAlone}providers: { bank: { unit: minor } }\n` },
    });
    expect(config).toMatchObject({
      dataDir: '/var/purser',
      logLevel: 'debug',
      playgroundPort: 0,
      teamFile: '/etc/team.yaml',
      providers: [
        {
          module: { id: 'bank' },
          config: {
            environment: { BANK_LOGIN: 'ana', BANK_BASE_URL: 'http://127.0.0.1:8101' },
            settings: { unit: 'minor', accounts: [] },
          },
        },
      ],
    });
  });

  it('knows which of its values are secret', () => {
    const { secrets } = load({ environment: { ...goodBank, BANK_PUBLIC_KEY: publicPem } });
    expect(secrets).toEqual(['correct horse battery staple', privatePem]);
  });

  it('prefers a team.yaml to the example, and the file named by TEAM_FILE to both', () => {
    const files = { './team.yaml': anaAlone, './other.yaml': anaAlone };
    expect(load({ files }).teamFile).toBe('./team.yaml');
    expect(load({ files, environment: { TEAM_FILE: './other.yaml' } }).teamFile).toBe(
      './other.yaml',
    );
  });

  it('lists every mistake at once, each with its path and a remedy', () => {
    const environment = {
      LOG_LEVEL: 'loud',
      PLAYGROUND_PORT: '80800',
      BANK_BASE_URL: 'http://api.bank.test',
      BANK_PRIVATE_KEY: 'nonsense',
      TILL_CODE: '7',
      TILL_COED: '7',
      SLACK_BOT_TOKEN: 'xoxb-1',
    };
    const files = {
      './team.yaml': [
        'people:',
        '  - { id: ana, name: Ana, roles: [viewer] }',
        '  - { id: ana, name: Ben, roles: [viewer] }',
        'providers:',
        '  bank: { unit: cents }',
        '  tilt: {}',
        'limits:',
        '  - { per: person, window: 24h, currency: usd, amount: 5 }',
      ].join('\n'),
    };
    const error = findError({ environment, files });
    expect(error?.message.split('\n')).toEqual([
      'Purser cannot start: 15 mistakes in the configuration.',
      ...listMistakes({ environment, files }).map((line) => `- ${line}`),
    ]);
    expect(error?.problems.map(({ path }) => path)).toEqual([
      'BANK_BASE_URL',
      'BANK_PRIVATE_KEY',
      'TILL_COED',
      'SLACK_APP_TOKEN',
      './team.yaml:8: limits[0].currency',
      './team.yaml:8: limits[0].amount',
      './team.yaml:3: people[1]',
      './team.yaml:6: providers.tilt',
      'BANK_LOGIN',
      'BANK_SECRET',
      './team.yaml:5: providers.bank.unit',
      'TILL_BASE_URL',
      './team.yaml:4: providers.till.decimals',
      'LOG_LEVEL',
      'PLAYGROUND_PORT',
    ]);
    for (const { problem, remedy } of error?.problems ?? []) {
      expect(problem).toMatch(/^[\p{Lu}“].*[.]$/u);
      expect(remedy).toMatch(/^[\p{Lu}].*[.?]$/u);
    }
  });

  it('says each mistake on one line, whatever a key or a name of a variable is', () => {
    const [key, name] = ['\u001b[2J\n- TEAM_FILE: It is fine.\u202e', 'BANK_X\r\n\u0007'];
    const files = {
      './team.yaml': `people: []\n${JSON.stringify(key)}: 1\n${'y'.repeat(900)}: 1\n`,
    };
    const message = findError({ environment: { [name]: '1' }, files })?.message ?? '';
    expect(message.split('\n')).toHaveLength(5);
    expect(message.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(message.length).toBeLessThan(2000);
  });

  it('says one mistake in the singular', () => {
    expect(findError({ environment: { LOG_LEVEL: 'loud' } })?.message).toBe(
      'Purser cannot start: 1 mistake in the configuration.\n' +
        '- LOG_LEVEL: It is not a level. Use one of debug, info, warn, error, silent.',
    );
  });
});

describe('a provider’s variables', () => {
  it('switch it on, each of them by itself, and the missing ones are named with their help', () => {
    for (const name of Object.keys(goodBank)) {
      const missing = Object.keys(goodBank).filter(
        (one) => one !== name && one !== 'BANK_BASE_URL',
      );
      const environment = { [name]: goodBank[name as keyof typeof goodBank] };
      const paths = findProblems({ environment }).map(({ path }) => path);
      expect(paths).toEqual(name === 'BANK_BASE_URL' ? missing : [...missing, 'BANK_BASE_URL']);
    }
    expect(listMistakes({ environment: { ...goodBank, BANK_LOGIN: ' ' } })).toEqual([
      'BANK_LOGIN: Bank is switched on, but this is not set. Login of the portal.',
    ]);
  });

  it('that are wrong are not called missing too', () => {
    const environment = { ...goodBank, BANK_PRIVATE_KEY: 'nonsense', BANK_SECRET_FILE: '/none' };
    const paths = findProblems({ environment: { ...environment, BANK_SECRET: undefined } });
    expect(paths.map(({ path }) => path)).toEqual(['BANK_SECRET_FILE', 'BANK_PRIVATE_KEY']);
  });

  it('may stand in a file, and are trimmed', () => {
    const { BANK_SECRET, ...others } = goodBank;
    const environment = { ...others, BANK_SECRET_FILE: '/run/secrets/bank' };
    const files = { '/run/secrets/bank': `${BANK_SECRET}\n` };
    const { providers, secrets } = load({ environment, files });
    expect(providers[0]?.config.environment['BANK_SECRET']).toBe(BANK_SECRET);
    expect(secrets).toContain(BANK_SECRET);
  });

  it('are refused when both the value and its file are set', () => {
    const environment = { ...goodBank, BANK_SECRET_FILE: '/run/secrets/bank' };
    const files = { '/run/secrets/bank': 'something else' };
    expect(listMistakes({ environment, files })).toEqual([
      'BANK_SECRET: BANK_SECRET and BANK_SECRET_FILE are both set. Remove one of them.',
    ]);
  });

  it.each([
    [undefined, 'is not there'],
    ['', 'is empty'],
    [' \n', 'is empty'],
    [{ code: 'EISDIR' }, 'is a folder'],
    [{ code: 'EACCES' }, 'may not be read by this user'],
    [{ code: 'ENAMETOOLONG' }, 'cannot be read (ENAMETOOLONG)'],
  ])('say so when their file is %j', (content, problem) => {
    const environment = { ...goodBank, BANK_SECRET: undefined, BANK_SECRET_FILE: '/secret' };
    const files = content === undefined ? {} : { '/secret': content };
    expect(listMistakes({ environment, files })).toEqual([
      `BANK_SECRET_FILE: The file that it names ${problem}. ` +
        'Write the value into a file and its path here, or the value itself into BANK_SECRET.',
    ]);
  });

  it('have no line break inside', () => {
    expect(listMistakes({ environment: { ...goodBank, BANK_SECRET: 'one\ntwo' } })).toEqual([
      'BANK_SECRET: It has a line break. Write it in one line.',
    ]);
  });
});

describe('an address', () => {
  const accepts = (url: string) => {
    const { providers } = load({ environment: { ...goodBank, BANK_BASE_URL: url } });
    return providers[0]?.config.environment['BANK_BASE_URL'];
  };

  it('on loopback may be plain http, and loses its slashes at the end', () => {
    expect(accepts('http://127.0.0.1:8101')).toBe('http://127.0.0.1:8101');
    expect(accepts('http://127.1.2.3/')).toBe('http://127.1.2.3');
    expect(accepts('http://localhost:1/v1//')).toBe('http://localhost:1/v1');
    expect(accepts('http://[::1]:8101/v1/')).toBe('http://[::1]:8101/v1');
    expect(accepts('https://localhost/v1')).toBe('https://localhost/v1');
  });

  it.each([
    ['api.bank.test/v1', 'It is not an address.'],
    ['https://', 'It is not an address.'],
    ['ftp://127.0.0.1', 'It is not https, and plain http is for loopback addresses only.'],
    ['http://api.bank.test', 'It is not https, and plain http is for loopback addresses only.'],
    ['http://127.0.0.1.bank.test', 'It is not https, and plain http is for loopback'],
    ['http://localhost.bank.test', 'It is not https, and plain http is for loopback'],
    ['http://1270.0.0.1', 'It is not'],
    ['https://ana:hunter2@127.0.0.1', 'It carries a user or a password.'],
    ['https://ana@127.0.0.1', 'It carries a user or a password.'],
    ['https://127.0.0.1/v1?key=hunter2', 'It has a query or a fragment.'],
    ['https://127.0.0.1/v1#top', 'It has a query or a fragment.'],
    ['https://127.0.0.1/paynet/paynet', 'Its path says the same thing twice in a row.'],
    ['https://127.0.0.1/paynet/paynet/', 'Its path says the same thing twice in a row.'],
    ['https://127.0.0.1/beyag/beyag/v2', 'Its path says the same thing twice in a row.'],
    ['https://127.0.0.1//paynet', 'Its path has two slashes in a row.'],
  ])('like %s is refused, without repeating it', (url, problem) => {
    const mistakes = listMistakes({ environment: { ...goodBank, BANK_BASE_URL: url } });
    expect(mistakes[0]).toContain(`BANK_BASE_URL: ${problem}`);
    expect(mistakes[0]).toContain('Write an address like https://api.bank.test/v1.');
    expect(mistakes.join()).not.toContain('hunter2');
  });

  it.each(['https://api.bank.test/v1', 'https://127.0.0.1.bank.test', 'https://10.0.0.1'])(
    'outside this machine, %s, is out of the playground’s reach',
    (url) => {
      const environment = { ...goodBank, BANK_BASE_URL: url };
      expect(listMistakes({ environment })).toEqual([
        `BANK_BASE_URL: Without a chat token Purser starts the playground, where anybody at this machine may act, so it does not connect to ${new URL(url).host}. ` +
          'Set BANK_BASE_URL to a loopback address, or remove the Bank variables to use its sandbox.',
      ]);
    },
  );

  it('left to its default is out of the playground’s reach as well', () => {
    const paths = findProblems({ environment: { ...goodBank, BANK_BASE_URL: undefined } });
    expect(paths.map(({ path }) => path)).toEqual(['BANK_BASE_URL']);
  });
});

describe('a variable that this version does not know', () => {
  it.each([
    ['BANK_SERCET', 'Did you mean BANK_SECRET?'],
    ['BANK_PRIVAT_KEY', 'Did you mean BANK_PRIVATE_KEY?'],
    ['BANK_SECRET_FIEL', 'Did you mean BANK_SECRET_FILE?'],
    ['BANK_WEATHER_IN_LIMA', 'Remove it; .env.example lists all.'],
    ['BNAK_BASE_URL', 'Did you mean BANK_BASE_URL?'],
    ['TEAM_FIEL', 'Did you mean TEAM_FILE?'],
    ['PLAYGROUND_PROT', 'Did you mean PLAYGROUND_PORT?'],
    ['SLACK_BOT_TOKN', 'Did you mean SLACK_BOT_TOKEN?'],
    ['DISCORD_BOT_TOKENS', 'Did you mean DISCORD_BOT_TOKEN?'],
    ['SLACK_WEATHER', 'Remove it; .env.example lists all.'],
  ])('because it is misspelt, %s, gets the nearest name', (name, remedy) => {
    expect(listMistakes({ environment: { [name]: 'x' } })).toEqual([
      `${name}: Purser knows no such variable. ${remedy}`,
    ]);
  });

  it('because it belongs to another program is left alone', () => {
    const environment = {
      PATH: '/bin',
      HOME: '/home/ana',
      DATADIR: '/data',
      LOGLEVEL: 'debug',
      HTTPS_PORT: '443',
      DATABASE_URI: 'sqlite:',
      TEMP_FILE: '/tmp/x',
      BANKER: 'ana',
      npm_config_loglevel: 'warn',
    };
    expect(load({ environment })).toEqual(load({}));
  });
});

describe('a port', () => {
  it.each(['-1', '65536', '80a', '1e3', '0x50', '123456', '80.0'])('is not %s', (text) => {
    expect(listMistakes({ environment: { PLAYGROUND_PORT: text } })).toEqual([
      `PLAYGROUND_PORT: It is not a port. Use a number from 0 (any free port) to 65535.`,
    ]);
  });
});
