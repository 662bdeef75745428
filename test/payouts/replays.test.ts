// Every notification of every provider that documents some, sent again at once, later and after the
// end: nothing is paid twice, nothing is decided by it, and the provider is not asked more often.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createBalanceDesk } from '../../src/balances.ts';
import { addExamplePayees } from '../../src/example-payees.ts';
import { newPayoutId } from '../../src/names.ts';
import { createPayoutOffice, tokenOf } from '../../src/payouts/index.ts';
import type { WebhookRequest } from '../../src/providers/payouts.ts';
import { providerModules } from '../../src/providers/registry.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import type { ProviderModule } from '../../src/providers/types.ts';
import { openLowdbStore } from '../../src/store/index.ts';
import { team } from '../model/people.ts';
import { startClient } from '../providers/start-client.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const place = (person: string) => ({ platform: 'slack', user: person });
const reporting = providerModules.filter(({ id }) => id !== 'alignet');

async function openPaid(module: ProviderModule) {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const createSandbox = await module.loadSandbox();
  const client = await startClient(module, createSandbox({ clock }), { clock });
  closers.push(client.close);
  const dataDir = await mkdtemp(join(tmpdir(), 'purser-replay-'));
  closers.push(() => rm(dataDir, { recursive: true }));
  const store = await openLowdbStore({ dataDir, clock, log });
  closers.push(() => store.close());
  const { id, name, examplePayee } = module;
  const { payouts: calls } = client.provider;
  if (calls?.getStatus === undefined || examplePayee === undefined) throw new TypeError(id);
  const { getStatus } = calls;
  let asked = 0;
  const counting: typeof getStatus = async (key) => {
    asked += 1;
    return await getStatus(key);
  };
  const office = createPayoutOffice({
    store,
    team,
    payers: [{ id, name, payouts: { ...calls, getStatus: counting } }],
    balances: createBalanceDesk([client.provider], { clock }),
    clock,
    log,
    referencePrefix: 'R',
    newId: newPayoutId,
    callbackUrlFor: () => `https://purser.example/webhooks/${id}`,
    notify: () => {},
  });
  const connected = { module, provider: client.provider, host: '127.0.0.1', isSandbox: true };
  await addExamplePayees([connected], { payouts: office, team, log });
  const { id: payee, currency } = examplePayee;
  const amount = calls.decimalsOf(currency) === 0 ? '50000' : '20.00';
  const typed = { provider: id, amount, currency, payee, note: 'invoice' };
  const { id: previewId } = await office.desk.preview(typed, 'ana');
  const payout = await office.desk.post(previewId, 'ana', place('ana'));
  for (const person of ['bob', 'cat']) {
    await office.desk.approve(tokenOf(payout), person, place(person));
  }
  await office.settle();
  const receive = async ({ url, method, headers, body }: SandboxWebhook) => {
    const request: WebhookRequest = {
      method,
      query: new URL(url).searchParams,
      headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])),
      body: Buffer.from(body),
    };
    return (await office.followUp.receive(id, request)).status;
  };
  const stepsOf = async () => {
    const steps: unknown[] = [];
    for await (const { facts } of office.readAudit()) steps.push(facts['event'] ?? facts);
    return steps;
  };
  return {
    ...{ clock, office, receive, stepsOf, running: client.running },
    state: async () => (await office.desk.find(payout.id))?.state,
    countAsked: () => asked,
  };
}

test.each(reporting.map((module) => [module.id, module] as const))(
  'a notification of %s that comes again has no second effect',
  async (_id, module) => {
    const scene = await openPaid(module);
    const kept: SandboxWebhook[] = [];
    for (let hour = 0; hour < 24 && (await scene.state()) !== 'paid'; hour += 1) {
      scene.clock.advance(3_600_000);
      for (const sent of scene.running.takeWebhooks()) {
        kept.push(sent);
        expect(await scene.receive(sent)).toBe(200);
      }
    }
    expect([kept.length > 0, await scene.state()]).toEqual([true, 'paid']);
    const [books, steps, asked] = [
      scene.running.books(),
      await scene.stepsOf(),
      scene.countAsked(),
    ];
    const startedAtMs = scene.clock.now();
    for (let round = 0; round < 3; round += 1) {
      const again = Array.from({ length: 20 }, () => kept).flat();
      const statuses = await Promise.all(again.map(scene.receive));
      // One that is old may be refused; one that is taken is a question, and nothing else.
      for (const status of statuses) expect([200, 401]).toContain(status);
    }
    const seconds = (scene.clock.now() - startedAtMs) / 1_000;
    expect(scene.countAsked() - asked).toBeLessThanOrEqual(seconds + 1);
    expect(scene.running.books()).toEqual(books);
    expect(await scene.stepsOf()).toEqual(steps);
    expect(await scene.state()).toBe('paid');
  },
);
