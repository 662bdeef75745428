// What became of each thing that somebody did, by the platforms' own records: whether the bot took
// it, and whether it answered, and how often. A platform's "that did not work" is an answer too: the
// person knows that nothing was promised.
import type { SlackCall } from '../bots/slack-server/index.ts';
import type { Town } from '../town/index.ts';

export interface Ledger {
  /** What people did, once for each however often it was delivered. */
  readonly requests: number;
  /** Of those, what Purser took. */
  readonly taken: number;
  readonly answered: number;
  /** What was taken and got no answer. */
  readonly unanswered: readonly string[];
  readonly answeredTwice: readonly string[];
  /** Lines of the log that report an answer as lost. */
  readonly reported: number;
  /** Unanswered, and nothing in the log could be about it. */
  readonly silent: readonly string[];
}

interface Entry {
  readonly what: string;
  readonly isTaken: boolean;
  /** Messages and changes that answer it. */
  readonly answers: number;
  readonly answersMax: number;
}

export function composeLedger(town: Town): Ledger {
  const entries = [...listSlack(town), ...listDiscord(town)];
  const taken = entries.filter(({ isTaken }) => isTaken);
  const unanswered = taken.filter(({ answers }) => answers === 0).map(({ what }) => what);
  const reports = town.log.lines.filter(({ message }) => message.includes('answer was lost'));
  const texts = reports.map(({ fields }) => JSON.stringify(fields));
  const named = unanswered.filter((what) => texts.some((text) => text.includes(idOf(what))));
  // A delivery that failed is reported by the reference on its card, which nobody has seen.
  const unnamed = reports.filter(({ message }) => message.includes('could not be delivered'));
  const silent = unanswered.filter((what) => !named.includes(what)).slice(unnamed.length);
  return {
    requests: entries.length,
    taken: taken.length,
    answered: taken.length - unanswered.length,
    unanswered,
    answeredTwice: taken
      .filter(({ answers, answersMax }) => answers > answersMax)
      .map(({ what, answers }) => `${what}: ${answers} answers`),
    reported: reports.length,
    silent,
  };
}

function idOf(what: string): string {
  return what.split(' ').at(-1) ?? what;
}

function listDiscord({ discord }: Town): Entry[] {
  return discord.server.interactions
    .filter(({ kind }) => kind !== 'completion')
    .map(({ id, kind, answer, original, edits, followUps }) => {
      const isShown = answer === 5 ? original?.isThinking === false : answer !== 6;
      const further = answer === 6 ? followUps + Math.min(edits, 1) : followUps;
      return {
        what: `Discord ${kind} ${id}`,
        isTaken: answer !== undefined,
        answers: (isShown ? 1 : 0) + further,
        // Where Purser was thinking, the first further message takes that place.
        answersMax: 2,
      };
    });
}

function listSlack({ slack }: Town): Entry[] {
  const { calls, people } = slack.server;
  const byTrigger = new Map<string, Sent>();
  for (const { payload, isAcknowledged, callsBefore } of people.sent) {
    const trigger = String(payload['trigger_id']);
    const known = byTrigger.get(trigger);
    if (known === undefined) {
      byTrigger.set(trigger, { isTaken: isAcknowledged, payload, callsBefore, deliveries: 1 });
    } else {
      known.isTaken ||= isAcknowledged;
      known.deliveries += 1;
    }
  }
  const claimed = new Set<SlackCall>();
  return [...byTrigger].map(([trigger, { isTaken, payload, callsBefore, deliveries }]) => {
    const { response_url: url, view, command, type, user } = payload as Payload;
    // What a dialog says to everybody goes to the address that came with what opened it.
    const address = url ?? JSON.parse(view?.private_metadata || '{}').url;
    const path = address === undefined ? undefined : new URL(address).pathname;
    const later = calls.slice(callsBefore).filter(({ isRefused }) => isRefused !== true);
    const answers = later.filter(({ method, args }) => {
      if (method === 'respond') return path !== undefined && args['path'] === path;
      if (method === 'views.open') return args['trigger_id'] === trigger;
      return method === 'views.update' && view !== undefined && args['view_id'] === view.id;
    });
    // Where the address was no way any more, the answer is a message that this person alone sees.
    const instead = later.find(
      (call) =>
        call.method === 'chat.postEphemeral' &&
        call.args['user'] === (user?.id ?? payload['user_id']) &&
        !claimed.has(call),
    );
    if (isTaken && answers.length === 0 && instead !== undefined) {
      claimed.add(instead);
      answers.push(instead);
    }
    return {
      what: `Slack ${command ?? type} ${trigger}`,
      isTaken,
      answers: answers.length,
      answersMax: countAnswersMax({ answers, view, isRepeated: deliveries > 1 }),
    };
  });
}

interface Sent {
  isTaken: boolean;
  readonly payload: Payload;
  readonly callsBefore: number;
  deliveries: number;
}

/**
 * A command may say first that it is at work; what comes of a form is shown where it was opened. What
 * was delivered once may be answered again where the first answer was cut off on its way.
 */
function countAnswersMax(input: {
  answers: readonly SlackCall[];
  view: object | undefined;
  isRepeated: boolean;
}): number {
  const { answers, view, isRepeated } = input;
  if (view !== undefined || answers.some(({ method }) => method === 'views.open')) {
    return Number.POSITIVE_INFINITY;
  }
  const meanwhile = answers.filter(({ args }) =>
    JSON.stringify(args).includes('The answer follows below.'),
  );
  return meanwhile.length + (isRepeated ? 1 : 2);
}

interface Payload {
  readonly response_url?: string;
  readonly view?: { readonly id: string; readonly private_metadata?: string };
  readonly user?: { readonly id: string };
  readonly command?: string;
  readonly type?: string;
  readonly [name: string]: unknown;
}
