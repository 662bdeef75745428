// Takes what people type, press and send to the dispatcher, and the outcome back to them. Everything
// here happens after the acknowledgement.
import type { Clock } from '../../clock.ts';
import type { Card } from '../../commands/card.ts';
import type { Dispatcher, Outcome } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import { createDelivery } from '../delivery.ts';
import { explainRejection } from '../rejection.ts';
import { type AnswerDeps, addNote, createAnswer } from './answers.ts';
import { explain, toFailure } from './failure.ts';
import { metadataOf, type Origin, spotOf } from './origin.ts';
import type { Standing } from './standing.ts';
import type { View } from './view.ts';

export interface Desk {
  /** Resolves when it is answered. Never rejects. */
  run(origin: Origin, line: string): Promise<void>;
  press(origin: Origin, action: string): Promise<void>;
  /** `keep` is told what the dialog shows from then on. */
  submit(
    origin: Origin,
    form: { action: string; values: Readonly<Record<string, string>> },
    keep: (view: View) => void,
  ): Promise<void>;
}

export interface DeskDeps extends AnswerDeps {
  readonly dispatcher: Dispatcher;
  readonly standing: Standing;
  readonly clock: Clock;
  readonly log: Log;
  newReference(): string;
}

/** Before that an answer needs no line that says it is coming. */
const meanwhileAfterMs = 1500;
const linePrefix = 'line:';

export function createDesk(deps: DeskDeps): Desk {
  const { dispatcher, standing, clock, log } = deps;

  const answer = async (
    origin: Origin,
    again: string,
    ask: (progress: (card: Card) => void) => Promise<Outcome>,
    keep?: (view: View) => void,
  ): Promise<void> => {
    const delivery = createDelivery(createAnswer(origin, again, deps, keep), {
      clock,
      log,
      editsMax: origin.place.kind === 'command' ? 1 : 0,
      gapMs: meanwhileAfterMs,
    });
    const outcome = await ask((card) => delivery.progress(card)).catch((error: unknown) =>
      explainRejection(error, deps, { user: origin.user }),
    );
    await delivery.finish(await handOver(outcome, origin, deps));
  };

  const run = async (origin: Origin, line: string) =>
    answer(origin, `${linePrefix}${line}`, async (progress) => {
      const account = await standing.getAccount(origin.user);
      return dispatcher.run({ account, spot: spotOf(origin), line }, progress);
    });

  return {
    run,
    async press(origin, action) {
      if (action.startsWith(linePrefix)) return run(origin, action.slice(linePrefix.length));
      await answer(origin, action, async () => {
        const account = await standing.getAccount(origin.user, true);
        return dispatcher.press({ account, spot: spotOf(origin), action });
      });
    },
    submit: (origin, { action, values }, keep) =>
      answer(
        origin,
        action,
        async () => {
          const account = await standing.getAccount(origin.user, true);
          return dispatcher.press({ account, spot: spotOf(origin), action, values });
        },
        keep,
      ),
  };
}

/** The file goes first, so that the card can say where it is. */
async function handOver(outcome: Outcome, origin: Origin, deps: DeskDeps): Promise<Outcome> {
  const { file, ...rest } = outcome;
  if (file === undefined) return outcome;
  const { channel } = metadataOf(origin);
  const note = (text: string) => ({ ...rest, card: addNote(rest.card, text) });
  if (rest.audience === 'channel' && channel !== undefined) {
    try {
      await deps.files.shareText(file, { channel });
      return note(`“${file.name}” is in this channel.`);
    } catch (error) {
      deps.log.warn({ file: file.name, err: toFailure(error) }, 'a file could not be shared');
    }
  }
  try {
    await deps.files.shareText(file, { channel: await deps.files.openDirect(origin.user) });
    return note(`“${file.name}” is in your direct messages with Purser.`);
  } catch (error) {
    const failure = toFailure(error);
    const { reference } = rest.card;
    deps.log.error({ reference, file: file.name, err: failure }, 'a file was lost');
    return note(`“${file.name}” could not be given to you. ${explain(failure)}`);
  }
}
