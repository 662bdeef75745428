// The socket over which Discord tells what happens. A session outlives its socket: whoever comes back
// and resumes gets what it missed.
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { State } from './state.ts';

export interface Gateway {
  /** To every session of the bot: two processes may each have one. False where nobody is there. */
  dispatch(event: string, data: object): boolean;
  /** Ends the socket; the session can be resumed. */
  drop(code?: number): void;
  /** Asks the client to reconnect, or says that its session is gone. */
  send(payload: object): void;
  /** Sessions are forgotten: whoever resumes must identify anew. */
  forget(): void;
  readonly identified: number;
  readonly resumed: number;
  /** Sockets that were not taken because it is away. */
  readonly refused: number;
  readonly intents: readonly number[];
  readonly isConnected: boolean;
  close(): void;
}

interface Session {
  readonly id: string;
  socket: WebSocket | undefined;
  sequence: number;
  readonly events: { readonly op: 0; readonly s: number; readonly t: string; readonly d: object }[];
}

export interface GatewayDeps {
  readonly state: State;
  readonly token: string;
  /** Whether sockets are taken at all. */
  isAway(): boolean;
  complain(text: string): void;
  /** Somebody has connected, or is gone. */
  onChange(): void;
}

export function createGateway(
  server: Server,
  { state, token, isAway, complain, onChange }: GatewayDeps,
): Gateway {
  const sockets = new WebSocketServer({ server, path: '/gateway' });
  const sessions = new Map<string, Session>();
  const intents: number[] = [];
  let newest: Session | undefined;
  let identified = 0;
  let resumed = 0;
  let refused = 0;

  const push = (session: Session, t: string, d: object): void => {
    session.sequence += 1;
    const event = { op: 0, s: session.sequence, t, d } as const;
    session.events.push(event);
    session.socket?.send(JSON.stringify(event));
  };

  const identify = (socket: WebSocket, data: Record<string, unknown>): void => {
    if (data['token'] !== token) {
      socket.close(4004, 'Authentication failed');
      return;
    }
    identified += 1;
    intents.push(Number(data['intents']));
    const session: Session = { id: `session-${state.newId()}`, socket, sequence: 0, events: [] };
    sessions.set(session.id, session);
    newest = session;
    const guilds = state.isBotInGuild ? [{ id: state.guild, unavailable: true }] : [];
    push(session, 'READY', {
      v: 10,
      user: { ...state.bot, discriminator: '0', avatar: null },
      guilds,
      session_id: session.id,
      resume_gateway_url: urlOf(server),
      application: { id: state.application, flags: 0 },
      shard: [0, 1],
    });
    onChange();
    if ((Number(data['intents']) & 1) === 0) return;
    for (const { id } of guilds) {
      push(session, 'GUILD_CREATE', {
        id,
        name: 'Finance',
        channels: [],
        members: [],
        roles: [],
        unavailable: false,
      });
    }
  };

  const resume = (socket: WebSocket, data: Record<string, unknown>): void => {
    const session = sessions.get(String(data['session_id']));
    if (session === undefined || data['token'] !== token) {
      socket.send(JSON.stringify({ op: 9, d: false }));
      return;
    }
    resumed += 1;
    session.socket = socket;
    newest = session;
    for (const event of session.events) {
      if (event.s > Number(data['seq'])) socket.send(JSON.stringify(event));
    }
    push(session, 'RESUMED', {});
    onChange();
  };

  sockets.on('connection', (socket) => {
    if (isAway()) {
      socket.terminate();
      refused += 1;
      onChange();
      return;
    }
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const session of sessions.values()) {
        if (session.socket === socket) session.socket = undefined;
      }
      onChange();
    });
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 41_250 } }));
    socket.on('message', (text) => {
      const { op, d } = JSON.parse(String(text));
      if (op === 1) socket.send(JSON.stringify({ op: 11 }));
      else if (op === 2) identify(socket, d);
      else if (op === 6) resume(socket, d);
      else complain(`the gateway got op ${op}`);
    });
  });

  return {
    dispatch(event, data) {
      if (newest === undefined || isAway()) return false;
      for (const session of sessions.values()) {
        if (session === newest || session.socket !== undefined) push(session, event, data);
      }
      return true;
    },
    drop(code) {
      for (const socket of sockets.clients) {
        if (code === undefined) socket.terminate();
        else socket.close(code);
      }
    },
    send(payload) {
      newest?.socket?.send(JSON.stringify(payload));
    },
    forget() {
      sessions.clear();
      newest = undefined;
    },
    get identified() {
      return identified;
    },
    get refused() {
      return refused;
    },
    get resumed() {
      return resumed;
    },
    intents,
    get isConnected() {
      return [...sessions.values()].some(({ socket }) => socket !== undefined);
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

function urlOf(server: Server): string {
  const address = server.address();
  return `ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/gateway`;
}
