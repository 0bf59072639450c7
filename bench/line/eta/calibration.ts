/** How often the line told the truth about when the turn comes. */
import { median } from '../../report/statistics.ts';
import type { Wait } from './notes.ts';

export interface Calibration {
  /** Shoppers who were told an interval and then admitted. */
  readonly shoppers: number;
  /** Share of them whose turn came within the first interval they were told. */
  readonly within: number;
  readonly early: number;
  readonly late: number;
  /** Of the waits and of the intervals told: an interval without end is always right, and of no use. */
  readonly waitP50Ms: number;
  readonly widthP50Ms: number;
  /** Median of the width as a share of the wait, which a wait of less than a second counts as. */
  readonly widthOfWaitP50: number;
  readonly jumps: number;
  readonly neverAdmitted: number;
}

/** A message takes this long to arrive, at the most, on a machine whose cores are all in use. */
const TRAVEL_MS = 50;
const SECOND_MS = 1_000;

export function calibrate(waits: readonly Wait[]): Calibration {
  const stayed = waits.filter(({ left }) => !left);
  const told = stayed.flatMap(({ toldAtMs, admittedAtMs, lowMs, highMs }) =>
    admittedAtMs === null ? [] : [{ tookMs: admittedAtMs - toldAtMs, lowMs, highMs }],
  );
  const early = told.filter(({ tookMs, lowMs }) => tookMs + TRAVEL_MS < lowMs).length;
  const late = told.filter(({ tookMs, highMs }) => tookMs - TRAVEL_MS > highMs).length;
  const share = (count: number): number => (told.length === 0 ? 0 : count / told.length);
  return {
    shoppers: told.length,
    within: share(told.length - early - late),
    early: share(early),
    late: share(late),
    waitP50Ms: told.length === 0 ? 0 : median(told.map(({ tookMs }) => tookMs)),
    widthP50Ms: told.length === 0 ? 0 : median(told.map(({ lowMs, highMs }) => highMs - lowMs)),
    widthOfWaitP50:
      told.length === 0
        ? 0
        : median(told.map(({ tookMs, lowMs, highMs }) => (highMs - lowMs) / Math.max(tookMs, SECOND_MS))),
    jumps: waits.reduce((sum, { jumps }) => sum + jumps, 0),
    neverAdmitted: stayed.length - told.length,
  };
}
