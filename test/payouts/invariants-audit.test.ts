// What is kept and what is not (DESIGN.md, section 4: invariants 10 and 11): a whole life with most
// that can go wrong, then every card, line, error and file of it is searched.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../src/payouts/index.ts';
import { alignet } from '../../src/providers/alignet/index.ts';
import type { AuditFacts } from '../../src/store/types.ts';
import {
  approve,
  approveHeld,
  current,
  deliver,
  later,
  press,
  request,
  savePayee,
  say,
} from './acts.ts';
import { keys, openOffice, type Scene } from './scene.ts';
import { accounts } from './team.ts';

const hourMs = 3_600_000;
/** Of the example payees; `savePayee` gives the second one of Maria. */
const accountNumbers = ['9234567890', '9234560001', '10040404000400938', '111040404000400940'];

/** Everything that the lifecycle knows happens to some payout. */
async function liveThrough(): Promise<Scene> {
  const scene = await openOffice();
  const { payermax: own, alignet: other } = scene.outside;
  await savePayee(scene);
  await savePayee(scene, {}, 'alignet');
  const toDiego = { provider: 'alignet', currency: 'PEN', payee: 'diego' } as const;

  const paid = await request(scene);
  own.switchFault({ name: 'returned', path: '/paymentOrderPay', times: 1 });
  await approve(scene, paid);
  await later(scene, 5_000);
  scene.clock.advance(60_000);
  await deliver(scene);

  const unclear = await request(scene, { ...toDiego, amount: '10.00' });
  other.switchFault({ name: 'process_then_reset', path: '/payouts', times: 1 });
  await approve(scene, unclear);
  await later(scene, 1_000);
  for (const by of ['ben', 'cy'] as const) {
    const values = { reason: 'It is in the portal.' };
    await press(scene, accounts[by], `payout.close.paid:${unclear.id}`, values);
  }
  const echoed = await request(scene, { ...toDiego, amount: '11.00' });
  other.switchFault({ name: 'echoes_payee', path: '/payouts', times: 1 });
  await approve(scene, echoed);

  const refused = await request(scene, { amount: '21.00' });
  own.switchFault({ name: 'params_invalid', path: '/paymentOrderPay', times: 1 });
  await approve(scene, refused);
  const rejected = await request(scene, { amount: '22.00' });
  const values = { reason: 'Not this month.' };
  await press(scene, accounts.cy, `payout.reject:${tokenOf(rejected)}`, values);
  const cancelled = await request(scene, { amount: '23.00' });
  await press(scene, accounts.ana, `payout.cancel:${cancelled.id}`);

  const revised = await request(scene, { amount: '2000.00' });
  await savePayee(scene, { fields: { target_org: 'RCBC', account_no: '9234560001' } });
  await approve(scene, revised);
  const held = await request(scene, { amount: '24.00' });
  await approveHeld(scene, held);
  await later(scene, 12 * hourMs);
  await later(scene, 12 * hourMs);
  await say(scene, accounts.ana, '/purser unfreeze all');
  await say(scene, accounts.cy, '/purser unfreeze all');

  for (const line of [
    '/payout list all',
    '/payee list',
    '/payee show maria',
    '/payee change maria',
    `/payout show ${paid.id}`,
    '/payout payermax 10 USD 9234567890',
    '/payee show 10040404000400938',
    '/purser audit export 2026-11',
    '/balance all',
    '/payee remove diego',
  ]) {
    await say(scene, accounts.ana, line);
  }
  await scene.settle();
  return scene;
}

async function readFacts({ payouts }: Scene): Promise<AuditFacts[]> {
  const all: AuditFacts[] = [];
  for await (const { facts } of payouts.readAudit()) all.push(facts);
  return all;
}

