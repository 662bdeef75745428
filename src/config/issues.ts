// What zod found wrong, in words for people. Values are never repeated: only where they stand.
import type { z } from 'zod';
import type { ConfigProblem } from '../errors.ts';

export type Keys = readonly (string | number)[];
/** Where it is written: `./team.yaml:12: people[2].roles`. */
export type Locate = (keys: Keys) => string;

/** `people[2].roles`, as the remedy names it. */
export function showPath(keys: Keys): string {
  return (
    keys.reduce<string>(
      (path, key) =>
        typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`,
      '',
    ) || 'the file'
  );
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a group of keys',
  record: 'a group of keys',
  string: 'text',
};

/** Gives zod words where a schema has none of its own: `safeParse(value, { error: wordIssue })`. */
export const wordIssue: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'it is missing';
      return `it must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'it is missing';
      return `use one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'it is none of the things that may stand here';
    case 'too_small':
      if (issue.origin === 'array') return `it needs at least ${issue.minimum} of them`;
      if (issue.origin === 'string') return 'it is empty';
      return `the least is ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'array') return `it has more than ${issue.maximum} of them`;
      if (issue.origin === 'string') return `it has more than ${issue.maximum} characters`;
      return `the most is ${issue.maximum}`;
    default:
      return undefined;
  }
};

export function explainIssues(
  issues: readonly z.core.$ZodIssue[],
  at: Keys,
  locate: Locate,
  remedy: string,
): ConfigProblem[] {
  return issues.flatMap((issue): ConfigProblem[] => {
    const keys = [...at, ...issue.path.filter((key) => typeof key !== 'symbol')];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: locate([...keys, key]),
        problem: 'Purser knows no such key here.',
        remedy,
      }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      return explainIssues(meantBranch(issue.errors), keys, locate, remedy);
    }
    return [{ path: locate(keys), problem: toSentence(issue.message), remedy }];
  });
}

/** Of several things that may stand here, the one whose outer form fits was meant. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const isOutside = ({ path, code }: z.core.$ZodIssue) =>
    path.length === 0 && code !== 'unrecognized_keys';
  return branches.find((issues) => !issues.some(isOutside)) ?? branches[0] ?? [];
}

export function toSentence(text: string): string {
  const trimmed = text.replace(/[.\s]+$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
}
