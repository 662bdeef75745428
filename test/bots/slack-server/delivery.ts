// How Slack brings an event to the app: over one of its sockets, or by a signed POST. Holds the app to
// the three seconds, and to one acknowledgement for each.
import { createHmac } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Workspace } from './workspace.ts';

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Readonly<Record<string, unknown>>;
  /** Of events and of what is delivered again. */
  readonly retry?: number;
}

export interface Acknowledged {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly afterMs: number;
  /** The label of the socket; absent over HTTP. */
  readonly by?: string;
}

export interface Target {
  readonly url: string;
  readonly signingSecret: string;
}

/** Where the app has several connections open. */
export interface DeliveryOptions {
  /** The place of the socket that gets the next envelope, by the labels of those that are open. */
  pick?(labels: readonly string[]): number;
  /** How often what was not acknowledged goes to another socket by itself; never, when absent. */
  readonly redeliveriesMax?: number;
}

export interface Deliveries {
  /** Resolves with what was acknowledged; undefined where nobody takes it or the time is over. */
  deliver(envelope: Envelope): Promise<Acknowledged | undefined>;
  /** The label is what its app token said beyond the app: whose connection it is. */
  addSocket(socket: WebSocket, label: string): void;
  readonly sockets: ReadonlySet<WebSocket>;
}

const ackMs = 3000;

export function createDeliveries(
  workspace: Workspace,
  target: () => Target | undefined,
  { pick, redeliveriesMax = 0 }: DeliveryOptions = {},
): Deliveries {
  const sockets = new Map<WebSocket, string>();
  const waiting = new Map<string, (payload: Record<string, unknown>) => void>();
  const taken = new Set<string>();
  let turn = 0;

  const acknowledge = (text: string) => {
    const { envelope_id: id, payload = {} } = JSON.parse(text);
    const resolve = waiting.get(id);
    waiting.delete(id);
    if (resolve !== undefined) {
      taken.add(id);
      resolve(payload);
    } else if (taken.has(id)) workspace.complaints.push('an envelope was acknowledged twice');
    else workspace.complaints.push('an acknowledgement came late, or of nothing');
  };

  /** One of several sockets gets it; what comes again, another one where there is any. */
  const choose = (failed: ReadonlySet<WebSocket>) => {
    const open = [...sockets].filter(([{ readyState }]) => readyState === 1);
    const others = open.filter(([socket]) => !failed.has(socket));
    const able = others.length > 0 ? others : open;
    const at = pick?.(able.map(([, label]) => label)) ?? turn % Math.max(able.length, 1);
    turn += 1;
    return able[at];
  };

  const bySockets = async (envelope: Envelope): Promise<Acknowledged | undefined> => {
    const failed = new Set<WebSocket>();
    for (let again = 0; again <= redeliveriesMax; again += 1) {
      const chosen = choose(failed);
      if (chosen === undefined) return undefined;
      const [socket, by] = chosen;
      const retry = (envelope.retry ?? 0) + again;
      const acknowledged = await bySocket({ ...envelope, retry }, socket);
      if (acknowledged !== undefined) return { ...acknowledged, by };
      failed.add(socket);
    }
    return undefined;
  };

  const bySocket = ({ type, payload, retry = 0 }: Envelope, socket: WebSocket) => {
    const id = workspace.newId('envelope.');
    const sentAt = performance.now();
    return new Promise<Acknowledged | undefined>((resolve) => {
      const late = setTimeout(() => {
        waiting.delete(id);
        workspace.complaints.push(`${type} was not acknowledged within ${ackMs} ms`);
        resolve(undefined);
      }, ackMs);
      const gone = () => {
        clearTimeout(late);
        waiting.delete(id);
        resolve(undefined);
      };
      socket.once('close', gone);
      waiting.set(id, (answer) => {
        clearTimeout(late);
        socket.off('close', gone);
        resolve({ payload: answer, afterMs: performance.now() - sentAt });
      });
      socket.send(
        JSON.stringify({
          envelope_id: id,
          type,
          payload,
          accepts_response_payload: type !== 'events_api',
          ...(retry === 0 ? {} : { retry_attempt: retry, retry_reason: 'timeout' }),
        }),
      );
    });
  };

  const byHttp = async ({ type, payload, retry = 0 }: Envelope, { url, signingSecret }: Target) => {
    const isJson = type === 'events_api';
    const body =
      type === 'events_api'
        ? JSON.stringify(payload)
        : type === 'interactive'
          ? new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
          : new URLSearchParams(
              Object.entries(payload).map(([name, value]): [string, string] => [
                name,
                String(value),
              ]),
            ).toString();
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    const sentAt = performance.now();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signature}`,
          ...(retry === 0
            ? {}
            : { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' }),
        },
        body,
        signal: AbortSignal.timeout(ackMs),
      });
      const text = await response.text();
      if (!response.ok) return undefined;
      const answer = text === '' ? {} : JSON.parse(text);
      return { payload: answer, afterMs: performance.now() - sentAt };
    } catch {
      workspace.complaints.push(`${type} was not acknowledged within ${ackMs} ms`);
      return undefined;
    }
  };

  return {
    get sockets() {
      return new Set(sockets.keys());
    },
    deliver(envelope) {
      const http = target();
      return http === undefined ? bySockets(envelope) : byHttp(envelope, http);
    },
    addSocket(socket, label) {
      sockets.set(socket, label);
      // Each envelope that waits listens for its end.
      socket.setMaxListeners(0);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
      socket.on('message', (data) => acknowledge(String(data)));
      socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.size }));
    },
  };
}
