// What people do in this workspace, as payloads that Slack would send for it.
// https://docs.slack.dev/reference/interaction-payloads, read 2026-11-26.
import type { SomeBlock } from './blocks.ts';
import type { Acknowledged, Deliveries, Envelope } from './delivery.ts';
import { type Addresses, addMessage, checkText } from './messages.ts';
import { checkView, type Triggers, toWire } from './views.ts';
import type { SlackMessage, SlackView, Workspace } from './workspace.ts';

export interface People {
  /** `/balance payermax`, typed in a channel. Undefined where Slack says that it did not work. */
  command(user: string, channel: string, line: string): Promise<Acknowledged | undefined>;
  press(
    user: string,
    at: SlackMessage | SlackView,
    button: { actionId: string; blockIndex: number },
  ): Promise<Acknowledged | undefined>;
  /** By the `action_id` of each input; what is not named stays as it is. */
  submit(user: string, values: Readonly<Record<string, string>>): Promise<Acknowledged | undefined>;
  closeView(user: string): void;
  openHome(user: string): Promise<Acknowledged | undefined>;
  /** All that people did, oldest first; what was delivered again is there again. */
  readonly sent: readonly Sent[];
  /** The last thing that somebody did, delivered once more. */
  redeliver(): Promise<Acknowledged | undefined>;
}

export interface Sent {
  readonly payload: Readonly<Record<string, unknown>>;
  /** The app has taken it. */
  isAcknowledged: boolean;
  /** The label of the socket over which the app took it. */
  takenBy?: string;
  /** How many calls the app had made by then. */
  readonly callsBefore: number;
}

interface Deps {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly addresses: Addresses;
  readonly deliveries: Deliveries;
  origin(): string;
  countCalls(): number;
}

type Input = Extract<SomeBlock, { type: 'input' }>;

