/** What a comparison of two reports says, as plain data: it is in the JSON of a run that was compared. */
import type { FigurePath } from './direction.ts';
import type { Figure } from './figures.ts';

export type Verdict = 'better' | 'worse' | 'same' | 'as bare' | 'not judged';

export interface ComparedFigure {
  readonly path: FigurePath;
  readonly before: Figure;
  readonly after: Figure;
  /** As a share of what was before: 0.1 is ten percent more. */
  readonly change: number | null;
  /** What the change may be by chance; `null` where there are not enough rounds. */
  readonly noise: number | null;
  readonly verdict: Verdict;
  /** What a reader would ask of the verdict. */
  readonly why: string | null;
}

export interface Comparison {
  readonly rule: string;
  readonly before: { readonly at: string; readonly commit: string; readonly auditOk: boolean };
  readonly after: { readonly at: string; readonly commit: string; readonly auditOk: boolean };
  readonly warnings: readonly string[];
  readonly figures: readonly ComparedFigure[];
  readonly better: number;
  /** Of our own figures. Bare parts that are slower say something of the machine. */
  readonly worse: number;
}
