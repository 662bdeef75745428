// The one way in for every bot: finds the person, checks the role, parses, runs, and turns whatever
// goes wrong into a card. Nobody else catches.
import { ProviderError, UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import { listAccounts, type Person, type Team } from '../team.ts';
import type { Card } from './card.ts';
import { completeLine } from './complete.ts';
import { CommandError } from './errors.ts';
import { parseLine, usageOf } from './parse.ts';
import type { Account, Command, CommandContext, Dispatcher, Outcome, World } from './types.ts';
import { explainFailure, listNames } from './words.ts';

export interface DispatcherDeps {
  readonly world: World;
  readonly log: Log;
  /** Short text that a person can read out: it stands on the card and in the log. */
  newReference(): string;
}

/** Answers kept so that their asker can still share them. */
const sharableMax = 500;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { world, log } = deps;
  const sharable = new Map<string, { card: Card; person: string }>();

  const keepForSharing = (person: Person, outcome: Outcome): Outcome => {
    const { reference, table } = outcome.card;
    if (outcome.audience !== 'asker' || reference === undefined || table === undefined) {
      return outcome;
    }
    sharable.set(reference, { card: outcome.card, person: person.id });
    const oldest = sharable.keys().next();
    if (sharable.size > sharableMax && !oldest.done) sharable.delete(oldest.value);
    const share = { action: `share:${reference}`, label: 'Share here', style: 'plain' } as const;
    return {
      ...outcome,
      card: { ...outcome.card, buttons: [...(outcome.card.buttons ?? []), share] },
    };
  };

  return {
    async run({ account, line }, onProgress) {
      const reference = deps.newReference();
      const startedAt = world.clock.now();
      const person = findPerson(account, world.team);
      const said = { reference, person: person?.id, platform: account.platform };
      let isOver = false;
      // A provider that answers after the outcome must not put its progress in the outcome's place.
      const progress = (card: Card) => {
        if (!isOver) onProgress(card);
      };
      try {
        if (person === undefined) throw stranger(account, world.team);
        const { command, values } = parseLine(line, world);
        authorise(person, command, world.team);
        const context: CommandContext = { ...world, person, reference, progress };
        const outcome = await command.run(context, values);
        const ms = world.clock.now() - startedAt;
        log.info({ ...said, command: command.path.join(' '), ms }, 'command answered');
        return keepForSharing(person, outcome);
      } catch (error) {
        return explainError(error, { log, said });
      } finally {
        isOver = true;
      }
    },
    async press({ account, action }) {
      const reference = deps.newReference();
      const person = findPerson(account, world.team);
      const said = { reference, person: person?.id, platform: account.platform };
      try {
        if (person === undefined) throw stranger(account, world.team);
        const kept = action.startsWith('share:') ? sharable.get(action.slice(6)) : undefined;
        if (kept === undefined) {
          throw new CommandError(
            'This answer can no longer be shared',
            'Purser has been started again since, or it is too old. Ask once more and share that.',
          );
        }
        if (kept.person !== person.id) {
          throw new CommandError(
            'Only the person who asked can share this answer',
            'Ask yourself.',
          );
        }
        log.info({ ...said, shared: kept.card.reference }, 'answer shared');
        const notes = [...(kept.card.notes ?? []), `Shared by ${person.name}.`];
        return { card: { ...kept.card, notes }, audience: 'channel' };
      } catch (error) {
        return explainError(error, { log, said });
      }
    },
    complete({ account, line }) {
      const person = findPerson(account, world.team);
      if (person === undefined) return [];
      return completeLine(
        line,
        world,
        world.commands.filter((one) => isAllowed(person, one)),
      );
    },
  };
}

function findPerson(account: Account, team: Team): Person | undefined {
  if (account.platform === 'playground') return team.people.find(({ id }) => id === account.user);
  const key = [account.platform, account.team, account.user]
    .filter((part) => part !== undefined)
    .join(':');
  return team.people.find((person) => listAccounts(person).includes(key));
}

function isAllowed(person: Person, command: Command): boolean {
  return command.roles.length === 0 || command.roles.some((role) => person.roles.includes(role));
}

function namesWith(team: Team, isMeant: (person: Person) => boolean): string {
  return listNames(
    team.people.filter(isMeant).map(({ name }) => name),
    'or',
  );
}

function stranger(account: Account, team: Team): CommandError {
  const admins = namesWith(team, ({ roles }) => roles.includes('admin'));
  return new CommandError(
    'Purser does not know you',
    `Your ${account.platform} account is not in the team file. ${admins} can add you.`,
  );
}

function authorise(person: Person, command: Command, team: Team): void {
  if (isAllowed(person, command)) return;
  throw new CommandError(
    `${usageOf(command)} is for ${listNames(command.roles, 'or')}s`,
    `You are ${listNames(person.roles, 'and')}. ` +
      `${namesWith(team, (one) => isAllowed(one, command))} can do this for you; ` +
      `${namesWith(team, ({ roles }) => roles.includes('admin'))} can change roles.`,
  );
}

function explainError(
  error: unknown,
  { log, said }: { log: Log; said: { reference: string } },
): Outcome {
  const { reference } = said;
  if (error instanceof CommandError) {
    log.info({ ...said, refused: error.title }, 'command refused');
    const { title, message: text, suggestions } = error;
    return { audience: 'asker', card: { tone: 'warning', title, text, suggestions, reference } };
  }
  if (error instanceof UserError) {
    log.info({ ...said, refused: error.message }, 'command refused');
    const card: Card = {
      tone: 'warning',
      title: 'That did not work',
      text: error.message,
      reference,
    };
    return { audience: 'asker', card };
  }
  if (error instanceof ProviderError) {
    log.warn({ ...said, err: error }, 'provider failed');
    const title = `${error.provider} could not do this`;
    return {
      audience: 'asker',
      card: { tone: 'bad', title, text: explainFailure(error), reference },
    };
  }
  log.error({ ...said, err: error }, 'command failed: this is a mistake in Purser');
  return {
    audience: 'asker',
    card: {
      tone: 'bad',
      title: 'Something went wrong inside Purser',
      text: `Nothing was changed by it. Whoever runs Purser finds the cause in the log under ${reference}.`,
      reference,
    },
  };
}
