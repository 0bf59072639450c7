import type { StoredPromotion } from '../../db/promotion-rows.ts';
import { findPromotion } from '../../db/queries/promotions.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

export const MERCHANT_OR_ADMIN = sellers('promotions');

/** A merchant's own, or any for an admin. Somebody else's is answered like none. */
export async function promotionFor(
  database: StoreServices['database'],
  id: string,
  caller: Identity,
): Promise<StoredPromotion> {
  const promotion = await findPromotion(database, id);
  const isTheirs = caller.role === 'admin' || promotion?.merchantId === caller.userId;
  if (promotion === undefined || !isTheirs) throw new Refusal('NOT_FOUND');
  return promotion;
}

/** For the audit trail: who did what to which promotion. */
export function actOn(services: StoreServices, { userId, role }: Identity, action: string, promotionId: string) {
  return {
    ...{ id: services.nextId(), actorId: userId, actorRole: role, action: `promotion.${action}` },
    ...{ subjectKind: 'promotion', subjectId: promotionId, detail: {} },
  };
}
