// A local Discord with the real one's strictness: REST and gateway in one process, for the real
// discord.js. It keeps what people see, and what the real one would hold against the bot.
import { once } from 'node:events';
import { createGateway, type Gateway } from './gateway.ts';
import { createHttpSide, type Fault } from './http.ts';
import {
  createInteractions,
  describe,
  type Interaction,
  type NewInteraction,
  type OpenModal,
} from './interactions.ts';
import { createRoutes } from './routes.ts';
import { type Channel, createState, type State } from './state.ts';

export type { Interaction, OpenModal } from './interactions.ts';
export { textOf } from './messages.ts';
export type { Channel, Component, Message, State } from './state.ts';
export { permissions } from './state.ts';

export interface DiscordServer {
  /** `http://127.0.0.1:…/api` */
  readonly apiUrl: string;
  readonly token: string;
  readonly state: State;
  readonly gateway: Gateway;
  /** As they came: `POST /channels/1/messages`. */
  readonly requests: readonly string[];
  readonly interactions: readonly Interaction[];
  /** By user. */
  readonly modals: Map<string, OpenModal>;
  addMember(user: string, name?: string): void;
  addChannel(id: string, name?: string, guild?: string): Channel;
  /** A person does something; resolves with Discord's first answer, or undefined where none came. */
  act(what: NewInteraction): Promise<Interaction | undefined>;
  /** Delivers an interaction once more. */
  redeliver(interaction: Interaction): void;
  fail(fault: Fault): void;
  /** Out of reach, gateway and REST; what people do meanwhile never reaches the bot. */
  away(): void;
  back(): void;
  complaints(): readonly string[];
  /** Resolves when `is` holds, looked at after each change; rejects after ten seconds. */
  until(is: () => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

export interface DiscordServerOptions {
  readonly token?: string;
  now?(): number;
}

const firstAnswerMs = 3_000;

export async function startDiscordServer(
  options: DiscordServerOptions = {},
): Promise<DiscordServer> {
  const { token = 'local-token', now = Date.now } = options;
  const complaints: string[] = [];
  const complain = (text: string) => void complaints.push(text);
  const watchers = new Set<() => void>();
  const onChange = () => {
    for (const watch of [...watchers]) watch();
  };
  let isAway = false;
  const state = createState(now);
  const interactions = createInteractions({ state, now, complain, onChange });
  const take = createRoutes({
    ...{ state, interactions, now, onChange, complain },
    gatewayUrl: () => `ws://127.0.0.1:${port}/gateway`,
  });
  const http = createHttpSide({ token, isAway: () => isAway, take, complain });
  const gateway = createGateway(http.server, {
    state,
    token,
    isAway: () => isAway,
    complain,
    onChange,
  });
  http.server.listen(0, '127.0.0.1');
  await once(http.server, 'listening');
  const address = http.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const deliver = (interaction: Interaction): boolean => {
    const isDelivered = gateway.dispatch('INTERACTION_CREATE', interaction.payload);
    if (isDelivered) interaction.isDelivered = true;
    return isDelivered;
  };

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    token,
    state,
    gateway,
    requests: http.requests,
    interactions: interactions.all,
    modals: interactions.modals,
    addMember(id, name = id) {
      const user = { id, username: name };
      state.users.set(id, user);
      state.members.set(id, { user, roles: [], flags: 0 });
    },
    addChannel(id, name = 'channel', guild = state.guild) {
      // Everybody may do here what the invitation of the bot asks for.
      const channel: Channel = { id, type: 0, guild, name, overwrites: [] };
      state.channels.set(id, channel);
      return channel;
    },
    async act(what) {
      const interaction = interactions.create(what);
      const answered = new Promise<void>((resolve) => interaction.onAnswer.push(resolve));
      if (!deliver(interaction)) return undefined;
      const isLate = Symbol('late');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<typeof isLate>((resolve) => {
        timer = setTimeout(() => resolve(isLate), firstAnswerMs);
      });
      const first = await Promise.race([answered, late]);
      clearTimeout(timer);
      return first === isLate ? undefined : interaction;
    },
    redeliver: (interaction) => void deliver(interaction),
    fail: http.fail,
    away() {
      isAway = true;
      gateway.drop();
      http.server.closeAllConnections();
    },
    back() {
      isAway = false;
    },
    complaints() {
      const silent = interactions.all.filter(
        (one) =>
          one.isDelivered && one.answer === undefined && now() - one.createdMs > firstAnswerMs,
      );
      return [...complaints, ...silent.map((one) => `${describe(one)} got no answer`)];
    },
    until(is, what) {
      return new Promise((resolve, reject) => {
        const done = (settle: () => void) => {
          clearTimeout(timer);
          watchers.delete(watch);
          settle();
        };
        const watch = () => {
          if (is()) done(resolve);
        };
        const timer = setTimeout(() => done(() => reject(new Error(`in vain: ${what}`))), 10_000);
        watchers.add(watch);
        watch();
      });
    },
    async stop() {
      gateway.close();
      http.server.closeAllConnections();
      http.server.close();
      await once(http.server, 'close');
    },
  };
}
