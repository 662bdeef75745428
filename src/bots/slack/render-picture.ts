// A picture, or Slack's own chart where the same data fit its limits: a chart can be read aloud and
// looks right in the dark. A chart has no gaps, so a series with one is only ever drawn as a picture.
// https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block, read 2026-11-26.
import type { Chart, Picture } from '../../commands/card.ts';
import type { Block, ChartBlock, RenderOptions } from './layout.ts';
import { limits } from './limits.ts';
import { cut, plain, richText, section, words } from './text.ts';

export function renderPicture(
  picture: Picture | undefined,
  { fileId, hasChart, surface }: RenderOptions,
): Block[] {
  if (picture === undefined) return [];
  const chart = hasChart === true && surface === 'message' ? toChart(picture) : undefined;
  if (chart !== undefined) return [chart];
  if (fileId === undefined) return [richText(section(words(cut(picture.alt, 2000))))];
  return [
    {
      type: 'image',
      slack_file: { id: fileId },
      alt_text: cut(picture.alt, limits.altTextMax) || picture.name,
      title: plain(picture.name, limits.altTextMax),
    },
  ];
}

export function fitsChart({ chart }: Picture): boolean {
  if (chart === undefined) return false;
  const { categories, series, title } = chart;
  const names = series.map(({ name }) => name);
  const isShort = (text: string) => text !== '' && text.length <= limits.chartLabelMax;
  return (
    title !== '' &&
    title.length <= limits.chartTitleMax &&
    categories.length > 1 &&
    categories.length <= limits.chartCategoriesMax &&
    new Set(categories).size === categories.length &&
    categories.every(isShort) &&
    series.length > 0 &&
    series.length <= limits.chartSeriesMax &&
    new Set(names).size === names.length &&
    names.every(isShort) &&
    series.every(({ values }) => isGapless(values, categories.length))
  );
}

function isGapless(values: readonly (number | undefined)[], length: number): boolean {
  return values.length === length && values.every((value) => Number.isFinite(value));
}

function toChart(picture: Picture): ChartBlock | undefined {
  if (picture.chart === undefined || !fitsChart(picture)) return undefined;
  const { title, categories, series }: Chart = picture.chart;
  return {
    type: 'data_visualization',
    title,
    chart: {
      type: 'line',
      series: series.map(({ name, values }) => ({
        name,
        data: categories.map((label, index) => ({ label, value: values[index] ?? 0 })),
      })),
      axis_config: { categories },
    },
  };
}
