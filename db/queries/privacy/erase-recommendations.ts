import type { EraseStep } from './parts.ts';

export const RECOMMENDATION_STEPS: readonly EraseStep[] = [
  {
    name: 'recommendations',
    // Guests too: what they ordered is learned from like what members did.
    statements: [
      `insert into recommendation_forgotten (user_id)
       select id from users where id = $1 union select shopper_id from orders where shopper_id = $1 on conflict do nothing`,
    ],
  },
];
