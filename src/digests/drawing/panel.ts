// One currency's line, drawn by Chart.js on a canvas of its own. Chart.js needs no browser: without
// one it takes any canvas and neither watches nor animates it
// (https://www.chartjs.org/docs/latest/getting-started/using-from-node-js.html read 2026-11-26).
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import {
  CategoryScale,
  Chart,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
} from 'chart.js';
import { formatDay, listGaps, type TrendSeries, toDrawn } from '../trend.ts';
import { family } from './letters.ts';
import { colours, paper } from './paper.ts';

Chart.register(CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement);

export interface Panel {
  readonly series: TrendSeries;
  readonly days: readonly string[];
  /** Where it goes on the sheet. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of days written below; none where another panel stands right below. */
  readonly dayLabels: number;
}

const dashes = { warning: [5, 3], critical: [1.5, 2.5] } as const;
const compact = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});

export function drawPanel(sheet: SKRSContext2D, panel: Panel): void {
  const { series, days, left, top, width, height } = panel;
  const values = days.map((_, index) => {
    const amount = series.values[index];
    return amount === undefined ? null : toDrawn(amount);
  });
  const canvas = createCanvas(width, height);
  const chart = new Chart<'line', (number | null)[], string>(canvas, {
    type: 'line',
    data: { labels: days.map(formatDay), datasets: [lineOf(values), ...thresholdsOf(panel)] },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: paper.density,
      events: [],
      layout: { padding: { top: 4, right: 5 } },
      plugins: { filler: { propagate: false, drawTime: 'beforeDatasetsDraw' } },
      scales: { x: dayAxis(panel), y: amountAxis() },
    },
    plugins: [gapBands(values)],
  });
  sheet.drawImage(canvas, left, top, width, height);
  // Chart.js would keep it for ever, and the canvas its pixels until the garbage is collected.
  chart.destroy();
  canvas.width = 0;
}

/** A mark of a threshold, as it looks in the panel. */
export function dashOf(threshold: keyof typeof dashes): number[] {
  return [...dashes[threshold]];
}

function lineOf(values: (number | null)[]): ChartDataset<'line', (number | null)[]> {
  const isAlone = (index: number) =>
    (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
  return {
    data: values,
    spanGaps: false,
    borderColor: colours.line,
    borderWidth: 1.75,
    borderJoinStyle: 'round',
    borderCapStyle: 'round',
    backgroundColor: colours.area,
    fill: 'origin',
    pointBackgroundColor: colours.line,
    pointBorderWidth: 0,
    // A day between two gaps has no line; the last day is where the reader looks.
    pointRadius: ({ dataIndex }) =>
      dataIndex === values.length - 1 ? 3 : isAlone(dataIndex) ? 2 : 0,
    clip: 6,
  };
}

function thresholdsOf({ series, days }: Panel): ChartDataset<'line', (number | null)[]>[] {
  return (['warning', 'critical'] as const).flatMap((level) => {
    const amount = series[level];
    if (amount === undefined) return [];
    return [
      {
        data: days.map(() => toDrawn(amount)),
        borderColor: colours[level],
        borderWidth: 1.25,
        borderDash: dashOf(level),
        pointRadius: 0,
        fill: false,
      },
    ];
  });
}

function dayAxis({ days, dayLabels }: Panel) {
  const last = days.length - 1;
  const count = Math.min(dayLabels, days.length);
  const labelled = new Set(
    Array.from({ length: count }, (_, index) =>
      count === 1 ? last : Math.round((index * last) / (count - 1)),
    ),
  );
  return {
    display: dayLabels > 0,
    border: { display: false },
    grid: { display: false, drawTicks: false },
    afterFit(scale: { height: number }) {
      if (dayLabels > 0) scale.height = paper.daysHeight;
    },
    ticks: {
      align: 'inner' as const,
      autoSkip: false,
      maxRotation: 0,
      padding: 5,
      color: colours.textSoft,
      font: { family: family.regular, size: paper.textSize },
      callback: (_: unknown, index: number) =>
        labelled.has(index) ? formatDay(days[index] ?? '') : null,
    },
  };
}

/** From zero, so that the height of a line is how much is there. */
function amountAxis() {
  return {
    beginAtZero: true,
    border: { display: false },
    afterFit(scale: { width: number }) {
      scale.width = Math.max(scale.width, paper.axisWidth);
    },
    grid: {
      drawTicks: false,
      lineWidth: 1,
      color: ({ tick }: { tick?: { value: number } }) =>
        tick?.value === 0 ? colours.zero : colours.grid,
    },
    ticks: {
      maxTicksLimit: 4,
      padding: 5,
      color: colours.textSoft,
      font: { family: family.regular, size: paper.textSize },
      callback: (value: number | string) => toTick(Number(value)),
    },
  };
}

/** `1.2M`: rounded, as the lines of a grid are. */
export function toTick(value: number): string {
  const size = Math.abs(value);
  const isWritten = size === 0 || (size >= 0.01 && size < 1e15);
  const text = isWritten ? compact.format(value) : value.toExponential(0).replace('e+', 'e');
  return text.replaceAll('-', '−');
}

/** Days without data are seen as such, not only as a line that stops. */
function gapBands(values: readonly (number | null)[]): Plugin<'line'> {
  return {
    id: 'gaps',
    beforeDraw({ ctx, chartArea: { left, right, top, bottom }, scales: { x } }) {
      ctx.fillStyle = colours.gap;
      for (const { first, last } of listGaps(values)) {
        // From the last point before to the first one after, or to the end.
        const from = x?.getPixelForValue(first - 1) ?? left;
        const to = last === values.length - 1 ? right : (x?.getPixelForValue(last + 1) ?? right);
        ctx.fillRect(from, top, to - from, bottom - top);
      }
    },
  };
}
