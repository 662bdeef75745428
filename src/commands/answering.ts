// One answer to one person: finds them, holds them to their pace, does the work, turns whatever goes
// wrong into a card, and leaves one line in the log under the reference that the card shows.
import { ProviderError, StoreError, UserError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { AnswerOutcome, Meter } from '../meter.ts';
import type { Person } from '../team.ts';
import type { Card } from './card.ts';
import { CommandError } from './errors.ts';
import { doubtful, findPerson, keyOf, stranger, toPlace } from './identity.ts';
import type { Rates } from './rates.ts';
import type { Account, ActionContext, Outcome, Pace, Spot, World } from './types.ts';
import { explainFailure } from './words.ts';

export interface AnsweringDeps {
  readonly world: World;
  readonly log: Log;
  /** Without it nobody is held up. */
  readonly rates?: Rates | undefined;
  readonly meter?: Pick<Meter, 'answered'> | undefined;
  /** Short text that a person can read out: it stands on the card and in the log. */
  newReference(): string;
}

export interface Asked {
  readonly account: Account;
  readonly spot: Spot;
  readonly pace: Pace;
  /** `payout list`, `payout.approve`; never what somebody typed. */
  readonly name: string;
  /** For the log. */
  readonly what: object;
}

type Work = (context: ActionContext) => Promise<Outcome>;

/** What becomes of the one line in the log. */
interface Ending {
  readonly outcome: AnswerOutcome;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: object;
}

class LimitError extends CommandError {}

export function createAnswering(
  deps: AnsweringDeps,
): (asked: Asked, work: Work) => Promise<Outcome> {
  const { world, log, rates } = deps;

  const admit = ({ account, pace }: Asked, person: Person | undefined): void => {
    const who = keyOf(account, person);
    // A stranger's command is never done, so it is as good as any other.
    const waitMs = rates?.take(person === undefined ? 'work' : pace, who) ?? 0;
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1_000);
    throw new LimitError(
      'That is more than Purser does for one person at once',
      `Nothing was done. Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`,
    );
  };

  const begin = (asked: Asked, person: Person | undefined, reference: string): ActionContext => {
    const { account, spot } = asked;
    admit(asked, person);
    const { doubt } = account;
    if (doubt !== undefined) throw doubtful(account, doubt, world.team);
    if (person === undefined) throw stranger(account, world.team);
    const nameOf = (id: string) => world.team.people.find((one) => one.id === id)?.name ?? id;
    return { ...world, person, place: toPlace(account, spot), reference, nameOf };
  };

  return async (asked, work) => {
    const { account, name, what } = asked;
    const reference = deps.newReference();
    const startedAt = world.clock.now();
    const person = findPerson(account, world.team);
    const who = person === undefined ? { account: keyOf(account, undefined) } : {};
    const said = { reference, person: person?.id, ...who, platform: account.platform, ...what };
    const end = ({ outcome, level, message, fields }: Ending) => {
      const ms = world.clock.now() - startedAt;
      log[level]({ ...said, ...fields, ms, outcome }, message);
      deps.meter?.answered({ command: name, platform: account.platform, outcome, ms });
    };
    try {
      const outcome = await work(begin(asked, person, reference));
      for (const err of outcome.failures ?? []) {
        log.warn({ ...said, err }, 'provider failed');
      }
      end({ outcome: 'answered', level: 'info', message: 'answered' });
      return withReference(outcome, reference);
    } catch (error) {
      const isQuiet = error instanceof LimitError && !rates?.isNews(keyOf(account, person));
      const { card, ending } = explainError(error, world, reference);
      end(isQuiet ? { ...ending, level: 'debug' } : ending);
      return { audience: 'asker', card: { ...card, reference } };
    }
  };
}

/** What is shared shows the reference of the answer that it was, which is in the log beside its own. */
function withReference(outcome: Outcome, reference: string): Outcome {
  if (outcome.card.reference !== undefined) return outcome;
  return { ...outcome, card: { ...outcome.card, reference } };
}

function refusedWith(fields: object): Ending {
  return { outcome: 'refused', level: 'info', message: 'command refused', fields };
}

function explainError(
  error: unknown,
  world: World,
  reference: string,
): { card: Card; ending: Ending } {
  if (error instanceof CommandError) {
    const { title, message: text, suggestions } = error;
    const card: Card = { tone: 'warning', title, text, suggestions };
    const fields = { refused: title };
    if (error instanceof LimitError) {
      const message = 'a person asked for too much at once, and was told to wait';
      return { card, ending: { outcome: 'limited', level: 'warn', message, fields } };
    }
    return { card, ending: refusedWith(fields) };
  }
  if (error instanceof UserError) {
    const card: Card = { tone: 'warning', title: 'That did not work', text: error.message };
    const fields = { refused: error.message };
    return { card, ending: refusedWith(fields) };
  }
  const fields = { err: error };
  if (error instanceof ProviderError) {
    const provider = world.modules.find(({ id }) => id === error.provider)?.name;
    const title = `${provider ?? error.provider} could not do this`;
    const card: Card = { tone: 'bad', title, text: explainFailure(error) };
    const message = 'provider failed';
    return { card, ending: { outcome: 'provider_failed', level: 'warn', message, fields } };
  }
  if (error instanceof StoreError) {
    const title = 'This could not be written down';
    const card: Card = { tone: 'bad', title, text: error.message };
    const message = 'the store failed';
    return { card, ending: { outcome: 'store_failed', level: 'error', message, fields } };
  }
  const card: Card = {
    tone: 'bad',
    title: 'Something went wrong inside Purser',
    text: `Look at what you wanted to change before you try again. Whoever runs Purser finds the cause in the log under ${reference}.`,
  };
  const message = 'command failed: this is a mistake in Purser';
  return { card, ending: { outcome: 'mistake', level: 'error', message, fields } };
}
