// What people and time do in a scene: typed, seen, clicked and waited for, as outside the tests.
import { expect } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import type { Account, Outcome } from '../../src/commands/types.ts';
import { tokenOf } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import { alignet } from '../../src/providers/alignet/index.ts';
import { payermax } from '../../src/providers/payermax/index.ts';
import type { ExamplePayee } from '../../src/providers/types.ts';
import { type OfficeConfig, type Outside, openOffice, type Scene } from './scene.ts';
import { accounts, type PersonId } from './team.ts';

export const spot = { channel: 'C01', message: 'm1' };

export function say({ dispatcher }: Scene, by: Account, line: string): Promise<Outcome> {
  return dispatcher.run({ account: by, spot: { channel: 'C01' }, line }, () => {});
}

export function press(
  { dispatcher }: Scene,
  account: Account,
  action: string,
  values?: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return dispatcher.press({ account, spot, action, ...(values === undefined ? {} : { values }) });
}

/** A payee that two people agreed on: the provider's own example. */
export async function savePayee(
  { payouts }: Scene,
  changes: Partial<ExamplePayee> = {},
  provider: 'payermax' | 'alignet' = 'payermax',
): Promise<void> {
  const example = (provider === 'payermax' ? payermax : alignet).examplePayee;
  if (example === undefined) throw new Error(`${provider} has no example`);
  const { id, name, route: wanted, fields } = { ...example, ...changes };
  const route = payouts.payers.get(provider)?.payouts.routes.find((one) => one.id === wanted);
  if (route === undefined) throw new Error(`${provider} has no route ${wanted}`);
  const place = { platform: 'slack', team: 'T01', user: 'U05', channel: 'C01' };
  const isNew = (await payouts.payees.find(id)) === undefined;
  const input = { id, name, provider, route, fields };
  const proposed = await payouts.payees.propose(input, isNew, 'eve', place);
  if (!proposed.ok) throw new Error(proposed.refusal);
  await payouts.payees.decide(id, proposed.payee.versions, true, 'cy', place);
}

/** A started Purser that knows whom to pay. */
export async function openReady(config: OfficeConfig = {}): Promise<Scene> {
  const scene = await openOffice(config);
  await savePayee(scene);
  return scene;
}

export interface Wish {
  readonly by?: PersonId;
  readonly provider?: 'payermax' | 'alignet';
  readonly amount?: string;
  readonly currency?: string;
  readonly payee?: string;
}

/** Typed, seen and posted, as a person does it. Throws what the card says when it is refused. */
export async function request(scene: Scene, wish: Wish = {}): Promise<Payout> {
  const { by = 'ana', provider = 'payermax', amount = '250.00' } = wish;
  const { currency = 'USD', payee = 'maria' } = wish;
  const line = `/payout ${provider} ${amount} ${currency} ${payee} invoice 42`;
  const preview = await say(scene, accounts[by], line);
  const action = preview.card.buttons?.[0]?.action;
  if (action === undefined) throw new Error(preview.card.text);
  const { card } = await press(scene, accounts[by], action);
  const payout = await scene.payouts.desk.find(action.replace('payout.post:', ''));
  if (payout === undefined) throw new Error(card.text);
  await scene.settle();
  return payout;
}

/** What the button of the newest card does. */
export async function approve(
  scene: Scene,
  { id }: Pick<Payout, 'id'>,
  by: PersonId = 'ben',
): Promise<Card> {
  const { card } = await press(
    scene,
    accounts[by],
    `payout.approve:${tokenOf(await current(scene, id))}`,
  );
  await scene.settle();
  return card;
}

/** Asked for and approved, while the provider does as the fault says. */
export async function payWith(
  scene: Scene,
  fault: string,
  path = '/paymentOrderPay',
): Promise<Payout> {
  scene.outside.payermax.switchFault({ name: fault, path });
  const payout = await request(scene);
  await approve(scene, payout);
  scene.outside.payermax.clearFaults();
  return payout;
}

/** Its last approval, and a freeze before anything is sent: it waits, approved. */
export async function approveHeld(
  scene: Scene,
  payout: Pick<Payout, 'id'>,
  by: PersonId = 'ben',
): Promise<void> {
  scene.after('payout.approve', () =>
    say(scene, accounts.ben, '/purser freeze all something is wrong'),
  );
  await approve(scene, payout, by);
  expect(await stateOf(scene, payout)).toBe('approved');
}

/** By the two others. */
export async function liftFreeze(scene: Scene, scope = 'all'): Promise<void> {
  await say(scene, accounts.ana, `/purser unfreeze ${scope}`);
  await say(scene, accounts.cy, `/purser unfreeze ${scope}`);
  await scene.settle();
}

export async function current({ payouts }: Scene, id: string): Promise<Payout> {
  const payout = await payouts.desk.find(id);
  if (payout === undefined) throw new Error(`there is no payout ${id}`);
  return payout;
}

export async function stateOf(scene: Scene, { id }: Pick<Payout, 'id'>): Promise<string> {
  return (await current(scene, id)).state;
}

/** Time passes, and everything that is due by then is done. */
export async function later(scene: Scene, ms: number): Promise<void> {
  scene.clock.advance(ms);
  await scene.payouts.journal.retell();
  await scene.payouts.followUp.tick();
  await scene.settle();
}

/** What the provider would report now reaches Purser. */
export async function deliver({ outside, payouts, settle }: Scene): Promise<number[]> {
  const statuses: number[] = [];
  for (const { url, method, headers, body } of outside.payermax.takeWebhooks()) {
    const query = new URL(url).searchParams;
    const notification = { method, query, headers, body: Buffer.from(body) };
    statuses.push((await payouts.followUp.receive('payermax', notification)).status);
  }
  await settle();
  return statuses;
}

/** How often the provider was asked to pay, whatever became of it. */
export function countCalls({ payermax: own, alignet: other }: Outside): number {
  const paths = [...own.requests(), ...other.requests()].map(({ path }) => path);
  return paths.filter((path) => /\/paymentOrderPay$|\/payouts$/.test(path)).length;
}

/** Ordered once, and for exactly what people approved. */
export function expectOnce({ payermax: own, alignet: other }: Outside, payout: Payout): void {
  const { reference, amount, currency } = payout.content;
  const ordered = [...own.books(), ...other.books()].filter((one) => one.reference === reference);
  expect(ordered).toMatchObject([{ reference, amount, currency }]);
}
