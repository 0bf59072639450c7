import type { Chart } from './chart.ts';
import type { Figures } from './figures.ts';

/** A chart for each of these figures of a curve. The first column of its points is the dimension that they go along. */
export function scalingCharts(dimension: string, points: readonly Figures[], units: readonly string[]): Chart[] {
  const [first] = Object.keys(points[0] ?? {});
  if (first === undefined) return [];
  return units.flatMap((unit): Chart[] => {
    const pairs = points.flatMap((point): (readonly [number, number])[] => {
      const [x, y] = [point[first], point[unit]];
      return typeof x === 'number' && typeof y === 'number' ? [[x, y]] : [];
    });
    if (pairs.length < 2) return [];
    const lines = [{ name: 'ours', points: pairs }];
    return [{ kind: 'scaling', title: `${unit} by ${dimension}`, dimension: first, unit, lines }];
  });
}
