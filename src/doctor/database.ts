// The database behind `DATABASE_URL`: whether it can be reached and written, is of a version that fits,
// keeps sessions as replicas need them, has room for them, and who of them lives.

import { resolve } from 'node:path';
import type { Finding } from '../bots/types.ts';
import type { Clock } from '../clock.ts';
import { StoreError } from '../errors.ts';
import type { Log } from '../log.ts';
import {
  type DatabaseFacts,
  type DatabaseLook,
  examineDatabase,
  lookIntoFolder,
} from '../store/index.ts';
import { blind, type DataLook } from './data.ts';
import { fine, problem, warning } from './findings.ts';

const what = 'DATABASE_URL';
const why = 'the database must be right first';

export interface DatabaseDeps {
  readonly clock: Clock;
  readonly log: Log;
}

export interface Places {
  readonly url: string;
  /** Not used beside a database, unless somebody forgot what is in it. */
  readonly dataDir: string;
}

/** Calls `use` with what it found while it may be asked further. */
export async function lookAtDatabase<T>(
  { url, dataDir }: Places,
  deps: DatabaseDeps,
  use: (look: DataLook) => Promise<T>,
): Promise<T> {
  let look: DatabaseLook;
  try {
    look = await examineDatabase({ url, ...deps });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return await use(blind(problem(what, error.message), why));
  }
  try {
    const judged = judge(look);
    const left = (await isEmpty(look)) ? await findLeftBooks(dataDir, deps.log) : [];
    return await use({ ...judged, findings: [...judged.findings, ...left] });
  } finally {
    await look.close();
  }
}

async function isEmpty({ facts, books }: DatabaseLook): Promise<boolean> {
  if (books === undefined) return facts.schema === 0;
  try {
    for await (const _entry of books.readAudit()) return false;
    return true;
  } catch {
    // What is wrong with them is told by whoever reads them to the end.
    return false;
  }
}

/** Payouts that were sent from there would look as if they had never been. */
async function findLeftBooks(dataDir: string, log: Log): Promise<Finding[]> {
  // Moved, damaged or not there: whatever it is, nobody starts from it by oversight.
  const look = await lookIntoFolder({ dataDir, log }).catch(() => undefined);
  if (look?.books === undefined) return [];
  const text = `The database is empty, and ${resolve(dataDir)} has the books of a Purser: stop it and move them with “npm run store -- copy”, or payouts that are open there are lost from sight.`;
  return [warning('DATA_DIR', text)];
}

function judge({ facts, books }: DatabaseLook): DataLook {
  const findings = judgeDatabase(facts);
  const hasPurser = facts.replicas > 0;
  const [cause] = findings;
  const isUsable = findings.length > 1;
  if (cause !== undefined && !isUsable) return { ...blind(cause, why), hasPurser };
  return { findings, books, hasPurser };
}

/** One where it cannot be used as it is. */
export function judgeDatabase(facts: DatabaseFacts): Finding[] {
  const cause = findCause(facts);
  if (cause !== undefined) return [cause];
  return [describeServer(facts), judgeConnections(facts), describeReplicas(facts)];
}

const versionMin = 130_000;

