// The app manifest: pasted once into Slack, it makes the whole app. Made from the command registry,
// one slash command for each first word. Fields: https://docs.slack.dev/reference/app-manifest,
// read 2026-11-26.
import type { Command } from '../../commands/types.ts';
import { usageOf } from '../../commands/usage.ts';
import { limits } from './limits.ts';
import { botScopes } from './scopes.ts';
import { cut } from './text.ts';

export interface SlashCommand {
  readonly command: string;
  readonly description: string;
  readonly usage_hint: string;
  readonly should_escape: false;
  readonly url?: string;
}

export interface Manifest {
  readonly display_information: {
    readonly name: string;
    readonly description: string;
    readonly background_color: string;
  };
  readonly features: {
    readonly app_home: {
      readonly home_tab_enabled: true;
      readonly messages_tab_enabled: true;
      readonly messages_tab_read_only_enabled: true;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: true };
    readonly slash_commands: readonly SlashCommand[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: {
      readonly bot_events: readonly string[];
      readonly request_url?: string;
    };
    readonly interactivity: { readonly is_enabled: true; readonly request_url?: string };
    readonly org_deploy_enabled: false;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: false;
  };
}

export const inboxPath = '/slack/events';

/** With a public address Slack calls Purser there; without one Purser connects to Slack. */
export function renderManifest(
  commands: readonly Command[],
  { publicUrl }: { readonly publicUrl?: string } = {},
): Manifest {
  const url = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/, '')}${inboxPath}`;
  const request = url === undefined ? {} : { request_url: url };
  return {
    display_information: {
      name: 'Purser',
      description: 'Balances, payouts with a second person, and daily digests for finance teams.',
      background_color: '#1f3a4d',
    },
    features: {
      app_home: {
        home_tab_enabled: true,
        messages_tab_enabled: true,
        messages_tab_read_only_enabled: true,
      },
      bot_user: { display_name: 'purser', always_online: true },
      slash_commands: renderCommands(commands).map((one) =>
        url === undefined ? one : { ...one, url },
      ),
    },
    oauth_config: { scopes: { bot: botScopes.map(({ name }) => name) } },
    settings: {
      event_subscriptions: { bot_events: ['app_home_opened'], ...request },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
}

function renderCommands(commands: readonly Command[]): SlashCommand[] {
  const names = [...new Set(commands.map(({ path }) => path[0] ?? ''))];
  return names.map((name) => {
    const own = commands.filter(({ path }) => path[0] === name);
    const [main = own[0]] = own.filter(({ path }) => path.length === 1);
    const summaries = own.map(({ summary }) => summary);
    const isAlone = own.length === 1 && main !== undefined;
    const command = `/${name}`;
    if (command.length > limits.commandMax) throw new Error(`${command} is too long for Slack`);
    return {
      command,
      description: cut(isAlone ? main.summary : summaries.join('. '), limits.descriptionMax),
      usage_hint: cut(own.map(hintOf).join(' | '), limits.usageHintMax) || ' ',
      should_escape: false,
    };
  });
}

/** Without the command's own name, which stands before the hint. */
function hintOf(command: Command): string {
  return usageOf(command).replace(/^\/\S+\s*/, '');
}
