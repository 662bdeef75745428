// /digest now, list and log, and the buttons of digests and alerts.
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/commands/card.ts';
import { toDelivery } from '../../src/digests/index.ts';
import { teamSchema } from '../../src/team.ts';
import { actionIn, ana, ben, createOffice, dan, eve, officeTeam, textOf } from './office.ts';
import { failureOf, lineOf, readingOf } from './world.ts';

const team = teamSchema.parse({
  ...officeTeam,
  channels: { approvals: [], audit: [], alerts: ['playground:alerts'] },
  thresholds: [
    { provider: 'payermax', currency: 'USD', critical: '1000.00', warning: '50000.00' },
    { provider: 'alignet', currency: 'USD', warning: '5.00' },
  ],
  digests: [
    {
      id: 'morning',
      at: '09:00',
      zone: 'America/Lima',
      days: 'mon-fri',
      to: ['playground:general'],
    },
    {
      id: 'night',
      at: '02:30',
      zone: 'Europe/Berlin',
      to: ['playground:general', 'playground:night'],
    },
  ],
});

const rowsOf = ({ table }: Card) =>
  (table?.groups ?? []).flatMap(({ rows }) => rows.map((row) => row.map(({ text }) => text)));

describe('/digest now', () => {
  it('shows what the digest would say, to the asker alone', async () => {
    const office = await createOffice({ team });
    const { card, audience } = await office.types(dan, '/digest now');
    expect(audience).toBe('asker');
    expect(card.title).toBe('Balances, Fri 20 Nov · 1 warning');
    expect(card.tone).toBe('warning');
    expect(card.text).toBe('Low: PayerMax USD (40,000.005 USD).');
    expect(card.table?.groups.map(({ title }) => title)).toEqual([
      'Alignet',
      'PayerMax',
      'SmilePayz',
    ]);
    expect(card.table?.groups[2]?.text).toBe('It lists no account.');
    expect(rowsOf(card)[2]).toEqual(['USD', '40,000.005', 'new', 'new', '—', 'Warning']);
    expect(card.suggestions).toContain('/balance payermax');
    const actions = (card.buttons ?? []).map(({ action }) => action);
    expect(actions.some((action) => action.startsWith('digest.post'))).toBe(false);
  });

  it('says what one need not look for: held, reserve, in flight, what is added up', async () => {
    const office = await createOffice({ team });
    office.teller('payermax').says(
      readingOf(
        lineOf('one', 'USD', {
          available: '60000',
          held: '5.00',
          reserve: '0.00',
          inFlight: '7',
        }),
        lineOf('two', 'USD', { available: '1.50', held: '0.25' }),
      ),
    );
    const { card } = await office.types(dan, '/digest now');
    expect(card.title).toBe('Balances, Fri 20 Nov · all fine');
    expect(card.tone).toBe('good');
    expect(rowsOf(card)).toContainEqual([
      'USD (2 accounts)',
      '60,001.50',
      'new',
      'new',
      '—',
      'Fine',
    ]);
    expect(card.notes).toContain('PayerMax USD: held 5.25, in flight 7.');
    expect(card.notes?.join(' ')).toContain('different currencies never are');
  });

  it('has payouts: what ended, what waits, what is stuck, and freezes', async () => {
    const office = await createOffice({ team });
    const payout = await office.requests(eve, '/payout payermax 5 USD maria');
    await office.types(ben, '/purser freeze alignet a strange mail');
    office.clock.advance(7_200_000);
    const { card } = await office.types(dan, '/digest now');
    expect(card.fields).toEqual([
      { label: 'Waiting', value: '1 of 5.00 USD; the oldest asked 2 h ago' },
      { label: 'Frozen', value: 'Alignet: a strange mail' },
    ]);
    expect(card.title).toContain('payouts frozen');
    expect(payout.state).toBe('requested');
  });

  it('names a provider that fails, and still has the others', async () => {
    const office = await createOffice({ team });
    office.teller('alignet').says(failureOf('alignet', 'auth_failed'));
    const { card } = await office.types(dan, '/digest now');
    expect(card.title).toBe('Balances, Fri 20 Nov · 1 warning, 1 of 3 providers not answering');
    expect(card.text).toContain('Not answering as they should: Alignet.');
    expect(card.table?.groups[0]).toMatchObject({ status: 'credentials refused', tone: 'bad' });
    expect(office.log.text()).toContain('provider failed');
  });

  it('is posted in the channels of a digest by an approver, on record', async () => {
    const office = await createOffice({ team });
    const { card } = await office.types(ben, '/digest now');
    const action = actionIn(card, 'digest.post');
    expect((await office.presses(dan, action)).card.title).toContain('is for approvers or admins');
    const posted = await office.presses(ben, 'digest.post:night');
    expect(posted.card.text).toContain('playground:general and playground:night');
    const open = (await office.world.digests.deliveries.listOpen()).filter((one) => one.digest);
    expect(open.map(({ channel, digest }) => [channel, digest?.by])).toEqual([
      ['playground:general', 'ben'],
      ['playground:night', 'ben'],
    ]);
    const facts = office.data.entries.slice(-2).map((entry) => entry.facts);
    expect(facts).toMatchObject([
      { event: 'digest.posted', scope: 'night', person: 'ben', channel: 'playground:general' },
      { event: 'digest.posted', scope: 'night', person: 'ben', channel: 'playground:night' },
    ]);
    // The same button again is the same posting.
    await office.presses(ben, 'digest.post:night');
    expect((await office.world.digests.deliveries.listOpen()).filter((one) => one.digest)).toEqual(
      open,
    );
    expect((await office.presses(ben, 'digest.post:noon')).card.title).toBe(
      'There is no such digest',
    );
  });

  it('works where none is scheduled, and says so', async () => {
    const office = await createOffice();
    const { card } = await office.types(ana, '/digest now');
    expect(card.notes).toContain(
      'No digest is scheduled: write one under digests in the team file.',
    );
    expect(textOf(card)).not.toContain('digest.post');
    expect((await office.types(ana, '/digest list')).card.text).toContain('No digest is scheduled');
    expect((await office.types(ana, '/digest log')).card.text).toBe('None was due.');
  });
});

