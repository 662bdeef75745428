// The trend picture of a digest with 60 accounts in twelve currencies over 30 days, beside an empty
// canvas of the same size: what making a PNG costs whatever is on it.
import { createCanvas } from '@napi-rs/canvas';
import { createPictures } from '../src/digests/picture.ts';
import type { Trend } from '../src/digests/trend.ts';
import { compare, type Result, toLimit } from './measure.ts';

const name = 'digest-draw-ms';
const rounds = { warmUp: 3, measured: 30 };
const goalMs = 500;

export async function benchPictures(isWanted: (name: string) => boolean): Promise<Result[]> {
  if (!isWanted(name)) return [];
  const pictures = createPictures();
  const trend = composeTrend();
  const { width, height } = await pictures.drawTrend(trend);
  const times = await compare(
    () => pictures.drawTrend(trend),
    () => createCanvas(width, height).encode('png'),
    rounds,
  );
  return [toLimit(name, times, goalMs)];
}

function composeTrend(): Trend {
  const lastDayMs = Date.parse('2026-11-26');
  const days = Array.from({ length: 30 }, (_, index) =>
    new Date(lastDayMs - (29 - index) * 86_400_000).toISOString().slice(0, 10),
  );
  const currencies = ['USD', 'EUR', 'PEN', 'IDR', 'KWD', 'BRL', 'MXN', 'COP', 'CLP', 'GBP'];
  return {
    title: 'Available balance, last 30 days',
    days,
    series: [...currencies, 'AUD', 'JPY'].map((currency, at) => ({
      name: currency,
      values: days.map((_, index) =>
        index % 13 === at
          ? undefined
          : {
              units: BigInt(10 ** 8 + at * 10 ** 7 + ((index * 7_919) % 101) * 10 ** 6),
              decimals: 2,
              currency,
            },
      ),
      warning: { units: 40_000_000n, decimals: 2, currency },
      critical: { units: 10_000_000n, decimals: 2, currency },
    })),
  };
}
