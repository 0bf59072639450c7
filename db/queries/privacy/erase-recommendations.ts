import type { EraseStep } from './parts.ts';

export const RECOMMENDATION_STEPS: readonly EraseStep[] = [
  {
    name: 'recommendations',
    statements: [
      'insert into recommendation_forgotten (user_id) select id from users where id = $1 on conflict do nothing',
    ],
  },
];
