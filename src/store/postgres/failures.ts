// What a failure of the database means: whether it is worth another try, and what a person reads.
// Errors of the driver go no further than here: they carry rows, and the client with its settings.
// https://www.postgresql.org/docs/18/errcodes-appendix.html (read 2026-11-27)
import pg from 'pg';
import { ConflictError, StoreError, StoreFullError } from '../../errors.ts';
import { sqlStates } from './step-function.ts';

/**
 * - `lost`: the connection is gone or useless; the answer, if any, never came
 * - `collided`: two steps were in each other's way; nothing of this one happened
 * - `final`: an answer
 */
export type FailureKind = 'lost' | 'collided' | 'final';

/** Shutting down, starting up, too many clients, a standby: over when the server has settled. */
const lostCodes = new Set(['57P01', '57P02', '57P03', '57P05', '25006', '53300', '40003']);
const collidedCodes = new Set(['40001', '40P01']);

export function kindOf(error: unknown): FailureKind {
  if (error instanceof StoreError || error instanceof TypeError) return 'final';
  const code = codeOf(error);
  if (isPoolerRefusal(error) || isWithoutTls(error)) return 'final';
  if (error instanceof pg.DatabaseError) {
    if (collidedCodes.has(code)) return 'collided';
    return lostCodes.has(code) || code.startsWith('08') ? 'lost' : 'final';
  }
  // A certificate does not get better by waiting, nor does a file that is named in the URL.
  return isAboutCertificate(code) || isFileError(error) ? 'final' : 'lost';
}

/** The server did not answer at all; no connection has ended. The driver has no code for it. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes (read 2026-11-27) */
function isAboutCertificate(code: string): boolean {
  // Those of the protocol itself are a proxy that says something else, or a record that was damaged.
  return !code.startsWith('ERR_SSL_') && /CERT|SIGNED|^UNABLE_TO_|HOSTNAME_MISMATCH/.test(code);
}

/** The driver has no code for it. */
function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections';
}

/** PgBouncer takes only parameters that it knows, and says so before anybody can ask it anything. */
function isPoolerRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /unsupported startup parameter/.test(error.message);
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'open';
}

const remedies: Readonly<Record<string, string>> = {
  '28P01':
    'PostgreSQL refuses the user or the password of DATABASE_URL. Check both: what stands in an address is percent-encoded.',
  '28000':
    'PostgreSQL does not let this user in from this machine. Check DATABASE_URL and the pg_hba.conf of the server.',
  '3D000': 'The database that DATABASE_URL names does not exist. Create it with createdb.',
  '3F000':
    'The schema that DATABASE_URL names does not exist. Create it with CREATE SCHEMA, for the user of DATABASE_URL.',
  '42501':
    'The user of DATABASE_URL may not do that in its schema. Let them own the schema: ALTER SCHEMA … OWNER TO ….',
  '25006':
    'This PostgreSQL only reads: it is a standby. Set DATABASE_URL to the server that takes writes.',
  '53100': 'The disk of PostgreSQL is full: nothing was changed. Free some space there.',
  '53300': 'PostgreSQL takes no more connections. Raise its max_connections, or stop a replica.',
  '55P03': 'PostgreSQL is busy with another step for too long: nothing was changed. Try again.',
  '57014': 'PostgreSQL took too long: nothing was changed. Try again.',
};

export interface Place {
  /** `db.example:5432`, without user and password. */
  readonly host: string;
}

/** For whoever asked. `isInDoubt`: it was sent once, and nobody knows whether it was done. */
export function explain(error: unknown, { host }: Place, isInDoubt = false): Error {
  if (error instanceof StoreError || error instanceof TypeError) return error;
  const code = codeOf(error);
  if (error instanceof pg.DatabaseError) {
    if (code === sqlStates.conflict) return new ConflictError(error.message);
    if (code === sqlStates.full) return new StoreFullError(error.message);
    const isRecord = error.table === 'purser_records';
    if (code === '23505' && isRecord) {
      return new ConflictError('Somebody else was faster: the record or its key is there already.');
    }
  }
  const cause = describe(error);
  if (kindOf(error) === 'lost' && remedies[code] === undefined) {
    const doubt = isInDoubt
      ? 'It is not certain whether this step was kept. Act as if it was not, and look again before you repeat it.'
      : 'Nothing was changed.';
    return new StoreError(
      `PostgreSQL at ${host} cannot be reached (${code || cause.message}). ${doubt} Ask who runs it to look, then try again.`,
      { cause },
    );
  }
  const remedy =
    explainWay(error, host) ?? remedies[code] ?? `PostgreSQL at ${host} says: ${cause.message}.`;
  return new StoreError(isInDoubt ? `${remedy} An earlier try may have been kept.` : remedy, {
    cause,
  });
}

/** What is wrong on the way to the server, which no waiting mends. */
function explainWay(error: unknown, host: string): string | undefined {
  const code = codeOf(error);
  if (isPoolerRefusal(error)) {
    return 'DATABASE_URL leads to a pooler that takes no options. Set it to the server itself: Purser pools its connections, and its replicas know each other by their sessions.';
  }
  if (isWithoutTls(error)) {
    return `PostgreSQL at ${host} does not support SSL, which DATABASE_URL asks for. Let the server have a certificate, or take sslmode away on a network of its own.`;
  }
  if (isFileError(error)) {
    return `A file that DATABASE_URL names cannot be read: ${describe(error).message}.`;
  }
  if (error instanceof pg.DatabaseError || !isAboutCertificate(code)) return undefined;
  return `The certificate of PostgreSQL at ${host} cannot be verified (${code}). Name who signed it in DATABASE_URL, ?sslmode=verify-full&sslrootcert=/path/to/ca.crt, and the host as the certificate has it.`;
}

/** What a log may have of it: no row, no parameter, no client. */
export function describe(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const [first] = error instanceof AggregateError ? error.errors : [];
  const message = error.message || (first instanceof Error ? first.message : error.name);
  const plain = new Error(message);
  return Object.assign(plain, codeOf(error) === '' ? {} : { code: codeOf(error) });
}
