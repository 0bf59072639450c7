/** Holds what a crowd was told against what a line promises: one place each, called in order, within the caps. */
import type { Audit } from '../report/audit.ts';
import type { Called } from './generator/notes.ts';
import type { Returns } from './returns.ts';

export interface LineTold {
  readonly sockets: number;
  readonly places: readonly number[];
  readonly called: readonly Called[];
  readonly refused: Readonly<Record<string, number>>;
  readonly socketsLost: number;
  /** Times that a shopper who waited was not told of a move. */
  readonly missed: number;
  readonly perSecond: number;
  /** How often the head moved; not given where nobody waits for that. */
  readonly moves?: number;
  /** Who stayed until the end without a pass, where everybody has to get one. */
  readonly neverAdmitted?: number;
  /** Of those whose sockets were cut. */
  readonly returns?: readonly Returned[];
}

type Returned = Omit<Returns, 'latencies'>;

const SECOND_MS = 1_000;

export function auditLine(told: LineTold): Audit {
  const duplicated = told.places.length - new Set(told.places).size;
  const returned = (count: (one: Returned) => number): number =>
    (told.returns ?? []).reduce((sum, one) => sum + count(one), 0);
  const [moved, missing] = [returned(({ placesLost }) => placesLost), returned((one) => one.missing)];
  const nowhere = Math.max(0, told.sockets - told.places.length);
  const lost = nowhere + moved + missing;
  const byPlace = [...told.called].sort((a, b) => a.place - b.place);
  const overtaken = byPlace.filter(({ atMs }, at) => atMs < (byPlace[at - 1]?.atMs ?? atMs)).length;
  const { neverAdmitted = 0 } = told;
  const overAdmitted = Math.max(0, mostInASecond(told.called) - told.perSecond);
  const problems = [
    ...(duplicated > 0 ? [`${duplicated} places were given twice`] : []),
    ...(nowhere > 0 ? [`${nowhere} shoppers have no place`] : []),
    ...(moved > 0 ? [`${moved} shoppers came back and were given another place`] : []),
    ...(missing > 0 ? [`${missing} shoppers did not come back`] : []),
    ...(overtaken > 0 ? [`${overtaken} shoppers were called after somebody behind them`] : []),
    ...(overAdmitted > 0 ? [`${overAdmitted} more were called within a second than may be`] : []),
    // Without one, everybody would have learned of every move at once.
    ...(told.moves === 0 ? ['the head never moved'] : []),
    ...(neverAdmitted > 0 ? [`${neverAdmitted} shoppers never got a pass`] : []),
    ...(told.missed > 0 ? [`${told.missed} times a shopper was not told that the line moved`] : []),
    ...(told.socketsLost > 0 ? [`${told.socketsLost} sockets were closed by the edge`] : []),
    ...Object.entries(told.refused).map(([code, count]) => `${count} refusals ${code}, for which there was no reason`),
  ];
  return { ok: problems.length === 0, oversold: overAdmitted, lost, duplicated, problems };
}

/** The most calls in any second that begins with a call: (t − 1 s, t], as the line counts them. */
export function mostInASecond(called: readonly Called[]): number {
  const times = called.map(({ atMs }) => atMs).sort((a, b) => a - b);
  let [from, most] = [0, 0];
  times.forEach((atMs, at) => {
    while ((times[from] ?? atMs) <= atMs - SECOND_MS) from += 1;
    most = Math.max(most, at - from + 1);
  });
  return most;
}
