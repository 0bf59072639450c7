import type { Comparison } from '../report/compared.ts';

/** What the command answers to whoever started it. */
export const EXIT = {
  ok: 0,
  /** The audit failed, or something broke. */
  failed: 1,
  misused: 2,
  /** Asked for by --fail-on-worse: a figure got worse, or none could be judged. */
  worse: 3,
  interrupted: 130,
} as const;

export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** A comparison that could not judge anything has not shown that nothing got worse. */
export function exitOf(comparison: Comparison): number {
  const judged = comparison.figures.some(({ verdict }) => verdict !== 'not judged');
  return comparison.worse > 0 || !judged ? EXIT.worse : EXIT.ok;
}
