// Who the bot token is, by Slack's word: the workspace, the bot's user, and what it may do.
import { UserError } from '../../errors.ts';
import type { SlackApi } from './api.ts';
import { isRefusedToken, SlackFailure, toFailure } from './failure.ts';
import type { Home } from './standing.ts';
import { isText } from './text.ts';

export interface Identity extends Home {
  readonly teamName: string;
  readonly user: string;
  /** `purser` */
  readonly name: string;
  readonly botId: string;
  /** `https://acme.slack.com/` */
  readonly url: string;
  readonly scopes: readonly string[];
}

/** Throws `SlackFailure`. */
export async function getIdentity(api: SlackApi): Promise<Identity> {
  const found = await api.call((client) => client.auth.test());
  const { team_id, team, user_id, user, bot_id, url, response_metadata, enterprise_id } = found;
  if (!isText(team_id) || !isText(user_id) || !isText(bot_id)) {
    // A person's own token passes the test, and would write in that person's name.
    throw new SlackFailure('not_a_bot_token', { isPassing: false });
  }
  return {
    team: team_id,
    teamName: team ?? team_id,
    user: user_id,
    name: user ?? 'purser',
    botId: bot_id,
    url: url ?? 'https://slack.com/',
    scopes: response_metadata?.scopes ?? [],
    ...(enterprise_id === undefined ? {} : { enterprise: enterprise_id }),
  };
}

/** In one sentence, where it can never work; undefined where trying again could help. */
export function explainToken(error: unknown): UserError | undefined {
  const failure = toFailure(error);
  if (failure.code === 'not_a_bot_token') {
    return new UserError(
      'SLACK_BOT_TOKEN is not the token of a bot. Copy the “Bot User OAuth Token” that begins with xoxb-.',
      { cause: failure },
    );
  }
  if (!isRefusedToken(failure) && failure.isPassing) return undefined;
  return new UserError(
    `Slack does not accept SLACK_BOT_TOKEN (${failure.code}). Copy it again from “OAuth & Permissions” of the app, and check that SLACK_API_URL is right.`,
    { cause: failure },
  );
}

export function explainAppToken(error: unknown): UserError {
  const failure = toFailure(error);
  return new UserError(
    `Slack does not accept SLACK_APP_TOKEN (${failure.code}). Make an app-level token with the scope connections:write under “Basic Information”; it begins with xapp-.`,
    { cause: failure },
  );
}