describe('/digest list', () => {
  it('says when each comes next, there and in UTC', async () => {
    const office = await createOffice({ team });
    const { card } = await office.types(dan, '/digest list');
    expect(rowsOf(card)).toEqual([
      [
        'morning',
        'mon-fri at 09:00, America/Lima',
        'Fri 20 Nov, 09:00 there · 20 Nov, 14:00 UTC, in 2 h',
        'playground:general',
      ],
      [
        'night',
        'mon-sun at 02:30, Europe/Berlin',
        'Sat 21 Nov, 02:30 there · 21 Nov, 01:30 UTC, in 13 h',
        'playground:general, playground:night',
      ],
    ]);
  });
});

describe('/digest log', () => {
  it('says what became of each, and why not', async () => {
    const office = await createOffice({ team });
    const { deliveries } = office.world.digests;
    const nowMs = office.clock.now();
    const one = (date: string, hours: number) =>
      toDelivery(
        {
          id: date,
          mark: date,
          channel: 'playground:general',
          digest: { id: 'morning', date },
          dueAtMs: nowMs - hours * 3_600_000,
        },
        nowMs,
      );
    await deliveries.claim({ ...one('2026-11-17', 72), state: 'missed', reason: 'It was off.' });
    await deliveries.claim({ ...one('2026-11-18', 48), state: 'given_up', reason: 'No channel.' });
    await deliveries.claim({ ...one('2026-11-19', 24), tries: 2, reason: 'No answer.' });
    await deliveries.claim({
      ...one('2026-11-20', 1),
      state: 'posted',
      postedAtMs: nowMs,
      isLate: true,
    });
    const { card } = await office.types(dan, '/digest log');
    expect(card).toMatchObject({ tone: 'warning', text: 'Not posted: 2. Each says why.' });
    expect(rowsOf(card)).toEqual([
      ['morning, Fri 20 Nov', 'playground:general', 'Posted 20 Nov, 12:00 UTC, late'],
      ['morning, Thu 19 Nov', 'playground:general', 'Tried 2 times, is tried again. No answer.'],
      ['morning, Wed 18 Nov', 'playground:general', 'Given up. No channel.'],
      ['morning, Tue 17 Nov', 'playground:general', 'Missed. It was off.'],
    ]);
  });
});

describe('a top-up note', () => {
  it('is asked for in a form, posted for everybody and kept in the audit log', async () => {
    const office = await createOffice({ team });
    await office.types(dan, '/balance');
    const { card } = await office.presses(eve, 'digest.note:');
    expect(card.form?.fields.map(({ name }) => name)).toEqual(['scope', 'note']);
    expect(card.form?.fields[0]?.options?.map(({ label }) => label)).toContain('PayerMax USD');
    expect(office.dispatcher.opensForm({ action: 'digest.note:' })).toBe(true);
    const short = await office.fills(eve, 'digest.note:', { scope: 'payermax USD', note: ' x ' });
    expect(short.audience).toBe('asker');
    expect(short.card.form?.fields[1]).toMatchObject({ error: 'Write 3 to 300 characters.' });
    const unknown = await office.fills(eve, 'digest.note:', { scope: 'bank USD', note: 'wired' });
    expect(unknown.card.form?.fields[0]?.error).toBe('Choose one of these.');
    const before = office.data.entries.length;
    const values = { scope: 'payermax USD', note: '10,000 wired, there tomorrow' };
    const noted = await office.fills(eve, 'digest.note:', values);
    expect(noted).toMatchObject({
      audience: 'channel',
      card: { title: 'Top-up note: PayerMax USD', text: values.note },
    });
    expect(office.data.entries.slice(before).map(({ facts }) => facts)).toMatchObject([
      { event: 'topup.noted', scope: 'payermax USD', person: 'eve', note: values.note },
    ]);
    expect((await office.presses(dan, 'digest.note:')).card.form).toBeUndefined();
  });
});

describe('muting an alert', () => {
  it('is for a day, on record, by approvers', async () => {
    const office = await createOffice({ team });
    const { card } = await office.types(ben, '/digest now');
    const action = actionIn(card, 'alert.mute');
    expect(action).toBe('alert.mute:level payermax USD');
    expect((await office.presses(dan, action)).card.title).toContain('is for approvers or admins');
    const muted = await office.presses(ben, action);
    expect(muted.card.title).toBe('Muted for a day: PayerMax USD');
    expect(muted.card.text).toContain('until 21 Nov, 12:00 UTC');
    expect(office.data.entries.at(-1)?.facts).toMatchObject({
      event: 'alert.muted',
      person: 'ben',
    });
    expect(textOf((await office.types(ben, '/digest now')).card)).not.toContain('alert.mute');
    const gone = await office.presses(ben, 'alert.mute:level payermax GBP');
    expect(gone.card.text).toBe('There is no such alert any more.');
  });
});
