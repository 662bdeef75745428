// The one way in for every bot: finds the person, checks the role, parses, runs, and turns whatever
// goes wrong into a card. Nobody else catches.
import { ProviderError, StoreError, UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Place } from '../payouts/types.ts';
import { listAccounts, type Person, type Role, type Team } from '../team.ts';
import type { Card } from './card.ts';
import { completeLine, completeNamed } from './complete.ts';
import { CommandError } from './errors.ts';
import { parseNamed, readNamed } from './named.ts';
import { argumentWords, fillArguments, findCommand, parseLine, splitLine } from './parse.ts';
import { createSharing } from './sharing.ts';
import { toPlainLine } from './typed.ts';
import type { Account, ActionContext, Dispatcher, Doubt, Outcome, Spot, World } from './types.ts';
import { listWaiting } from './waiting.ts';
import { explainFailure, listNames } from './words.ts';

export interface DispatcherDeps {
  readonly world: World;
  readonly log: Log;
  /** Short text that a person can read out: it stands on the card and in the log. */
  newReference(): string;
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { world, log } = deps;
  const sharing = createSharing(world.memory);

  /** Finds the person, does the work, and turns whatever goes wrong into a card. */
  const answer = async (
    { account, spot }: { account: Account; spot: Spot },
    work: (context: ActionContext) => Promise<{ outcome: Outcome; what: object }>,
  ): Promise<Outcome> => {
    const reference = deps.newReference();
    const startedAt = world.clock.now();
    const person = findPerson(account, world.team);
    const { doubt } = account;
    const said = { reference, person: person?.id, platform: account.platform };
    try {
      if (doubt !== undefined) throw doubtful(account, doubt, world.team);
      if (person === undefined) throw stranger(account, world.team);
      const place = toPlace(account, spot);
      const nameOf = (id: string) => world.team.people.find((one) => one.id === id)?.name ?? id;
      const { outcome, what } = await work({ ...world, person, place, reference, nameOf });
      for (const err of outcome.failures ?? []) log.warn({ ...said, err }, 'provider failed');
      log.info({ ...said, ...what, ms: world.clock.now() - startedAt }, 'answered');
      return outcome;
    } catch (error) {
      return explainError(error, { world, log, said });
    }
  };

  return {
    async run({ account, spot, line, named }, onProgress) {
      let isOver = false;
      // A provider that answers after the outcome must not put its progress in the outcome's place.
      const progress = (card: Card) => {
        if (!isOver) onProgress(card);
      };
      try {
        return await answer({ account, spot }, async (context) => {
          const { command, values } =
            named === undefined
              ? await parseLine(toPlainLine(line), world)
              : parseNamed(line, named, world);
          authorise(context.person, command.roles, `/${command.path.join(' ')}`, world.team);
          const outcome = await command.run({ ...context, progress }, values);
          return {
            outcome: await sharing.keep(context.person, outcome),
            what: { command: command.path.join(' ') },
          };
        });
      } finally {
        isOver = true;
      }
    },
    press: ({ account, spot, action, values }) =>
      answer({ account, spot }, async (context) => {
        const [name = '', argument = ''] = action.split(/:(.*)/s);
        if (name === 'share') {
          const outcome = await sharing.share(context.person, argument);
          return { outcome, what: { shared: argument } };
        }
        const known = world.actions.find((one) => one.name === name);
        if (known === undefined) {
          throw new CommandError(
            'Purser does not know this button',
            'It is from another version. Ask again for a card of today.',
          );
        }
        authorise(context.person, known.roles, 'This', world.team);
        const outcome = await known.run(context, argument, values && toPlainValues(values));
        return { outcome: await sharing.keep(context.person, outcome), what: { action: name } };
      }),
    opensForm(input) {
      if ('action' in input) {
        const [name] = input.action.split(':', 1);
        return world.actions.find((one) => one.name === name)?.opensForm ?? false;
      }
      const words = splitLine(toPlainLine(input.line));
      const command = findCommand(words, world.commands);
      if (command?.opensForm === undefined) return false;
      if (input.named !== undefined) {
        const { values, misfit } = readNamed(command, input.named, world);
        return misfit === undefined && command.opensForm(values);
      }
      const filled = fillArguments(command, argumentWords(command, words), world);
      return filled.misfitAt === undefined && command.opensForm(filled.values);
    },
    async complete({ account, line, named, asked }) {
      const person = findTrusted(account, world.team);
      if (person === undefined) return [];
      const allowed = world.commands.filter(({ roles }) => isAllowed(person, roles));
      if (named === undefined) return completeLine(line, world, allowed);
      return completeNamed({ line, named, asked }, world, allowed);
    },
    async listWaiting(account) {
      const person = findTrusted(account, world.team);
      return person === undefined ? [] : listWaiting(world, person);
    },
  };
}

