// Takes what people type and press to the dispatcher, and shows what comes back. A command is seen
// by its asker alone until its answer turns out to be for the channel, as on Slack.
import type { Account, Dispatcher, Outcome } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import { limits } from './limits.ts';
import type { Message, PersonView } from './protocol.ts';
import { Refusal } from './request.ts';
import type { Room } from './room.ts';

export interface Desk {
  /** Returns when the line is on show; the answer of a command follows in the room. */
  say(person: PersonView, channel: string, text: string): void;
  /** Returns when the answer is on show. */
  press(person: PersonView, messageId: string, action: string): Promise<void>;
}

export interface DeskDeps {
  readonly dispatcher: Dispatcher;
  readonly room: Room;
  readonly log: Log;
  newId(): string;
}

export function createDesk(deps: DeskDeps): Desk {
  const { dispatcher, room } = deps;
  const running = new Map<string, number>();

  const admit = ({ id }: PersonView) => {
    const count = running.get(id) ?? 0;
    if (count < limits.runningPerPersonMax) return;
    throw new Refusal(429, `${count} of your commands wait for answers. Wait for one of them.`);
  };
  const count = ({ id }: PersonView, change: 1 | -1) => {
    running.set(id, (running.get(id) ?? 0) + change);
  };
  const settle = async (person: PersonView, ask: () => Promise<Outcome>): Promise<Outcome> => {
    count(person, 1);
    try {
      return await ask();
    } catch (error) {
      return explainRejection(error, person, deps);
    } finally {
      count(person, -1);
    }
  };

  const run = async (person: PersonView, channel: string, text: string) => {
    const line = room.post({
      channel,
      author: person.id,
      onlyFor: person.id,
      body: { kind: 'line', text },
    });
    const answer = room.post({ channel, onlyFor: person.id, body: { kind: 'working' } });
    let isAnswered = false;
    const { audience, card } = await settle(person, () =>
      dispatcher.run({ account: accountOf(person), line: text }, (progress) => {
        if (!isAnswered) room.put({ ...answer, body: { kind: 'card', card: progress } });
      }),
    );
    isAnswered = true;
    const answered: Message = { ...answer, body: { kind: 'card', card } };
    if (audience === 'asker') {
      room.put(answered);
    } else {
      room.put(forEverybody(line));
      room.put(forEverybody(answered));
    }
  };

  return {
    say(person, channel, text) {
      if (!text.startsWith('/')) {
        room.post({ channel, author: person.id, body: { kind: 'line', text } });
        return;
      }
      admit(person);
      void run(person, channel, text);
    },
    async press(person, messageId, action) {
      const message = room.find(person.id, messageId);
      const buttons = message?.body.kind === 'card' ? (message.body.card.buttons ?? []) : [];
      if (message === undefined || !buttons.some((button) => button.action === action)) {
        throw new Refusal(404, 'This button is gone. Ask again for a new answer.');
      }
      admit(person);
      const { audience, card } = await settle(person, () =>
        dispatcher.press({ account: accountOf(person), action }),
      );
      room.post({
        channel: message.channel,
        ...(audience === 'asker' ? { onlyFor: person.id } : {}),
        body: { kind: 'card', card },
      });
    },
  };
}

export function accountOf({ id }: PersonView): Account {
  return { platform: 'playground', user: id };
}

function forEverybody({ onlyFor: _, ...message }: Message): Message {
  return message;
}

/** The dispatcher promises never to reject; a person gets an answer even when it does. */
function explainRejection(error: unknown, person: PersonView, deps: DeskDeps): Outcome {
  const reference = deps.newId();
  deps.log.error({ reference, person: person.id, err: error }, 'the dispatcher rejected');
  return {
    audience: 'asker',
    card: {
      tone: 'bad',
      title: 'Purser could not answer',
      text: 'This is a mistake in Purser; its log has the cause under the reference below.',
      reference,
    },
  };
}
