// The picture, looked at pixel by pixel.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GlobalFonts } from '@napi-rs/canvas';
import { Chart } from 'chart.js';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../src/commands/card.ts';
import { family, toWritable } from '../../src/digests/drawing/letters.ts';
import { toTick } from '../../src/digests/drawing/panel.ts';
import { colours, paper } from '../../src/digests/drawing/paper.ts';
import { createPictures } from '../../src/digests/picture.ts';
import type { Trend } from '../../src/digests/trend.ts';
import { parseDecimal } from '../../src/money.ts';
import { type Pixels, readPixels, widestHole } from './pixels.ts';
import { listDays, risingSeries, seriesOf, trendOf } from './trends.ts';

const { drawTrend } = createPictures();
const draw = async (trend: Trend) => await readPixels((await drawTrend(trend)).png);
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Flat, but for the given days. */
const withGaps = (...gaps: readonly number[]) =>
  trendOf(
    seriesOf(
      'USD',
      Array.from({ length: 30 }, (_, index) => (gaps.includes(index) ? '-' : '500.00')),
    ),
  );

test('a picture has what a card needs of it', async () => {
  const picture: Picture = await drawTrend(trendOf(risingSeries()));
  expect(picture.name).toBe('balances-2026-11-26.png');
  expect(Buffer.from(picture.png.subarray(1, 4)).toString()).toBe('PNG');
  const { width, height } = await readPixels(picture.png);
  expect(picture).toMatchObject({ width, height });
  expect(picture.alt).toContain('from 1,000.00 USD on 28 Oct to 1,290.00 USD on 26 Nov');
  expect(picture.chart?.series[0]?.values.at(-1)).toBe(1_290);
  expect(picture.png.length).toBeLessThan(500_000);
});

describe('a gap', () => {
  test('is a hole in the line as wide as it is long, with a band of its own', async () => {
    const whole = await draw(withGaps());
    const line = whole.columnsWith(colours.line);
    expect(widestHole(line)).toBe(0);
    expect(whole.columnsWith(colours.gap)).toEqual([]);
    const broken = await draw(withGaps(10, 11, 12));
    const step = (Math.max(...line) - Math.min(...line)) / 29;
    const hole = widestHole(broken.columnsWith(colours.line));
    expect(hole).toBeGreaterThan(3.5 * step);
    expect(hole).toBeLessThan(4.5 * step);
    expect(broken.columnsWith(colours.gap).length).toBeGreaterThan(3.5 * step);
  });

  test('is what comes after a first reading: before it nobody was asked', async () => {
    const days = Array.from({ length: 30 }, (_, index) => index);
    const fresh = await draw(withGaps(...days.slice(0, 20)));
    expect(fresh.columnsWith(colours.gap)).toEqual([]);
    const stale = await draw(withGaps(...days.slice(20)));
    expect(stale.columnsWith(colours.gap).length).toBeGreaterThan(9 * paper.density * 8);
  });

  test('on both sides of a day leaves a dot', async () => {
    const days = Array.from({ length: 30 }, (_, index) => index);
    const only = await draw(withGaps(...days.filter((day) => day !== 15)));
    expect(only.columnsWith(colours.line).length).toBeGreaterThan(3 * paper.density);
  });
});

test('thresholds are drawn where they are given', async () => {
  const plain = await draw(trendOf(risingSeries()));
  expect(plain.columnsWith(colours.warning)).toEqual([]);
  const levels = { warning: parseDecimal('600', 'USD'), critical: parseDecimal('200', 'USD') };
  const marked = await draw(trendOf({ ...risingSeries(), ...levels }));
  for (const level of ['warning', 'critical'] as const) {
    const columns = marked.columnsWith(colours[level], paper.width);
    expect(columns.length).toBeGreaterThan(100);
    // Dashed: a reader who sees no colours tells them from the line.
    expect(widestHole(columns)).toBeGreaterThan(4);
  }
});

test('a change of one minor unit changes the figure in the picture', async () => {
  const [one, other] = ['1000000.01', '1000000.02'].map((last) =>
    trendOf(seriesOf('USD', ['1000000.00', last])),
  );
  const [png, otherPng] = [await drawTrend(one ?? trendOf()), await drawTrend(other ?? trendOf())];
  expect(digest(png.png)).not.toBe(digest(otherPng.png));
});