/** What keeps Purser from starting, or its replicas from knowing each other: the first is said. */
function findCause(facts: DatabaseFacts): Finding | undefined {
  const { host, version, schema, schemaKnown } = facts;
  const say = (text: string) => problem(what, text);
  if (facts.versionNumber < versionMin) {
    return say(`PostgreSQL at ${host} is ${version}, and Purser needs 13 or newer: upgrade it.`);
  }
  if (facts.encoding !== 'UTF8') {
    return say(
      `The database is in ${facts.encoding}, which cannot keep every name: create one with ENCODING 'UTF8'.`,
    );
  }
  if (facts.schemaName === undefined) {
    return say(
      'No schema of the search_path exists: create it with CREATE SCHEMA, or correct the options of DATABASE_URL.',
    );
  }
  if (facts.isReadOnly) {
    return say(
      `PostgreSQL at ${host} only reads: it is a standby, or was told so. Set DATABASE_URL to the server that takes writes.`,
    );
  }
  if (schema > schemaKnown) {
    return say(
      `The database was made by a newer Purser (schema ${schema}; this one knows ${schemaKnown}). Start that version again: this one would lose what it does not know.`,
    );
  }
  if (schema < schemaKnown && !facts.mayCreate) {
    return say(
      `Its user may make no tables in the schema ${facts.schemaName}: let them own it with ALTER SCHEMA … OWNER TO ….`,
    );
  }
  if (!facts.mayWrite) {
    return say('Its user may not write into Purser’s tables: use the user that made them.');
  }
  if (!facts.keepsSessions) {
    return say(
      'It leads to a pooler in transaction mode, in which replicas lose the locks by which they know each other. Set it to the server itself, or the pooler to session mode.',
    );
  }
  return undefined;
}

/** A step asks a few times, one after the other. */
const answersInMaxMs = 50;

function describeServer(facts: DatabaseFacts): Finding {
  const { host, version, schema, schemaKnown, answersInMs } = facts;
  const server = `PostgreSQL ${version} at ${host}`;
  const isInClear = !facts.isEncrypted && !isHere(host);
  if (isInClear && !isNeighbour(host)) {
    const text = `The connection to ${server} is not encrypted: let the server have a certificate, then add ?sslmode=verify-full.`;
    return warning(what, text);
  }
  if (answersInMs > answersInMaxMs) {
    const text = `${server} answers in ${Math.round(answersInMs)} ms, and each step of a payout waits for it: run Purser nearer to it.`;
    return warning(what, text);
  }
  const state =
    schema === schemaKnown
      ? `schema ${schema}`
      : schema === 0
        ? 'its tables are made at the first start'
        : `schema ${schema} is brought to ${schemaKnown} at the next start`;
  const clear = isInClear ? '; not encrypted, as only a network of its own may be' : '';
  return fine(what, `${server} answers in ${Math.round(answersInMs)} ms; ${state}${clear}.`);
}

function isHere(host: string): boolean {
  return /^(\/|%2f|localhost:|127\.|\[::1\])/i.test(host);
}

/** A name of one word, as containers have in a network of their own: that of compose.yaml has no TLS. */
function isNeighbour(host: string): boolean {
  return /^[a-z0-9_-]+(:\d+)?$/i.test(host) && !/^\d+(:|$)/.test(host);
}

/** Ten for work and one that shows that it lives. */
const connectionsOfReplica = 11;

function judgeConnections(facts: DatabaseFacts): Finding {
  const { connectionsMax, connectionsUsed, replicas } = facts;
  const needed = Math.max(replicas, 1) * connectionsOfReplica;
  const about = `${connectionsMax} at most, of which ${connectionsUsed} are used`;
  const label = 'Connections';
  if (connectionsMax < needed) {
    const who = replicas > 1 ? `${replicas} replicas may need` : 'one Purser may need';
    const text = `${about}, and ${who} ${needed}: raise max_connections, or the limit of the user or the database.`;
    return problem(label, text);
  }
  if (connectionsMax - connectionsUsed < connectionsOfReplica) {
    const text = `${about}: the next replica may need ${connectionsOfReplica}, and waits or fails. Raise max_connections.`;
    return warning(label, text);
  }
  return fine(label, `${about}.`);
}

function describeReplicas({ replicas, hasFirst }: DatabaseFacts): Finding {
  const label = 'Replicas';
  if (replicas === 0) return fine(label, 'None is running now.');
  const alive = replicas === 1 ? 'One is running' : `${replicas} are running`;
  if (hasFirst) return fine(label, `${alive}, and one of them is the first.`);
  const text = `${alive}, and none is the first: nobody follows up payouts or posts digests. Look again in a few seconds, then at their logs.`;
  return warning(label, text);
}
