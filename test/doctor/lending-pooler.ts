// A pooler in transaction mode, as small as it can be: a client speaks to a session of its own until it
// is let in; from then on each transaction is lent the session that was given back last. Of the protocol
// it knows only where an answer ends, and whether a transaction is open then.
// https://www.postgresql.org/docs/18/protocol-message-formats.html (read 2026-11-27)

import type { AddressInfo } from 'node:net';
import { createConnection, createServer, type Socket } from 'node:net';

export interface LendingPooler {
  readonly port: number;
  stop(): Promise<void>;
}

interface Session {
  readonly socket: Socket;
  borrower: Socket | undefined;
  rest: Buffer;
}

const readyForQuery = 'Z'.charCodeAt(0);
const terminate = 'X'.charCodeAt(0);
const idle = 'I'.charCodeAt(0);

export async function startLendingPooler(serverPort: number): Promise<LendingPooler> {
  const free: Session[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    return socket;
  };

  const open = (borrower: Socket): Session => {
    const socket = keep(createConnection(serverPort, '127.0.0.1'));
    const session: Session = { socket, borrower, rest: Buffer.alloc(0) };
    socket.on('data', (chunk) => {
      const { borrower: reader } = session;
      session.rest = Buffer.concat([session.rest, chunk]);
      while (session.rest.length >= 5) {
        const length = 1 + session.rest.readUInt32BE(1);
        if (session.rest.length < length) break;
        const message = session.rest.subarray(0, length);
        session.rest = session.rest.subarray(length);
        if (message[0] !== readyForQuery || message[5] !== idle) continue;
        session.borrower = undefined;
        free.push(session);
      }
      reader?.write(chunk);
    });
    return session;
  };

  const server = createServer((client) => {
    keep(client);
    const own = open(client);
    const sessions = new Set([own]);
    client.on('data', (chunk) => {
      if (chunk[0] === terminate) return;
      const lent = [...sessions].find(({ borrower }) => borrower === client) ?? free.pop() ?? own;
      lent.borrower = client;
      sessions.add(lent);
      lent.socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
