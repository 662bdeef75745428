// A step as one statement: judged, written and chained inside the server, so that no round trip
// happens while a lock is held, and a replica that stalls in the middle keeps nobody waiting. The
// hash is over the canonical form of src/store/chain.ts, to the byte.

/** SQLSTATEs of our own: class PU belongs to nobody. */
export const sqlStates = { conflict: 'PU001', full: 'PU002' } as const;

// The steps with audit entries take turns at the head of the chain, the only row that all of them
// need; it is locked first, so that none of them waits for another while it holds it. Steps without
// an entry may deadlock over two records: the server ends one of them, and it is tried again.
export const stepFunction = `
CREATE FUNCTION purser_step(
  step_id uuid, now_ms bigint, open_max bigint,
  kinds text[], ids text[], versions bigint[], opens boolean[], keys text[], vals text[],
  entries text[]
) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
  known record;
  owner text;
  last_sequence bigint;
  last_hash text;
  next_hash text;
BEGIN
  -- Whose first try still runs on a lost connection waits here for its end.
  INSERT INTO purser_steps (step) VALUES (step_id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF cardinality(entries) > 0 THEN
    SELECT sequence, hash INTO STRICT last_sequence, last_hash FROM purser_chain FOR UPDATE;
  END IF;

  FOR n IN 1 .. cardinality(ids) LOOP
    SELECT version, is_open INTO known FROM purser_records
    WHERE kind = kinds[n] AND id = ids[n] FOR UPDATE;
    IF coalesce(known.version, 0) <> versions[n] THEN
      RAISE EXCEPTION USING ERRCODE = '${sqlStates.conflict}', MESSAGE = format(
        '%s %s is at version %s, not %s: it was changed in between.',
        kinds[n], ids[n], coalesce(known.version, 0), versions[n]);
    END IF;
    SELECT id INTO owner FROM purser_records
    WHERE kind = kinds[n] AND key = keys[n] AND id <> ids[n];
    IF FOUND THEN
      RAISE EXCEPTION USING ERRCODE = '${sqlStates.conflict}', MESSAGE = format(
        'The key %s belongs to %s %s already.', keys[n], kinds[n], owner);
    END IF;
    IF opens[n] AND NOT coalesce(known.is_open, false) AND (
      SELECT count(*) FROM purser_records WHERE kind = kinds[n] AND is_open
    ) >= open_max THEN
      RAISE EXCEPTION USING ERRCODE = '${sqlStates.full}', MESSAGE = format(
        'There are %s open records of the kind %s already: finish some of them first.',
        open_max, kinds[n]);
    END IF;
    -- Two that insert one record or one key at the same moment are told apart by the indexes.
    IF known.version IS NULL THEN
      INSERT INTO purser_records (kind, id, version, is_open, created_at_ms, key, value)
      VALUES (kinds[n], ids[n], 1, opens[n], now_ms, keys[n], vals[n]);
    ELSE
      UPDATE purser_records
      SET version = versions[n] + 1, is_open = opens[n], key = keys[n], value = vals[n]
      WHERE kind = kinds[n] AND id = ids[n];
    END IF;
  END LOOP;

  FOR n IN 1 .. cardinality(entries) LOOP
    last_sequence := last_sequence + 1;
    next_hash := encode(sha256(convert_to(
      '{"atMs":' || now_ms || ',"facts":' || entries[n] ||
      ',"previousHash":"' || last_hash || '","sequence":' || last_sequence || '}', 'UTF8')), 'hex');
    INSERT INTO purser_audit (sequence, at_ms, facts, previous_hash, hash)
    VALUES (last_sequence, now_ms, entries[n], last_hash, next_hash);
    last_hash := next_hash;
  END LOOP;
  IF cardinality(entries) > 0 THEN
    UPDATE purser_chain SET sequence = last_sequence, hash = last_hash;
  END IF;
END
$function$;
`;
