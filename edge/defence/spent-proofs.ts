/** Each proof counts once, at whichever edge. Where Redis does not answer, once in this process. */
import { LIMITS } from '../../contracts/limits.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { Budgets } from '../../reservation-core/budgets.ts';
import { createRecentNames } from '../recent-names.ts';

export interface SpentProofs {
  /** False when it was spent before. */
  spend(proofId: string, keptForMs: number): Promise<boolean>;
}

export function createSpentProofs(budgets: Pick<Budgets, 'spend'>, onFailed: (error: unknown) => void): SpentProofs {
  const seen = createRecentNames(LIMITS.proofsRemembered);
  return {
    async spend(proofId, keptForMs) {
      if (!seen.isNew(proofId)) return false;
      try {
        return await withDeadline(budgets.spend(proofId, keptForMs), LIMITS.budgetDeadlineMs, 'spending a proof');
      } catch (error) {
        onFailed(error);
        return true;
      }
    },
  };
}
