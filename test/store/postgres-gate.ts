// One PostgreSQL for a whole run of vitest, begun when the first test file asks for it: a gate in the
// process of the run answers with its address. Most runs ask for none.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Answers any request with the URL of the server. */
    postgresGate: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<PostgresServer> | undefined;
  const gate = createServer((_request, response) => {
    starting ??= startPostgresServer();
    starting.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  const address = gate.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  project.provide('postgresGate', `http://127.0.0.1:${port}/`);
  return async () => {
    gate.closeAllConnections();
    gate.close();
    await (await starting?.catch(() => undefined))?.discard();
  };
}
