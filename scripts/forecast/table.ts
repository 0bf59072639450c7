/** What a back-test found, as a table. */
import type { Backtest } from '../../commerce/forecast/backtest.ts';
import type { Accuracy } from '../../commerce/forecast/measures.ts';

export const EXPLANATION = `MASE: the mean error next to that of "as a week ago" within what was known; below 1 is better
WAPE, sMAPE: in percent; sums: WAPE of the units of the whole time, which is what orders are made by
covered: days within their interval, in percent; it should be near the coverage`;

const COLUMNS = [
  ...['demand', 'series', 'MASE', '(week ago)', 'WAPE', '(week ago)', 'sMAPE', '(week ago)'],
  ...['sums', '(week ago)', 'covered', 'models'],
];

export function tableOf(rows: readonly (readonly [string, Backtest])[]): string {
  const lines = [COLUMNS, ...rows.map(([name, result]) => lineOf(name, result))];
  const widths = COLUMNS.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const last = COLUMNS.length - 1;
  return lines
    .map((line) =>
      line
        .map((cell, at) => (at === 0 || at === last ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function lineOf(name: string, { series, ours, lastWeek, models }: Backtest): string[] {
  const pair = (of: keyof Accuracy) => [
    figure(ours[of], of === 'mase' ? 2 : 0),
    figure(lastWeek[of], of === 'mase' ? 2 : 0),
  ];
  const used = Object.entries(models)
    .toSorted(([, a], [, b]) => b - a)
    .map(([model, times]) => `${model} ${times}`);
  return [
    ...[name, String(series), ...pair('mase'), ...pair('wape'), ...pair('smape'), ...pair('wapeOfSums')],
    ...[figure(ours.covered, 1), used.join(', ')],
  ];
}

function figure(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits);
}
