// A front door on loopback, with everything that it could be asked about.
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type DoorConfig, type DoorDeps, startDoor } from '../../src/door/index.ts';
import { createReadiness } from '../../src/readiness.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

export async function openDoor(given: Partial<DoorConfig & DoorDeps> = {}) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const readiness = createReadiness(clock);
  const taken: { provider: string; method: string; query: string; body: string }[] = [];
  const door = await startDoor(
    { port: 0, host: '127.0.0.1', inboxes: [], ...given },
    {
      ...{ clock, log, readiness },
      providers: ['payermax'],
      receive: async (provider, { method, query, body }) => {
        taken.push({ provider, method, query: query.toString(), body: body.toString('utf8') });
        return { status: 200, contentType: 'application/json', body: '{"code":"SUCCESS"}' };
      },
      ...given,
    },
  );
  onTestFinished(() => door.stop());
  const ask = (path: string, init?: RequestInit) => fetch(`${door.origin}${path}`, init);
  return { clock, log, readiness, door, taken, ask };
}

/** A connection on which the test says what it likes, when it likes. */
export async function dial(origin: string): Promise<{ socket: Socket; heard(): Promise<string> }> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
  });
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(text));
    socket.on('error', () => {});
  });
  return { socket, heard: () => closed };
}
