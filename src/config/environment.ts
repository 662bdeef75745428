// The variables: values, `<NAME>_FILE` files that hold a value, addresses and keys.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { ConfigProblem } from '../errors.ts';
import { logLevels } from '../log.ts';
import { findNearest } from '../nearest.ts';
import type { EnvironmentVariable, ProviderModule } from '../providers/types.ts';
import { discordVariables, slackVariables } from './chats.ts';
import { type FileSources, readText } from './files.ts';

export interface EnvironmentSources extends FileSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly modules: readonly ProviderModule[];
}

export const generalVariables: readonly EnvironmentVariable[] = [
  text('DATA_DIR', './data', 'Where Purser keeps its files, while DATABASE_URL is empty.'),
  {
    name: 'DATABASE_URL',
    kind: 'secret',
    isRequired: false,
    help: 'Instead of files, a PostgreSQL: postgresql://purser:password@db.example.com:5432/purser.',
  },
  text('TEAM_FILE', './team.yaml', 'People, roles, rules and provider accounts.'),
  text('LOG_LEVEL', 'info', `One of ${logLevels.join(', ')}.`),
  text('PLAYGROUND_PORT', '8080', 'The playground’s port on this machine; 0 takes any.'),
  {
    name: 'HTTP_PORT',
    kind: 'text',
    isRequired: false,
    help: 'Where providers report the end of payouts. Empty: nowhere; the playground takes any free port.',
  },
  {
    name: 'HTTP_HOST',
    kind: 'text',
    isRequired: false,
    help: 'The IP address on which HTTP_PORT is open. Empty: 127.0.0.1, or 0.0.0.0 where PUBLIC_URL is set.',
  },
  {
    name: 'PUBLIC_URL',
    kind: 'url',
    isRequired: false,
    help: 'The address at which the internet reaches HTTP_PORT, like https://purser.example.com.',
  },
];

function text(name: string, defaultValue: string, help: string): EnvironmentVariable {
  return { name, kind: 'text', isRequired: false, defaultValue, help };
}

/** Only known names, trimmed, files read, addresses checked, keys as PEM. Empty means not set. */
export function readEnvironment(
  sources: EnvironmentSources,
  problems: ConfigProblem[],
): Record<string, string | undefined> {
  const variables = [
    ...generalVariables,
    ...slackVariables,
    ...discordVariables,
    ...sources.modules.flatMap((module) => module.environment),
  ];
  const values: Record<string, string | undefined> = {};
  for (const variable of variables) {
    const raw = readValue(variable.name, sources, problems);
    if (raw === undefined) continue;
    const value = normalise(variable, raw, problems);
    if (value !== undefined) values[variable.name] = value;
  }
  problems.push(...findMisspelt(sources, variables));
  return values;
}

function readValue(
  name: string,
  sources: EnvironmentSources,
  problems: ConfigProblem[],
): string | undefined {
  const direct = givenText(sources, name);
  // TEAM_FILE names a file by itself; there is no TEAM to be read from it.
  const path = givenText(sources, `${name}_FILE`);
  if (path === undefined) return direct;
  if (direct !== undefined) {
    problems.push({
      path: name,
      problem: `${name} and ${name}_FILE are both set.`,
      remedy: 'Remove one of them.',
    });
    return undefined;
  }
  const file = readText(path, sources);
  const content = 'text' in file ? file.text.trim() : '';
  if (content !== '') return content;
  problems.push({
    path: `${name}_FILE`,
    problem: `The file that it names ${'text' in file ? 'is empty' : file.problem}.`,
    remedy: `Write the value into a file and its path here, or the value itself into ${name}.`,
  });
  return undefined;
}

function givenText({ environment }: EnvironmentSources, name: string): string | undefined {
  const given = environment[name]?.trim();
  return given === '' ? undefined : given;
}

function normalise(
  variable: EnvironmentVariable,
  value: string,
  problems: ConfigProblem[],
): string | undefined {
  switch (variable.kind) {
    case 'url':
      return normaliseUrl(variable, value, problems);
    case 'private_key':
    case 'public_key':
      return normaliseKey(variable, value, problems);
    default:
      if (!/[\r\n]/.test(value)) return value;
      problems.push({
        path: variable.name,
        problem: 'It has a line break.',
        remedy: 'Write it in one line.',
      });
      return undefined;
  }
}

