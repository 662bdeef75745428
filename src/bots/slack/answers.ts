// Brings one outcome to one person, or to the channel where they are. The address that Slack sends
// along works anywhere, five times within half an hour; after that the bot's own rights must do.
// Such an address of a slash command never replaces what it posted before, whatever is asked:
// https://github.com/slackapi/bolt-js/issues/2287 and https://github.com/slackapi/bolt-python/issues/1268,
// read 2026-11-26. So a command shows at most one line meanwhile, which stays true afterwards.
import type { Card } from '../../commands/card.ts';
import type { Outcome } from '../../commands/types.ts';
import type { DeliveryWays } from '../delivery.ts';
import type { SlackApi } from './api.ts';
import { explain, SlackFailure, toFailure } from './failure.ts';
import type { FilePlace } from './files.ts';
import type { Message, RenderOptions } from './layout.ts';
import { metadataOf, type Origin } from './origin.ts';
import { renderMessage } from './render.ts';
import { type SendingDeps, sendCard } from './sending.ts';
import { renderCardView, renderForm, type View } from './view.ts';

export interface AnswerDeps extends SendingDeps {
  readonly api: SlackApi;
  newId(): string;
  /** The name of whoever asked, for those who only see the answer. */
  nameOf(user: string): string | undefined;
  isStopping(): boolean;
}

/** `again` is the action that opens a form anew. `keep` is told each view that a dialog shows. */
export function createAnswer(
  origin: Origin,
  again: string,
  deps: AnswerDeps,
  keep: (view: View) => void = () => {},
): DeliveryWays {
  const { api, files } = deps;
  const { place, user, trigger } = origin;
  const metadata = metadataOf(origin);

  const update = async (view: string, next: View) => {
    keep(next);
    await api.call((client) => client.views.update({ view_id: view, view: next }));
  };
  const open = (next: View) =>
    api.call((client) => client.views.open({ trigger_id: trigger ?? '', view: next }));

  const toAsker = async ({ card, isInPlace }: Outcome): Promise<void> => {
    const send = async (shown: Card, options: Partial<RenderOptions>) => {
      switch (place.kind) {
        case 'view':
          return update(place.view, renderCardView(shown, metadata, options));
        case 'home':
          await open(renderCardView(shown, metadata, options));
          return;
        default: {
          if (place.url === undefined) throw new SlackFailure('no_address', { isPassing: false });
          const isReplaced = place.kind === 'message' && place.isPrivate && isInPlace === true;
          const message = renderMessage(shown, options);
          await api.respond(place.url, toResponse(message, 'ephemeral', isReplaced));
        }
      }
    };
    const placeOf = async (): Promise<FilePlace> => ({ channel: await files.openDirect(user) });
    await sendCard(card, { send, placeOf }, deps);
  };

  const toForm = async (outcome: Outcome): Promise<void> => {
    const { card } = outcome;
    const { form } = card;
    if (form === undefined) return toAsker(outcome);
    const view = renderForm({ card, form }, metadata, deps.newId);
    if (place.kind === 'view') return update(place.view, view);
    try {
      await open(view);
    } catch (error) {
      const failure = toFailure(error);
      if (!isTriggerOver(failure)) throw failure;
      await toAsker({ ...outcome, card: offerForm(card, again) });
    }
  };

  const toChannel = async ({ card }: Outcome): Promise<void> => {
    const shown = noteAsker(card, deps.nameOf(user));
    const { url, channel } = metadata;
    const send = async (one: Card, options: Partial<RenderOptions>) => {
      const message = renderMessage(one, options);
      if (url !== undefined) await api.respond(url, toResponse(message, 'in_channel', false));
      else await postTo(api, channel ?? (await files.openDirect(user)), message);
    };
    const placeOf = async () => ({ channel: channel ?? (await files.openDirect(user)) });
    await sendCard(shown, { send, placeOf }, deps);
    if (place.kind === 'view')
      await update(place.view, renderPosted(card, metadata)).catch(() => {});
  };

  return {
    async edit(outcome) {
      const { card, audience } = outcome;
      if (card.progress !== undefined) return toAsker({ ...outcome, card: composeMeanwhile(card) });
      if (audience === 'channel') return toChannel(outcome);
      return card.form === undefined ? toAsker(outcome) : toForm(outcome);
    },
    async post({ card, audience }) {
      const shown = card.form === undefined ? card : offerForm(card, again);
      const { channel } = metadata;
      const placeOf = async () => ({ channel: await files.openDirect(user) });
      const direct = (note?: string) =>
        sendCard(
          note === undefined ? shown : addNote(shown, note),
          {
            placeOf,
            send: async (one, options) =>
              postTo(api, await files.openDirect(user), renderMessage(one, options)),
          },
          deps,
        );
      if (channel === undefined) return void (await direct());
      const send = async (one: Card, options: Partial<RenderOptions>) => {
        const message = renderMessage(one, options);
        if (audience === 'channel') await postTo(api, channel, message);
        else {
          await api.call((client) => client.chat.postEphemeral({ channel, user, ...message }));
        }
      };
      try {
        await sendCard(shown, { send, placeOf }, deps);
      } catch (error) {
        const failure = toFailure(error);
        if (failure.isPassing) throw failure;
        const note = `It could not be shown in the channel. ${explain(failure)}`;
        await direct(note);
      }
    },
    isPassing(error) {
      const { isPassing, isDoubtful } = toFailure(error);
      return !deps.isStopping() && isPassing && !isDoubtful;
    },
  };
}

