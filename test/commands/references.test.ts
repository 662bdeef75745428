// Whatever the answer is, its card shows a reference, and one line of the log says under it who asked
// for what, how long it took and how it ended; the metrics count the same.
import { expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import type { Account, Outcome } from '../../src/commands/types.ts';
import { ProviderError, StoreError, UserError } from '../../src/errors.ts';
import type { Answered } from '../../src/meter.ts';
import { ana, commandThat, createScene, eve, spot } from './world.ts';

const failing = (path: string, error: unknown) => ({
  ...commandThat(async () => {
    throw error;
  }),
  path: [path],
});
const unavailable = new ProviderError({
  code: 'unavailable',
  provider: 'payermax',
  operation: 'balance',
  message: 'PayerMax is away.',
});
const probes = [
  commandThat(async () => ({ card: { tone: 'good', title: 'Done' }, audience: 'channel' })),
  failing('user', new UserError('Write the amount with a dot.')),
  failing('provider', unavailable),
  failing('store', new StoreError('The disk is full.')),
  failing('mistake', new TypeError('x is not a function')),
];

function openCounted() {
  const counted: Answered[] = [];
  const meter = { answered: (fact: Answered) => void counted.push(fact) };
  const scene = createScene({ commands: [...probes, ...commands], isPaced: true, meter });
  return { ...scene, counted };
}
type Scene = ReturnType<typeof openCounted>;

const type = (line: string, account: Account = ana) => ({
  what: line,
  act: ({ dispatcher }: Scene) => dispatcher.run({ account, spot, line }, () => {}),
});
const press = (action: string, values?: Record<string, string>) => ({
  what: action,
  act: ({ dispatcher }: Scene) =>
    dispatcher.press({ account: ana, spot, action, ...(values === undefined ? {} : { values }) }),
});
const guest: Account = { platform: 'slack', team: 'T01', user: 'U02', doubt: 'guest' };
const stranger: Account = { platform: 'discord', user: '9' };

const all: readonly [
  { what: string; act(scene: Scene): Promise<Outcome> },
  command: string,
  outcome: string,
][] = [
  [type('/probe'), 'probe', 'answered'],
  [type('/purser help'), 'purser help', 'answered'],
  [type('/balance'), 'balance', 'answered'],
  [type('/payout'), 'payout', 'refused'],
  [type('/payout list'), 'payout list', 'answered'],
  [type('/purser freeze all why not'), 'purser freeze', 'answered'],
  [type('/digest list'), 'digest list', 'answered'],
  [type('/balance XXQ'), 'balance', 'refused'],
  [type('/nonsense of somebody'), 'unknown', 'refused'],
  [type('no slash'), 'unknown', 'refused'],
  [type(''), 'unknown', 'refused'],
  [type('/balance', eve), 'balance', 'refused'],
  [type('/balance', guest), 'balance', 'refused'],
  [type('/balance', stranger), 'balance', 'refused'],
  [type('/user'), 'user', 'refused'],
  [type('/provider'), 'provider', 'provider_failed'],
  [type('/store'), 'store', 'store_failed'],
  [type('/mistake'), 'mistake', 'mistake'],
  [press('payout.approve:P1.x'), 'payout.approve', 'refused'],
  [press('payout.form'), 'payout.form', 'refused'],
  [
    press('payout.form', { amount: 'x', currency: 'USD', payee: 'nobody' }),
    'payout.form',
    'refused',
  ],
  [press('share:R9'), 'share', 'refused'],
  [press('button.of-another-version:1'), 'unknown', 'refused'],
  [press(''), 'unknown', 'refused'],
];

it.each(all)('$what is one line under its reference', async ({ act }, name, outcome) => {
  const scene = openCounted();
  const { card } = await act(scene);
  expect(card.reference).toBe('R1');
  const lines = scene.log.lines.filter(({ fields }) => 'outcome' in fields);
  expect(lines.length).toBe(1);
  const fields = lines[0]?.fields as Record<string, unknown>;
  expect(fields).toMatchObject({ reference: 'R1', platform: expect.any(String), ms: 0, outcome });
  expect(fields['command'] ?? fields['action']).toBe(name);
  expect(fields['person'] ?? fields['account']).toEqual(expect.any(String));
  expect(scene.counted).toMatchObject([{ command: name, outcome, ms: 0 }]);
});

it('one that is told to wait has its reference too', async () => {
  const scene = openCounted();
  const outcomes: Outcome[] = [];
  for (let turn = 0; turn < 42; turn += 1) outcomes.push(await type('/probe').act(scene));
  expect(outcomes.at(-1)?.card.reference).toBe('R42');
  expect(scene.counted.at(-1)).toMatchObject({ command: 'probe', outcome: 'limited' });
  expect(scene.log.lines.length).toBe(42);
});

it('no metric has a word that somebody typed', async () => {
  const scene = openCounted();
  for (const [{ act }] of all) await act(scene);
  const known = new Set([
    ...probes.map(({ path }) => path.join(' ')),
    ...commands.map(({ path }) => path.join(' ')),
    ...scene.world.actions.map(({ name }) => name),
    ...['unknown', 'share'],
  ]);
  for (const { command } of scene.counted) expect(known).toContain(command);
});