export function createPeople(deps: Deps): People {
  const { workspace, triggers, addresses, deliveries, origin } = deps;
  const sent: Sent[] = [];
  let last: { envelope: Envelope; apply: (ack: Acknowledged) => void } | undefined;

  const send = async (envelope: Envelope, apply: (ack: Acknowledged) => void = () => {}) => {
    last = { envelope, apply };
    const { payload } = envelope;
    const record: Sent = { payload, isAcknowledged: false, callsBefore: deps.countCalls() };
    sent.push(record);
    const acknowledged = await deliveries.deliver(envelope);
    record.isAcknowledged = acknowledged !== undefined;
    if (acknowledged?.by !== undefined) record.takenBy = acknowledged.by;
    if (acknowledged !== undefined) apply(acknowledged);
    return acknowledged;
  };

  const from = (user: string) => ({
    team: { id: workspace.team, domain: 'acme' },
    user: {
      id: user,
      username: workspace.users.get(user)?.name ?? user,
      team_id: workspace.users.get(user)?.team_id ?? workspace.team,
    },
    api_app_id: 'A01',
    token: 'legacy',
  });

  return {
    sent,
    command(user, channel, line) {
      const [command = '', ...rest] = line.split(' ');
      const url = addresses.create({ kind: 'command', user, channel });
      const payload = {
        token: 'legacy',
        team_id: workspace.team,
        team_domain: 'acme',
        channel_id: channel,
        channel_name: workspace.channels.get(channel)?.name ?? channel,
        user_id: user,
        user_name: workspace.users.get(user)?.name ?? user,
        command,
        text: escapeText(rest.join(' ')),
        api_app_id: 'A01',
        is_enterprise_install: 'false',
        response_url: `${origin()}${url}`,
        trigger_id: triggers.create(user),
      };
      // Words in the acknowledgement are an ephemeral answer.
      return send({ type: 'slash_commands', payload }, ({ payload: { text } }) => {
        if (text === undefined) return;
        checkText(workspace, text);
        const block = { type: 'section', text: { type: 'mrkdwn', text } };
        addMessage(workspace, { channel, text, blocks: [block], onlyFor: user });
      });
    },
    press(user, at, { actionId, blockIndex }) {
      const block = at.blocks[blockIndex];
      const button =
        block?.type === 'actions'
          ? block.elements.find(({ action_id }) => action_id === actionId)
          : undefined;
      if (button === undefined) throw new Error(`there is no button ${actionId}`);
      const base = {
        type: 'block_actions',
        ...from(user),
        trigger_id: triggers.create(user),
        actions: [{ ...button, block_id: block?.block_id ?? 'b', action_ts: workspace.newTs() }],
      };
      const where = 'ts' in at ? inMessage(at, user) : inView(at);
      return send({ type: 'interactive', payload: { ...base, ...where } });
    },
    async submit(user, values) {
      const view = workspace.views.get(user);
      if (view?.submit === undefined) throw new Error(`${user} has no form open`);
      const state = readState(view, values);
      const payload = {
        type: 'view_submission',
        ...from(user),
        trigger_id: triggers.create(user),
        view: { ...toWire(view), state: { values: state } },
        response_urls: [],
      };
      const applied = (acknowledged: Acknowledged) => {
        const { response_action: action, view: next, errors } = acknowledged.payload;
        if (action === 'update') Object.assign(view, checkView(workspace, next, view));
        else if (action === 'errors') checkErrors(view, errors);
        else workspace.views.delete(user);
        workspace.notify();
      };
      return send({ type: 'interactive', payload }, applied);
    },
    closeView(user) {
      workspace.views.delete(user);
      workspace.notify();
    },
    openHome(user) {
      const event = {
        type: 'app_home_opened',
        user,
        channel: workspace.openDirect(user).id,
        tab: 'home',
        event_ts: workspace.newTs(),
      };
      const payload = {
        type: 'event_callback',
        team_id: workspace.team,
        api_app_id: 'A01',
        event,
        event_id: workspace.newId('Ev'),
        event_time: Math.floor(workspace.now() / 1000),
      };
      return send({ type: 'events_api', payload });
    },
    async redeliver() {
      if (last === undefined) throw new Error('nobody has done anything yet');
      const { envelope, apply } = last;
      const again = { ...envelope, retry: (envelope.retry ?? 0) + 1 };
      return send(again, apply);
    },
  };

  function inMessage(message: SlackMessage, user: string): object {
    const { ts, channel, onlyFor, blocks, text } = message;
    const url = addresses.create({ kind: 'message', user, channel, message: ts });
    const isEphemeral = onlyFor !== undefined;
    return {
      container: {
        type: 'message',
        message_ts: ts,
        channel_id: channel,
        is_ephemeral: isEphemeral,
      },
      channel: { id: channel, name: workspace.channels.get(channel)?.name ?? channel },
      // Slack keeps no ephemeral message, so it sends none along.
      ...(isEphemeral ? {} : { message: { type: 'message', ts, text, blocks } }),
      response_url: `${origin()}${url}`,
    };
  }

  function inView(view: SlackView): object {
    return {
      container: { type: 'view', view_id: view.id },
      view: { ...toWire(view), state: { values: {} } },
    };
  }

  function checkErrors(view: SlackView, errors: unknown): void {
    const known = new Set(view.blocks.map(({ block_id }) => block_id));
    for (const id of Object.keys(errors ?? {})) {
      if (!known.has(id))
        workspace.complaints.push(`an error for a block that is not there: ${id}`);
    }
  }
}

/** As Slack sends it: refuses what the dialog itself would not let a person send. */
function readState(view: SlackView, values: Readonly<Record<string, string>>) {
  const inputs = view.blocks.filter((block): block is Input => block.type === 'input');
  for (const name of Object.keys(values)) {
    if (!inputs.some(({ element }) => element.action_id === name)) {
      throw new Error(`the form has no field ${name}`);
    }
  }
  const state: Record<string, Record<string, object>> = {};
  for (const { block_id = '', element, optional, label } of inputs) {
    const { action_id, type } = element;
    const given = values[action_id];
    if (element.type === 'static_select') {
      const options = [
        ...(element.options ?? []),
        ...(element.option_groups ?? []).flatMap((group) => group.options),
      ];
      const chosen =
        given === undefined ? element.initial_option : options.find(({ value }) => value === given);
      if (chosen === undefined && given !== undefined && given !== '') {
        throw new Error(`${label.text} has no option ${given}`);
      }
      if (chosen === undefined && optional !== true)
        throw new Error(`${label.text} is not filled in`);
      state[block_id] = { [action_id]: { type, selected_option: chosen ?? null } };
      continue;
    }
    const value = given ?? element.initial_value ?? '';
    if (value === '' && optional !== true) throw new Error(`${label.text} is not filled in`);
    if (value.length > (element.max_length ?? 3000)) throw new Error(`${label.text} is too long`);
    state[block_id] = { [action_id]: { type, value: value === '' ? null : value } };
  }
  return state;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
