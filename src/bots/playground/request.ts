// What a page may send, checked before anything is done with it.
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { limits } from './limits.ts';
import type { LineRequest, PressRequest } from './protocol.ts';

/** An answer that is not 2xx; its message is the sentence that the person reads. */
export class Refusal extends UserError {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const short = z.string().max(200);
const lineSchema = z.strictObject({ as: short, channel: short, text: z.string() });
const valuesSchema = z
  .record(short, z.string())
  .refine((values) => Object.keys(values).length <= limits.formValuesMax);
const pressSchema = z.strictObject({
  as: short,
  message: short,
  action: short,
  values: z.exactOptional(valuesSchema),
});
const asSchema = z.object({ as: short });
const completeSchema = z.object({ as: short, line: z.string().max(limits.textLengthMax) });
const streamSchema = z.object({ as: short, after: short.optional() });

export function parseLineRequest(body: unknown): LineRequest {
  const request = parseBody(lineSchema, body);
  const text = request.text.trim();
  if (text === '') throw new Refusal(400, 'There is nothing to send yet: write a line first.');
  if (text.length > limits.textLengthMax) {
    const [length, most] = [text.length, limits.textLengthMax].map((one) => group(one));
    throw new Refusal(413, `This is ${length} characters long; a message can have ${most}.`);
  }
  return { ...request, text };
}

export function parsePressRequest(body: unknown): PressRequest {
  return parseBody(pressSchema, body);
}

/** Who asks, where nothing else is asked for. */
export function parseAsQuery(query: unknown): string {
  return check(asSchema, query).as;
}

export function parseCompleteQuery(query: unknown): z.infer<typeof completeSchema> {
  return check(completeSchema, query);
}

export function parseStreamQuery(query: unknown): z.infer<typeof streamSchema> {
  return check(streamSchema, query);
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  if (!Buffer.isBuffer(body)) throw new Refusal(400, 'This request has no body.');
  let value: unknown;
  try {
    value = parseJson(body.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Refusal(400, 'The body of this request is not JSON.');
  }
  return check(schema, value);
}

function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') || 'body';
  throw new Refusal(400, `This request is not what the playground takes (${path}).`);
}

function group(number: number): string {
  return number.toLocaleString('en');
}
