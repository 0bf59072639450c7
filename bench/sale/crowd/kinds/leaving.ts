/** Loses interest: half of them leave the line, the others are called and never claim. */
import type { Behaviour } from '../behaviour.ts';

const LEAVE_WITHIN_MS = 10_000;
const LEAVE_SHARE = 0.5;

export const leaving: Behaviour = {
  placed(visit) {
    if (visit.random() < LEAVE_SHARE) visit.later(visit.random() * LEAVE_WITHIN_MS, visit.leave);
  },
  soldOut(visit) {
    visit.later(visit.random() * LEAVE_WITHIN_MS, visit.end);
  },
};
