// What the documentation repeats from the code, made from the declarations: `npm run docs` writes it,
// and test/tidy.test.ts fails while it is not what the code says.

import type { Command } from './commands/types.ts';
import { usageOf } from './commands/usage.ts';
import { discordVariables, generalVariables, slackVariables } from './config.ts';
import type { EnvironmentVariable, ProviderModule } from './providers/types.ts';

const envHead = `# Purser’s variables, with their defaults. The playground needs none of them, and is
# what starts while no Slack or Discord token is set.
#
#   cp .env.example .env      and fill in what you use
#
# Purser reads .env in the folder in which it is started, or the file that the variable ENV_FILE names.
# What is set in the environment goes before what is set here.
#
# Each may be given as <NAME>_FILE instead: the path of a file that holds the value. Keys are PEM,
# with \\n for line breaks, or the bare base64 that dashboards hand out. Empty means not set.
# A provider is switched on by any of its variables, and then needs those marked “required”.
#
# Written by \`npm run docs\`: change the declarations in src/ instead.
`;

/** The whole of .env.example. Copied as it is, it changes nothing. */
export function renderEnvExample(modules: readonly ProviderModule[]): string {
  const parts = [
    envHead,
    generalVariables.map(renderVariable).join('\n'),
    `## Slack: docs/slack.md\n\n${slackVariables.map(renderVariable).join('\n')}`,
    `## Discord: docs/discord.md\n\n${discordVariables.map(renderVariable).join('\n')}`,
    ...modules.map((module) => {
      const names = [module.name, ...module.aliases].join(', ');
      return `## ${names}\n\n${module.environment.map(renderVariable).join('\n')}`;
    }),
  ];
  return parts.join('\n');
}

function renderVariable({ name, defaultValue, isRequired, help }: EnvironmentVariable): string {
  const need = isRequired ? 'Required. ' : '';
  const sentence = /[.?!]$/.test(help) ? help : `${help}.`;
  // A default that is written out would switch its provider on.
  const line = defaultValue === undefined ? `${name}=` : `#${name}=${defaultValue}`;
  return `# ${need}${sentence}\n${line}\n`;
}

export function renderCommandTable(commands: readonly Command[]): string {
  return renderTable(
    ['Command', 'What it does', 'Who', 'Like this'],
    commands.map((command) => [
      code(usageOf(command)),
      command.summary,
      command.roles.length === 0 ? 'everybody' : command.roles.join(' or '),
      command.examples.map(code).join(', '),
    ]),
  );
}

export function renderProviderTable(modules: readonly ProviderModule[]): string {
  return renderTable(
    ['Provider', 'Typed as', 'Required variables', 'Optional'],
    modules.map(({ id, name, aliases, environment }) => {
      const names = (isRequired: boolean) =>
        environment
          .filter((one) => one.isRequired === isRequired)
          .map((one) => code(one.name))
          .join(', ') || '—';
      return [
        `[${name}](src/providers/${id}/README.md)`,
        [id, ...aliases].map(code).join(', '),
        names(true),
        names(false),
      ];
    }),
  );
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A bar would end the cell, even inside of code. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** One package of package-lock.json, by its folder: `node_modules/zod`. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
export type Lock = Readonly<Record<string, LockedPackage>>;

/** What the lock file says of each direct dependency, and of all that runs. */
export function renderDependencies(page: string, lock: Lock): string {
  const { dependencies = {}, devDependencies = {} } = lock[''] ?? {};
  const rows = [...Object.keys(dependencies), ...Object.keys(devDependencies)].map((name) => {
    const { version = '?', license = '?', hasInstallScript } = lock[`node_modules/${name}`] ?? {};
    const use = Object.hasOwn(dependencies, name) ? 'runs' : 'development';
    return [code(name), version, license, use, hasInstallScript ? 'yes' : 'none'];
  });
  const table = renderTable(['Package', 'Locked', 'Licence', 'Use', 'Install script'], rows);
  return replaceBetween(page, 'locked', `${table}\n\n${summariseLicences(lock)}`);
}

/** `Of the 238 packages that run: 0BSD 1, MIT 208.` */
function summariseLicences(lock: Lock): string {
  const running = Object.entries(lock).filter(([path, { dev }]) => path !== '' && dev !== true);
  const counts = new Map<string, number>();
  for (const [, { license = 'unknown' }] of running) {
    counts.set(license, (counts.get(license) ?? 0) + 1);
  }
  const named = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map((one) => one.join(' '));
  return `Of the ${running.length} packages that run, on any system: ${named.join(', ')}.`;
}

/** The text with its generated parts as they must be; throws where a marker is missing. */
export function renderReadme(
  readme: string,
  { commands, modules }: { commands: readonly Command[]; modules: readonly ProviderModule[] },
): string {
  const withCommands = replaceBetween(readme, 'commands', renderCommandTable(commands));
  return replaceBetween(withCommands, 'providers', renderProviderTable(modules));
}

function replaceBetween(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new RangeError(`no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