test('the letters are the package’s own, on a machine that has no fonts too', async () => {
  const program = `
    import { createHash } from 'node:crypto';
    import { createPictures } from './dist/digests/picture.js';
    const trend = ${JSON.stringify({ title: 'Words: Àé…', days: listDays(3), series: [] })};
    const { png } = await createPictures().drawTrend(trend);
    process.stdout.write(createHash('sha256').update(png).digest('hex'));
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      env: { DISABLE_SYSTEM_FONTS_LOAD: '1' },
    },
  );
  const trend = { title: 'Words: Àé…', days: listDays(3), series: [] };
  expect(stdout).toBe(digest((await drawTrend(trend)).png));
  for (const name of Object.values(family)) expect(GlobalFonts.has(name)).toBe(true);
  const [words, others] = [await draw(trend), await draw({ ...trend, title: 'Wards: Àé…' })];
  const ink = (pixels: Pixels) => pixels.columnsWith(colours.text);
  expect(ink(words).length).toBeGreaterThan(100);
  expect(ink(words)).not.toEqual(ink(others));
});

describe('whatever it is given', () => {
  const many = Array.from({ length: 40 }, (_, index) => risingSeries(`C${index}`));
  const hostile = `\u202e<b>${'W'.repeat(5_000)}\n\u0000🙂漢`;
  const cases: [string, Trend][] = [
    ['nothing', trendOf()],
    ['no day', { title: '', days: [], series: [seriesOf('USD', [])] }],
    ['one day', trendOf(seriesOf('USD', ['5']))],
    [
      'only gaps',
      trendOf(
        seriesOf(
          'USD',
          Array.from({ length: 30 }, () => '-'),
        ),
      ),
    ],
    ['40 currencies', trendOf(...many)],
    ['a huge amount', trendOf(seriesOf('IDR', ['1', `9${'9'.repeat(35)}.99`, '-1']))],
    ['a tiny amount', trendOf(seriesOf('BTC', ['0.00000001', '0.00000002']))],
    ['debts', trendOf(seriesOf('EUR', ['-100.00', '-5000000.00']))],
    ['nothing but zeros', trendOf(seriesOf('EUR', ['0', '0.00']))],
    ['a title and names that break out', { ...trendOf(...many), title: hostile }],
    ['names that break out', trendOf(...many.map((one) => ({ ...one, name: hostile })))],
  ];

  test.each(cases)('%s: it is drawn within its margins', async (_, trend) => {
    const pixels = await draw(trend);
    expect(pixels.width).toBe(paper.width * paper.density);
    expect(pixels.height).toBeLessThanOrEqual(450 * paper.density);
    const edge = (paper.margin - 4) * paper.density;
    const { width, height } = pixels;
    const strangers = new Set<string>();
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < edge; x += 1) {
        strangers.add(pixels.at(x, y)).add(pixels.at(width - 1 - x, y));
      }
    }
    expect([...strangers]).toEqual([colours.ground]);
  });

  test('it keeps nothing of what it drew, and draws the same again', async () => {
    const trend = trendOf(...many);
    const [first, again] = await Promise.all([drawTrend(trend), drawTrend(trend)]);
    expect(digest(first.png)).toBe(digest(again.png));
    expect(Object.keys(Chart.instances)).toEqual([]);
  });

  test('one that cannot be drawn leaves the next one unharmed', async () => {
    const broken = { ...trendOf(), series: [null] } as unknown as Trend;
    const [refused, drawn] = await Promise.allSettled([drawTrend(broken), drawTrend(trendOf())]);
    expect([refused.status, drawn.status]).toEqual(['rejected', 'fulfilled']);
  });
});

test('text is one line of letters that the font has', () => {
  expect(toWritable(' a\n b\u202e漢🙂 – Ñ', 20)).toBe('a b??? – Ñ');
  expect(toWritable('abcdef', 4)).toBe('abc…');
});

test('a tick is short, whatever its size', () => {
  const values = [0, 5, -12_000, 1_250_000, 2.5e9, 1e14, 1e30, -2e-8, 0.05];
  expect(values.map(toTick)).toEqual('0 5 −12K 1.25M 2.5B 100T 1e30 −2e−8 0.05'.split(' '));
});

test('letters have a contrast of 4.5 with their ground, and lines one of 3', () => {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (colour: string) =>
    (luminance(colour) + 0.05) / (luminance(colours.ground) + 0.05);
  for (const letters of ['text', 'textSoft'] as const) {
    expect(contrast(colours[letters])).toBeGreaterThan(4.5);
  }
  for (const line of ['line', 'warning', 'critical'] as const) {
    expect(contrast(colours[line])).toBeGreaterThan(3);
  }
  // The ground itself stands out on white.
  expect(contrast('#ffffff')).toBeGreaterThan(10);
});
