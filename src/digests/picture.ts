// The trend as a card takes it: drawn in this process, with its words and its figures. The library
// that draws is loaded for the first picture, so that a Purser that draws none does not pay for it.
import { describeTrend, type Trend, type TrendChart, toChart } from './trend.ts';

/** As a card takes it (`Picture` in commands/card.ts). */
export interface TrendPicture {
  /** `balances-2026-11-26.png` */
  readonly name: string;
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  readonly chart: TrendChart;
}

export interface Pictures {
  /**
   * Rejects where this machine has no canvas, or for what cannot be drawn: a digest without its
   * picture is still a digest. One at a time, so that memory stays that of one picture.
   */
  drawTrend(trend: Trend): Promise<TrendPicture>;
}

export function createPictures(): Pictures {
  let before: Promise<unknown> = Promise.resolve();
  return {
    drawTrend(trend) {
      const drawing = before.then(() => draw(trend));
      before = drawing.catch(() => undefined);
      return drawing;
    },
  };
}

async function draw(trend: Trend): Promise<TrendPicture> {
  const { drawSheet } = await import('./drawing/sheet.ts');
  return {
    name: `balances-${trend.days.at(-1) ?? 'none'}.png`,
    ...(await drawSheet(trend)),
    alt: describeTrend(trend),
    chart: toChart(trend),
  };
}
