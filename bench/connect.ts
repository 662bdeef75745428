// A client of one of the sandboxes in the other process.
import { systemClock } from '../src/clock.ts';
import { configureProvider } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { providerModules } from '../src/providers/registry.ts';
import type { Provider } from '../src/providers/types.ts';
import type { Environment } from './raw.ts';

export interface Served {
  readonly id: string;
  readonly origin: string;
  readonly environment: Environment;
  readonly settings: unknown;
}

export function connect({ id, environment, settings }: Served): Provider {
  const module = providerModules.find((one) => one.id === id);
  if (module === undefined) throw new TypeError(`no provider ${id}`);
  const config = configureProvider(module, environment, settings, () => 'sandbox', []);
  if (config === undefined) throw new TypeError(`${id} cannot be configured`);
  let nonces = 0;
  return module.create(config, {
    clock: systemClock,
    log: createLog({ level: 'info', secrets: [], destination: process.stderr }),
    newNonce: () => {
      nonces += 1;
      return `bench${process.pid}n${Date.now()}n${nonces}`;
    },
    scrub: (text) => text,
  });
}
