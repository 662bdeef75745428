// The ways of answering one interaction. The first answer is due within three seconds and can be
// given once; the token that comes with it takes edits and further messages for fifteen minutes.
import {
  type APIInteraction,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
  Routes,
} from 'discord.js';
import type { DiscordApi } from './api.ts';
import type { RenderedMessage } from './message.ts';

export interface Responder {
  /** “Purser is thinking…”, for this person only; an answer takes its place. */
  defer(): Promise<void>;
  /** Says nothing: the message with the button stays, and may be edited. */
  deferUpdate(): Promise<void>;
  openModal(modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** For this person only, without attachments: as a new message, or in the place of the old one. */
  answer(message: RenderedMessage, isInPlace: boolean): Promise<void>;
  complete(choices: readonly { readonly name: string; readonly value: string }[]): Promise<void>;
  edit(message: RenderedMessage): Promise<void>;
  followUp(message: RenderedMessage): Promise<void>;
}

export function createResponder(
  api: DiscordApi,
  { id, token, application_id }: Pick<APIInteraction, 'id' | 'token' | 'application_id'>,
): Responder {
  // The token in the path is all that Discord wants to see here.
  const auth = false;
  const respond = async (type: InteractionResponseType, data?: object) => {
    const body = data === undefined ? { type } : { type, data };
    await api.respond(Routes.interactionCallback(id, token), body);
  };
  return {
    defer: () =>
      respond(InteractionResponseType.DeferredChannelMessageWithSource, {
        flags: MessageFlags.Ephemeral,
      }),
    deferUpdate: () => respond(InteractionResponseType.DeferredMessageUpdate),
    openModal: (modal) => respond(InteractionResponseType.Modal, modal),
    answer: ({ body }, isInPlace) =>
      respond(
        isInPlace
          ? InteractionResponseType.UpdateMessage
          : InteractionResponseType.ChannelMessageWithSource,
        body,
      ),
    complete: (choices) =>
      respond(InteractionResponseType.ApplicationCommandAutocompleteResult, { choices }),
    async edit({ body, files }) {
      const route = Routes.webhookMessage(application_id, token, '@original');
      const { flags: _, ...rest } = body;
      // A message that Discord still thinks about gets its kind with this edit.
      const flags = MessageFlags.IsComponentsV2;
      await api.call('patch', route, { auth, body: { ...rest, flags }, files });
    },
    async followUp({ body, files }) {
      await api.call('post', Routes.webhook(application_id, token), { auth, body, files });
    },
  };
}
