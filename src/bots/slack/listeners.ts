// What Bolt calls. Each event is acknowledged at once, in the same turn and before any I/O, and is
// done once however often Slack delivers it.
import type { App, BlockAction } from '@slack/bolt';
import type { Card } from '../../commands/card.ts';
import type { Log } from '../../log.ts';
import type { Desk } from './desk.ts';
import type { HomePage } from './home.ts';
import { readCommand, readPress, readSubmission } from './origin.ts';
import { createSeen } from './seen.ts';
import { renderCardView, renderWorkingView, type View } from './view.ts';

export interface ListenersDeps {
  readonly desk: Desk;
  readonly home: HomePage;
  readonly log: Log;
  newReference(): string;
  /** False for an event that another replica has taken: Slack delivers one again elsewhere. */
  takeOnce?(key: string): Promise<boolean>;
  /** Keeps it for `stop`, which waits for what is under way. */
  track(event: string, work: Promise<void>): void;
}

export function addListeners(app: App, deps: ListenersDeps): void {
  const { desk, home, log, track } = deps;
  const seen = createSeen<{ shown?: View }>();

  const noteRepeated = (key: string) => {
    log.info({ key }, 'an event came once more, and had no second effect');
  };

  const doOnce = async (key: string, work: () => Promise<void>) => {
    if ((await deps.takeOnce?.(key)) === false) noteRepeated(key);
    else await work();
  };

  /** What could not be acknowledged was refused before its person's eyes, and is not done. */
  const once = async (key: string, ack: Promise<void>, work: () => Promise<void>) => {
    const isRepeated = seen.add(key, {}) !== undefined;
    try {
      await ack;
    } catch (error) {
      if (!isRepeated) seen.forget(key);
      log.warn({ err: error }, 'an event could not be acknowledged, and nothing was done');
      return;
    }
    if (isRepeated) noteRepeated(key);
    else track(key, doOnce(key, work));
  };

  // Whatever the app's settings call a command: one that Purser does not know is told so.
  app.command(/.*/, ({ ack, body }) => {
    const { origin, line } = readCommand(body);
    return once(`command ${body.trigger_id}`, ack(), () => desk.run(origin, line));
  });

  app.action(/.*/, ({ ack, body }) => {
    const acked = ack();
    if (body.type !== 'block_actions') return acked;
    const press = readPress(body);
    if (press === undefined) return acked;
    const { origin, action } = press;
    return once(keyOfPress(body), acked, async () => {
      if (origin.place.kind !== 'home') return desk.press(origin, action);
      if (action === 'home:refresh') return home.refresh(origin.user);
      await desk.press(origin, action);
      await home.show(origin.user);
    });
  });

  app.view({ callback_id: /.*/, type: 'view_submission' }, ({ ack, body }) => {
    const submission = readSubmission(body);
    // Closed without a word it would look as if it had been saved.
    if (submission === undefined) {
      const reference = deps.newReference();
      log.info({ reference, user: body.user.id }, 'a form was not known');
      return ack({ response_action: 'update', view: renderUnknown(reference) });
    }
    const { origin, action, values, errors, title, metadata } = submission;
    if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
    const key = `view ${origin.trigger ?? `${body.view.id} ${body.view.hash}`}`;
    const note: { shown?: View } = { shown: renderWorkingView(title, metadata) };
    // A second delivery must not put "one moment" over an outcome that is there already.
    const known = seen.add(key, note);
    const view = (known ?? note).shown;
    const acked = view === undefined ? ack() : ack({ response_action: 'update', view });
    return acked.then(
      () => {
        if (known !== undefined) return;
        const submit = () =>
          desk.submit(origin, { action, values }, (next) => {
            note.shown = next;
          });
        track(key, doOnce(key, submit));
      },
      (error: unknown) => {
        if (known === undefined) seen.forget(key);
        log.warn({ err: error }, 'a form could not be acknowledged, and nothing was done');
      },
    );
  });

  app.view({ callback_id: /.*/, type: 'view_closed' }, ({ ack }) => ack());

  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') track(`home ${event.user}`, home.show(event.user));
  });

  app.error(async (error) => {
    log.error({ err: error }, 'an event of Slack could not be taken: this is a mistake in Purser');
  });
}

function renderUnknown(reference: string): View {
  const card: Card = {
    tone: 'warning',
    title: 'Purser does not know this form',
    text: 'It is from another version, and nothing was saved. Ask for it again.',
    reference,
  };
  return renderCardView(card, {});
}

function keyOfPress({ trigger_id, actions }: BlockAction): string {
  const [action] = actions;
  return `press ${trigger_id} ${action?.action_id ?? ''} ${action?.action_ts ?? ''}`;
}
