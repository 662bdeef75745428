// The other process of every bench: the sandboxes, so that their work is not counted as ours.
import { systemClock } from '../src/clock.ts';
import { providerModules } from '../src/providers/registry.ts';
import { startSandbox } from '../src/providers/sandbox.ts';

const running = await Promise.all(
  providerModules.map(async (module) => {
    const createSandbox = await module.loadSandbox();
    return startSandbox(createSandbox({ clock: systemClock }), { clock: systemClock });
  }),
);
process.send?.(
  running.map(({ id, origin, environment, settings }) => ({ id, origin, environment, settings })),
);
process.on('disconnect', () => process.exit(0));
