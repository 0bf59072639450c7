/**
 * What JSON can hold. A ratio to nothing is no number: written down it would be null where a number has to be, and the
 * report could not be read again.
 */
import type { Chart } from './chart.ts';
import type { Figure, Figures } from './figures.ts';
import type { Table } from './table.ts';

export function finiteFigures(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, finite(figure)]));
}

export function finiteTable(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map(finite)) };
}

export function finiteSamples(samples: Readonly<Record<string, readonly number[]>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(samples).map(([path, rounds]) => [path, rounds.filter(Number.isFinite)]));
}

export function finiteChart(chart: Chart): Chart {
  const lines = chart.lines.map(({ name, points }) => ({
    name,
    points: points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)),
  }));
  return { ...chart, lines };
}

function finite(figure: Figure): Figure {
  return typeof figure === 'number' && !Number.isFinite(figure) ? null : figure;
}
