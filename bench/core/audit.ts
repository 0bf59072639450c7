/** Holds what the shoppers were told against what Redis has. */
import type { StockLedger } from '../../reservation-core/stock.ts';
import type { Audit } from '../report/audit.ts';
import type { Told } from './load.ts';

export interface Found {
  readonly ledger: StockLedger;
  /** Records of holds and of answers. */
  readonly holds: number;
  readonly answers: number;
  /** Events in the outbox, how many different claims they are about, and those folded together. */
  readonly outbox: number;
  readonly outboxClaims: number;
  readonly fingerprint: number;
}

export function auditSale(told: Told, regions: readonly Found[]): Audit {
  const sum = (count: (found: Found) => number): number => regions.reduce((total, found) => total + count(found), 0);
  const given = sum(({ ledger }) => ledger.allocated + ledger.in - ledger.out);
  const taken = sum(({ ledger }) => ledger.held + ledger.sold);
  const holds = sum((found) => found.holds);
  const answers = sum((found) => found.answers);
  const outbox = sum((found) => found.outbox);
  const outboxClaims = sum((found) => found.outboxClaims);
  const fingerprint = regions.reduce((folded, found) => (folded ^ found.fingerprint) >>> 0, 0);

  const stillThere = sum(({ ledger }) => ledger.available);
  const negative = sum(({ ledger }) => Math.max(0, -ledger.available));
  const oversold = Math.max(0, told.won - given, taken - given, taken + stillThere - given, negative);
  const fewest = Math.min(taken, holds, answers, outboxClaims);
  const most = Math.max(taken, holds, answers, outboxClaims);
  const others = told.won === outboxClaims && told.fingerprint !== fingerprint ? 1 : 0;
  const missing = Math.max(0, given - taken - stillThere);
  const lost = Math.max(0, told.won - fewest, others, missing);
  const duplicated = Math.max(0, outbox - outboxClaims, most - told.won);

  const untrue = untrueRefusals(told.refused, stillThere);

  const numbers = `told ${told.won}, ledger ${taken} of ${given} with ${stillThere} left, holds ${holds}, answers ${answers}, outbox ${outbox} about ${outboxClaims} claims`;
  const problems = [
    ...(oversold > 0 ? [`${oversold} units oversold (${numbers})`] : []),
    ...(lost > 0 ? [`${lost} claims lost (${numbers})`] : []),
    ...(duplicated > 0 ? [`${duplicated} claims more than were told (${numbers})`] : []),
    ...untrue,
  ];
  return { ok: problems.length === 0, oversold, lost, duplicated, problems };
}

/** A refusal is quickly made: one that is not true must not pass for a claim that was decided. */
export function untrueRefusals(refused: Told['refused'], left: number): string[] {
  return Object.entries(refused)
    .filter(([code]) => code !== 'SOLD_OUT' || left > 0)
    .map(([code, count]) =>
      code === 'SOLD_OUT'
        ? `${count} were told SOLD_OUT with ${left} units left`
        : `${count} refusals ${code}, for which there was no reason`,
    );
}
