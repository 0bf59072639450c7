/** Cannot wait: pings while waiting, sends the same claim five times at once, then tries for more than anybody may have. */
import type { Behaviour, Visit } from '../behaviour.ts';
import { patient } from './patient.ts';

const PINGS = 5;
const SAME_KEY = 5;
const NEW_KEYS = 3;
const MOST_AGAIN = 12;

export const reclicking: Behaviour = {
  placed(visit) {
    for (let at = 0; at < PINGS; at += 1) visit.send('{"t":"ping"}');
  },
  admitted(visit) {
    const key = visit.claim();
    for (let at = 1; at < SAME_KEY; at += 1) visit.claim({ key });
    again(visit, NEW_KEYS);
  },
  refused(visit, code) {
    if (code === 'PASS_EXPIRED' || code === 'ENDED') visit.end();
    else if (code === 'SOLD_OUT') again(visit, 1);
  },
  soldOut: (visit) => patient.soldOut?.(visit),
  settled(visit) {
    visit.later(visit.random() * 1_000, visit.end);
  },
};

/** New keys, one after the other, faster than anybody reads. */
function again(visit: Visit, times: number): void {
  if (times === 0) return;
  visit.later(50 + visit.random() * 200, (dueMs) => {
    if (visit.pass !== undefined && visit.clicks < MOST_AGAIN) visit.claim({ dueMs });
    again(visit, times - 1);
  });
}
