// When digests are due, also on the days on which clocks are put forward and back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Digest,
  findNext,
  instantOf,
  listDue,
  listWeekdays,
  localDateOf,
  localTimeOf,
} from '../../src/digests/calendar.ts';

const at = (text: string) => Date.parse(text);
const digest = (parts: Partial<Digest>): Digest => ({
  id: 'one',
  at: '09:00',
  zone: 'America/Lima',
  days: 'mon-sun',
  to: ['slack:C01'],
  ...parts,
});

describe('a local time', () => {
  it.each([
    ['2026-11-26', '09:00', 'America/Lima', '2026-11-26T14:00Z'],
    // Put forward at 02:00 to 03:00: there is no 02:30.
    ['2027-03-28', '02:30', 'Europe/Berlin', '2027-03-28T01:00Z'],
    ['2027-03-28', '03:00', 'Europe/Berlin', '2027-03-28T01:00Z'],
    // Put back at 03:00 to 02:00: the first of two.
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30Z'],
    ['2026-10-25', '03:00', 'Europe/Berlin', '2026-10-25T02:00Z'],
    // At midnight to 01:00.
    ['2027-09-05', '00:30', 'America/Santiago', '2027-09-05T04:00Z'],
    ['2027-09-05', '00:00', 'America/Santiago', '2027-09-05T04:00Z'],
    // Half an hour only, from 02:00 to 02:30 and back.
    ['2027-10-03', '02:15', 'Australia/Lord_Howe', '2027-10-02T15:30Z'],
    ['2027-04-04', '01:45', 'Australia/Lord_Howe', '2027-04-03T14:45Z'],
    ['2027-03-14', '02:30', 'America/New_York', '2027-03-14T07:00Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30Z'],
    ['2026-11-26', '00:00', 'Asia/Kathmandu', '2026-11-25T18:15Z'],
    ['2026-11-26', '23:59', 'Pacific/Kiritimati', '2026-11-26T09:59Z'],
    ['2026-11-26', '12:00', 'UTC', '2026-11-26T12:00Z'],
  ])('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(new Date(instantOf(date, time, zone)).toISOString().slice(0, 16)).toBe(
      instant.slice(0, 16),
    );
  });

  it('is that time, or the first instant after it', () => {
    const zones = ['America/Santiago', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Tehran'];
    const minutes = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2020-01-01'), max: at('2030-12-31') }),
        minutes,
        (zone, ms, minute) => {
          const date = new Date(ms).toISOString().slice(0, 10);
          const time = new Date(minute * 60_000).toISOString().slice(11, 16);
          const instant = instantOf(date, time, zone);
          const local = `${localDateOf(instant, zone)} ${localTimeOf(instant, zone)}`;
          const before = `${localDateOf(instant - 60_000, zone)} ${localTimeOf(instant - 60_000, zone)}`;
          expect(local >= `${date} ${time}`).toBe(true);
          expect(before < `${date} ${time}`).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a digest', () => {
  it('is due on its weekdays, after one time and until another', () => {
    const weekly = digest({ days: 'mon-fri' });
    const [from, until] = [at('2026-11-20T14:00Z'), at('2026-11-27T14:00Z')];
    expect(listDue(weekly, from, until).map(({ date }) => date)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
    ]);
    expect(listDue(weekly, from - 1, from)).toEqual([{ date: '2026-11-20', atMs: from }]);
    expect(findNext(weekly, until)?.date).toBe('2026-11-30');
  });

  it('is due once on a date on which its time exists twice, and on one on which it does not', () => {
    const night = digest({ at: '02:30', zone: 'Europe/Berlin' });
    for (const date of ['2026-10-25', '2027-03-28']) {
      const [from, until] = [at(`${date}T00:00Z`) - 7_200_000, at(`${date}T23:00Z`) - 7_200_000];
      expect(listDue(night, from, until).map((one) => one.date)).toEqual([date]);
    }
  });

  it('is not due on a date that a zone leaves out', () => {
    const apia = digest({ zone: 'Pacific/Apia' });
    const due = listDue(apia, at('2011-12-29T00:00Z'), at('2012-01-01T00:00Z'));
    expect(due.map(({ date }) => date)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
  });

  it('knows its weekdays, also over the weekend', () => {
    expect([...listWeekdays('sat-mon')].sort()).toEqual([0, 1, 6]);
    expect([...listWeekdays('mon,wed')].sort()).toEqual([1, 3]);
    expect(listWeekdays('mon-sun').size).toBe(7);
    expect([...listWeekdays('fri')]).toEqual([5]);
  });

  it('is due once on each of its dates, however its times are asked for in pieces', () => {
    const zone = fc.constantFrom('America/Santiago', 'Europe/Berlin', 'Australia/Lord_Howe');
    const steps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 12 });
    const start = fc.integer({ min: at('2026-01-01'), max: at('2028-01-01') });
    fc.assert(
      fc.property(zone, start, steps, (one, fromMs, hours) => {
        const night = digest({ at: '02:15', zone: one });
        let ms = fromMs;
        const pieces = hours.flatMap((step) => {
          const [from, until] = [ms, ms + step * 3_600_000];
          ms = until;
          return listDue(night, from, until);
        });
        expect(pieces).toEqual(listDue(night, fromMs, ms));
        expect(new Set(pieces.map(({ date }) => date)).size).toBe(pieces.length);
      }),
    );
  });
});
