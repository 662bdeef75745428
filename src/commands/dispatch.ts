// The one way in for every bot: checks the role, parses and runs. Whatever goes wrong becomes a card
// (answering.ts); nobody else catches.
import { type AnsweringDeps, createAnswering } from './answering.ts';
import type { Card } from './card.ts';
import { completeLine, completeNamed } from './complete.ts';
import { CommandError } from './errors.ts';
import { authorise, findPerson, findTrusted, isAllowed, keyOf } from './identity.ts';
import { parseNamed, readNamed } from './named.ts';
import { argumentWords, fillArguments, findCommand, parseLine, splitLine } from './parse.ts';
import { createSharing } from './sharing.ts';
import { toPlainLine } from './typed.ts';
import type { Account, Dispatcher } from './types.ts';
import { listWaiting } from './waiting.ts';

export type DispatcherDeps = AnsweringDeps;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { world, rates } = deps;
  const sharing = createSharing(world.memory);
  const answer = createAnswering(deps);

  /** Silently: what is typed on will be completed again. */
  const mayComplete = (account: Account) =>
    (rates?.take('completion', keyOf(account, findPerson(account, world.team))) ?? 0) === 0;

  return {
    async run({ account, spot, line, named }, onProgress) {
      let isOver = false;
      // A provider that answers after the outcome must not put its progress in the outcome's place.
      const progress = (card: Card) => {
        if (!isOver) onProgress(card);
      };
      const meant = findCommand(splitLine(toPlainLine(line)), world.commands);
      const name = meant?.path.join(' ') ?? unknown;
      const asked = { account, spot, pace: meant?.pace ?? 'work', name, what: { command: name } };
      try {
        return await answer(asked, async (context) => {
          const { command, values } =
            named === undefined
              ? await parseLine(toPlainLine(line), world)
              : parseNamed(line, named, world);
          authorise(context.person, command.roles, `/${command.path.join(' ')}`, world.team);
          const outcome = await command.run({ ...context, progress }, values);
          return sharing.keep(context.person, outcome);
        });
      } finally {
        isOver = true;
      }
    },
    press({ account, spot, action, values }) {
      const [word = '', argument = ''] = action.split(/:(.*)/s);
      const known = world.actions.find((one) => one.name === word);
      const isShare = word === 'share';
      const name = isShare ? word : (known?.name ?? unknown);
      const what = isShare ? { action: name, shared: argument } : { action: name };
      const pace = isShare ? 'decision' : (known?.pace ?? 'work');
      return answer({ account, spot, pace, name, what }, async (context) => {
        if (isShare) return sharing.share(context.person, argument);
        if (known === undefined) {
          throw new CommandError(
            'Purser does not know this button',
            'It is from another version. Ask again for a card of today.',
          );
        }
        authorise(context.person, known.roles, 'This', world.team);
        const outcome = await known.run(context, argument, values && toPlainValues(values));
        return sharing.keep(context.person, outcome);
      });
    },
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
      if (!mayComplete(account) || person === undefined) return [];
      const allowed = world.commands.filter(({ roles }) => isAllowed(person, roles));
      if (named === undefined) return completeLine(line, world, allowed);
      return completeNamed({ line, named, asked }, world, allowed);
    },
    async listWaiting(account) {
      const person = findTrusted(account, world.team);
      if (!mayComplete(account) || person === undefined) return [];
      return listWaiting(world, person);
    },
  };
}

/** Of what Purser has no name for. */
const unknown = 'unknown';

function toPlainValues(values: Readonly<Record<string, string>>): Record<string, string> {
  const plain = Object.entries(values).map(([name, value]) => [name, toPlainLine(value)] as const);
  return Object.fromEntries(plain);
}
