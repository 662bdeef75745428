// What the database looks like, as steps up from nothing. A step that was released never changes:
// what comes later is a step of its own. Names stand without a schema: the connection's search_path
// says where they are. Texts that are compared are compared by their bytes (COLLATE "C"), whatever
// language the database sorts in; JSON is text, because jsonb keeps neither a NUL nor half an emoji,
// nor the bytes that a hash was made of.
import { stepFunction } from './step-function.ts';

const tables = `
CREATE TABLE purser_records (
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  is_open boolean NOT NULL,
  created_at_ms bigint NOT NULL,
  key text COLLATE "C",
  value text NOT NULL,
  PRIMARY KEY (kind, id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX purser_records_key ON purser_records (kind, key) WHERE key IS NOT NULL;
CREATE INDEX purser_records_open ON purser_records (kind, created_at_ms, id) WHERE is_open;
CREATE INDEX purser_records_age ON purser_records (kind, created_at_ms DESC, id DESC);

CREATE TABLE purser_audit (
  sequence bigint PRIMARY KEY,
  at_ms bigint NOT NULL,
  facts text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);
CREATE TABLE purser_chain (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  sequence bigint NOT NULL,
  hash text NOT NULL
) WITH (fillfactor = 10);
INSERT INTO purser_chain (sequence, hash) VALUES (0, repeat('0', 64));

-- Which steps were made, for whoever lost the connection before the answer came.
CREATE TABLE purser_steps (
  step uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE purser_readings (
  sequence bigserial PRIMARY KEY,
  at_ms bigint NOT NULL,
  account text COLLATE "C" NOT NULL,
  reading text NOT NULL
);
CREATE INDEX purser_readings_at ON purser_readings (at_ms, sequence);
-- The last one of each account and UTC day: what stays of a day when its readings go.
CREATE TABLE purser_daily (
  day bigint NOT NULL,
  account text COLLATE "C" NOT NULL,
  at_ms bigint NOT NULL,
  sequence bigint NOT NULL,
  reading text NOT NULL,
  PRIMARY KEY (day, account)
);
CREATE INDEX purser_daily_at ON purser_daily (at_ms, sequence);

-- What replicas agree on while one of them lives. A crash of the server empties these two; it ends
-- every session as well, and with the sessions all that stands in them is void.
CREATE TABLE purser_epoch (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO purser_epoch DEFAULT VALUES;
CREATE UNLOGGED TABLE purser_claims (
  name text COLLATE "C" PRIMARY KEY,
  holder integer NOT NULL,
  claim uuid NOT NULL
);
-- A dump has the rows of an unlogged table too. Restored, they would vouch for payouts that were sent
-- since: so each row names the file that it was written into, which is another one then.
CREATE UNLOGGED TABLE purser_memory (
  name text COLLATE "C" PRIMARY KEY,
  epoch uuid NOT NULL,
  file oid NOT NULL,
  until_ms bigint NOT NULL,
  token uuid NOT NULL,
  value text NOT NULL
);
`;

const appendFunction = `
CREATE FUNCTION purser_append(step_id uuid, times bigint[], accounts text[], texts text[])
RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  -- For this transaction: nobody waits for the disk because of a reading.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO purser_steps (step) VALUES (step_id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  WITH added AS (
    INSERT INTO purser_readings (at_ms, account, reading)
    SELECT one.at_ms, one.account, one.reading
    FROM unnest(times, accounts, texts) WITH ORDINALITY AS one (at_ms, account, reading, place)
    ORDER BY one.place
    RETURNING sequence, at_ms, account, reading
  )
  INSERT INTO purser_daily AS known (day, account, at_ms, sequence, reading)
  SELECT DISTINCT ON (at_ms / 86400000, account)
    at_ms / 86400000, account, at_ms, sequence, reading
  FROM added
  ORDER BY at_ms / 86400000, account, at_ms DESC, sequence DESC
  ON CONFLICT (day, account) DO UPDATE
    SET at_ms = excluded.at_ms, sequence = excluded.sequence, reading = excluded.reading
    WHERE (excluded.at_ms, excluded.sequence) > (known.at_ms, known.sequence);
END
$function$;
`;

// A claim is free when its holder's lock is gone. What another replica is about to take over is
// passed by, not waited for. The last statement sees what an earlier try of this very claim took,
// whose answer was lost.
const claimFunction = `
CREATE FUNCTION purser_claim(place oid, own_holder integer, own_claim uuid, wanted text[])
RETURNS SETOF text LANGUAGE plpgsql AS $function$
BEGIN
  WITH alive AS MATERIALIZED (
    SELECT objid::bigint AS holder FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = place
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ), left_behind AS (
    SELECT name FROM purser_claims
    WHERE name = ANY (wanted) AND holder NOT IN (SELECT holder FROM alive)
    ORDER BY name
    FOR UPDATE SKIP LOCKED
  )
  UPDATE purser_claims SET holder = own_holder, claim = own_claim
  FROM left_behind WHERE purser_claims.name = left_behind.name;
  INSERT INTO purser_claims (name, holder, claim)
  SELECT DISTINCT one, own_holder, own_claim FROM unnest(wanted) AS one ORDER BY one
  ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT name FROM purser_claims WHERE name = ANY (wanted) AND claim = own_claim;
END
$function$;
`;

/** The first one makes schema 1, and so on. */
export const migrations: readonly string[] = [
  [tables, stepFunction, appendFunction, claimFunction].join('\n'),
];
