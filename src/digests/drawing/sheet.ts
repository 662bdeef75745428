// The whole picture: a title, one panel for each currency, and what the lines mean. Loads a canvas
// of 24 MB, so it is imported when the first picture is drawn, not when Purser starts.
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { formatAmount } from '../../money.ts';
import {
  countCurrencies,
  formatDay,
  listGaps,
  listReadings,
  type Trend,
  toDrawn,
} from '../trend.ts';
import { family, registerLetters, toWritable } from './letters.ts';
import { dashOf, drawPanel, toTick } from './panel.ts';
import { colours, paper } from './paper.ts';

export interface Drawing {
  readonly png: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

const { margin, density, daysHeight, overhang } = paper;
const titleHeight = 27;
const headHeight = 15;
const markWidth = 24;
const quietFont = `${paper.textSize}px ${family.regular}`;
const legendHeight = 18;

/** Top left, in lengths of the paper; `plot` is the height of the lines without the days below. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly plot: number;
  readonly hasDays: boolean;
}

export async function drawSheet(trend: Trend): Promise<Drawing> {
  registerLetters();
  const shown = trend.series.slice(0, paper.panelsMax);
  const { places, bottom } = layOut(shown.length);
  const legend = legendOf(trend);
  const canvas = createCanvas(paper.width * density, 1);
  const context = canvas.getContext('2d');
  const height = bottom + drawLegend(context, legend, undefined) * legendHeight + margin;
  // A canvas that gets a size forgets all settings.
  canvas.height = Math.ceil(height * density);
  context.lang = 'en';
  context.scale(density, density);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, paper.width, height);
  context.textBaseline = 'alphabetic';
  write(context, toWritable(trend.title, 60), {
    x: margin,
    y: margin + 12,
    width: paper.width - 2 * margin,
    font: `${paper.titleSize}px ${family.bold}`,
  });
  for (const [index, place] of places.entries()) drawPlace(context, trend, index, place);
  if (shown.length === 0) writeQuietly(context, 'No balances to show yet', margin, bottom - 14);
  drawLegend(context, legend, bottom);
  const { width } = canvas;
  const drawing = { png: await canvas.encode('png'), width, height: canvas.height };
  canvas.width = 0;
  return drawing;
}

/** Up to three in one column, more in two: a phone shows either without zooming. */
function layOut(count: number): { places: Place[]; bottom: number } {
  const columns = count <= 3 ? 1 : 2;
  const rows = Math.ceil(count / columns);
  const plot = [30, 143, 94, 66][Math.min(rows, 3)] ?? 66;
  const width = (paper.width - 2 * margin - (columns - 1) * paper.columnGap) / columns;
  const rowHeight = headHeight + plot + paper.rowGap;
  const places = Array.from({ length: count }, (_, index): Place => {
    const row = Math.floor(index / columns);
    return {
      left: margin + (index % columns) * (width + paper.columnGap),
      top: margin + titleHeight + row * rowHeight,
      width,
      plot,
      hasDays: index + columns >= count,
    };
  });
  const end = margin + titleHeight + Math.max(rows * rowHeight - paper.rowGap, plot);
  return { places, bottom: end + (count > 0 ? daysHeight : 0) };
}

function drawPlace(context: SKRSContext2D, trend: Trend, index: number, place: Place): void {
  const series = trend.series[index];
  if (series === undefined) return;
  const { left, top, width, plot, hasDays } = place;
  const readings = listReadings(trend, series);
  const last = readings.at(-1);
  const name = toWritable(series.name, 12);
  const head = { y: top + 11, font: `${paper.headSize}px ${family.bold}` };
  const isOld = last !== undefined && last.day !== trend.days.at(-1);
  const nameWidth = write(context, name, { ...head, x: left, width: width / 2 });
  if (last !== undefined) {
    const room = width - nameWidth - 10;
    const amount = fitAmount(
      context,
      formatAmount(last.amount),
      toDrawn(last.amount),
      room,
      head.font,
    );
    write(context, amount, { ...head, x: left + width, width: room, isEnd: true, isSoft: isOld });
    const amountWidth = context.measureText(amount).width;
    if (isOld && room - amountWidth > 45) {
      writeQuietly(context, formatDay(last.day), left + nameWidth + 6, head.y);
    }
  }
  const height = plot + (hasDays ? daysHeight : overhang);
  const dayLabels = !hasDays ? 0 : width > 200 ? 4 : 2;
  const panel = { series, days: trend.days, left, top: top + headHeight };
  drawPanel(context, { ...panel, width, height, dayLabels });
  if (last === undefined) {
    const text = 'no data';
    context.font = quietFont;
    const x = left + (paper.axisWidth + width - context.measureText(text).width) / 2;
    writeQuietly(context, text, x, top + headHeight + plot / 2 + 4);
  }
}

/** In full, or rounded as on the axis: an amount that is cut short would be another amount. */
function fitAmount(
  context: SKRSContext2D,
  text: string,
  drawn: number,
  room: number,
  font: string,
): string {
  context.font = font;
  return context.measureText(text).width <= room ? text.replace('-', '−') : toTick(drawn);
}

interface LegendEntry {
  readonly text: string;
  readonly mark?: 'warning' | 'critical' | 'gap';
}

function legendOf({ series, days }: Trend): LegendEntry[] {
  const shown = series.slice(0, paper.panelsMax);
  const more = series.length - shown.length;
  const hasGaps = shown.some(
    ({ values }) => listGaps(days.map((_, index) => values[index])).length > 0,
  );
  return [
    ...(['warning', 'critical'] as const)
      .filter((mark) => shown.some((one) => one[mark] !== undefined))
      .map((mark) => ({ text: mark, mark })),
    ...(hasGaps ? [{ text: 'no data', mark: 'gap' as const }] : []),
    ...(more > 0 ? [{ text: `and ${countCurrencies(more)}` }] : []),
  ];
}

/** In as many lines as it takes; gives how many. Draws nothing without a place. */
function drawLegend(
  context: SKRSContext2D,
  entries: readonly LegendEntry[],
  top: number | undefined,
): number {
  let line = 0;
  let x: number = margin;
  context.font = quietFont;
  for (const entry of entries) {
    const width =
      (entry.mark === undefined ? 0 : markWidth) + context.measureText(entry.text).width;
    if (line === 0 || x + width > paper.width - margin) {
      line += 1;
      x = margin;
    }
    if (top !== undefined) drawEntry(context, entry, x, top + line * legendHeight);
    x += width + 16;
  }
  return line;
}

function drawEntry(
  context: SKRSContext2D,
  { text, mark }: LegendEntry,
  x: number,
  baseline: number,
): void {
  if (mark === 'gap') {
    context.fillStyle = colours.gap;
    context.fillRect(x, baseline - 9, 18, 11);
  } else if (mark !== undefined) {
    context.strokeStyle = colours[mark];
    context.lineWidth = 1.5;
    context.setLineDash(dashOf(mark));
    context.beginPath();
    context.moveTo(x, baseline - 4);
    context.lineTo(x + 18, baseline - 4);
    context.stroke();
    context.setLineDash([]);
  }
  writeQuietly(context, text, x + (mark === undefined ? 0 : markWidth), baseline);
}

interface Writing {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly font: string;
  /** `x` is where it ends. */
  readonly isEnd?: boolean;
  readonly isSoft?: boolean;
}

/** Squeezed where there is no room; gives the width. */
function write(context: SKRSContext2D, text: string, writing: Writing): number {
  const { x, y, width, font, isEnd = false, isSoft = false } = writing;
  context.font = font;
  context.textAlign = isEnd ? 'right' : 'left';
  context.fillStyle = isSoft ? colours.textSoft : colours.text;
  context.fillText(text, x, y, width);
  return Math.min(width, context.measureText(text).width);
}

function writeQuietly(context: SKRSContext2D, text: string, x: number, y: number): number {
  return write(context, text, { x, y, width: paper.width, font: quietFont, isSoft: true });
}
