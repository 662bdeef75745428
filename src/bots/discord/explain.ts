// What Discord's error numbers mean for whoever runs Purser.
// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json, read 2026-11-26.
import { BotError } from '../../errors.ts';
import { codeOf, isPassing, statusOf } from './api.ts';

const sentences: Readonly<Record<number, string>> = {
  10003: 'Discord knows no channel with this id: check it in the team file.',
  10004: 'Discord knows no server with this id, or the bot is not in it: check DISCORD_GUILD_ID.',
  10007: 'This account is not a member of the server.',
  10008: 'The message is gone: somebody deleted it.',
  10013: 'Discord knows no user with this id: check it in the team file.',
  10062: 'Discord did not wait for the answer: three seconds had passed.',
  40060: 'This was answered before.',
  50001: 'The bot may not see this: let its role view the channel.',
  50007: 'This person takes no direct messages from the bot: they can allow them for the server.',
  50013: 'The bot may not do this here: docs/discord.md lists the permissions that its role needs.',
  50027: 'Discord takes no answer to this any more: fifteen minutes have passed.',
  50035: 'Discord refused the form of the message: this is a mistake in Purser.',
};

export const refusedToken =
  'Discord refuses DISCORD_BOT_TOKEN: copy the token again from the Bot page of your application.';

export function explainDiscord(error: unknown): string {
  const code = codeOf(error);
  const sentence = code === undefined ? undefined : sentences[code];
  if (sentence !== undefined) return sentence;
  if (statusOf(error) === 401) return refusedToken;
  if (isPassing(error)) return 'Discord cannot be reached just now.';
  return code === undefined
    ? 'Discord did not do what was asked.'
    : `Discord refused this with code ${code}.`;
}

/** `what` is a sentence without its end: `The card could not be posted in 2000…`. */
export function toBotError(what: string, cause: unknown): BotError {
  return new BotError(`${what}. ${explainDiscord(cause)}`, { cause });
}
