/** Figures that were measured in rounds, by path: their medians for the report, and each round's value for comparisons. */
import type { Figures } from './report/figures.ts';
import { median, round } from './report/statistics.ts';

export interface InRounds {
  readonly values: readonly number[];
  readonly digits?: number;
}

const PLACES = ['metrics', 'limits', 'ratios'] as const;

export interface Rounded extends Readonly<Record<(typeof PLACES)[number], Figures>> {
  readonly samples: Readonly<Record<string, readonly number[]>>;
}

/** One round is no sample: it says nothing of the noise. */
export function inRounds(given: Readonly<Record<`${(typeof PLACES)[number]}.${string}`, InRounds>>): Rounded {
  const figures = Object.entries(given).map(([path, { values, digits = 0 }]) => ({
    path,
    figure: values.length === 0 ? null : round(median(values), digits),
    values: values.map((value) => round(value, digits + SAMPLE_DIGITS)),
  }));
  const of = (place: string): Figures =>
    Object.fromEntries(
      figures.flatMap(({ path, figure }) =>
        path.startsWith(`${place}.`) ? [[path.slice(place.length + 1), figure] as const] : [],
      ),
    );
  const samples = figures.filter(({ values }) => values.length > 1).map(({ path, values }) => [path, values] as const);
  return {
    ...{ metrics: of('metrics'), limits: of('limits'), ratios: of('ratios') },
    samples: Object.fromEntries(samples),
  };
}

/** More than the report shows: rounding must not look like noise, nor hide it. */
const SAMPLE_DIGITS = 1;

/** Each run of ours against the bare one just before it: what disturbs the machine for a while disturbs both. */
export function eachRatio<T>(ours: readonly T[], bare: readonly T[], figure: (run: T) => number): number[] {
  return ours.flatMap((run, at) => {
    const other = bare[at];
    return other === undefined || figure(other) === 0 ? [] : [figure(run) / figure(other)];
  });
}
