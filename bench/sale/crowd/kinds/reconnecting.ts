/** Has a bad connection: is cut off while waiting, and again right after claiming, and comes back each time. */
import type { Behaviour, Visit } from '../behaviour.ts';
import { between, patient } from './patient.ts';

const CUT_AFTER_MS = { least: 500, more: 5_000 } as const;
const AWAY_MS = { least: 300, more: 2_000 } as const;
const THINK_MS = { least: 200, more: 1_000 } as const;
const CUT_IN_CLAIM = 0.5;

export const reconnecting: Behaviour = {
  placed(visit) {
    visit.later(between(visit, CUT_AFTER_MS), () => awayAndBack(visit));
  },
  admitted(visit) {
    visit.later(between(visit, THINK_MS), (dueMs) => {
      visit.claim({ dueMs });
      // The answer is lost with the socket; the same key is asked for again as soon as they are back.
      if (visit.random() < CUT_IN_CLAIM) awayAndBack(visit);
    });
  },
  won: (visit) => patient.won?.(visit),
  refused: (visit, code) => patient.refused?.(visit, code),
  soldOut: (visit) => patient.soldOut?.(visit),
  settled: (visit) => visit.end(),
};

function awayAndBack(visit: Visit): void {
  if (visit.wins > 0) return;
  visit.cut();
  visit.later(between(visit, AWAY_MS), visit.comeBack);
}
