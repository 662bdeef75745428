// How Purser speaks in the playground without being asked. It works before the server listens: what
// is posted then waits in the room for the first window.
import type { Account, Poster } from '../../commands/types.ts';
import { BotError } from '../../errors.ts';
import { toBody } from './body.ts';
import type { Files } from './files.ts';
import type { TeamView } from './protocol.ts';
import type { Room } from './room.ts';

export interface PosterDeps {
  readonly team: TeamView;
  readonly room: Room;
  readonly files: Files;
  /** By person: the channel where they last did something. */
  readonly lastChannels: ReadonlyMap<string, string>;
}

export function createPlaygroundPoster(deps: PosterDeps): Poster {
  const { team, room, files, lastChannels } = deps;
  return {
    platform: 'playground',
    hasThreads: false,
    async post(channel, card) {
      if (!team.channels.includes(channel)) {
        throw new BotError(
          `The playground has no channel “${channel}”. It has ${team.channels.join(', ')}.`,
        );
      }
      return room.post({ channel, body: toBody(card, undefined, files) }).id;
    },
    async update(channel, messageId, card) {
      const message = room.get(messageId);
      if (message?.channel !== channel) return false;
      room.put({ ...message, body: toBody(card, undefined, files) });
      return true;
    },
    async find(channel, mark, sinceMs) {
      return room.findCard(channel, mark, sinceMs)?.id;
    },
    /** Without who reads it: the page adds that. Nothing but the page can follow it. */
    linkTo: (channel, message) => `/?${new URLSearchParams({ in: channel, at: message })}`,
    async tell(account, card) {
      const person = findPerson(account, team);
      if (person === undefined) throw new BotError('This account is not one of the playground’s.');
      const channel = lastChannels.get(person.id) ?? 'general';
      room.post({ channel, onlyFor: person.id, body: toBody(card, undefined, files) });
    },
  };
}

function findPerson({ platform, user }: Account, { people }: TeamView) {
  return platform === 'playground' ? people.find(({ id }) => id === user) : undefined;
}
