/** What people do in a shop on an ordinary day, as data: visits of several kinds, and what is asked in each. */

export const STEPS = ['list', 'search', 'product', 'add', 'cart', 'sum', 'checkout', 'order', 'status'] as const;
export type Step = (typeof STEPS)[number];

interface Session {
  readonly share: number;
  readonly steps: readonly Step[];
}

export const SESSIONS = {
  looker: { share: 0.4, steps: ['list', 'product', 'product', 'list', 'product', 'product', 'product', 'list'] },
  searcher: { share: 0.3, steps: ['search', 'product', 'search', 'product', 'product', 'search'] },
  collector: { share: 0.2, steps: ['search', 'product', 'add', 'product', 'add', 'cart', 'sum'] },
  buyer: { share: 0.1, steps: ['search', 'product', 'add', 'cart', 'checkout', 'order', 'status'] },
} as const satisfies Record<string, Session>;

export const STEPS_PER_SESSION = Object.values(SESSIONS).reduce(
  (sum, { share, steps }) => sum + share * steps.length,
  0,
);

/** What somebody does in the shop, given a number from 0 up to 1. */
export function stepsOf(roll: number): readonly Step[] {
  let below = 0;
  for (const { share, steps } of Object.values(SESSIONS)) {
    below += share;
    if (roll < below) return steps;
  }
  return SESSIONS.looker.steps;
}
