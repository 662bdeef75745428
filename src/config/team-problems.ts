// What the schema of the team file cannot see: doubles, names that stand for nothing, and rules that
// can never work. Whoever wrote such a rule believes that it protects something.
import type { ConfigProblem } from '../errors.ts';
import { compareMoney, parseDecimal } from '../money.ts';
import { durationMinutes, listAccounts } from '../team.ts';
import type { Locate } from './issues.ts';
import type { TeamDraft } from './team-file.ts';

/** Adds nothing that the schema has found already: it sees only the parts that were understood. */
export function findTeamProblems(
  draft: TeamDraft,
  knownProviders: readonly string[],
  locate: Locate,
): ConfigProblem[] {
  return [
    ...findDoubles(draft, locate),
    ...findUnknownApprovers(draft, locate),
    ...findBareAmounts(draft, locate),
    ...findUnknownProviders(draft, knownProviders, locate),
    ...findLateReminders(draft, locate),
    ...findCrossedThresholds(draft, locate),
    ...findDigestDoubles(draft, locate),
  ];
}

function findDoubles({ people = [] }: TeamDraft, locate: Locate): ConfigProblem[] {
  const owners = new Map<string, string>();
  return people.flatMap((one, index) => {
    const path = locate(['people', index]);
    const doubles = [`the id ${one.id}`, ...listAccounts(one)].flatMap((key): ConfigProblem[] => {
      const owner = owners.get(key);
      owners.set(key, one.name);
      if (owner === undefined) return [];
      return [
        {
          path,
          problem: `${one.name} and ${owner} both have ${key}.`,
          remedy: 'Give each person an id and accounts of their own.',
        },
      ];
    });
    const workspaces = [one.slack ?? []].flat().map(({ team }) => team);
    if (new Set(workspaces).size === workspaces.length) return doubles;
    return [
      ...doubles,
      {
        path,
        problem: `${one.name} has two accounts in one Slack workspace.`,
        remedy: 'Keep the one that this person writes with.',
      },
    ];
  });
}

function findUnknownApprovers({ people, approvals = [] }: TeamDraft, locate: Locate) {
  if (people === undefined) return [];
  const ids = new Set(people.map(({ id: one }) => one));
  return approvals.flatMap(({ from }, index): ConfigProblem[] => {
    const unknown = Array.isArray(from) ? from.filter((one) => !ids.has(one)) : [];
    if (unknown.length === 0) return [];
    return [
      {
        path: locate(['approvals', index, 'from']),
        problem: `Nobody has the id ${unknown.join(', ')}.`,
        remedy: 'Use ids from people.',
      },
    ];
  });
}

/** 1000 of what? Without a currency a rule for dollars would let as many bitcoins through. */
function findBareAmounts({ approvals = [] }: TeamDraft, locate: Locate): ConfigProblem[] {
  return approvals.flatMap(({ when }, index): ConfigProblem[] => {
    if (when.up_to === undefined || when.currency !== undefined) return [];
    return [
      {
        path: locate(['approvals', index, 'when']),
        problem: `up_to ${when.up_to} has no currency.`,
        remedy: 'Name the currency beside it; amounts of different currencies are never compared.',
      },
    ];
  });
}

function findUnknownProviders(
  { providers = {}, approvals = [], limits = [], thresholds = [] }: TeamDraft,
  known: readonly string[],
  locate: Locate,
): ConfigProblem[] {
  const named: { keys: (string | number)[]; name: string | undefined }[] = [
    ...Object.keys(providers).map((name) => ({ keys: ['providers', name], name })),
    ...approvals.map(({ when }, index) => ({
      keys: ['approvals', index, 'when', 'provider'],
      name: when.provider,
    })),
    ...limits.map((one, index) => ({
      keys: ['limits', index, 'provider'],
      name: one.per === 'provider' ? one.provider : undefined,
    })),
    ...thresholds.map((one, index) => ({
      keys: ['thresholds', index, 'provider'],
      name: one.provider,
    })),
  ];
  return named.flatMap(({ keys, name }): ConfigProblem[] => {
    if (name === undefined || known.includes(name)) return [];
    return [
      {
        path: locate(keys),
        problem: `There is no provider ${name}.`,
        remedy: `Use one of ${known.join(', ')}.`,
      },
    ];
  });
}

function findLateReminders({ expiry }: TeamDraft, locate: Locate): ConfigProblem[] {
  if (expiry === undefined) return [];
  const { after, remind } = expiry;
  return remind.flatMap((one, index): ConfigProblem[] => {
    if (durationMinutes(one) < durationMinutes(after)) return [];
    return [
      {
        path: locate(['expiry', 'remind', index]),
        problem: `Nobody is reminded after ${one}: the request expires after ${after}.`,
        remedy: 'Remind earlier, or let it expire later.',
      },
    ];
  });
}

function findCrossedThresholds({ thresholds = [] }: TeamDraft, locate: Locate): ConfigProblem[] {
  return thresholds.flatMap((one, index): ConfigProblem[] => {
    const given = (['critical', 'warning', 'idle'] as const).flatMap((name) => {
      const text = one[name];
      return text === undefined ? [] : [{ name, text, money: parseDecimal(text, one.currency) }];
    });
    return given.slice(1).flatMap((upper, below): ConfigProblem[] => {
      const lower = given[below];
      if (lower === undefined || compareMoney(lower.money, upper.money) < 0) return [];
      return [
        {
          path: locate(['thresholds', index, upper.name]),
          problem: `${upper.name} ${upper.text} is not above ${lower.name} ${lower.text}.`,
          remedy: 'Let critical be the least, then warning, then idle.',
        },
      ];
    });
  });
}

function findDigestDoubles({ digests = [] }: TeamDraft, locate: Locate): ConfigProblem[] {
  return digests.flatMap(({ id }, index): ConfigProblem[] => {
    if (digests.findIndex((one) => one.id === id) === index) return [];
    return [
      {
        path: locate(['digests', index, 'id']),
        problem: `Another digest has the id ${id} already.`,
        remedy: 'Give each an id of its own.',
      },
    ];
  });
}
