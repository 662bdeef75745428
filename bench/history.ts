// A database with a past: one payout that was really made, as often as wanted, under other ids, each
// with its card and with its entries in the audit log, whose chain is whole. It is written inside the
// server, because real steps would take an hour; and left as it would be a minute later, when the
// server has cleaned up after it.
import { createHash } from 'node:crypto';
import pg from 'pg';
import { canonicalJson } from '../src/store/index.ts';
import type { AuditFacts, StoredRecord } from '../src/store/types.ts';
import type { TestDatabase } from '../test/store/test-database.ts';

/** A payout as it is when it is over, and all that was written about it. */
export interface Sample {
  readonly record: StoredRecord;
  readonly entries: readonly AuditFacts[];
}

/** Ids come by chance, so they stand in no order. */
export function idOf(n: number): string {
  return `P${createHash('md5').update(String(n)).digest('hex').slice(0, 12).toUpperCase()}`;
}

export function keyOf(id: string): string {
  return `${id}REF`;
}

const yearsMs = 3 * 365 * 86_400_000;
const chunkMax = 100_000;

/** Adds the payouts of these numbers, of which there will be a million: the last ones are the newest. */
export async function fill(
  database: TestDatabase,
  sample: Sample,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<void> {
  const clients = [1, 2].map(() => new pg.Client({ connectionString: database.url }));
  const [one, other] = clients as [pg.Client, pg.Client];
  await Promise.all(clients.map((client) => client.connect()));
  try {
    await one.query(functionsOf(sample));
    const insert = async (client: pg.Client, text: string) => {
      await client.query('SET synchronous_commit = off');
      for (let from = first; from <= last; from += chunkMax) {
        const to = Math.min(from + chunkMax - 1, last);
        await client.query(text.replace('FROM_TO', `${from}, ${to}`));
      }
    };
    await Promise.all([insert(one, insertRecords), insert(other, insertEntries)]);
    await one.query('DROP FUNCTION bench_own, bench_entries, bench_id, bench_at');
    await one.query('VACUUM (ANALYZE)');
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  await database.query('CHECKPOINT');
}

const insertRecords = `
  INSERT INTO purser_records (kind, id, version, is_open, created_at_ms, key, value)
  SELECT one.* FROM generate_series(FROM_TO) AS n, LATERAL (VALUES
    ('payout', bench_id(n), 6, false, bench_at(n), bench_id(n) || 'REF', bench_own(n)),
    ('post', bench_id(n) || ' slack:C01', 4, false, bench_at(n), NULL, jsonb_build_object(
      'id', bench_id(n) || ' slack:C01', 'channel', 'slack:C01', 'message', '1795753266.923109',
      'isOver', true, 'said', encode(sha256(bench_id(n)::bytea), 'hex'))::text)
  ) AS one`;

const insertEntries = 'INSERT INTO purser_audit SELECT * FROM bench_entries(FROM_TO)';

function functionsOf({ record, entries }: Sample): string {
  const own = (text: string) =>
    `replace(replace(${text}, ${pg.escapeLiteral(record.key ?? '')}, bench_id(n) || 'REF'),
      ${pg.escapeLiteral(record.id)}, bench_id(n))`;
  const facts = entries.map((one) => pg.escapeLiteral(canonicalJson(one)));
  return `
CREATE FUNCTION bench_id(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT 'P' || upper(substr(md5(n::text), 1, 12)) $$;
CREATE FUNCTION bench_at(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
  $$ SELECT ${record.createdAtMs - 30 * 86_400_000 - yearsMs} + n * ${yearsMs / 1_000_000} $$;
CREATE FUNCTION bench_own(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $own$ SELECT ${own(pg.escapeLiteral(canonicalJson(record.value)))} $own$;
CREATE FUNCTION bench_entries(first bigint, last bigint) RETURNS SETOF purser_audit
LANGUAGE plpgsql AS $function$
DECLARE
  entry purser_audit;
  one text;
BEGIN
  SELECT sequence, hash INTO STRICT entry.sequence, entry.hash FROM purser_chain FOR UPDATE;
  FOR n IN first .. last LOOP
    entry.at_ms := bench_at(n);
    FOREACH one IN ARRAY ARRAY[${facts.join(', ')}] LOOP
      entry.sequence := entry.sequence + 1;
      entry.facts := ${own('one')};
      entry.previous_hash := entry.hash;
      entry.hash := encode(sha256(convert_to(
        '{"atMs":' || entry.at_ms || ',"facts":' || entry.facts || ',"previousHash":"' ||
        entry.previous_hash || '","sequence":' || entry.sequence || '}', 'UTF8')), 'hex');
      RETURN NEXT entry;
    END LOOP;
  END LOOP;
  UPDATE purser_chain SET sequence = entry.sequence, hash = entry.hash;
END
$function$`;
}
