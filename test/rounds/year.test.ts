// A year of digests in three zones, with restarts, kills between posting and writing down, and outages
// of channels and providers: one message for each digest, channel and date, or a line that says why not.
import { describe, expect, it } from 'vitest';
import { failureOf, lineOf, readingOf } from '../commands/world.ts';
import { createRoundsScene, type Posted, type Running } from './scene.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const from = Date.parse('2026-11-26T12:00:00Z');
const until = from + 366 * day;

/** Two of these times do not exist on one day of the year, and two exist twice on another. */
const digests = [
  { id: 'santiago', at: '00:30', zone: 'America/Santiago', days: 'mon-sun' },
  { id: 'berlin', at: '02:30', zone: 'Europe/Berlin', days: 'mon-sun' },
  { id: 'howe', at: '02:15', zone: 'Australia/Lord_Howe', days: 'mon,wed,fri-sun' },
].map((one) => ({ ...one, to: ['slack:C01', 'slack:C02'] }));

/** Numbers from 0 to 1, the same in every run: https://en.wikipedia.org/wiki/Xorshift */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** By looking at the clock on the wall every quarter of an hour, and nothing cleverer. */
function listExpected(): { mark: string; atMs: number }[] {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  return digests.flatMap(({ id, at, zone, days }) => {
    const wall = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
    });
    const isChosen = (name: string) =>
      days === 'mon-sun' || ['mon', 'wed', 'fri', 'sat', 'sun'].includes(name);
    const expected: { mark: string; atMs: number }[] = [];
    let done = wall.format(from).slice(0, 10);
    if (wall.format(from) < `${done} ${at}`) done = '';
    for (let atMs = from + 15 * minute; atMs <= until + 9 * day; atMs += 15 * minute) {
      const text = wall.format(atMs);
      const date = text.slice(0, 10);
      if (date <= done || text.slice(11) < at) continue;
      done = date;
      const name = names[new Date(`${date}T00:00Z`).getUTCDay()] ?? '';
      if (isChosen(name)) expected.push({ mark: `digest ${id} ${date}`, atMs });
    }
    return expected;
  });
}

describe('a year of digests', () => {
  it('posts each once, labels the late ones, and says why one is missing', async () => {
    const chance = createChance(20_261_126);
    const between = (low: number, high: number) => low + Math.floor(chance() * (high - low));
    const scene = createRoundsScene({
      team: { digests, channels: { alerts: ['slack:C03'] } },
      nowMs: from,
      hasHistory: false,
    });
    const { clock, channels } = scene;
    const all = listExpected();
    const times = [...new Set(all.map(({ atMs }) => atMs))].sort((a, b) => a - b);
    let running: Running = await scene.start();
    let deaths = 0;
    await running.turn();
    while (clock.now() < until) {
      const now = clock.now();
      const next = times.find((atMs) => atMs > now) ?? until;
      clock.advance(Math.min(between(20, 120) * minute, next - now));
      if (chance() < 0.01) channels.fault(`C0${between(1, 4)}`, chance() < 0.5 ? 'away' : 'deaf');
      if (chance() < 0.06) for (const one of ['C01', 'C02', 'C03']) channels.fault(one, undefined);
      if (chance() < 0.02) scene.payermax.says(failureOf('payermax'));
      else if (chance() < 0.2) {
        const available = `${between(0, 9000)}.00`;
        scene.payermax.says(readingOf(lineOf('main', 'USD', { available })));
      }
      const isDying = chance() < 0.02;
      // In the middle of a turn: the message stands, and nobody wrote it down.
      if (isDying) channels.onPost(() => running.kill());
      await running.turn();
      channels.onPost(undefined);
      if (!isDying) continue;
      running.kill();
      deaths += 1;
      clock.advance(chance() < 0.3 ? between(1, 60) * hour : between(1, 60) * minute);
      running = await scene.start();
      await running.turn();
    }
    for (const one of ['C01', 'C02', 'C03']) channels.fault(one, undefined);
    for (let turn = 0; turn < 20; turn += 1) {
      clock.advance(15 * minute);
      await running.turn();
    }
    const expected = all.filter(({ atMs }) => atMs <= clock.now());
    expect(deaths).toBeGreaterThan(50);
    await expectAll({ expected, posted: channels.posted, running, logged: scene.log.text() });
    expect(channels.found).toBeGreaterThan(5);
  });
});

interface Outcome {
  readonly expected: readonly { mark: string; atMs: number }[];
  readonly posted: readonly Posted[];
  readonly running: Running;
  readonly logged: string;
}

async function expectAll({ expected, posted, running, logged }: Outcome): Promise<void> {
  const counts = { onTime: 0, late: 0, missed: 0, given_up: 0 };
  for (const { mark, atMs } of expected) {
    for (const channel of ['C01', 'C02']) {
      const own = posted.filter((one) => one.channel === channel && one.card.mark === mark);
      expect(own.length, `${mark} in ${channel}`).toBeLessThanOrEqual(1);
      const [message] = own;
      const record = await running.digests.deliveries.find(`${mark} slack:${channel}`);
      if (message === undefined) {
        expect(['missed', 'given_up'], `${mark} in ${channel}`).toContain(record?.state);
        expect(record?.reason).toBeTruthy();
        const [, digest, date] = mark.split(' ');
        const isSaid =
          logged.includes(`delivery=${mark} slack:${channel}`) ||
          logged.includes(`digest=${digest} date=${date} channel=slack:${channel}`);
        expect(isSaid, `${mark} in ${channel} is in the log`).toBe(true);
        counts[record?.state === 'missed' ? 'missed' : 'given_up'] += 1;
        continue;
      }
      expect(record?.state).toBe('posted');
      expect(record?.dueAtMs).toBe(atMs);
      const isLate = message.atMs - atMs > 10 * minute;
      expect(message.card.text?.startsWith('Late by') ?? false, mark).toBe(isLate);
      counts[isLate ? 'late' : 'onTime'] += 1;
    }
  }
  const marks = new Set(expected.map(({ mark }) => mark));
  const others = posted.flatMap(({ card }) => card.mark ?? []).filter((mark) => !marks.has(mark));
  expect(others.filter((mark) => mark.startsWith('digest'))).toEqual([]);
  expect(counts.onTime).toBeGreaterThan(expected.length);
  for (const count of Object.values(counts))
    expect(count, JSON.stringify(counts)).toBeGreaterThan(3);
  // Alerts are told once in their channel, too.
  const alerts = posted.filter(({ channel }) => channel === 'C03').map(({ card }) => card.mark);
  expect(alerts.length).toBeGreaterThan(20);
  expect(new Set(alerts).size).toBe(alerts.length);
}
