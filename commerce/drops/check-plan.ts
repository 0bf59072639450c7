/** Everything that is wrong with a drop, and everything that is odd about it, all at once. */
import { checkItems } from './check-items.ts';
import { checkPace } from './check-pace.ts';
import { checkTimes } from './check-times.ts';
import { type Findings, joinFindings } from './finding.ts';
import type { DropFacts, DropPlan } from './plan.ts';

export function checkPlan(plan: DropPlan, facts: DropFacts): Findings {
  return joinFindings([checkTimes(plan, facts), checkItems(plan, facts), checkPace(plan)]);
}
