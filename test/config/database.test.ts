// The address of a PostgreSQL: what is taken, what is refused, and that no log line carries it.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { anaAlone, findProblems, goodBank, listMistakes, load } from './sources.ts';

const withUrl = (DATABASE_URL: string) => ({ environment: { ...goodBank, DATABASE_URL } });

describe('DATABASE_URL', () => {
  it.each([
    'postgres://purser:hunter2@db.example.com/purser',
    'postgresql://purser:hunter2@127.0.0.1:5432/purser?sslmode=verify-full&application_name=a',
    'postgresql://purser@[::1]:5432/purser',
    'postgres://db.example.com/purser',
    'postgresql:///purser?host=/var/run/postgresql&user=purser',
  ])('like %s is kept as it is', (url) => {
    expect(load(withUrl(url)).databaseUrl).toBe(url);
  });

  it('is not there where nothing is set, and files are used', () => {
    expect(load({ environment: goodBank })).not.toHaveProperty('databaseUrl');
    expect(load(withUrl(' '))).not.toHaveProperty('databaseUrl');
  });

  it('may stand in a file', () => {
    const url = 'postgres://purser:hunter2@db.example.com/purser';
    const environment = { ...goodBank, DATABASE_URL_FILE: '/run/secrets/database' };
    const config = load({ environment, files: { '/run/secrets/database': `${url}\n` } });
    expect(config.databaseUrl).toBe(url);
    expect(config.secrets).toContain(url);
  });

  it.each([
    ['hunter2', 'It is no address of a PostgreSQL.'],
    ['mysql://purser:hunter2@db.example.com/purser', 'It is no address of a PostgreSQL.'],
    ['https://purser:hunter2@db.example.com/purser', 'It is no address of a PostgreSQL.'],
    ['postgres://purser:hunter2@db.example.com:54x2/purser', 'It cannot be taken apart.'],
    ['postgres://purser:hunter2%zz@db.example.com/purser', 'It cannot be taken apart.'],
    ['postgres://purser:hunter2#1@db.example.com/purser', 'It cannot be taken apart.'],
    ['postgres://purser:hunter2/1@db.example.com/purser', 'It cannot be taken apart.'],
    ['postgres:///purser?user=hunter2', 'It names no host.'],
    ['postgres://purser:hunter2@db.example.com', 'It names no database.'],
    ['postgres://purser:hunter2@db.example.com/?sslmode=require', 'It names no database.'],
  ])('like %s is refused, without repeating it', (url, problem) => {
    const mistakes = listMistakes(withUrl(url));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(`DATABASE_URL: ${problem} Write it like postgresql://purser:`);
    expect(mistakes[0]).not.toContain('hunter2');
  });

  it('says how a password is written that has signs of an address in it', () => {
    const [mistake] = listMistakes(withUrl('postgres://purser:p/w@db.example.com/purser'));
    expect(mistake).toContain('In a password write %40 for @, %3A for :, %2F for /');
  });

  it('is not for the playground that has only its own sandboxes, which keeps nothing', () => {
    const environment = { DATABASE_URL: 'postgres://purser:hunter2@db.example.com/purser' };
    expect(listMistakes({ environment })).toEqual([
      'DATABASE_URL: Without a chat token or a provider Purser starts the playground with its own sandboxes, which keeps nothing. ' +
        'Remove DATABASE_URL to start the playground.',
    ]);
    expect(findProblems({ environment: { ...goodBank, ...environment } })).toEqual([]);
  });

  it('stands in no log line: neither whole, nor its password as it is or as it is written', () => {
    const url = 'postgresql://purser:s%40feguarded%2Fword@db.example.com/purser?sslmode=require';
    const { secrets } = load(withUrl(url));
    const destination = new PassThrough();
    const log = createLog({ level: 'info', secrets, destination });
    log.info({ url, plain: 's@feguarded/word', written: 's%40feguarded%2Fword' }, 'connecting');
    const line = String(destination.read());
    expect(line).toContain('[secret]');
    expect(line).not.toContain('feguarded');
  });

  it('gives up the password of its query too, and the whole of an address without one', () => {
    const asked = 'postgres://db.example.com/purser?user=purser&password=hunter%20two';
    expect(load(withUrl(asked)).secrets).toEqual(expect.arrayContaining([asked, 'hunter two']));
    const bare = 'postgres://purser:purser@db.example.com/purser';
    const { secrets } = load(withUrl(bare));
    expect(secrets).toContain(bare);
    expect(secrets).not.toContain('purser');
  });
});

describe('where HTTP_PORT is open', () => {
  const chat = { SLACK_BOT_TOKEN: 'xoxb-1-x', SLACK_APP_TOKEN: 'xapp-1-x' };
  const people = anaAlone.replace('roles', 'slack: { team: T01, user: U01 }, roles');
  const given = (changes: Readonly<Record<string, string>>) => ({
    environment: { ...goodBank, ...chat, ...changes },
    files: { './team.yaml': people },
  });

  it('is this machine alone, or every network where a public address leads to it', () => {
    expect(load(given({ HTTP_PORT: '8082' })).httpHost).toBe('127.0.0.1');
    const open = { HTTP_PORT: '8082', PUBLIC_URL: 'https://purser.example.com' };
    expect(load(given(open)).httpHost).toBe('0.0.0.0');
    expect(load(given({ ...open, HTTP_HOST: '127.0.0.1' })).httpHost).toBe('127.0.0.1');
    expect(load(given({ HTTP_PORT: '8082', HTTP_HOST: '::' })).httpHost).toBe('::');
  });

  it.each(['localhost', '10.0.0', 'http://10.0.0.1', '10.0.0.1:80', '[::1]'])(
    'is not %s',
    (HTTP_HOST) => {
      expect(listMistakes(given({ HTTP_PORT: '8082', HTTP_HOST }))).toEqual([
        `HTTP_HOST: It is not an IP address. ` +
          'Use 127.0.0.1 for this machine alone, 0.0.0.0 for every network it is in, or one of its addresses.',
      ]);
    },
  );

  it('needs the port, and is not for the playground', () => {
    expect(listMistakes(given({ HTTP_HOST: '0.0.0.0' }))).toEqual([
      'HTTP_HOST: HTTP_PORT is not set, so nothing would answer there. Set HTTP_PORT to the port that it leads to.',
    ]);
    const playground = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '8082' };
    expect(findProblems({ environment: playground }).map(({ path }) => path)).toEqual([
      'HTTP_HOST',
    ]);
  });
});