function normaliseUrl(
  variable: EnvironmentVariable,
  value: string,
  problems: ConfigProblem[],
): string | undefined {
  const problem = explainUrl(value);
  if (problem === undefined) return value.replace(/\/+$/, '');
  problems.push({
    path: variable.name,
    problem,
    remedy: `Write an address like ${variable.defaultValue ?? 'https://api.example.com'}.`,
  });
  return undefined;
}

function explainUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return 'It is not an address.';
  const url = new URL(value);
  if (url.username !== '' || url.password !== '') return 'It carries a user or a password.';
  if (url.search !== '' || url.hash !== '') return 'It has a query or a fragment.';
  const segments = url.pathname.replace(/\/+$/, '').split('/').slice(1);
  if (segments.includes('')) return 'Its path has two slashes in a row.';
  const isDoubled = segments.some((segment, index) => index > 0 && segment === segments[index - 1]);
  if (isDoubled) return 'Its path says the same thing twice in a row.';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:' && isLoopback(value)) return undefined;
  return 'It is not https, and plain http is for loopback addresses only.';
}

export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Dashboards hand out bare base64, files hold PEM, and `.env` files hold PEM with `\n` in it. */
function normaliseKey(
  variable: EnvironmentVariable,
  value: string,
  problems: ConfigProblem[],
): string | undefined {
  const isPrivate = variable.kind === 'private_key';
  const unfolded = value.replaceAll('\\n', '\n');
  const asPem = unfolded.includes('-----BEGIN')
    ? [unfolded]
    : (isPrivate ? ['PRIVATE KEY', 'RSA PRIVATE KEY'] : ['PUBLIC KEY', 'RSA PUBLIC KEY']).map(
        (label) => toPem(unfolded, label),
      );
  for (const pem of asPem) {
    try {
      const key = isPrivate ? createPrivateKey(pem) : createPublicKey(pem);
      if (!isPrivate && pem.includes('PRIVATE KEY')) break;
      if (key.asymmetricKeyType !== 'rsa') break;
      if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) break;
      return isPrivate
        ? key.export({ type: 'pkcs8', format: 'pem' }).toString()
        : key.export({ type: 'spki', format: 'pem' }).toString();
    } catch {
      // The next form may fit; what fails in all of them is reported below, without the value.
    }
  }
  problems.push({
    path: variable.name,
    problem: `It is not an RSA ${isPrivate ? 'private' : 'public'} key of at least 2048 bits.`,
    remedy: 'Use PEM, or the bare base64 from the dashboard; in .env write line breaks as \\n.',
  });
  return undefined;
}

function toPem(base64: string, label: string): string {
  const lines = base64.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Other programs have variables that look like these. */
const commonNames: ReadonlySet<string> = new Set([
  'DATA_DIR',
  'LOG_LEVEL',
  'DATABASE_URL',
  'HTTP_PORT',
  'HTTP_HOST',
  'PUBLIC_URL',
]);

/** A misspelt variable would silently leave a provider off or on its production host. */
function findMisspelt(
  sources: EnvironmentSources,
  variables: readonly EnvironmentVariable[],
): ConfigProblem[] {
  const known = new Set(variables.flatMap(({ name }) => [name, `${name}_FILE`]));
  const prefixes = [
    ...sources.modules.map(({ id }) => `${id.toUpperCase()}_`),
    'SLACK_',
    'DISCORD_',
  ];
  const own = [...known].filter((name) => !commonNames.has(name.replace(/_FILE$/, '')));
  return Object.keys(sources.environment).flatMap((name): ConfigProblem[] => {
    if (known.has(name) || givenText(sources, name) === undefined) return [];
    const isOurs = prefixes.some((prefix) => name.startsWith(prefix));
    // The environment is full of other programs' variables: only a slip of the finger is ours.
    const nearest = findNearest(name, own, isOurs ? undefined : slipsMax(name));
    if (!isOurs && nearest === undefined) return [];
    return [
      {
        path: name,
        problem: 'Purser knows no such variable.',
        remedy:
          nearest === undefined ? 'Remove it; .env.example lists all.' : `Did you mean ${nearest}?`,
      },
    ];
  });
}

function slipsMax(name: string): number {
  return name.length >= 12 ? 2 : 1;
}
