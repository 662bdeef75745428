// JSON from outside. Numbers keep their source text, because 99999999999999999.99 read as a float
// is somebody else's balance. https://github.com/josdejong/lossless-json
import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { z } from 'zod';

/**
 * Throws `SyntaxError` with the position, never with the text: it may hold an account number.
 * Numbers become `LosslessNumber`. A name that is there twice with two values is refused.
 */
export function parseJson(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('JSON is nested too deeply');
    if (!(error instanceof SyntaxError)) throw error;
    // The library quotes what it met: the digits of an amount, the name of a field.
    const at = /at position \d+$/.exec(error.message)?.[0] ?? 'somewhere';
    throw new SyntaxError(`not valid JSON ${at}`);
  }
}

/** Compact JSON; a `LosslessNumber` is written with exactly its digits. */
export function toJson(value: unknown): string {
  const text = stringify(value, (_name, item) => {
    // JSON.stringify would write null, which on a wire is another statement.
    if (typeof item === 'number' && !Number.isFinite(item)) throw new TypeError(`${item} in JSON`);
    return item;
  });
  if (text === undefined) throw new TypeError('not representable as JSON');
  return text;
}

/** A JSON number whose digits are written as given, for wires that want exact major units. */
export function jsonNumber(decimalText: string): LosslessNumber {
  return new LosslessNumber(decimalText);
}

const losslessNumber = z.custom<LosslessNumber>(isLosslessNumber, 'expected a number');

/** A JSON number, as its source text. */
export const wireNumberText = losslessNumber.transform((number) => number.toString());

/** A JSON string or number, as text: providers change their mind about which it is. */
export const wireText = z.union([z.string(), wireNumberText]);

/** `true`, `"true"`: Alignet answers booleans as strings. */
export const wireBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);
