/** Waits for their turn, thinks, claims one unit, and goes when it is paid. Some stay when it is gone, and hope. */
import type { Behaviour, Visit } from '../behaviour.ts';

const THINK_MS = { least: 200, more: 2_000 } as const;
/** Of who hears that nothing is left. */
const HOPING = 0.3;
const GIVE_UP_MS = { least: 300, more: 4_000 } as const;
const LOOK_AGAIN_MS = 500;

export const patient: Behaviour = {
  admitted(visit) {
    visit.later(between(visit, THINK_MS), (dueMs) => {
      visit.claim({ dueMs });
    });
  },
  // Has what they came for: their turn is for somebody else, and news of the order still comes.
  won: (visit) => visit.send('{"t":"leave"}'),
  refused(visit, code) {
    if (code === 'SOLD_OUT') hopeOrGo(visit);
    else visit.end();
  },
  soldOut(visit) {
    // Who holds a pass claims all the same: the message may be older than what came back.
    if (visit.pass === undefined && visit.random() >= HOPING) visit.later(between(visit, GIVE_UP_MS), visit.leave);
  },
  settled: (visit) => visit.end(),
};

/** With a pass in hand, until something comes back or the pass is over; then the edge says so. */
function hopeOrGo(visit: Visit): void {
  if (visit.random() >= HOPING) {
    visit.leave();
    return;
  }
  const look = (): void =>
    visit.later(LOOK_AGAIN_MS, (dueMs) => {
      if (visit.pass === undefined) visit.leave();
      else if (visit.isSelling) visit.claim({ dueMs });
      else look();
    });
  look();
}

export function between(visit: Visit, { least, more }: { readonly least: number; readonly more: number }): number {
  return least + visit.random() * more;
}
