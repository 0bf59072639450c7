import type { EraseStep } from './parts.ts';

/** The sums of the days stay: they say nothing of anybody. */
export const EXPERIMENT_STEPS: readonly EraseStep[] = [
  {
    name: 'experiments',
    statements: [
      'delete from recommendation_clicks where shopper_id = $1',
      'delete from recommendation_exposures where shopper_id = $1',
    ],
  },
];
