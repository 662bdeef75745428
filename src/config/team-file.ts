// Reads the team file: YAML to a checked Team, each mistake with its line.
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { ConfigProblem } from '../errors.ts';
import { type Team, teamSchema } from '../team.ts';
import {
  explainIssues,
  type Keys,
  type Locate,
  showPath,
  toSentence,
  wordIssue,
} from './issues.ts';

/** The parts of a team file that were understood. */
export type TeamDraft = { readonly [Part in keyof Team]?: Team[Part] | undefined };

export interface TeamFile {
  /** Undefined when a problem was added. */
  readonly team: Team | undefined;
  /** The parts without a mistake of their own, so that theirs can be found in the same go. */
  readonly draft: TeamDraft;
  readonly locate: Locate;
}

/** Undefined when the text is not YAML at all; every mistake is added to the problems. */
export function readTeamFile(
  path: string,
  text: string,
  problems: ConfigProblem[],
): TeamFile | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) {
    for (const { pos, message } of mistakes) {
      problems.push({
        path: `${path}:${lines.linePos(pos[0]).line}`,
        problem: `It is not YAML here: ${toSentence(message)}`,
        remedy: 'Compare with team.example.yaml; mind the indentation.',
      });
    }
    return undefined;
  }
  const locate: Locate = (keys) => `${path}${lineOf(document, lines, keys)}: ${showPath(keys)}`;
  const value = toValue(document);
  if (value === undefined) {
    problems.push({
      path,
      problem: 'An alias (*name) in it stands for nothing, or for too much.',
      remedy: 'Write the value itself.',
    });
    return undefined;
  }
  const parsed = teamSchema.safeParse(value.js ?? {}, { error: wordIssue });
  if (parsed.success) return { team: parsed.data, draft: parsed.data, locate };
  problems.push(...explainIssues(parsed.error.issues, [], locate, 'See team.example.yaml.'));
  return { team: undefined, draft: draftOf(value.js), locate };
}

/** Undefined for an alias without its anchor, which is found only now. */
function toValue(document: Document): { js: unknown } | undefined {
  try {
    return { js: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function draftOf(value: unknown): TeamDraft {
  const parts: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { providers, people, approvals, expiry, limits, thresholds, digests } = teamSchema.shape;
  return {
    providers: providers.safeParse(parts['providers']).data,
    people: people.safeParse(parts['people']).data,
    approvals: approvals.safeParse(parts['approvals']).data,
    expiry: expiry.safeParse(parts['expiry']).data,
    limits: limits.safeParse(parts['limits']).data,
    thresholds: thresholds.safeParse(parts['thresholds']).data,
    digests: digests.safeParse(parts['digests']).data,
  };
}

/** `:12`, the line of the key or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, keys: Keys): string {
  for (let length = keys.length; length > 0; length -= 1) {
    const node = nodeOf(document, keys.slice(0, length));
    if (isNode(node) && node.range) return `:${lines.linePos(node.range[0]).line}`;
  }
  return '';
}

/** The key of a pair rather than its value, which may begin on a later line. */
function nodeOf(document: Document, keys: Keys): unknown {
  const around = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
  const last = keys.at(-1);
  if (!isMap(around)) return document.getIn(keys, true);
  return around.items.find(({ key }) => isScalar(key) && key.value === last)?.key;
}
