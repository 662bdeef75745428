// A line of closed.jsonl: `{"head":{…},"sha256":"…","value":…}`. The head comes first and is flat, so
// that 100,000 lines are indexed at load without parsing a single value; the checksum is over the
// bytes of head and value as they stand, and is proved at load and whenever somebody reads the record.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../chain.ts';
import type { Json, StoredRecord } from '../types.ts';
import { schemaNow } from './state.ts';

const headSchema = z.strictObject({
  kind: z.string(),
  id: z.string(),
  version: z.int().min(1),
  createdAtMs: z.number(),
  key: z.string().exactOptional(),
  schema: z.int().max(schemaNow),
});

export type ClosedHead = Omit<z.infer<typeof headSchema>, 'schema'>;

const start = Buffer.from('{"head":');
/** A raw quote cannot stand inside a string, so the first of these ends the head. */
const middle = Buffer.from(',"sha256":"');
const valueName = Buffer.from('","value":');
const hashLength = 64;

/** With its line feed. */
export function encodeClosed(record: StoredRecord): string {
  const { isOpen: _, value, ...rest } = record;
  const head = canonicalJson({ ...rest, schema: schemaNow });
  const text = canonicalJson(value);
  const hash = hashOf(Buffer.from(head), Buffer.from(text));
  return `${start}${head}${middle}${hash}${valueName}${text}}\n`;
}

/** Throws when a byte was changed, what JSON and zod throw, and an error for what is no such line. */
export function decodeHead(line: Buffer): ClosedHead {
  return parseHead(split(line).head);
}

/** Throws what `decodeHead` throws. */
export function decodeClosed(line: Buffer): StoredRecord {
  const { head, value } = split(line);
  const json: Json = JSON.parse(value.toString('utf8'));
  return { ...parseHead(head), isOpen: false, value: json };
}

function parseHead(bytes: Buffer): ClosedHead {
  const { schema: _, ...head } = headSchema.parse(JSON.parse(bytes.toString('utf8')));
  return head;
}

function split(line: Buffer): { head: Buffer; value: Buffer } {
  const headEnd = line.indexOf(middle);
  const hashStart = headEnd + middle.length;
  const hashEnd = hashStart + hashLength;
  const valueStart = hashEnd + valueName.length;
  const isLine =
    headEnd > 0 &&
    line.subarray(0, start.length).equals(start) &&
    line.subarray(hashEnd, valueStart).equals(valueName) &&
    line.subarray(-1).toString() === '}';
  if (!isLine) throw new Error('not a line of closed records');
  const head = line.subarray(start.length, headEnd);
  const value = line.subarray(valueStart, -1);
  if (hashOf(head, value) !== line.toString('latin1', hashStart, hashEnd)) {
    throw new Error('the checksum does not match');
  }
  return { head, value };
}

function hashOf(head: Buffer, value: Buffer): string {
  return createHash('sha256').update(head).update('\n').update(value).digest('hex');
}
