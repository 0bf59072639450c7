/** Figures of runs that were made in rounds, ours and bare in turn; what makes a report of them is bench/in-rounds.ts. */
import { eachRatio, type InRounds } from '../in-rounds.ts';
import type { Rounds } from '../in-turn.ts';

export interface FigureOf<Run> {
  readonly of: (run: Run) => number;
  readonly digits: number;
}

/** What in-rounds.ts takes. */
export type ByPath = Readonly<Record<`${'metrics' | 'limits' | 'ratios'}.${string}`, InRounds>>;

const RATIO_DIGITS = 3;

export function figuresOf<Run>(
  place: 'metrics' | 'limits',
  runs: readonly Run[],
  wanted: Readonly<Record<string, FigureOf<Run>>>,
): ByPath {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, { of, digits }]) => [`${place}.${name}`, { values: runs.map(of), digits }]),
  );
}

/** `less` where less is better: then bare ÷ ours. */
export function ratiosOf<Run>(
  { ours, bare }: Rounds<Run>,
  wanted: Readonly<Record<string, { readonly of: (run: Run) => number; readonly less?: boolean }>>,
): ByPath {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, { of, less = false }]) => {
      const values = less ? eachRatio(bare, ours, of) : eachRatio(ours, bare, of);
      return [`ratios.${name}`, { values, digits: RATIO_DIGITS }];
    }),
  );
}
