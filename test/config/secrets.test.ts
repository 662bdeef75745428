// What a configuration holds that nobody may read.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bank, findError, privatePem } from './sources.ts';

describe('a secret', () => {
  const variables = bank.environment.filter(
    ({ kind }) => kind === 'secret' || kind === 'private_key',
  );
  const places = fc.constantFrom(
    ...variables.flatMap(({ name }) => [name, `${name}_FILE`]),
    'BANK_BASE_URL_FILE',
    'SLACK_BOT_TOKEN',
    'DATABASE_URL',
    // Where a line that slipped by one puts it.
    'LOG_LEVEL',
    'PLAYGROUND_PORT',
    'HTTP_PORT',
    'HTTP_HOST',
    'TEAM_FILE',
    'BANK_SERCET',
    'TILL_NOTHING',
  );
  // Long and random enough that no sentence of ours holds it by chance.
  const secrets = fc
    .tuple(fc.uuid(), fc.string({ unit: 'binary', maxLength: 30 }))
    .chain(([id, noise]) =>
      fc
        .constantFrom(
          id,
          `${id}\n${noise}`,
          `-----BEGIN PRIVATE KEY-----\n${id}\n-----END PRIVATE KEY-----`,
          `https://user:${id}@bank.test`,
          `${id}\\n${noise}`,
          privatePem.replace(/[A-Za-z]{8}/, `${id}${noise}`),
        )
        .map((text) => ({ id, text })),
    );

  it('stands in no message, wherever it was put and however it is broken', () => {
    let messages = 0;
    fc.assert(
      fc.property(places, secrets, fc.boolean(), (name, { id, text }, isInFile) => {
        const environment = isInFile ? { [`${name}_FILE`]: '/f' } : { [name]: text };
        const error = findError({
          environment: { BANK_BASE_URL: 'http://127.0.0.1', ...environment },
          files: { '/f': text },
        });
        messages += 1;
        expect(error?.message).toContain('Purser cannot start');
        expect(JSON.stringify(error)).not.toContain(id);
        expect(`${error?.message}${error?.stack}${String(error?.cause)}`).not.toContain(id);
      }),
      { numRuns: 500 },
    );
    expect(messages).toBe(500);
  });
});
