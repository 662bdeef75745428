// What stands on the way to PostgreSQL: poolers that take away what Purser rests on, and certificates.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/index.ts';
import { explain, kindOf } from '../../src/store/postgres/failures.ts';
import { startLendingPooler } from '../doctor/lending-pooler.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

async function onDatabase(
  prove: (database: TestDatabase, open: (url: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const database = await openTestDatabase();
  const log = createRecordingLog();
  try {
    await prove(database, (url) => openPostgresStore({ url, clock: createFakeClock(), log }));
    expect(log.text()).not.toContain(new URL(database.url).password);
  } finally {
    await database.stop();
  }
}

it('refuses a pooler in transaction mode, before it makes anything', async () => {
  await onDatabase(async (database, open) => {
    const pooler = await startLendingPooler(Number(new URL(database.url).port));
    try {
      const url = new URL(database.url);
      url.port = String(pooler.port);
      await expect(open(url.href)).rejects.toThrow(/pooler in transaction mode.*session mode/);
      expect(await database.query(`SELECT to_regclass('purser_schema') AS made`)).toEqual([
        { made: null },
      ]);
    } finally {
      await pooler.stop();
    }
  });
});

it('says at once what to do about a pooler that takes no options', async () => {
  // As PgBouncer 1.18 refuses what it does not know, before it asks for a password.
  const fields = ['SFATAL', 'C08P01', 'Munsupported startup parameter: statement_timeout', ''];
  const text = Buffer.from(fields.map((field) => `${field}\0`).join(''));
  const head = Buffer.from([0x45, 0, 0, 0, text.length + 4]);
  const pooler = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(Buffer.concat([head, text])));
  });
  pooler.listen(0, '127.0.0.1');
  await once(pooler, 'listening');
  const { port } = pooler.address() as AddressInfo;
  const clock = createFakeClock();
  const url = `postgres://purser:secret@127.0.0.1:${port}/purser`;
  const opening = openPostgresStore({ url, clock, log: createRecordingLog() });
  await expect(opening).rejects.toThrow('DATABASE_URL leads to a pooler that takes no options.');
  expect(clock.slept).toEqual([]);
  pooler.close();
});

it.each([
  ['synchronous_commit=off', /^A commit is answered before it is on disk/],
  // Whatever a pooler does with options, it does with all of them.
  ['purser.options=', /^A pooler drops the options of DATABASE_URL/],
])('refuses sessions that are not as it asked (%s)', async (setting, says) => {
  await onDatabase(async (database, open) => {
    const url = new URL(database.url);
    const given = url.searchParams.get('options');
    url.searchParams.set('options', `${given} -c${setting}`);
    await expect(open(url.href)).rejects.toThrow(says);
  });
});

it.each([
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'a proxy that says something else'],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'a record that was damaged'],
])('takes %s for a connection that is lost: %s', (code) => {
  expect(kindOf(Object.assign(new Error('tls'), { code }))).toBe('lost');
});

it('says that an earlier try may have been kept, also where the certificate is wrong since', () => {
  const error = Object.assign(new Error('tls'), { code: 'CERT_HAS_EXPIRED' });
  expect(explain(error, { host: 'db:5432' }, true).message).toMatch(/may have been kept\.$/);
});

// Seen with pg 8.23 and PostgreSQL 15 and 18, whose certificate an authority of one's own had signed.
it.each([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])('does not wait for a certificate to get better (%s), and says what to do', (code) => {
  const error = Object.assign(new Error('it is not trusted'), { code });
  expect(kindOf(error)).toBe('final');
  expect(explain(error, { host: 'db:5432' }).message).toBe(
    `The certificate of PostgreSQL at db:5432 cannot be verified (${code}). Name who signed it in DATABASE_URL, ?sslmode=verify-full&sslrootcert=/path/to/ca.crt, and the host as the certificate has it.`,
  );
});
