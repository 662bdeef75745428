// The border to whoever calls in as a provider: notifications bent in every place, signed and not, at
// the real front door and the real follow-up. None changes a payout, none is believed that was
// not signed byte by byte, and none is answered with a failure of ours.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBalanceDesk } from '../../src/balances.ts';
import { startDoor } from '../../src/door/index.ts';
import { hashContent } from '../../src/payouts/content.ts';
import { createPayoutOffice, type Payer } from '../../src/payouts/index.ts';
import type { Payout } from '../../src/payouts/types.ts';
import type { PayoutKey, PayoutNews, PayoutOrder } from '../../src/providers/payouts.ts';
import { providerModules } from '../../src/providers/registry.ts';
import type { SandboxWebhook } from '../../src/providers/sandbox.ts';
import type { ProviderModule } from '../../src/providers/types.ts';
import { createReadiness } from '../../src/readiness.ts';
import { openSubject } from '../contracts/provider.ts';
import { openPayer } from '../contracts/provider-payer.ts';
import { composePayout } from '../payouts/sample.ts';
import { team } from '../payouts/team.ts';
import { createReferenceStore, type ReferenceData } from '../store/reference-store.ts';
import { createFakeClock, createRecordingLog } from '../support.ts';
import { nastyText } from './bending.ts';
import { borderTimeoutMs, holdBorder } from './border.ts';
import { bendRequest, bent, send, sendBytes, type Wanted } from './requests.ts';

const input = fc.record({
  report: fc.nat(50),
  provider: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('alignet', 'payermax', '__proto__', 'constructor', ''),
    },
  ),
  bent,
  raw: fc.oneof({ weight: 40, arbitrary: fc.constant(undefined) }, nastyText),
});
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

let inputs = 0;
const publicUrl = 'https://purser.example';

it(
  'no notification changes a payout, and none that is not signed is believed',
  async (test) => {
    const scene = await openScene();
    await holdBorder(
      {
        name: 'notifications',
        inputs: 2_000,
        input,
        perWorld: 50,
        reaches: ['200, asked', '401', '404', '405', '503, asked'],
        open: async () => ({ judge: (one) => judge(scene, one), close: async () => {} }),
      },
      test,
    );
  },
  borderTimeoutMs,
);

type Scene = Awaited<ReturnType<typeof openScene>>;

async function judge(scene: Scene, { report, provider, bent: how, raw }: Input): Promise<string> {
  const { reports, data, asked, log, door } = scene;
  const [one] = reports.slice(report % reports.length);
  if (one === undefined) throw new RangeError('there are no reports');
  inputs += 1;
  // Each from somewhere else: the bound of a source that nobody signs for is another test’s.
  const from = { 'x-forwarded-for': `10.0.${inputs >> 8}.${inputs & 255}` };
  const wanted = bendRequest({ ...one.wanted, headers: { ...one.wanted.headers, ...from } }, how);
  const path = provider === undefined ? wanted.path : `/webhooks/${provider}`;
  const before = { ...data };
  const askedBefore = asked.length;
  log.lines.length = 0;
  const heard =
    raw === undefined
      ? await send(door.origin, { ...wanted, path })
      : await sendBytes(door.origin, raw.length > 40 ? raw : `${raw} HTTP/1.1\r\n\r\n`);
  const isAsked = asked.length > askedBefore;
  if (heard.status >= 500) {
    expect(`${heard.status} ${heard.body}`).toMatch(/^503 (the status is not known yet|too many)/);
  }
  expect([0, 200, 400, 401, 404, 405, 408, 413, 414, 415, 417, 426, 429, 431, 503]).toContain(
    heard.status,
  );
  for (const { id, value } of data.records) {
    // When it is to be asked next, and what it then said, is all that may be new.
    const { state, content, contentHash, decisions } = value as unknown as Payout;
    expect({ state, content, contentHash, decisions }).toEqual(scene.values.get(id));
  }
  if (!isAsked) expect(data.records, 'nothing was written').toBe(before.records);
  if (isAsked) {
    expect([200, 503]).toContain(heard.status);
    const isSame = wanted.body === one.wanted.body && path === one.wanted.path;
    // SmilePayz signs the number of the trade and the time alone, PaynetEasy three of its parameters.
    const isWhole = one.provider === 'payermax' || one.provider === 'paycross';
    if (isWhole && !isSame) expect(wanted.body, 'what was signed').toBe(one.wanted.body);
  }
  one.expectDiscretion(log.text());
  return `${heard.status}${isAsked ? ', asked' : ''}`;
}

