/** Each proof counts once, at whichever edge. Where Redis does not answer, once in this process. */
import { LIMITS } from '../../contracts/limits.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { Budgets } from '../../reservation-core/budgets.ts';

export interface SpentProofs {
  /** False when it was spent before. */
  spend(proofId: string, keptForMs: number): Promise<boolean>;
}

export function createSpentProofs(budgets: Pick<Budgets, 'spend'>, onFailed: (error: unknown) => void): SpentProofs {
  // Two generations, as in buckets.ts.
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    async spend(proofId, keptForMs) {
      if (young.has(proofId) || old.has(proofId)) return false;
      if (young.size >= LIMITS.proofsRemembered / 2) {
        old = young;
        young = new Set();
      }
      young.add(proofId);
      try {
        return await withDeadline(budgets.spend(proofId, keptForMs), LIMITS.budgetDeadlineMs, 'spending a proof');
      } catch (error) {
        onFailed(error);
        return true;
      }
    },
  };
}
