// Takes each interaction to the dispatcher. It is acknowledged before anything else happens, and what
// cannot be acknowledged is not done: the person was told that it failed.
import {
  type APIInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  InteractionType,
} from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Command, Dispatcher, Outcome, Spot, TypedLine } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import { explainRejection } from '../rejection.ts';
import type { Answers, Place } from './answers.ts';
import type { DiscordApi } from './api.ts';
import { completeOptions } from './completion.ts';
import { type Confirms, labelOf } from './confirms.ts';
import { parseModalId, parsePressed } from './custom-id.ts';
import { explainDiscord } from './explain.ts';
import type { Forms, ShownCard } from './forms.ts';
import { createKept } from './kept.ts';
import { limits } from './limits.ts';
import { type RenderedMessage, renderMessage } from './message.ts';
import { readModal } from './modal.ts';
import { isChatInput, isOnPrivate, readCommand, spotOf, userOf } from './request.ts';
import { createResponder } from './responder.ts';
import type { Standings } from './standing.ts';

export interface Interactions {
  /** Never throws. */
  take(interaction: APIInteraction): void;
  /** Resolves when everything under way is answered, or after a few seconds. */
  settle(): Promise<void>;
}

export interface InteractionsDeps {
  readonly api: DiscordApi;
  readonly dispatcher: Dispatcher;
  readonly commands: readonly Command[];
  readonly clock: Clock;
  readonly log: Log;
  readonly standings: Standings;
  readonly forms: Forms;
  readonly confirms: Confirms;
  readonly answers: Answers;
  newReference(): string;
}

/** One thing that a person asks for: does the work, tells progress, gives the outcome. */
type Work = (onProgress: (card: Outcome['card']) => void) => Promise<Outcome>;

