// The live connection of this window. The browser reconnects by itself with Last-Event-ID while it
// can; where it gives up (an HTTP error) or notices nothing (a sleeping laptop), this does.
import type { Beat, Hello, Message } from '../protocol.ts';

export interface StreamEvents {
  onHello(hello: Hello): void;
  onMessage(message: Message): void;
  /** What the server kept while this window was away has arrived. */
  onCaughtUp(): void;
  onLive(isLive: boolean): void;
}

/** The server sends a beat every 10 s. */
const silenceMaxMs = 25_000;
const reopenMs = 1_000;
/**
 * A browser opens six connections to one server at most (HTTP/1.1), and a seventh request would wait
 * for ever. Above this many windows those that nobody looks at let go, and catch up when shown.
 */
const windowsBesideMax = 4;

export function openStream(person: string, events: StreamEvents): void {
  let source: EventSource | undefined;
  let lastEventId = '';
  let isCatchingUp = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const reopenIn = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(open, ms);
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const open = () => {
    close();
    const query = new URLSearchParams({ as: person });
    if (lastEventId !== '') query.set('after', lastEventId);
    source = new EventSource(`/api/events?${query}`);
    source.addEventListener('hello', (event) => {
      isCatchingUp = true;
      events.onHello(JSON.parse(event.data) as Hello);
      events.onLive(true);
      reopenIn(silenceMaxMs);
    });
    source.addEventListener('message', (event) => {
      lastEventId = event.lastEventId;
      events.onMessage(JSON.parse(event.data) as Message);
      reopenIn(silenceMaxMs);
    });
    source.addEventListener('beat', (event) => {
      if (isCatchingUp) events.onCaughtUp();
      isCatchingUp = false;
      const { windows } = JSON.parse(event.data) as Beat;
      if (document.hidden && windows > windowsBesideMax) close();
      else reopenIn(silenceMaxMs);
    });
    source.addEventListener('error', () => {
      events.onLive(false);
      reopenIn(source?.readyState === EventSource.CLOSED ? reopenMs : silenceMaxMs);
    });
    reopenIn(silenceMaxMs);
  };

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && source === undefined) open();
  });
  open();
}
