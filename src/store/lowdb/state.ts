// open.json: the open work, and what the last step added to the append-only files, in case it never
// got there. Its checksum finds a changed byte, because an amount altered by hand would still be
// JSON. An older schema is brought up by pure functions; a newer one is refused.
import { z } from 'zod';
import { StoreError } from '../../errors.ts';
import { type ChainHead, chainStart, sha256 } from '../chain.ts';
import type { Json, StoredRecord } from '../types.ts';

export const schemaNow = 1;

export interface OpenState {
  readonly records: readonly StoredRecord[];
  /** The last audit entry, a pending one included. */
  readonly audit: ChainHead;
  /** How much of each file was durable before the pending lines. */
  readonly bytes: { readonly audit: number; readonly closed: number };
  /** Lines of the last step, each with its line feed: perhaps in the files, perhaps not. */
  readonly pending: { readonly audit: string; readonly closed: string };
}

export const emptyState: OpenState = {
  records: [],
  audit: chainStart,
  bytes: { audit: 0, closed: 0 },
  pending: { audit: '', closed: '' },
};

/** One step up in the schema; `from` is the number that it takes. */
export interface Migration {
  readonly from: number;
  migrate(state: Json): Json;
}

const jsonSchema = z.custom<Json>((value) => value !== undefined, 'expected a value');
const countSchema = z.int().min(0);

const recordSchema = z.object({
  kind: z.string(),
  id: z.string(),
  version: z.int().min(1),
  isOpen: z.boolean(),
  createdAtMs: z.number(),
  key: z.string().exactOptional(),
  value: jsonSchema,
});

const stateSchema = z.object({
  records: z.array(recordSchema),
  audit: z.object({ sequence: countSchema, hash: z.string() }),
  bytes: z.object({ audit: countSchema, closed: countSchema }),
  pending: z.object({ audit: z.string(), closed: z.string() }),
});

const envelopeSchema = z.object({ schema: z.int(), sha256: z.string(), state: jsonSchema });
const versionSchema = z.object({ schema: z.int() });

export function encodeState(state: OpenState): Buffer {
  const text = JSON.stringify(state);
  return Buffer.from(`{"schema":${schemaNow},"sha256":"${sha256(text)}","state":${text}}\n`);
}

export interface DecodedState {
  readonly state: OpenState;
  /** The schema that the file was written in. */
  readonly schema: number;
}

/** Throws `StoreError` for a newer schema, and any other error for what is wrong with the text. */
export function decodeState(bytes: Buffer, migrations: readonly Migration[]): DecodedState {
  const json: unknown = JSON.parse(bytes.toString('utf8'));
  const { schema } = versionSchema.parse(json);
  if (schema > schemaNow) {
    throw new StoreError(
      `open.json was written by a newer Purser (schema ${schema}; this one knows ${schemaNow}). Start that version again: this one would lose what it does not know.`,
    );
  }
  const { state, sha256: expected } = envelopeSchema.parse(json);
  // V8 writes back what it has read byte for byte, but for whitespace, which says nothing.
  if (sha256(JSON.stringify(state)) !== expected) throw new Error('its checksum does not match');
  return { state: stateSchema.parse(migrateState(state, schema, migrations)), schema };
}

function migrateState(state: Json, schema: number, migrations: readonly Migration[]): Json {
  let migrated = state;
  for (let from = schema; from < schemaNow; from += 1) {
    const step = migrations.find((migration) => migration.from === from);
    if (step === undefined) throw new Error(`its schema ${from} is not known`);
    migrated = step.migrate(migrated);
  }
  return migrated;
}