export function createInteractions(deps: InteractionsDeps): Interactions {
  const { api, dispatcher, commands, clock, log, standings, forms, confirms, answers } = deps;
  const seen = createKept<true>(clock, {
    countMax: limits.interactionsSeenMax,
    forMs: Number.POSITIVE_INFINITY,
  });
  const running = new Map<Promise<void>, string>();

  /** False where Discord did not take it; then nothing has been done, and the log says so. */
  const acknowledge = async (id: string, answering: Promise<void>): Promise<boolean> => {
    try {
      await answering;
      return true;
    } catch (err) {
      log.error(
        { interaction: id, err, because: explainDiscord(err) },
        'an answer was lost: Discord did not take the acknowledgement, so nothing was done',
      );
      return false;
    }
  };

  const ask = async (dispatching: () => Promise<Outcome>): Promise<Outcome> => {
    try {
      return await dispatching();
    } catch (error) {
      return explainRejection(error, deps);
    }
  };

  async function deliver(interaction: APIInteraction, place: Place, work: Work): Promise<void> {
    const delivery = answers.createDelivery(interaction, place);
    const outcome = await work((card) => {
      if (place === 'new') delivery.progress(card);
    });
    await delivery.finish(outcome);
  }

  /** A form must be the first answer: it is waited for as long as Discord waits for that. */
  async function openForm(interaction: APIInteraction, work: Work): Promise<void> {
    const responder = createResponder(api, interaction);
    const working = work(() => {});
    const soon = await Promise.race([
      working,
      clock.sleep(limits.formWaitMs).then(() => undefined),
    ]);
    const modal = soon?.card.form === undefined ? undefined : forms.open(forms.keep(soon.card));
    if (modal !== undefined) {
      await acknowledge(interaction.id, responder.openModal(modal));
      return;
    }
    if (!(await acknowledge(interaction.id, responder.defer()))) return;
    await deliver(interaction, 'new', () => working);
  }

  async function run(interaction: APIInteraction, typed: TypedLine): Promise<void> {
    const work: Work = async (onProgress) => {
      const account = await standings.accountOf(interaction);
      const spot = spotOf(interaction);
      return ask(() => dispatcher.run({ account, spot, ...typed }, onProgress));
    };
    if (dispatcher.opensForm(typed)) return openForm(interaction, work);
    const deferring = createResponder(api, interaction).defer();
    if (await acknowledge(interaction.id, deferring)) await deliver(interaction, 'new', work);
  }

  const pressWork = (interaction: APIInteraction, press: Press): Work => {
    return async () => {
      const account = await standings.accountOf(interaction);
      return ask(() => dispatcher.press({ account, ...press }));
    };
  };

  async function press(interaction: APIInteraction, what: Press, place: Place): Promise<void> {
    const work = pressWork(interaction, what);
    if (what.values === undefined && dispatcher.opensForm(what)) return openForm(interaction, work);
    const responder = createResponder(api, interaction);
    const answering = place === 'new' ? responder.defer() : responder.deferUpdate();
    if (await acknowledge(interaction.id, answering)) await deliver(interaction, place, work);
  }

  /** At once, without asking anybody. */
  async function show(interaction: APIInteraction, { card, extras }: ShownCard): Promise<void> {
    const message = renderMessage(card, { ...extras, isPrivate: true });
    await answer(interaction, message);
  }

  function showGone(interaction: APIInteraction, action: string): Promise<void> {
    const reference = deps.newReference();
    const user = userOf(interaction)?.id;
    log.info({ reference, user, interaction: interaction.id }, 'a form was gone');
    const { card, extras } = forms.composeGone(action, dispatcher.opensForm({ action }));
    return show(interaction, { card: { ...card, reference }, extras });
  }

  async function answer(interaction: APIInteraction, message: RenderedMessage): Promise<void> {
    const responder = createResponder(api, interaction);
    await acknowledge(interaction.id, responder.answer(message, isOnPrivate(interaction)));
  }

  async function pressButton(interaction: APIMessageComponentInteraction): Promise<void> {
    const pressed = parsePressed(interaction.data.custom_id);
    const spot = spotOf(interaction);
    const place: Place = isOnPrivate(interaction) ? 'kept' : 'new';
    switch (pressed.kind) {
      case 'action':
        return press(interaction, { spot, action: pressed.action }, place);
      case 'line':
        return run(interaction, { line: pressed.line });
      case 'ask':
        return confirm(interaction, pressed.action);
      case 'yes': {
        const of = spotOf(interaction, pressed.message);
        return press(interaction, { spot: of, action: pressed.action }, 'replaced');
      }
      case 'no':
        return cancel(interaction, pressed.id);
      case 'form': {
        const modal = forms.open(pressed.id);
        if (modal === undefined) {
          const { action } = pressed;
          return showGone(interaction, action);
        }
        const opening = createResponder(api, interaction).openModal(modal);
        await acknowledge(interaction.id, opening);
      }
    }
  }

  /** A private card makes room for the question and comes back; a public one stays. */
  async function confirm(
    interaction: APIMessageComponentInteraction,
    action: string,
  ): Promise<void> {
    const { message, data } = interaction;
    const label = labelOf(message, data.custom_id);
    const isReplacing = isOnPrivate(interaction) && message.attachments.length === 0;
    const aside = isReplacing ? { aside: confirms.putAside(message.components) } : {};
    const asked = confirms.compose({ action, label, message: message.id, ...aside });
    const question = renderMessage(asked.card, { ...asked.extras, isPrivate: true });
    const answering = createResponder(api, interaction).answer(question, isReplacing);
    await acknowledge(interaction.id, answering);
  }

  async function cancel(interaction: APIInteraction, aside: string): Promise<void> {
    const components = confirms.putBack(aside);
    if (components === undefined) {
      return show(interaction, {
        card: { tone: 'neutral', title: 'Cancelled', text: 'Nothing has happened.' },
        extras: {},
      });
    }
    const empty = renderMessage({ tone: 'neutral', title: '' }, { isPrivate: true });
    const body = { ...empty.body, components: components as typeof empty.body.components };
    return answer(interaction, { body, files: [] });
  }

  async function submit(interaction: APIModalSubmitInteraction): Promise<void> {
    const modal = parseModalId(interaction.data.custom_id);
    const { action = '', id = '' } = modal ?? {};
    const values = readModal(interaction.data, forms.getForm(id));
    const filled = modal === undefined ? ({ kind: 'gone' } as const) : forms.fill(modal, values);
    switch (filled.kind) {
      case 'gone':
        return showGone(interaction, action);
      case 'next':
        return show(interaction, filled.shown);
      case 'complete': {
        // From a card with “Correct it” or “Continue” it takes that card's place.
        const place: Place = isOnPrivate(interaction) ? 'replaced' : 'new';
        return press(
          interaction,
          { spot: spotOf(interaction), action, values: filled.values },
          place,
        );
      }
    }
  }

  function route(interaction: APIInteraction): Promise<void> {
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        if (!isChatInput(interaction)) return Promise.resolve();
        return run(interaction, readCommand(interaction.data, commands));
      case InteractionType.ApplicationCommandAutocomplete:
        return completeOptions(interaction, deps);
      case InteractionType.MessageComponent:
        return pressButton(interaction);
      case InteractionType.ModalSubmit:
        return submit(interaction);
      default:
        return Promise.resolve();
    }
  }

  return {
    take(interaction) {
      const { id } = interaction;
      // Discord may deliver the same twice, after a reconnect.
      if (seen.get(id)) return;
      seen.set(id, true);
      const answering = Promise.resolve()
        .then(() => route(interaction))
        .catch((err: unknown) => {
          log.error({ interaction: id, err }, 'an answer was lost: this is a mistake in Purser');
        })
        .finally(() => running.delete(answering));
      running.set(answering, `${id} of ${userOf(interaction)?.id}`);
    },
    async settle() {
      if (running.size === 0) return;
      await Promise.race([Promise.all(running.keys()), clock.sleep(limits.stopWaitMs)]);
      for (const interaction of running.values()) {
        log.error({ interaction }, 'an answer was lost: Purser stopped before it was delivered');
      }
    },
  };
}

interface Press {
  readonly spot: Spot;
  readonly action: string;
  readonly values?: Readonly<Record<string, string>>;
}
