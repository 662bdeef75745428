// What the rounds do when something is in the way: each gets a line that says what, and the rest goes on.
import { describe, expect, it } from 'vitest';
import { failureOf, lineOf, readingOf } from '../commands/world.ts';
import { createRoundsScene } from './scene.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const morning = { id: 'morning', at: '09:00', zone: 'UTC', days: 'mon-sun', to: ['slack:C01'] };
const nine = Date.parse('2026-11-26T09:00:00Z');
const team = { digests: [morning], channels: { alerts: ['slack:C03'] } };

async function begin(parts: object = {}, nowMs = nine - hour) {
  const scene = createRoundsScene({ team: { ...team, ...parts }, nowMs });
  const running = await scene.start();
  await running.turn();
  const turns = async (count: number, everyMs: number) => {
    for (let turn = 0; turn < count; turn += 1) {
      scene.clock.advance(everyMs);
      await running.turn();
    }
  };
  const titles = (channel: string) =>
    scene.channels.posted.filter((one) => one.channel === channel).map(({ card }) => card.title);
  return { ...scene, running, turns, titles };
}

describe('a digest', () => {
  it('is posted in the second in which it is due, once, and says what it shows', async () => {
    const { turns, channels, titles, running } = await begin();
    await turns(1, hour - 1_000);
    expect(titles('C01')).toEqual([]);
    await turns(3, 1_000);
    expect(titles('C01')).toEqual(['Balances, Thu 26 Nov · no alerts']);
    expect(channels.posted[0]).toMatchObject({
      atMs: nine,
      card: { mark: 'digest morning 2026-11-26' },
    });
    expect(channels.posted[0]?.card.mentions).toBeUndefined();
    const [record] = await running.digests.deliveries.listSince(0, 10);
    expect(record).toMatchObject({ state: 'posted', message: 'm1', isLate: false, dueAtMs: nine });
  });

  it('is compared with the one before it, in every channel', async () => {
    const to = ['slack:C01', 'slack:C02'];
    const { turns, channels, payermax } = await begin({ digests: [{ ...morning, to }] });
    await turns(1, hour);
    payermax.says(readingOf(lineOf('main', 'USD', { available: '8000.00' })));
    channels.fault('C02', 'away');
    await turns(1, day);
    channels.fault('C02', undefined);
    await turns(2, 5 * minute);
    const rows = channels.posted
      .filter(({ card }) => card.mark === 'digest morning 2026-11-27')
      .map(({ channel, card }) => [channel, card.table?.groups[0]?.rows[0]?.[2]?.text]);
    expect(rows).toEqual([
      ['C01', '−2,000.00 (−20.0 %)'],
      ['C02', '−2,000.00 (−20.0 %)'],
    ]);
  });

  it('that cannot be posted is tried for two hours, and then told to the alerts channel', async () => {
    const { turns, channels, titles, log, running } = await begin();
    channels.fault('C01', 'away');
    await turns(1, hour);
    const tries = log.lines.length;
    await turns(130, minute);
    expect(titles('C01')).toEqual([]);
    expect(titles('C03')).toEqual(['The digest morning of Thu 26 Nov was not posted']);
    expect(channels.posted[0]?.card.text).toContain('slack:C01: The channel cannot be reached.');
    const [record] = (await running.digests.deliveries.listSince(0, 10)).filter(
      (one) => one.digest,
    );
    expect(record).toMatchObject({ state: 'given_up', reason: 'The channel cannot be reached.' });
    expect(log.lines.length - tries).toBeLessThan(25);
    channels.fault('C01', undefined);
    await turns(1, day - 3 * hour);
    await turns(1, hour);
    expect(titles('C01')).toEqual(['Balances, Fri 27 Nov · no alerts']);
  });

  it('is not posted again where an earlier try may stand and the channel cannot be read', async () => {
    const { turns, channels, titles } = await begin();
    channels.fault('C01', 'deaf');
    await turns(1, hour);
    channels.fault('C01', 'away');
    await turns(20, 2 * minute);
    channels.fault('C01', undefined);
    await turns(20, 2 * minute);
    expect(titles('C01')).toHaveLength(1);
    expect(channels.found).toBe(1);
  });

  it('is recognised after a crash between posting and writing it down', async () => {
    const { turns, channels, titles, running, start, clock, log } = await begin();
    channels.onPost(() => running.kill());
    await turns(1, hour);
    channels.onPost(undefined);
    clock.advance(minute);
    const again = await start();
    await again.turn();
    expect(titles('C01')).toHaveLength(1);
    const [record] = await again.digests.deliveries.listSince(0, 10);
    expect(record).toMatchObject({ state: 'posted', message: 'm1' });
    expect(log.text()).toContain('could not be written down');
  });

  it('that was missed comes late and says so; of several the newest', async () => {
    const { running, start, clock, channels, titles, log } = await begin();
    running.kill();
    clock.advance(2 * day + 3 * hour);
    const again = await start();
    await again.turn();
    await again.turn();
    expect(titles('C01')).toEqual(['Balances, Sat 28 Nov · no alerts']);
    expect(channels.posted[0]?.card.text).toMatch(
      /^Late by 2 h: it was due on Sat 28 Nov at 09:00 \(UTC\)\./,
    );
    const records = await again.digests.deliveries.listSince(0, 10);
    expect(records.map(({ digest, state }) => `${digest?.date} ${state}`).sort()).toEqual([
      '2026-11-26 missed',
      '2026-11-27 missed',
      '2026-11-28 posted',
    ]);
    expect(log.text()).toContain('a digest was missed: Purser did not run at the time');
  });

  it('that was claimed and not posted before a long stop is missed, not posted beside a newer one', async () => {
    const { turns, running, start, clock, channels, titles } = await begin();
    channels.fault('C01', 'away');
    await turns(1, hour);
    running.kill();
    channels.fault('C01', undefined);
    clock.advance(day + hour);
    const again = await start();
    await again.turn();
    expect(titles('C01')).toEqual(['Balances, Fri 27 Nov · no alerts']);
    const old = await again.digests.deliveries.find('digest morning 2026-11-26 slack:C01');
    expect(old).toMatchObject({
      state: 'missed',
      reason: 'It was not posted before a newer digest was due.',
    });
  });

  it('goes on for the others where a platform has no bot, and says so', async () => {
    const to = ['discord:200000000000000001', 'slack:C01'];
    const { turns, titles, running } = await begin({ digests: [{ ...morning, to }] });
    await turns(2, hour);
    expect(titles('C01')).toHaveLength(1);
    expect(titles('C03')).toHaveLength(1);
    const reasons = (await running.digests.deliveries.listSince(0, 9)).map(({ reason }) => reason);
    expect(reasons).toContain('No bot for discord is running.');
  });

  it('is posted with all providers down, saying so of each', async () => {
    const { turns, channels, payermax, paycross, titles } = await begin();
    payermax.says(failureOf('payermax'));
    paycross.says(failureOf('paycross', 'auth_failed'));
    await turns(1, hour);
    expect(titles('C01')).toEqual(['Balances, Thu 26 Nov · 2 of 2 providers not answering']);
    const { card } = channels.posted.find(({ channel }) => channel === 'C01') ?? {};
    expect(card?.tone).toBe('bad');
    expect(card?.table?.groups.map(({ status }) => status)).toEqual([
      'no answer',
      'credentials refused',
    ]);
    expect(card?.table?.groups[0]?.text).toContain('Failing since 26 Nov, 09:00 UTC.');
  });

  it('has what a provider said last before a restart', async () => {
    const { turns, start, clock, payermax, channels } = await begin();
    await turns(1, 2 * minute);
    payermax.says(failureOf('payermax'));
    clock.advance(hour - 2 * minute);
    const again = await start();
    await again.turn();
    const [group] = channels.posted.at(-1)?.card.table?.groups ?? [];
    expect(group?.text).toContain('Shown is its last good answer, 58 min ago.');
    expect(group?.rows[0]?.map(({ text }) => text)).toContain('10,000.00');
  });

  it('is none where the team file has none', async () => {
    const { turns, channels, log } = await begin({ digests: [] });
    await turns(30, hour);
    expect(channels.posted).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is posted beside the schedule when somebody asks, on record', async () => {
    const { turns, channels, running, data } = await begin();
    const place = { platform: 'slack', user: 'U01' };
    const { digests } = running;
    await digests.postNow({ ...morning }, { person: 'ana', place, reference: 'R7' });
    await turns(1, 1_000);
    expect(channels.posted[0]?.card.text).toContain('Posted by Ana, beside the schedule.');
    expect(data.entries.map(({ facts }) => facts['event'])).toEqual(['digest.posted']);
    await turns(1, hour);
    expect(channels.posted).toHaveLength(2);
  });
});

