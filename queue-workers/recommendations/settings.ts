import type { AlsSettings } from '../../commerce/recommendations/als.ts';
import { SIGNALS, type Signals } from '../../commerce/recommendations/prepare.ts';

export interface TrainingSettings {
  readonly als: AlsSettings;
  readonly iterations: number;
  readonly seed: number;
  readonly signals: Signals;
  readonly threads: number;
}

/** Chosen by `npm run recommend -- evaluate`: docs/RECOMMENDATIONS.md has what others came to. */
export const TRAINING: TrainingSettings = {
  als: { factors: 32, alpha: 4, regularization: 0.1, cgSteps: 3 },
  iterations: 10,
  seed: 1,
  signals: SIGNALS,
  threads: 2,
};