export async function postTo(
  api: SlackApi,
  channel: string,
  message: Message,
  under?: string,
): Promise<string> {
  const { ts } = await api.call((client) =>
    client.chat.postMessage({
      channel,
      ...message,
      mrkdwn: false,
      unfurl_links: false,
      unfurl_media: false,
      ...(under === undefined ? {} : { thread_ts: under }),
    }),
  );
  if (ts === undefined) throw new SlackFailure('no_message_id', { isPassing: false });
  return ts;
}

/** Without `replace_original: false` an answer to a button takes the place of everybody's message. */
function toResponse(message: Message, type: 'ephemeral' | 'in_channel', isReplaced: boolean) {
  return {
    ...message,
    response_type: type,
    replace_original: isReplaced,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** https://docs.slack.dev/reference/methods/views.open#errors, read 2026-11-26. */
function isTriggerOver({ code }: SlackFailure): boolean {
  return (
    code === 'expired_trigger_id' ||
    code === 'exchanged_trigger_id' ||
    code === 'invalid_trigger_id' ||
    // Bolt's client refuses an empty one by itself.
    code === 'invalid_arguments'
  );
}

/** A form that could not be opened: a button opens it, and what was wrong is said. */
function offerForm({ form, ...card }: Card, again: string): Card {
  if (form === undefined) return card;
  const errors = form.fields.flatMap(({ label, error }) =>
    error === undefined ? [] : [`${label}: ${error}`],
  );
  return {
    ...card,
    notes: [...errors, ...(card.notes ?? [])],
    buttons: [{ action: again, label: `Open: ${form.title}`, style: 'primary' }],
  };
}

function composeMeanwhile({ title }: Card): Card {
  return { tone: 'neutral', title: `${title}: one moment`, notes: ['The answer follows below.'] };
}

function renderPosted({ title }: Card, metadata: ReturnType<typeof metadataOf>): View {
  const text = `“${title}” is in the channel now.`;
  return renderCardView({ tone: 'good', title: 'Posted', text }, metadata);
}

function noteAsker(card: Card, name: string | undefined): Card {
  return name === undefined ? card : addNote(card, `Asked by ${name}`);
}

export function addNote(card: Card, note: string): Card {
  return { ...card, notes: [...(card.notes ?? []), note] };
}
