/** How often something happened, as a line over time: what a timeline of a report is drawn from. */
import type { Line } from '../report/chart.ts';

export interface Happened {
  readonly atMs: number;
  readonly count: number;
}

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

const MS_PER_SECOND = 1_000;

/** A point for each whole step, at its end. What is left of a step at the end would look like a fall, and is not drawn. */
export function rateLine(name: string, happened: readonly Happened[], { fromMs, toMs, stepMs }: Stretch): Line {
  const steps = Math.max(0, Math.floor((toMs - fromMs) / stepMs));
  const counts = new Array<number>(steps).fill(0);
  for (const { atMs, count } of happened) {
    const step = Math.floor((atMs - fromMs) / stepMs);
    if (step >= 0 && step < steps) counts[step] = (counts[step] ?? 0) + count;
  }
  return {
    name,
    points: counts.map((count, step) => [((step + 1) * stepMs) / MS_PER_SECOND, (count * MS_PER_SECOND) / stepMs]),
  };
}

/** Short enough that a run of this length has some points. */
export function stepFor(lengthMs: number): number {
  return STEPS_MS.find((stepMs) => lengthMs / stepMs <= MOST_POINTS) ?? MS_PER_SECOND;
}

const STEPS_MS = [100, 250, 500, 1_000];
const MOST_POINTS = 60;
