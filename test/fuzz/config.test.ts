// The border to whoever sets Purser up: any team file and any environment give a Config, or a list
// of mistakes of which each says where it is and what to do; in bounded time, and never with a secret.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  discordVariables,
  generalVariables,
  loadConfig,
  slackVariables,
} from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { providerModules } from '../../src/providers/registry.ts';
import { anaAlone, privatePem, publicPem } from '../config/sources.ts';
import { bend, edits, nastyText } from './bending.ts';
import { borderTimeoutMs, holdBorder } from './border.ts';

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const full = read('test/team/full.yaml');
const example = read('team.example.yaml');
/** Unlike anything that a person writes: where it is seen, it was repeated. */
const planted = 'q7Zt-planted+secret/0Xy9==';
/** Long enough for a machine that does much else, short for an attack on the parser. */
const mostMs = 5_000;

const variables = [
  ...generalVariables,
  ...slackVariables,
  ...discordVariables,
  ...providerModules.flatMap(({ environment }) => environment),
];

const hostileYaml = fc.constantFrom(
  'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\npeople: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n',
  'people: &p\n  - *p\n',
  'people: &p { id: ana, name: *p, roles: [viewer] }\n',
  `people: ${'['.repeat(1500)}${']'.repeat(1500)}\n`,
  `people: ${'{a: '.repeat(500)}1${'}'.repeat(500)}\n`,
  `people:\n${Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth + 1)}- a:`).join('\n')}\n`,
  `people: [${'{id: ana, name: A, roles: [viewer]}, '.repeat(400)}]\n`,
  `x: ${'y'.repeat(200_000)}\n`,
  '__proto__: { people: [] }\nconstructor: 1\n',
  '<<: *nobody\npeople: 1\n',
  'base: &base { people: [] }\n<<: *base\n',
  'people: !!binary aGVsbG8=\n',
  'people: !!js/function "function () { return 1 }"\n',
  '--- {people: []}\n--- {people: []}\n',
  '%YAML 9.9\n---\npeople: []\n',
  'people: []\npeople: []\n',
  '? [a, b]\n: c\n',
  '? { a: 1 }\n: c\n',
  'people: 2026-11-27\nexpiry: 0x1F\n',
  '\ufeffpeople: []\n',
  'null\n',
  '- 1\n',
  '"\\u0000": 1\n',
  'people: [\u0000]\n',
  'thresholds: [{ provider: p, currency: USD, warning: "1e99" }]\n',
);

/** The parts of a team file, each from its key on; without people there is no team. */
const parts = full.replace(/^#.*\n/gm, '').split(/^(?=[a-z]+:)/m);
const shortTeam = fc
  .subarray(parts, { maxLength: 4 })
  .map((some) => [...new Set([...parts.slice(1, 2), ...some])].join(''));

const text = fc.oneof(
  { weight: 30, arbitrary: fc.tuple(shortTeam, edits).map(([team, all]) => bend(team, all)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant(full), edits).map(([one, all]) => bend(one, all)) },
  { weight: 1, arbitrary: edits.map((all) => bend(example, all)) },
  { weight: 2, arbitrary: hostileYaml },
  { weight: 2, arbitrary: fc.tuple(hostileYaml, edits).map(([one, all]) => bend(one, all)) },
  { weight: 6, arbitrary: nastyText },
  {
    weight: 4,
    arbitrary: fc
      .record({ people: fc.anything(), channels: fc.anything(), limits: fc.anything() })
      .map((value) => {
        try {
          return stringify(value);
        } catch {
          return 'people: 1';
        }
      }),
  },
);

const value = fc.oneof(
  fc.constantFrom(
    ...[
      planted,
      privatePem,
      publicPem,
      '',
      ' ',
      'true',
      '8080',
      '-1',
      '99999',
      '127.0.0.1',
      '[::1]',
    ],
    ...['https://api.example.com', 'http://example.com', `https://user:${planted}@example.com`],
    ...[
      'http://127.0.0.1:1',
      'https://a//b',
      'https://a/b/b',
      'file:///etc/passwd',
      'https://x?y=1',
    ],
    ...['javascript:alert(1)', 'https://\u0000', 'http://127.0.0.1.evil.example', `${planted}\n`],
    ...[`xoxb-${planted}`, `xapp-${planted}`, '100000000000000001', `-----BEGIN ${planted}-----`],
  ),
  edits.map((all) => bend(privatePem, all)),
  nastyText,
);
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...variables.map((one) => one.name)) },
  { weight: 2, arbitrary: fc.constantFrom(...variables.map((one) => `${one.name}_FILE`)) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'SLACK_', 'TEAM_FILE') },
  { weight: 1, arbitrary: nastyText },
);
const environment = fc
  .array(fc.tuple(name, value), { maxLength: 12 })
  .map((pairs) => Object.fromEntries(pairs));

const input = fc.oneof(
  fc.record({ text: fc.constantFrom(anaAlone, parts.join('')), environment, file: value }),
  fc.record({ text, environment: fc.constant({}), file: fc.constant('') }),
  fc.record({ text: shortTeam, environment, file: value }),
);
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

it(
  'any team file and any environment are a configuration or a list of mistakes',
  (test) =>
    holdBorder(
      {
        name: 'team file and environment',
        inputs: 2_000,
        input,
        perWorld: 20,
        reaches: ['a configuration', 'mistakes'],
        open: async () => ({ judge, close: async () => {} }),
      },
      test,
    ),
  borderTimeoutMs,
);

async function judge({ text: team, environment: given, file }: Input): Promise<string> {
  const startedAt = performance.now();
  try {
    const config = loadConfig({
      environment: given,
      exampleTeamFile: 'example.yaml',
      modules: providerModules,
      readFile: (path) =>
        path.endsWith('.yaml') ? team : path.includes(planted) ? undefined : file,
    });
    expect(config.team.people.length).toBeGreaterThan(0);
    return 'a configuration';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { path, problem, remedy } of error.problems) {
      expect(path).not.toBe('');
      expect(problem).toMatch(/\S/);
      expect(remedy).toMatch(/\S/);
    }
    // Not `toContain`, which would search as slowly and print as much.
    const said = `${error.message} ${error.stack}`;
    expect(said.includes(planted), 'a secret is repeated').toBe(false);
    const isOneLine = error.message.split('\n').length === error.problems.length + 1;
    expect(isOneLine, 'each mistake stands on one line').toBe(true);
    expect(said.replaceAll('\n', ''), 'nothing steers a terminal').not.toMatch(/\p{Cc}/u);
    return 'mistakes';
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(mostMs);
  }
}
