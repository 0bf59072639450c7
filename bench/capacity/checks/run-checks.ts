/** The model against points that it was not fitted to. */
import type { Reports } from '../reports.ts';
import { type Checked, runCheck } from './check.ts';
import { coreChecks } from './core.ts';
import { EDGE_CHECKS } from './edge.ts';
import { lineChecks } from './line.ts';
import { ORDER_CHECKS } from './orders.ts';
import { saleChecks } from './sale.ts';
import { STORE_CHECKS } from './store.ts';

export interface Verdict {
  readonly tolerancePercent: number;
  readonly checks: readonly Checked[];
  readonly ok: boolean;
}

export function runChecks(reports: Reports, tolerancePercent: number): Verdict {
  const specs = [
    ...coreChecks(reports),
    ...EDGE_CHECKS,
    ...lineChecks(reports),
    ...ORDER_CHECKS,
    ...STORE_CHECKS,
    ...saleChecks(reports),
  ];
  const checks = specs.map((spec) => runCheck(spec, reports, tolerancePercent));
  // A point that is not there was not checked: that is no success either.
  return { tolerancePercent, checks, ok: checks.every((check) => check.kind === 'checked' && check.ok) };
}
