import type { EraseStep } from './parts.ts';

export const RECOMMENDATION_STEPS: readonly EraseStep[] = [
  {
    name: 'recommendations',
    // Guests too: what they ordered is learned from like what members did.
    statements: ['insert into recommendation_forgotten (user_id) values ($1::uuid) on conflict do nothing'],
  },
];
