// Takes what people type and press to the dispatcher, and shows what comes back. A command is seen
// by its asker alone until its answer turns out to be for the channel, as on Slack.
import type { Account, Dispatcher, Outcome } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import { explainRejection } from '../rejection.ts';
import { toBody } from './body.ts';
import type { Files, KeptFile } from './files.ts';
import { limits } from './limits.ts';
import type { Message, PersonView, PressRequest } from './protocol.ts';
import { Refusal } from './request.ts';
import type { Room } from './room.ts';

export interface Desk {
  /** Returns when the line is on show; the answer of a command follows in the room. */
  say(person: PersonView, channel: string, text: string): void;
  /** Returns when the answer is on show: the id of its message. */
  press(person: PersonView, press: Press): Promise<string>;
  /** Throws `Refusal` where no message that this person sees has it. */
  getFile(person: PersonView, id: string): KeptFile;
}

export type Press = Omit<PressRequest, 'as'>;

export interface DeskDeps {
  readonly dispatcher: Dispatcher;
  readonly room: Room;
  readonly files: Files;
  /** By person: the channel where they last did something; kept up to date here. */
  readonly lastChannels: Map<string, string>;
  readonly log: Log;
  newReference(): string;
}

export function createDesk(deps: DeskDeps): Desk {
  const { dispatcher, room, files, lastChannels } = deps;
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
      return explainRejection(error, deps, { person: person.id });
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
    const input = { account: accountOf(person), spot: { channel }, line: text };
    const outcome = await settle(person, () =>
      dispatcher.run(input, (progress) => {
        if (!isAnswered) room.put({ ...answer, body: toBody(progress, undefined, files) });
      }),
    );
    isAnswered = true;
    const answered: Message = { ...answer, body: toBody(outcome.card, outcome.file, files) };
    if (outcome.audience === 'asker') {
      room.put(answered);
    } else {
      room.put(forEverybody(line));
      room.put(forEverybody(answered));
    }
  };

  return {
    say(person, channel, text) {
      lastChannels.set(person.id, channel);
      if (!text.startsWith('/')) {
        room.post({ channel, author: person.id, body: { kind: 'line', text } });
        return;
      }
      admit(person);
      void run(person, channel, text);
    },
    async press(person, press) {
      const message = checkPress(room.find(person.id, press.message), press);
      admit(person);
      const { channel } = message;
      lastChannels.set(person.id, channel);
      const { action, values } = press;
      const input = { account: accountOf(person), spot: { channel, message: message.id }, action };
      const outcome = await settle(person, () =>
        dispatcher.press(values === undefined ? input : { ...input, values }),
      );
      const body = toBody(outcome.card, outcome.file, files);
      if (outcome.audience === 'channel') return room.post({ channel, body }).id;
      if (outcome.isInPlace && message.onlyFor === person.id) {
        room.put({ ...message, body });
        return message.id;
      }
      return room.post({ channel, onlyFor: person.id, body }).id;
    },
    getFile({ id: person }, id) {
      const isShown = room.listSince(person, 0).some(({ message: { body } }) => {
        if (body.kind !== 'card') return false;
        return body.file?.id === id || body.card.picture?.id === id;
      });
      const file = isShown ? files.find(id) : undefined;
      if (file !== undefined) return file;
      throw new Refusal(
        404,
        `This file is gone, or not for you. The last ${limits.filesMax} are kept: ask for it again.`,
      );
    },
  };
}

export function accountOf({ id }: PersonView): Account {
  return { platform: 'playground', user: id };
}

/** Checked against the card as it is now, not as it was when the window drew it. */
function checkPress(message: Message | undefined, { action, values }: Press): Message {
  const card = message?.body.kind === 'card' ? message.body.card : undefined;
  const form = card?.form?.action === action ? card.form : undefined;
  const isButton = card?.buttons?.some((button) => button.action === action) ?? false;
  if (message === undefined || (values === undefined ? !isButton : form === undefined)) {
    throw new Refusal(404, 'This button is gone. Ask again for a new answer.');
  }
  for (const [name, value] of Object.entries(values ?? {})) {
    const field = form?.fields.find((one) => one.name === name);
    if (field === undefined) throw new Refusal(400, 'This form has other fields. Open it again.');
    if (value.length > field.lengthMax + limits.formSlackMax) {
      const [length, most] = [value.length, field.lengthMax].map((one) => one.toLocaleString('en'));
      throw new Refusal(400, `“${field.label}” is ${length} characters long; it can have ${most}.`);
    }
  }
  return message;
}

function forEverybody({ onlyFor: _, ...message }: Message): Message {
  return message;
}
