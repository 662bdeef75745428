// The variables: values, `<NAME>_FILE` files that hold a value, addresses and keys.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { ConfigProblem } from '../errors.ts';
import { findNearest } from '../nearest.ts';
import type { EnvironmentVariable, ProviderModule } from '../providers/types.ts';

export interface EnvironmentSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string | undefined;
  readonly modules: readonly ProviderModule[];
}

export const generalVariables: readonly EnvironmentVariable[] = [
  text('DATA_DIR', './data', 'Where Purser keeps its files'),
  text('TEAM_FILE', './team.yaml', 'People, roles, rules and provider accounts'),
  text('LOG_LEVEL', 'info', 'debug, info, warn, error or silent'),
  text('PLAYGROUND_PORT', '8080', 'The playground’s port on this machine'),
];

const chatVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'DISCORD_BOT_TOKEN',
] as const;

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
    ...sources.modules.flatMap((module) => module.environment),
    ...chatVariables.map((name) => ({ ...text(name, '', ''), kind: 'secret' as const })),
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
  const direct = sources.environment[name]?.trim();
  const path = sources.environment[`${name}_FILE`]?.trim();
  // TEAM_FILE names a file by itself; there is no TEAM to be read from it.
  if (path === undefined || path === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') {
    problems.push({
      path: name,
      problem: `${name} and ${name}_FILE are both set.`,
      remedy: 'Remove one of them.',
    });
    return undefined;
  }
  const content = sources.readFile(path)?.trim();
  if (content === undefined || content === '') {
    problems.push({
      path: `${name}_FILE`,
      problem: `The file ${path} is not there or is empty.`,
      remedy: `Write the value into it, or set ${name}.`,
    });
    return undefined;
  }
  return content;
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
  if (/(\/[^/]+)\1\/?$/.test(url.pathname)) return 'Its path says the same thing twice.';
  if (url.protocol === 'https:') return undefined;
  const isOnLoopback =
    url.hostname === 'localhost' ||
    url.hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(url.hostname);
  if (url.protocol === 'http:' && isOnLoopback) return undefined;
  return 'It is not https, and plain http is for loopback addresses only.';
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

/** A misspelt variable would silently leave a provider off or on its production host. */
function findMisspelt(
  sources: EnvironmentSources,
  variables: readonly EnvironmentVariable[],
): ConfigProblem[] {
  const known = new Set(variables.flatMap(({ name }) => [name, `${name}_FILE`]));
  const prefixes = sources.modules.map(({ id }) => `${id.toUpperCase()}_`);
  return Object.keys(sources.environment)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.has(name))
    .map((name) => {
      const nearest = findNearest(name, [...known]);
      return {
        path: name,
        problem: 'Purser knows no such variable.',
        remedy: nearest === undefined ? 'Remove it; see .env.example.' : `Did you mean ${nearest}?`,
      };
    });
}