function toPlainValues(values: Readonly<Record<string, string>>): Record<string, string> {
  const plain = Object.entries(values).map(([name, value]) => [name, toPlainLine(value)] as const);
  return Object.fromEntries(plain);
}

function toPlace({ platform, team, user }: Account, { channel, message }: Spot): Place {
  return {
    platform,
    user,
    channel,
    ...(team === undefined ? {} : { team }),
    ...(message === undefined ? {} : { message }),
  };
}

function findPerson(account: Account, team: Team): Person | undefined {
  if (account.platform === 'playground') return team.people.find(({ id }) => id === account.user);
  const key = [account.platform, account.team, account.user]
    .filter((part) => part !== undefined)
    .join(':');
  return team.people.find((person) => listAccounts(person).includes(key));
}

function findTrusted(account: Account, team: Team): Person | undefined {
  return account.doubt === undefined ? findPerson(account, team) : undefined;
}

function isAllowed(person: Person, roles: readonly Role[]): boolean {
  return roles.length === 0 || roles.some((role) => person.roles.includes(role));
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

const doubtWords: Readonly<Record<Doubt, readonly [title: string, text: string]>> = {
  guest: ['Purser does nothing for guests', 'You are a guest here, whatever the team file says.'],
  deactivated: ['This account is deactivated', 'Nothing is done in its name.'],
  bot: ['Purser does nothing for bots', 'Only a person can ask or decide.'],
  foreign: [
    'You are not from here',
    'Your account belongs elsewhere: nothing is done for it here.',
  ],
  unverified: [
    'Purser could not make sure who you are',
    'The chat platform does not say just now. Nothing has changed; try again in a moment.',
  ],
};

/** Says who could act instead, except where a moment later it is the same person. */
function doubtful({ platform }: Account, doubt: Doubt, team: Team): CommandError {
  const [title, text] = doubtWords[doubt];
  if (doubt === 'unverified') return new CommandError(title, text);
  const admins = namesWith(team, ({ roles }) => roles.includes('admin'));
  return new CommandError(title, `${text} ${admins} can say who may use Purser on ${platform}.`);
}

function authorise(person: Person, roles: readonly Role[], what: string, team: Team): void {
  if (isAllowed(person, roles)) return;
  throw new CommandError(
    `${what} is for ${listNames(
      roles.map((role) => `${role}s`),
      'or',
    )}`,
    `You are ${listNames(person.roles, 'and')}. ` +
      `${namesWith(team, (one) => isAllowed(one, roles))} can do this for you; ` +
      `${namesWith(team, (one) => one.roles.includes('admin'))} can change roles.`,
  );
}

function explainError(
  error: unknown,
  { world, log, said }: { world: World; log: Log; said: { reference: string } },
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
    const provider = world.modules.find(({ id }) => id === error.provider)?.name;
    const title = `${provider ?? error.provider} could not do this`;
    return {
      audience: 'asker',
      card: { tone: 'bad', title, text: explainFailure(error), reference },
    };
  }
  if (error instanceof StoreError) {
    log.error({ ...said, err: error }, 'the store failed');
    const title = 'This could not be written down';
    return { audience: 'asker', card: { tone: 'bad', title, text: error.message, reference } };
  }
  log.error({ ...said, err: error }, 'command failed: this is a mistake in Purser');
  return {
    audience: 'asker',
    card: {
      tone: 'bad',
      title: 'Something went wrong inside Purser',
      text: `Look at what you wanted to change before you try again. Whoever runs Purser finds the cause in the log under ${reference}.`,
      reference,
    },
  };
}
