/** One point that was measured and not fitted to, and what the model says of it. */
import type { Reports, Source } from '../reports.ts';
import { createSeeker, type Seeker } from '../seek.ts';

export interface CheckSpec {
  /** The point: `claims/s with batches of 16`. */
  readonly point: string;
  /** What the prediction was made from; the point itself is never among it. */
  readonly madeFrom: string;
  readonly unit: string;
  /** Where more has to be supposed than elsewhere: instead of the bound of all others, where that is narrower. */
  readonly withinPercent?: number;
  predict(seeker: Seeker): { readonly predicted: number; readonly measured: number };
}

/** What the model takes to be the same in both places: one figure of a report stands for another one. */
export function takenForTheSame({ source, from, at, ...said }: SameFigure): CheckSpec {
  return {
    ...said,
    predict: (seeker) => ({
      predicted: seeker.seek(source, said.unit, ...from).value,
      measured: seeker.seek(source, said.unit, ...at).value,
    }),
  };
}

interface SameFigure extends Omit<CheckSpec, 'predict'> {
  readonly source: Source;
  /** Where the prediction and the point are; the first path of each that the report has. */
  readonly from: readonly string[];
  readonly at: readonly string[];
}

export type Checked =
  | {
      readonly kind: 'checked';
      readonly point: string;
      readonly madeFrom: string;
      readonly unit: string;
      readonly predicted: number;
      readonly measured: number;
      /** Of the value measured; above 0 the model says too much. */
      readonly errorPercent: number;
      /** By how much it may be off. */
      readonly withinPercent: number;
      readonly ok: boolean;
    }
  | { readonly kind: 'impossible'; readonly point: string; readonly problems: readonly string[] };

const PERCENT = 100;

export function runCheck(spec: CheckSpec, reports: Reports, tolerancePercent: number): Checked {
  const { point, madeFrom, unit } = spec;
  const seeker = createSeeker(reports);
  const { predicted, measured } = spec.predict(seeker);
  if (seeker.missing.length > 0) return { kind: 'impossible', point, problems: [...new Set(seeker.missing)] };
  const errorPercent = (PERCENT * (predicted - measured)) / measured;
  const withinPercent = Math.max(tolerancePercent, spec.withinPercent ?? 0);
  // What is not a number is not within anything.
  const ok = Math.abs(errorPercent) <= withinPercent;
  return { kind: 'checked', point, madeFrom, unit, predicted, measured, errorPercent, withinPercent, ok };
}
