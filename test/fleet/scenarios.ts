// The troubles by name, which `npm run chaos -- --only <name>` takes: what happens to processes,
// clocks, providers and platforms. Those of the store stand in scenarios-store.ts.
import { makeCareless, type Scenario, type Scene } from './scene.ts';

export const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Any of those that are up is killed, and started again a moment later. */
export async function killOne(
  { fleet, dice, note }: Pick<Scene, 'fleet' | 'dice' | 'note'>,
  downMaxMs = 1_000,
): Promise<void> {
  const one = dice.pick(fleet.replicas.filter(({ state }) => state === 'up'));
  await one?.kill();
  note('kills');
  await pass(dice.below(downMaxMs));
  await one?.start();
}

const outOfReach = [/tried again/, /out of reach/, /could not be posted/, /answer was lost/];

export const processScenarios: readonly Scenario[] = [
  {
    name: 'kill',
    what: 'kill -9 of any of three, at any moment',
    replicas: 3,
    store: 'postgres',
    async trouble(scene) {
      await pass(200 + scene.dice.below(1_500));
      await killOne(scene);
    },
  },
  {
    name: 'kill-alone',
    what: 'kill -9 of the only one, on a folder',
    replicas: 1,
    store: 'folder',
    async trouble(scene) {
      await pass(200 + scene.dice.below(1_500));
      await killOne(scene, 100);
    },
  },
  {
    name: 'clock',
    what: 'clocks of single machines leap by minutes, hours and days, forth and back',
    replicas: 2,
    store: 'postgres',
    // Providers refuse requests of another time, which is as it should be.
    expected: [/status was not answered/, /notification refused/],
    async trouble({ fleet, dice, note }) {
      const one = dice.pick(fleet.replicas);
      const leaps = [
        90_000,
        -90_000,
        600_000,
        -600_000,
        5 * 3_600_000,
        -5 * 3_600_000,
        -86_400_000,
      ];
      const leap = dice.pick(leaps) ?? 0;
      await one?.setAhead(fleet.aheadMs() + leap);
      note('leaps');
      await pass(300 + dice.below(1_000));
      await one?.setAhead(fleet.aheadMs());
      await pass(dice.below(500));
    },
  },
  {
    name: 'providers',
    what: 'providers are slow, break off, answer nonsense, and take orders without saying so',
    replicas: 2,
    store: 'postgres',
    async trouble({ fleet, payers, dice, note }) {
      const faults = [
        ...['process_then_reset', 'reset', 'http_500', 'truncated', 'html', 'invalid_json'],
        ...['empty', 'http_429', 'redirect', 'slow'],
      ];
      const payer = dice.pick(payers);
      const fault = dice.pick(faults);
      if (payer === undefined || fault === undefined) return;
      makeCareless(fleet, payer.provider, fault);
      note(fault);
      await pass(100 + dice.below(500));
    },
  },
  {
    name: 'slack',
    what: 'Slack is away, cuts sockets, is too busy, and loses answers',
    replicas: 2,
    store: 'postgres',
    expected: outOfReach,
    async trouble({ fleet: { slack }, dice, note }) {
      const troubles: readonly (readonly [string, () => Promise<unknown>])[] = [
        [
          'outages',
          async () => {
            await slack.away();
            await pass(300 + dice.below(1_500));
            await slack.back();
          },
        ],
        ['sockets cut', async () => slack.server.dropSockets()],
        ['sockets refreshed', async () => slack.server.refreshSockets()],
        ['429', async () => slack.server.fail('*', { status: 429, retryAfter: 1 })],
        ['500', async () => slack.server.fail('*', { status: 500 }, { status: 500 })],
        ['answers lost', async () => slack.server.fail('chat.update', { isLost: true })],
      ];
      const [name, happen] = dice.pick(troubles) ?? [];
      await happen?.();
      if (name !== undefined) note(name);
      await pass(300 + dice.below(700));
    },
  },
  {
    name: 'discord',
    what: 'Discord is away, cuts the gateway, forgets its sessions, is too busy',
    replicas: 2,
    store: 'postgres',
    options: { platforms: ['slack', 'discord'] },
    discordEvery: 2,
    expected: outOfReach,
    async trouble({ fleet: { discord }, dice, note }) {
      const { server } = discord;
      const troubles: readonly (readonly [string, () => Promise<unknown>])[] = [
        [
          'outages',
          async () => {
            await discord.away();
            await pass(300 + dice.below(1_500));
            await discord.back().catch(() => {});
          },
        ],
        ['gateways cut', async () => server.gateway.drop()],
        ['sessions lost', async () => server.gateway.forget()],
        ['429', async () => server.fail({ match: /./, times: 1, what: 429 })],
        ['500', async () => server.fail({ match: /./, times: 2, what: 500 })],
        ['answers cut', async () => server.fail({ match: /^PATCH/, times: 1, what: 'cut' })],
      ];
      const [name, happen] = dice.pick(troubles) ?? [];
      await happen?.();
      if (name !== undefined) note(name);
      await pass(300 + dice.below(700));
    },
  },
];
