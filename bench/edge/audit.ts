/** Holds what the shoppers were told over their sockets against what Redis has. */
import { auditSale, type Found } from '../core/audit.ts';
import type { Told } from '../core/load.ts';
import type { Audit } from '../report/audit.ts';
import type { ClaimResult } from './generator/notes.ts';

export interface Decisions {
  readonly told: Told;
  readonly results: readonly Pick<ClaimResult, 'unanswered' | 'strange' | 'socketsLost'>[];
  /** Undefined where nothing could be sold. */
  readonly found: readonly Found[] | undefined;
  readonly soldOut: boolean;
}

const NOTHING_SOLD: Audit = { ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] };

export function auditDecisions({ told, results, found, soldOut }: Decisions): Audit {
  const sum = (name: 'unanswered' | 'strange' | 'socketsLost'): number =>
    results.reduce((total, result) => total + result[name], 0);
  const sale = found === undefined ? NOTHING_SOLD : auditSale(told, found);
  const left = found?.reduce((units, { ledger }) => units + ledger.available, 0) ?? 0;
  const problems = [
    ...sale.problems,
    ...Object.entries(told.refused)
      .filter(([code]) => code !== 'SOLD_OUT' || !soldOut)
      .map(([code, count]) => `${count} refusals ${code}, for which there was no reason`),
    ...(soldOut && left > 0 ? [`told SOLD_OUT with ${left} units left`] : []),
    ...(sum('unanswered') > 0 ? [`${sum('unanswered')} claims were never answered`] : []),
    ...(sum('strange') > 0 ? [`${sum('strange')} answers that nobody had asked for`] : []),
    ...(sum('socketsLost') > 0 ? [`${sum('socketsLost')} sockets were closed by the edge`] : []),
  ];
  return { ...sale, ok: problems.length === 0, problems };
}