async function openScene() {
  const clock = createFakeClock();
  const log = createRecordingLog();
  const data: ReferenceData = { records: [], entries: [], readings: [] };
  const asked: PayoutKey[] = [];
  const payers: Payer[] = [];
  const reports: {
    provider: string;
    wanted: Wanted;
    expectDiscretion(text: string): void;
  }[] = [];
  for (const module of providerModules) {
    const { payer, order, sent } = await collectReports(module);
    if (payer.payouts.webhook === undefined) continue;
    const getStatus = async (key: PayoutKey): Promise<PayoutNews> => {
      asked.push(key);
      // Sometimes the provider cannot say: then the notification is to come again.
      if (asked.length % 5 === 0) throw new Error('its answer is lost');
      return { state: 'submitted', providerStatus: 'PENDING' };
    };
    payers.push({ id: module.id, name: module.name, payouts: { ...payer.payouts, getStatus } });
    data.records = [...data.records, toRecord(module, order, data.records.length)];
    for (const webhook of sent) {
      const expectDiscretion = (text: string) => {
        payer.log.lines.length = 0;
        payer.log.debug({ text }, 'logged');
        payer.expectDiscretion();
      };
      reports.push({ provider: module.id, wanted: toWanted(webhook), expectDiscretion });
    }
  }
  const store = createReferenceStore({ data, clock, openMax: 1000 });
  const office = createPayoutOffice({
    ...{ store, team, payers, clock, log },
    balances: createBalanceDesk([], { clock }),
    referencePrefix: 'P',
    newId: () => 'P00000001',
    callbackUrlFor: () => undefined,
    notify: () => {},
  });
  const door = await startDoor(
    { port: 0, host: '127.0.0.1', inboxes: [] },
    {
      ...{ clock, log, readiness: createReadiness(clock) },
      providers: payers.map(({ id }) => id),
      receive: (...given) => office.followUp.receive(...given),
    },
  );
  const values = new Map(
    data.records.map(({ id, value }) => {
      const { state, content, contentHash, decisions } = value as unknown as Payout;
      return [id, { state, content, contentHash, decisions }] as const;
    }),
  );
  return { data, asked, reports, log, door, values };
}

/** Those of one payout, as soon as the provider has any: old ones may be refused. */
async function collectReports(module: ProviderModule) {
  const subject = await openSubject({ module });
  const { payer, scene } = await openPayer(subject);
  const callbackUrl = `${publicUrl}/webhooks/${module.id}`;
  const order = payer.compose({ callbackUrl });
  await payer.payouts.create(order);
  let sent: readonly SandboxWebhook[] = scene.running.takeWebhooks();
  for (let hours = 0; hours < 24 && sent.length === 0; hours += 1) {
    subject.clock.advance(3_600_000);
    sent = scene.running.takeWebhooks();
  }
  return { payer, order, sent };
}

function toWanted({ url, method, headers, body }: SandboxWebhook): Wanted {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const path = url.slice(publicUrl.length);
  return { method, path, headers: Object.fromEntries(lowerCase), body };
}

function toRecord(module: ProviderModule, order: PayoutOrder, nth: number) {
  const { reference, route } = order;
  const content = { ...composePayout().content, provider: module.id, route, reference };
  const payout = composePayout({
    id: `P0000000${nth}`,
    content,
    contentHash: hashContent(content),
    state: 'submitted',
    sentAtMs: createFakeClock().now(),
  });
  return {
    ...{ kind: 'payout', id: payout.id, key: reference, isOpen: true, version: 1, createdAtMs: 1 },
    value: JSON.parse(JSON.stringify(payout)),
  };
}
