// A network between Purser and PostgreSQL that fails when it is told to: connections that end, a
// server that cannot be reached or says nothing any more, and an answer that is lost after the server
// has done its work.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface BadNetwork {
  /** The same address, by way of this network. */
  urlOf(url: string): string;
  /** Ends every connection; new ones are made. */
  cut(): void;
  /** Ends every connection, and lets nobody through from now on. */
  close(): void;
  /** Whoever is connected stays so; nobody else is let through from now on. */
  refuse(): void;
  /** Lets them through again. */
  open(): void;
  /** The present connections stay, but nothing gets through; new ones are made, and work. */
  silence(): void;
  /**
   * The next request that has this text reaches the server, and so does all that it does; then the
   * connection ends instead of the answer.
   */
  loseAnswerTo(text: string): void;
  /** The connection ends as soon as the server has got it, done or not. */
  cutAfter(text: string): void;
  /** Of the two above, those that have happened. */
  readonly lost: number;
  /** How many connections were ever let through. */
  readonly opened: number;
  /** And are still there. */
  readonly connected: number;
  /** How many of those that fell silent were asked something since. */
  readonly swallowed: number;
  stop(): Promise<void>;
}

/** What a client says last: `Terminate` of the protocol. */
const goodBye = 'X'.charCodeAt(0);

type Trap = { readonly text: string; readonly isAnswered: boolean };

export async function startBadNetwork(serverPort: number): Promise<BadNetwork> {
  const sockets = new Set<Socket>();
  const traps: Trap[] = [];
  let isOpen = true;
  let lost = 0;
  let opened = 0;
  let silences = 0;
  const alive = new Set<Socket>();
  const swallowed = new Set<Socket>();

  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (!isOpen) {
      client.destroy();
      return;
    }
    const far = connect(serverPort, '127.0.0.1');
    keep(far);
    opened += 1;
    alive.add(client);
    const bornAt = silences;
    const isSilent = () => bornAt !== silences;
    let isLost = false;
    const end = () => {
      lost += 1;
      client.destroy();
      far.end();
    };
    client.on('data', (bytes) => {
      if (isSilent()) {
        // Its good-bye is no question.
        if (bytes[0] !== goodBye) swallowed.add(client);
        return;
      }
      far.write(bytes);
      const at = traps.findIndex(({ text }) => bytes.includes(text));
      if (at < 0 || isLost) return;
      const [trap] = traps.splice(at, 1);
      isLost = true;
      if (!trap?.isAnswered) end();
    });
    far.on('data', (bytes) => {
      if (isSilent()) return;
      if (!isLost) client.write(bytes);
      else if (!client.destroyed) end();
    });
    client.on('close', () => {
      alive.delete(client);
      far.end();
    });
    far.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    urlOf(url) {
      const other = new URL(url);
      other.port = String(port);
      return other.href;
    },
    cut,
    close() {
      isOpen = false;
      cut();
    },
    refuse() {
      isOpen = false;
    },
    open() {
      isOpen = true;
    },
    silence() {
      silences += 1;
    },
    loseAnswerTo: (text) => traps.push({ text, isAnswered: true }),
    cutAfter: (text) => traps.push({ text, isAnswered: false }),
    get lost() {
      return lost;
    },
    get opened() {
      return opened;
    },
    get connected() {
      return alive.size;
    },
    get swallowed() {
      return swallowed.size;
    },
    async stop() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
