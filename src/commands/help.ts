// /purser help: made from the declarations, so it cannot say what is not so.

import type { Command } from './types.ts';
import { usageOf } from './usage.ts';

export const helpCommand: Command = {
  path: ['purser', 'help'],
  summary: 'What Purser can do',
  arguments: [],
  roles: [],
  examples: ['/purser help'],
  // Asks nobody and keeps nothing.
  pace: 'decision',
  async run({ commands, person, place, reference }) {
    const isOnDiscord = place.platform === 'discord';
    const isAllowed = ({ roles }: Command) =>
      roles.length === 0 || roles.some((role) => person.roles.includes(role));
    return {
      audience: 'asker',
      card: {
        tone: 'neutral',
        title: 'What Purser can do',
        text: `You are ${person.name}: ${person.roles.join(', ')}.`,
        table: {
          caption: 'Commands, what they do and who may use them',
          columns: [
            { label: 'Command', align: 'start', isHeadline: true },
            { label: 'What it does', align: 'start' },
            { label: 'Who', align: 'start' },
          ],
          groups: [
            {
              rows: commands.map((command) => [
                {
                  text: usageOf(command, isOnDiscord),
                  ...(isAllowed(command) ? {} : { tone: 'quiet' }),
                },
                { text: command.summary, ...(isAllowed(command) ? {} : { tone: 'quiet' }) },
                {
                  text: command.roles.length === 0 ? 'everybody' : command.roles.join(' or '),
                  tone: 'quiet',
                },
              ]),
            },
          ],
        },
        notes: ['Answers with money in them are seen by you alone until you share them.'],
        suggestions: commands
          .filter(isAllowed)
          .flatMap(({ examples }) => examples)
          .filter((line) => line !== '/purser help'),
        reference,
      },
    };
  },
};
