// Brings outcomes to the people who asked: into the private answer, in the place of the card that was
// used, or to everybody in the channel.
import type { APIInteraction } from 'discord.js';
import type { Clock } from '../../clock.ts';
import type { Card } from '../../commands/card.ts';
import type { Account, Outcome } from '../../commands/types.ts';
import type { Log } from '../../log.ts';
import { createDelivery, type Delivery } from '../delivery.ts';
import { type DiscordApi, isPassing } from './api.ts';
import type { Confirms } from './confirms.ts';
import type { Forms, ShownCard } from './forms.ts';
import { limits } from './limits.ts';
import { type MessageExtras, type RenderedMessage, renderMessage } from './message.ts';
import { userOf } from './request.ts';
import { createResponder, type Responder } from './responder.ts';

/**
 * Where the private answer goes:
 * - `new`: Discord shows that Purser is thinking, and the answer takes that place
 * - `kept`: the card with the button stays, unless the outcome replaces it
 * - `replaced`: that card has served its purpose, whatever the outcome is
 */
export type Place = 'new' | 'kept' | 'replaced';

export interface Answers {
  createDelivery(interaction: APIInteraction, place: Place): Delivery;
  /** The card with its buttons, and with one for its form. */
  compose(card: Card): ShownCard;
}

export interface AnswersDeps {
  readonly api: DiscordApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly forms: Forms;
  readonly confirms: Confirms;
  /** The name of the person in the team file. */
  nameOf(user: string): string | undefined;
  /** As a direct message. */
  tell(account: Account, message: RenderedMessage): Promise<void>;
}

export function createAnswers(deps: AnswersDeps): Answers {
  const { api, forms, confirms } = deps;

  const compose = (card: Card): ShownCard => {
    confirms.keep(card);
    return card.form === undefined
      ? { card, extras: {} }
      : forms.composeCard(forms.keep(card), card);
  };

  const render = (outcome: Outcome, composed: ShownCard, more: MessageExtras): RenderedMessage => {
    const { file } = outcome;
    const { card, extras } = composed;
    return renderMessage(card, { ...extras, ...more, ...(file === undefined ? {} : { file }) });
  };

  return {
    compose,
    createDelivery(interaction, place) {
      const responder = createResponder(api, interaction);
      // A form is kept once, however often its card must be sent.
      let last: { outcome: Outcome; composed: ShownCard } | undefined;
      const composeOnce = (outcome: Outcome): ShownCard => {
        if (last?.outcome !== outcome) last = { outcome, composed: compose(outcome.card) };
        return last.composed;
      };
      const privately = (outcome: Outcome, note?: string) =>
        render(outcome, composeOnce(outcome), {
          isPrivate: true,
          ...(note === undefined ? {} : { notes: [note] }),
        });
      return createDelivery(
        {
          isPassing,
          async edit(outcome) {
            if (outcome.audience === 'channel') {
              await share(responder, outcome);
              return;
            }
            const message = privately(outcome);
            const isEdit = place !== 'kept' || outcome.isInPlace === true;
            await (isEdit ? responder.edit(message) : responder.followUp(message));
          },
          async post(outcome) {
            const isPublic = outcome.audience === 'channel';
            const note = isPublic ? 'This could not be shown to everybody here.' : undefined;
            const message = privately(outcome, note);
            const user = userOf(interaction)?.id ?? '';
            const ways = [
              () => responder.followUp(message),
              () => deps.tell({ platform: 'discord', user }, message),
            ];
            await firstOf(ways);
          },
        },
        { ...deps, editsMax: limits.progressEditsMax, gapMs: limits.progressGapMs },
      );

      /** The private answer comes first: Discord would put the public one in its place. */
      async function share(to: Responder, outcome: Outcome): Promise<void> {
        if (place !== 'kept' || outcome.isInPlace === true) {
          await to.edit(renderMessage(sharedCard, { isPrivate: true }));
        }
        const name = deps.nameOf(userOf(interaction)?.id ?? '');
        const isNamed = name === undefined || JSON.stringify(outcome.card).includes(name);
        const notes = isNamed ? [] : [`Asked by ${name}.`];
        await to.followUp(render(outcome, composeOnce(outcome), { notes }));
      }
    },
  };
}

const sharedCard: Card = {
  tone: 'neutral',
  title: 'Shown to everybody here',
  text: 'The answer stands in the channel.',
};

/** Rejects with what the last way said, unless one works or an earlier one may work later. */
async function firstOf(ways: readonly (() => Promise<void>)[]): Promise<void> {
  let last: unknown;
  for (const way of ways) {
    try {
      await way();
      return;
    } catch (error) {
      if (isPassing(error)) throw error;
      last = error;
    }
  }
  throw last;
}
