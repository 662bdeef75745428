// A press from the click to its answer. One card does one thing at a time.
import type { Button } from '../../../commands/card.ts';
import type { Message } from '../protocol.ts';
import { announce } from './announce.ts';
import { pressButton } from './api.ts';
import { askFirst } from './confirm.ts';
import type { State } from './state.ts';

export interface Presser {
  press(message: Message, button: Button): Promise<void>;
  submit(message: Message, action: string, values: Readonly<Record<string, string>>): Promise<void>;
}

export interface Screen {
  redraw(): void;
  /** From now on the newest message is followed again. */
  stick(): void;
}

export function createPresser(state: State, { redraw, stick }: Screen): Presser {
  const send = async (
    { id }: Message,
    input: { action: string; values?: Readonly<Record<string, string>> },
  ) => {
    if (state.pressing.has(id)) return;
    state.pressing.set(id, input.action);
    state.notice = undefined;
    redraw();
    try {
      const answer = await pressButton({ as: state.me.id, message: id, ...input });
      if (answer.message !== id) stick();
    } catch (error) {
      state.notice = error instanceof Error ? error.message : String(error);
      announce(state.notice);
    } finally {
      state.pressing.delete(id);
      redraw();
    }
  };
  return {
    async press(message, button) {
      if (state.pressing.has(message.id)) return;
      if (await askFirst(button)) await send(message, { action: button.action });
    },
    submit: (message, action, values) => send(message, { action, values }),
  };
}
