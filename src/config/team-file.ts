// Reads the team file: YAML to a checked Team, each mistake with its line.
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { ConfigProblem } from '../errors.ts';
import { type Team, teamSchema } from '../team.ts';

export interface TeamFileSources {
  readFile(path: string): string | undefined;
}

/** Undefined when a problem was added. */
export function readTeamFile(
  path: string,
  sources: TeamFileSources,
  problems: ConfigProblem[],
): Team | undefined {
  const text = sources.readFile(path);
  if (text === undefined) {
    problems.push({
      path: 'TEAM_FILE',
      problem: `There is no file ${path}.`,
      remedy: 'Copy team.example.yaml to team.yaml and write your people and rules into it.',
    });
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      problems.push({
        path: `${path}:${lines.linePos(error.pos[0]).line}`,
        problem: `It is not YAML here: ${error.message}.`,
        remedy: 'Compare with team.example.yaml; mind the indentation.',
      });
    }
    return undefined;
  }
  const parsed = teamSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const keys = issue.path.filter((key) => typeof key !== 'symbol');
    problems.push({
      path: `${path}${lineOf(document, lines, keys)}: ${showPath(keys)}`,
      problem:
        issue.code === 'unrecognized_keys'
          ? `Purser knows no ${issue.keys.join(', ')} here.`
          : `${issue.message}.`,
      remedy: 'See team.example.yaml.',
    });
  }
  return undefined;
}

function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  keys: readonly (string | number)[],
): string {
  for (let length = keys.length; length > 0; length -= 1) {
    const node = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return `:${lines.linePos(node.range[0]).line}`;
  }
  return '';
}

/** `people[2].roles`, as the remedy names it. */
function showPath(keys: readonly (string | number)[]): string {
  return (
    keys.reduce<string>(
      (path, key) =>
        typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      '',
    ) || 'the file'
  );
}
