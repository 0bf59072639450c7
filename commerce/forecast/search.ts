/**
 * The smallest value of a function within bounds, by steps along each axis that are halved where none helps. Smoothing
 * errors have flat, crooked valleys and no derivatives worth having; this needs none and always ends.
 */

export interface Bound {
  readonly from: number;
  readonly to: number;
  readonly start: number;
}

export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

/** The first step, and the last one, as parts of what lies between the bounds. */
const FIRST_STEP = 0.25;
const LAST_STEP = 0.01;

export function minimise(
  cost: (at: readonly number[]) => number,
  bounds: readonly Bound[],
  mostEvaluations: number,
): Minimum {
  let at = bounds.map(({ start }) => start);
  let value = cost(at);
  let evaluations = 1;
  let step = FIRST_STEP;
  while (step >= LAST_STEP && evaluations < mostEvaluations) {
    const before = value;
    for (const next of neighbours(bounds, step)) {
      if (evaluations >= mostEvaluations) break;
      const tried = next(at);
      const cost_ = cost(tried);
      evaluations += 1;
      if (cost_ < value) [at, value] = [tried, cost_];
    }
    if (value >= before) step /= 2;
  }
  return { at, value, evaluations };
}

type Step = (at: readonly number[]) => number[];

/** Both ways along each axis; from wherever the search stands when its turn comes. */
function neighbours(bounds: readonly Bound[], step: number): Step[] {
  return bounds.flatMap(({ from, to }, axis) =>
    [step, -step].map(
      (part): Step =>
        (at) =>
          at.map((value, other) => (other === axis ? clamp(value + part * (to - from), from, to) : value)),
    ),
  );
}

export function clamp(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value));
}
