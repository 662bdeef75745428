// Server-sent events to the open windows. An event's id is `<boot>.<change number>`: a window that
// comes back with one of this boot gets what changed since, with any other the whole room.
// https://html.spec.whatwg.org/multipage/server-sent-events.html read 2026-11-20
import type { ServerResponse } from 'node:http';
import { limits } from './limits.ts';
import type { Beat, Hello } from './protocol.ts';
import { Refusal } from './request.ts';
import type { Change, Room } from './room.ts';

export interface Streams {
  /** Throws `Refusal` when there are too many already; takes the response over otherwise. */
  open(response: ServerResponse, person: string, lastEventId: string | undefined): void;
  /** Ends the beats; the streams end with the server. */
  stop(): void;
}

export function createStreams(boot: string, room: Room): Streams {
  const responses = new Set<ServerResponse>();
  const beat = () => {
    const event: Beat = { windows: responses.size };
    for (const response of responses) write(response, 'beat', event);
  };
  const timer = setInterval(beat, limits.heartbeatMs);
  timer.unref();

  return {
    open(response, person, lastEventId) {
      if (responses.size >= limits.streamsMax) {
        throw new Refusal(503, `${responses.size} windows are open. Close some of them.`);
      }
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(`retry: ${limits.reconnectMs}\n\n`);
      const hello: Hello = { boot, windows: responses.size + 1 };
      write(response, 'hello', hello);
      const send = ({ number, message }: Change) =>
        write(response, 'message', message, `${boot}.${number}`);
      for (const change of room.listSince(person, numberIn(lastEventId, boot))) send(change);
      const unsubscribe = room.subscribe(person, send);
      responses.add(response);
      response.on('close', () => {
        unsubscribe();
        responses.delete(response);
        beat();
      });
      beat();
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function write(response: ServerResponse, event: string, data: object, id?: string): void {
  if (response.writableLength > limits.streamBacklogBytesMax) {
    response.destroy();
    return;
  }
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  response.write(`event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
}

/** 0, before all changes, where the id is absent, unreadable or of another boot. */
function numberIn(lastEventId: string | undefined, boot: string): number {
  if (lastEventId === undefined || !lastEventId.startsWith(`${boot}.`)) return 0;
  const number = Number(lastEventId.slice(boot.length + 1));
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}
