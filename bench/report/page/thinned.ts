import type { Line } from '../chart.ts';

/** A drawing has no more than 680 pixels to show a line in. */
const MOST_PARTS = 250;

/** A long line with the lowest and the highest of each part of it: no spike is lost, and the page stays small. */
export function thinned({ name, points }: Line): Line {
  const size = Math.ceil(points.length / MOST_PARTS);
  if (size <= 2) return { name, points };
  const parts = Array.from({ length: Math.ceil(points.length / size) }, (_, at) =>
    points.slice(at * size, (at + 1) * size),
  );
  return { name, points: parts.flatMap(extremes) };
}

function extremes(part: Line['points']): Line['points'] {
  const [first] = part;
  if (first === undefined) return [];
  const low = part.reduce((least, point) => (point[1] < least[1] ? point : least), first);
  const high = part.reduce((most, point) => (point[1] > most[1] ? point : most), first);
  if (low === high) return [low];
  return low[0] < high[0] ? [low, high] : [high, low];
}