describe('invariant 10: every step is in an append-only, hash-chained audit log', () => {
  it('says who, where, by which rule and on what, for each step of a person', async () => {
    const scene = await liveThrough();
    const facts = await readFacts(scene);
    const events = new Set(facts.map(({ event }) => event));
    const payoutSteps = ['requested', 'approve', 'reject', 'cancel', 'close', 'expire', 'revise'];
    const sendingSteps = [
      'block',
      'start_sending',
      'refused',
      'doubt',
      'news',
      'reminded',
      'alarmed',
    ];
    for (const name of [...payoutSteps, ...sendingSteps])
      expect(events).toContain(`payout.${name}`);
    for (const name of [
      'payee.proposed',
      'payee.approved',
      'payee.removed',
      'freeze',
      'unfreeze',
    ]) {
      expect(events).toContain(name);
    }
    const byPeople = facts.filter(({ person }) => person !== 'purser');
    for (const step of byPeople) {
      expect(step).toMatchObject({
        person: expect.stringMatching(/^(ana|ben|cy|eve)$/),
        place: {
          platform: expect.stringMatching(/^(slack|discord)$/),
          user: expect.any(String),
          channel: 'C01',
        },
      });
      const { place } = step as { place: { platform: string; team?: string } };
      if (place.platform === 'slack') expect(place.team).toBe('T01');
    }
    const decided = facts.filter(({ event }) =>
      /^payout\.(?!reminded|alarmed)/.test(String(event)),
    );
    for (const step of decided) {
      expect(step).toMatchObject({
        rule: expect.any(Number),
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        payout: expect.stringMatching(/^P/),
      });
      if (step['event'] !== 'payout.requested') {
        expect(step).toMatchObject({ from: expect.any(String), to: expect.any(String) });
      }
    }
    const clicked = facts.filter(({ event }) => event === 'payout.approve');
    expect(clicked).not.toEqual([]);
    for (const { place } of clicked) expect(place).toMatchObject({ message: 'm1' });
  });

  it('finds any byte that was changed in the file, and an entry that was taken out or put in', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    await approve(scene, await request(scene));
    const path = join(scene.dataDir, 'audit.jsonl');
    const whole = await readFile(path);
    const verify = () => scene.payouts.verifyAudit();
    expect(await verify()).toMatchObject({ isIntact: true, count: 6 });
    for (let at = 0; at < whole.length; at += 23) {
      const changed = Buffer.from(whole);
      changed[at] = (whole[at] ?? 0) ^ 1;
      await writeFile(path, changed);
      expect(await verify(), `byte ${at}`).toMatchObject({ isIntact: false });
    }
    const lines = whole.toString().trimEnd().split('\n');
    const bent = [lines.toSpliced(2, 1), lines.slice(0, -1), [...lines, lines.at(-1) ?? '']];
    for (const kept of [...bent, lines.toSpliced(1, 2, lines[2] ?? '', lines[1] ?? '')]) {
      await writeFile(path, `${kept.join('\n')}\n`);
      expect(await verify()).toMatchObject({ isIntact: false });
    }
    const { card } = await say(scene, accounts.ana, '/purser audit verify');
    expect(card.title).toContain('not intact');
    await writeFile(path, whole);
    expect(await verify()).toMatchObject({ isIntact: true });
  });

  it('keeps a step and its entry together: neither is written without the other', async () => {
    const scene = await openOffice();
    await savePayee(scene);
    const payout = await request(scene);
    await Promise.all([approve(scene, payout, 'ben'), approve(scene, payout, 'cy')]);
    const states = (await readFacts(scene)).filter((one) => one['payout'] === payout.id);
    const trail = states.flatMap(({ to }) => (typeof to === 'string' ? [to] : []));
    expect(trail).toEqual(['approved', 'sending', 'submitted']);
    expect((await current(scene, payout.id)).state).toBe('submitted');
  });
});

describe('invariant 11: account numbers are masked everywhere but the provider call', () => {
  it('shows none in any card, line of the log, error, audit entry or file but the payees’ own', async () => {
    const scene = await liveThrough();
    const cards = JSON.stringify(scene.posted.all);
    const facts = JSON.stringify(await readFacts(scene));
    const log = `${scene.log.text()}\n${scene.outside.logText()}`;
    const notices = JSON.stringify(scene.notices);
    expect(scene.posted.all.length).toBeGreaterThan(50);
    expect(log.split('\n').length).toBeGreaterThan(100);
    for (const number of accountNumbers) {
      for (const [what, text] of Object.entries({ cards, facts, log, notices })) {
        expect(text.includes(number), `${number} in the ${what}`).toBe(false);
      }
    }
    expect(cards).toContain('••7890');
    const called = JSON.stringify([
      ...scene.outside.payermax.requests(),
      ...scene.outside.alignet.requests(),
    ]);
    expect(called).toContain('9234567890');
  });

  it('keeps them on disk in the payees’ records alone', async () => {
    const scene = await liveThrough();
    await scene.store.close();
    const places: string[] = [];
    for (const name of await readdir(scene.dataDir)) {
      if (name === 'lock') continue;
      const text = await readFile(join(scene.dataDir, name), 'utf8');
      const records = name.startsWith('open.json') ? findRecords(JSON.parse(text)) : undefined;
      const parts =
        records ??
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
      for (const part of parts) {
        const isFull = accountNumbers.some((number) => JSON.stringify(part).includes(number));
        if (isFull) places.push(`${name}: ${findKind(part)}`);
      }
    }
    expect(new Set(places)).toEqual(
      new Set(['open.json: payee', 'open.json.bak: payee', 'closed.jsonl: payee']),
    );
  });

  it('lets no secret into a card, a log line, an audit entry or a file', async () => {
    const scene = await liveThrough();
    const pem = String(keys.merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const lines = pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
    const authorization = scene.outside.alignet.environment['ALIGNET_AUTHORIZATION'] ?? '';
    const secrets = [...lines, authorization];
    expect(secrets.length).toBeGreaterThan(20);
    await scene.store.close();
    const names = (await readdir(scene.dataDir)).filter((name) => name !== 'lock');
    const files = await Promise.all(
      names.map((name) => readFile(join(scene.dataDir, name), 'utf8')),
    );
    const everything = [
      JSON.stringify(scene.posted.all),
      scene.log.text(),
      scene.outside.logText(),
      ...files,
    ].join('\n');
    for (const secret of secrets) expect(everything.includes(secret)).toBe(false);
    expect(alignet.environment.find(({ name }) => name === 'ALIGNET_AUTHORIZATION')?.kind).toBe(
      'secret',
    );
  });
});

function findRecords(file: { state?: { records: unknown[] }; records?: unknown[] }): unknown[] {
  const records = file.state?.records ?? file.records;
  if (records === undefined) throw new Error('no records in the store file');
  return records;
}

function findKind(line: unknown): string {
  return /"kind":"(\w+)"/.exec(JSON.stringify(line))?.[1] ?? 'nothing known';
}
