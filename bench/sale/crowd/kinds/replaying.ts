/** A bot that shows the same token at several sockets, and its pass over HTTP beside them: each of them wants all it can get. */
import type { Behaviour, Visit } from '../behaviour.ts';

const OTHER_SOCKETS = 2;
const CLAIMS_EACH = 2;
const OVER_HTTP = 2;

const helper: Behaviour = {
  admitted: grab,
  refused: goWhenDone,
  settled: (visit) => visit.end(),
  soldOut: (visit) => visit.later(visit.random() * 2_000, visit.end),
};

export const replaying: Behaviour = {
  ...helper,
  placed(visit) {
    for (let at = 0; at < OTHER_SOCKETS; at += 1) visit.another(helper);
  },
  admitted(visit) {
    grab(visit);
    const { pass } = visit;
    if (pass === undefined) return;
    for (let at = 0; at < OVER_HTTP; at += 1) {
      visit.claimOverHttp(pass).then(
        (status) => visit.note(`over HTTP ${status}`),
        () => visit.wrong('claims over HTTP that nobody answered'),
      );
    }
  },
};

function grab(visit: Visit): void {
  for (let at = 0; at < CLAIMS_EACH; at += 1) visit.claim();
}

function goWhenDone(visit: Visit, code: string): void {
  if (code !== 'SOLD_OUT' && code !== 'LIMIT_REACHED' && code !== 'PASS_VOID') return;
  visit.later(1_000, visit.end);
}
