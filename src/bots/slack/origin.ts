// Where somebody typed or clicked, read from what Slack sends: enough to answer there and to say in
// the audit where it was. https://docs.slack.dev/reference/interaction-payloads, read 2026-11-26.
import type { BlockAction, SlackViewAction, SlashCommand } from '@slack/bolt';
import type { Spot } from '../../commands/types.ts';
import { unescapeText } from './text.ts';
import { type Metadata, readMetadata } from './view.ts';

export interface Origin {
  readonly user: string;
  /** Opens a dialog, once, within three seconds. */
  readonly trigger: string | undefined;
  readonly place: OriginPlace;
}

export type OriginPlace =
  | { readonly kind: 'command'; readonly channel: string; readonly url: string }
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: string;
      /** Only this person sees it, so it may be replaced. */
      readonly isPrivate: boolean;
      readonly url: string | undefined;
    }
  | { readonly kind: 'view'; readonly view: string; readonly metadata: Metadata }
  | { readonly kind: 'home' };

export function readCommand(body: SlashCommand): { origin: Origin; line: string } {
  const { user_id, trigger_id, channel_id, response_url, command, text } = body;
  return {
    origin: {
      user: user_id,
      trigger: trigger_id,
      place: { kind: 'command', channel: channel_id, url: response_url },
    },
    line: `${command} ${unescapeText(text ?? '')}`.trim(),
  };
}

export function readPress(body: BlockAction): { origin: Origin; action: string } | undefined {
  const [pressed] = body.actions;
  const action = pressed?.type === 'button' ? pressed.value : undefined;
  const place = placeOfPress(body);
  if (action === undefined || place === undefined) return undefined;
  return { origin: { user: body.user.id, trigger: body.trigger_id, place }, action };
}

function placeOfPress({ view, channel, container, message, response_url }: BlockAction) {
  if (view !== undefined) {
    const { id, type, private_metadata } = view;
    if (type === 'home') return { kind: 'home' } as const;
    return { kind: 'view', view: id, metadata: readMetadata(private_metadata) } as const;
  }
  const ts: unknown = container['message_ts'] ?? message?.ts;
  const id: unknown = channel?.id ?? container['channel_id'];
  if (typeof ts !== 'string' || typeof id !== 'string') return undefined;
  return {
    kind: 'message',
    channel: id,
    message: ts,
    isPrivate: container['is_ephemeral'] === true,
    url: response_url,
  } as const;
}

export interface Submission {
  readonly origin: Origin;
  readonly action: string;
  readonly title: string;
  readonly metadata: Metadata;
  readonly values: Readonly<Record<string, string>>;
  /** What can be seen to be wrong at once, by the ids of Slack's blocks. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Undefined for a dialog without a form of ours in it. */
export function readSubmission(body: SlackViewAction): Submission | undefined {
  const { id, state, private_metadata, title, blocks } = body.view;
  const metadata = readMetadata(private_metadata);
  if (metadata.action === undefined) return undefined;
  const required = new Set(
    blocks.flatMap((block) =>
      'optional' in block && block.optional === false ? [block.block_id] : [],
    ),
  );
  const values: Record<string, string> = {};
  const errors: Record<string, string> = {};
  for (const [block, fields] of Object.entries(state.values)) {
    for (const [name, field] of Object.entries(fields)) {
      const value = field.selected_option?.value ?? field.value ?? '';
      values[name] = value;
      if (required.has(block) && value.trim() === '') errors[block] = 'This cannot be empty.';
    }
  }
  const trigger =
    'trigger_id' in body && typeof body.trigger_id === 'string' ? body.trigger_id : undefined;
  return {
    origin: { user: body.user.id, trigger, place: { kind: 'view', view: id, metadata } },
    action: metadata.action,
    title: title.text,
    metadata,
    values,
    errors,
  };
}

/** For the audit. The page of the app is no channel. */
export function spotOf({ place }: Origin): Spot {
  switch (place.kind) {
    case 'command':
      return { channel: place.channel };
    case 'message':
      return { channel: place.channel, message: place.message };
    case 'view': {
      const { channel, message } = place.metadata;
      return { channel: channel ?? 'home', ...(message === undefined ? {} : { message }) };
    }
    case 'home':
      return { channel: 'home' };
  }
}

/** What a dialog must remember of where it was opened. */
export function metadataOf({ place }: Origin): Metadata {
  switch (place.kind) {
    case 'command':
      return { channel: place.channel, url: place.url };
    case 'message': {
      const { channel, message, url } = place;
      return { channel, message, ...(url === undefined ? {} : { url }) };
    }
    case 'view':
      return place.metadata;
    case 'home':
      return {};
  }
}
