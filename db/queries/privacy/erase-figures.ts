import type { EraseStep } from './parts.ts';

/** Sums and sketches name nobody. */
export const FIGURES_STEPS: readonly EraseStep[] = [
  { name: 'segments', statements: ['delete from shopper_segments where user_id = $1'] },
];