describe('an alert', () => {
  const thresholds = [
    { provider: 'payermax', currency: 'USD', critical: '1000', warning: '5000', idle: '90000' },
  ];
  const usd = (available: string) => readingOf(lineOf('main', 'USD', { available }));

  it('is told when a threshold is crossed, once, and mentions only what gets worse', async () => {
    const { turns, channels, titles, payermax } = await begin({ thresholds, digests: [] });
    const levels: readonly (readonly [string, string, boolean])[] = [
      ['4000', 'PayerMax USD is low', true],
      ['900', 'PayerMax USD is critical', true],
      ['2000', 'PayerMax USD is no longer critical, and still low', false],
      ['6000', 'PayerMax USD is fine again', false],
      ['95000', 'PayerMax USD has more than should lie idle', false],
      ['50000', 'PayerMax USD is fine again', false],
    ];
    for (const [available, title, isMentioned] of levels) {
      payermax.says(usd(available));
      await turns(3, 10 * minute);
      expect(titles('C03').at(-1)).toBe(title);
      const { card } = channels.posted.at(-1) ?? {};
      expect(card?.mentions).toEqual(isMentioned ? ['ana', 'ben'] : undefined);
    }
    expect(titles('C03')).toHaveLength(levels.length);
    expect(channels.posted[0]?.card.text).toBe('Available: 4,000 USD, below 5,000 USD.');
  });

  it('is told of a provider that fails for half an hour, and when it answers again', async () => {
    const { turns, titles, payermax, start } = await begin({ digests: [] });
    payermax.says(failureOf('payermax'));
    await turns(3, 10 * minute);
    expect(titles('C03')).toEqual([]);
    await turns(2, 10 * minute);
    expect(titles('C03')).toEqual(['PayerMax does not answer as it should']);
    const again = await start();
    await again.turn();
    payermax.says(usd('1'));
    await turns(1, 10 * minute);
    expect(titles('C03').slice(1)).toEqual(['PayerMax answers again']);
    payermax.says(failureOf('payermax'));
    await turns(1, 10 * minute);
    payermax.says(usd('1'));
    await turns(3, 10 * minute);
    expect(titles('C03')).toHaveLength(2);
  });

  it('is not told while it is muted; what still differs after a day is told then', async () => {
    const { turns, titles, payermax, running, data } = await begin({ thresholds, digests: [] });
    payermax.says(usd('4000'));
    await turns(2, 10 * minute);
    const place = { platform: 'slack', user: 'U01' };
    const muted = await running.digests.watch.mute('level payermax USD', 'ben', place);
    expect(muted?.mutedBy).toBe('ben');
    expect(data.entries.at(-1)?.facts).toMatchObject({
      event: 'alert.muted',
      person: 'ben',
      scope: 'level payermax USD',
      place,
    });
    payermax.says(usd('900'));
    await turns(20, 10 * minute);
    expect(titles('C03')).toEqual(['PayerMax USD is low']);
    await turns(24, hour);
    expect(titles('C03')).toEqual(['PayerMax USD is low', 'PayerMax USD is critical']);
    expect(await running.digests.watch.mute('level payermax GBP', 'ben', place)).toBeUndefined();
  });

  it('is told after a restart where Purser died before it was posted', async () => {
    const { turns, titles, payermax, running, channels, start } = await begin({
      thresholds,
      digests: [],
    });
    channels.onPost(() => running.kill());
    payermax.says(usd('4000'));
    await turns(1, 10 * minute);
    channels.onPost(undefined);
    const again = await start();
    for (let turn = 0; turn < 3; turn += 1) await again.turn();
    expect(titles('C03')).toEqual(['PayerMax USD is low']);
    expect((await again.digests.deliveries.listSince(0, 5))[0]?.state).toBe('posted');
  });

  it('without a channel to go to is in the log', async () => {
    const { turns, payermax, log } = await begin({ thresholds, digests: [], channels: {} });
    payermax.says(usd('4000'));
    await turns(2, 10 * minute);
    expect(log.text()).toContain('an alert has no channel to go to');
  });
});

it('looks at the balances again soon where a look failed with the store', async () => {
  const scene = createRoundsScene({ team: { channels: { alerts: ['slack:C03'] } } });
  const { turn, kill, revive, rounds } = await scene.start();
  const looks = () => scene.payermax.asked;
  scene.clock.advance(60_000);
  kill();
  await turn().catch(() => {});
  await rounds.settle();
  const before = looks();
  revive();
  scene.clock.advance(30_000);
  await turn();
  expect(looks()).toBe(before + 1);
  // And then as seldom as ever.
  scene.clock.advance(60_000);
  await turn();
  expect(looks()).toBe(before + 1);
});
