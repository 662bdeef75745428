// /purser audit: the proof, and the table of a month for people and their spreadsheets.
import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.ts';
import { accountNumbers, ana, ben, createOffice, dan, eve } from './office.ts';

describe('/purser audit verify', () => {
  it('proves the whole chain', async () => {
    const office = await createOffice();
    const { card, audience } = await office.types(ana, '/purser audit verify');
    expect(audience).toBe('asker');
    expect(card).toMatchObject({
      tone: 'good',
      title: 'The audit log is intact',
      text: '4 entries, each bound to the one before it.',
      notes: [`Last entry: ${office.data.entries.at(-1)?.hash}`],
    });
  });

  it('of nothing yet is intact', async () => {
    const office = await createOffice();
    office.data.entries = [];
    expect((await office.types(ana, '/purser audit verify')).card.text).toMatch(/^0 entries,/);
  });

  it.each([
    ['a changed byte', 2, (text: string) => text.replace('"maria"', '"marib"')],
    ['a moved time', 3, (text: string) => text.replace(/"atMs":(\d+)/, '"atMs":1$1')],
    ['a changed hash', 4, (text: string) => text.replace(/"hash":"./, '"hash":"_')],
  ])('finds %s and says from which entry on nothing can be trusted', async (_what, at, change) => {
    const office = await createOffice();
    office.data.entries = office.data.entries.map((entry, index) =>
      index === at - 1 ? JSON.parse(change(JSON.stringify(entry))) : entry,
    );
    const { card } = await office.types(ana, '/purser audit verify');
    expect(card).toMatchObject({
      tone: 'bad',
      title: `The audit log is not intact from entry ${at} on`,
      text: expect.stringMatching(
        /Stop Purser, keep its data folder as it is, and compare it with your last backup\.$/,
      ),
    });
  });

  it('finds an entry that was taken out', async () => {
    const office = await createOffice();
    office.data.entries = office.data.entries.filter(({ sequence }) => sequence !== 2);
    expect((await office.types(ana, '/purser audit verify')).card.text).toContain(
      'entry 2 is missing',
    );
  });
});

describe('/purser audit export', () => {
  const columns = 'sequence time event subject person platform channel facts hash'.split(' ');

  async function exportOf(office: Awaited<ReturnType<typeof createOffice>>, month = '2026-11') {
    const { card, file } = await office.types(ana, `/purser audit export ${month}`);
    return { card, file, rows: parseCsv(file?.text ?? '') };
  }

  it('is a CSV file with a row for each entry, as RFC 4180 wants it', async () => {
    const office = await createOffice();
    await office.requests(eve, '/payout payermax 5 USD maria say "hi", twice');
    const { card, file, rows } = await exportOf(office);
    expect(card).toMatchObject({ title: 'Audit log of 2026-11', text: '5 entries.' });
    expect(file).toMatchObject({
      name: 'purser-audit-2026-11.csv',
      contentType: 'text/csv; charset=utf-8',
    });
    expect(file?.text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(file?.text.endsWith('\r\n')).toBe(true);
    expect(rows[0]).toEqual(columns);
    expect(rows.map(({ length }) => length)).toEqual(Array(6).fill(9));
    const [sequence, time, event, subject, person, platform, channel, facts, hash] = rows[5] ?? [];
    expect([sequence, time, event, subject, person, platform, channel]).toEqual([
      '5',
      '2026-11-20T12:00:00.000Z',
      'payout.requested',
      'P00000001',
      'eve',
      'playground',
      'general',
    ]);
    expect(JSON.parse(facts ?? '').content.note).toBe('say "hi", twice');
    expect(hash).toBe(office.data.entries[4]?.hash);
  });

  it('has only that month, by UTC', async () => {
    const office = await createOffice();
    office.data.entries = [];
    const freezeAt = async (at: string, reason: string) => {
      office.clock.advance(Date.parse(at) - office.clock.now());
      await office.types(ben, `/purser freeze payermax ${reason}`);
      for (const one of [ana, { ...ben, user: 'cy' }]) {
        await office.types(one, '/purser unfreeze payermax');
      }
    };
    await freezeAt('2026-11-30T23:59:59.999Z', 'last of November');
    await freezeAt('2026-12-01T00:00:00.000Z', 'first of December');
    const november = await exportOf(office, '2026-11');
    const december = await exportOf(office, '2026-12');
    expect([november.rows.length, december.rows.length]).toEqual([4, 4]);
    expect(november.file?.text).toContain('last of November');
    expect(november.file?.text).not.toContain('December');
    expect(december.file?.text).not.toContain('November');
  });

  it('of a month without a step has no file', async () => {
    const office = await createOffice();
    const { card, file } = await exportOf(office, '2025-01');
    expect(card.text).toBe('No step was made in this month.');
    expect(file).toBeUndefined();
  });

  const formulas = ["=cmd|' /C calc'!A0", '+1+1', '-2+3', '@SUM(A1)', '＝1', '  =1+1'];
  it.each(formulas)('runs nothing in a spreadsheet: %j', async (formula) => {
    const office = await createOffice();
    // As text that people write, after semicolons too, and as names that a chat gives.
    const text = `${formula};${formula}`;
    const payout = await office.requests(eve, `/payout payermax 5 USD maria ${text}`);
    const reject = await office.actionOf(payout, 'payout.reject');
    await office.fills(ben, reject, { reason: text });
    await office.types(ben, `/purser freeze all x ${text}`);
    await office.fills(eve, 'payee.form:payermax/pe-bank', {
      id: 'john',
      name: text,
      bank: 'BCP',
      account_no: '12345678901234',
    });
    await office.dispatcher.run(
      { account: ben, spot: { channel: formula }, line: '/purser freeze payermax odd' },
      () => {},
    );
    const { file, rows } = await exportOf(office);
    expect(file?.text).toContain(formula.trim().slice(1));
    for (const separator of [',', ';']) {
      for (const cell of parseCsv(file?.text ?? '', separator).flat()) {
        expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
      }
    }
    const channels = rows.map((row) => row[6]);
    expect(channels).toContain(`'${formula}`);
  });

  it.each(['\t=1', '\r=1', '\n=1', '\tx'])('neutralises %j as well', async (channel) => {
    const office = await createOffice();
    const line = '/purser freeze payermax odd';
    await office.dispatcher.run({ account: ben, spot: { channel }, line }, () => {});
    expect((await exportOf(office)).rows.map((row) => row[6])).toContain(`'${channel}`);
  });

  it('has no account number', async () => {
    const office = await createOffice();
    const { file } = await exportOf(office);
    for (const number of Object.values(accountNumbers)) expect(file?.text).not.toContain(number);
  });

  it('is for approvers and admins', async () => {
    const office = await createOffice();
    for (const one of [dan, eve]) {
      const { card, file } = await office.types(one, '/purser audit export 2026-11');
      expect(card.title).toBe('/purser audit export is for approvers or admins');
      expect(file).toBeUndefined();
    }
  });
});
