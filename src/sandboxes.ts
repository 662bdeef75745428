// `npm run sandbox`: the simulators as servers for other clients. What a client needs is printed in
// the form of a `.env` file, so that `npm run -s sandbox > sandbox.env` keeps it.
import { stringify } from 'yaml';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { RunningSandbox } from './providers/sandbox.ts';
import type { ProviderModule } from './providers/types.ts';

export interface RunningSandboxes {
  /** The variables of every sandbox, with comments on how to switch faults. */
  readonly description: string;
  readonly running: readonly RunningSandbox[];
  stop(): Promise<void>;
}

/** The first listens on `firstPort`, the next on the port after it. Port 0 takes any. */
export async function startSandboxes(
  modules: readonly ProviderModule[],
  firstPort: number,
  clock: Clock,
): Promise<RunningSandboxes> {
  // Not before: every Purser loads this file, and few serve sandboxes.
  const { startSandbox } = await import('./providers/sandbox.ts');
  const running: RunningSandbox[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
  };
  try {
    for (const [index, module] of modules.entries()) {
      const createSandbox = await module.loadSandbox();
      const port = firstPort === 0 ? 0 : firstPort + index;
      running.push(await startSandbox(createSandbox({ clock }), { clock }, port));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { description: describe(running), running, stop };
}

/** Sends what the sandboxes' providers would send now. */
export async function deliverNotifications(
  sandboxes: readonly RunningSandbox[],
  log: Log,
): Promise<void> {
  for (const sandbox of sandboxes) {
    for (const { url, method, headers, body } of sandbox.takeWebhooks()) {
      try {
        const signal = AbortSignal.timeout(5000);
        const init = { method, headers, signal, redirect: 'error' } as const;
        const answer = await fetch(url, method === 'GET' ? init : { ...init, body });
        await answer.arrayBuffer();
        log.debug({ sandbox: sandbox.id, status: answer.status }, 'notification delivered');
      } catch (error) {
        log.warn({ sandbox: sandbox.id, err: error }, 'notification could not be delivered');
      }
    }
  }
}

function describe(running: readonly RunningSandbox[]): string {
  const settings = Object.fromEntries(running.map(({ id, settings: one }) => [id, one]));
  const first = running[0];
  return [
    '# Purser’s sandboxes. The keys are new at every start. Stop them with Ctrl-C.',
    '#',
    `# Faults of one:  curl ${first?.origin}/_sandbox`,
    `# Switch one on:  curl -X PUT ${first?.origin}/_sandbox/faults -d '{"name":"slow","ms":3000,"times":1}'`,
    `# All off:        curl -X DELETE ${first?.origin}/_sandbox/faults`,
    ...running.flatMap(({ id, environment }) => [
      '',
      `# ${id}`,
      ...Object.entries(environment).map(([name, value]) => `${name}=${oneLine(value)}`),
    ]),
    '',
    '# The team file that fits:',
    ...stringify({ providers: settings })
      .trimEnd()
      .split('\n')
      .map((line) => `# ${line}`),
    '',
  ].join('\n');
}

/** Bare base64, as the dashboards hand keys out. */
function oneLine(value: string): string {
  return value.includes('-----BEGIN') ? value.replace(/-----[A-Z ]+-----|\s/g, '') : value;
}
