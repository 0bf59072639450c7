/** Holds what the shoppers were told over their sockets against what Redis has. */
import { auditSale, type Found, untrueRefusals } from '../core/audit.ts';
import type { Told } from '../core/load.ts';
import type { Audit } from '../report/audit.ts';
import type { ClaimResult } from './generator/notes.ts';

export interface Decisions {
  readonly told: Told;
  readonly results: readonly Pick<ClaimResult, 'unanswered' | 'strange' | 'socketsLost'>[];
  /** Undefined where nothing could be sold. */
  readonly found: readonly Found[] | undefined;
}

export function auditDecisions({ told, results, found }: Decisions): Audit {
  const sum = (name: 'unanswered' | 'strange' | 'socketsLost'): number =>
    results.reduce((total, result) => total + result[name], 0);
  const sale = found === undefined ? nothingSold(told) : auditSale(told, found);
  const problems = [
    ...sale.problems,
    ...(sum('unanswered') > 0 ? [`${sum('unanswered')} claims were never answered`] : []),
    ...(sum('strange') > 0 ? [`${sum('strange')} answers that nobody had asked for`] : []),
    ...(sum('socketsLost') > 0 ? [`${sum('socketsLost')} sockets were closed by the edge`] : []),
  ];
  return { ...sale, ok: problems.length === 0, problems };
}

/** There was nothing to win: whoever was told so has lost it. */
function nothingSold(told: Told): Audit {
  const { won } = told;
  const problems = [...(won > 0 ? [`${won} won where nothing was sold`] : []), ...untrueRefusals(told.refused, 0)];
  return { ok: problems.length === 0, oversold: 0, lost: won, duplicated: 0, problems };
}
