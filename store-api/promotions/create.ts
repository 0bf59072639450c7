import { contradictionOf, normalizeCode, type PromotionRule } from '../../contracts/promotions.ts';
import { insertPromotion, type NewPromotion } from '../../db/queries/promotions.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { PromotionBody, PromotionView, viewOfPromotion } from './shapes.ts';
import { actOn, MERCHANT_OR_ADMIN } from './whose.ts';

export function createPromotionRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/promotions',
    {
      config: { access: MERCHANT_OR_ADMIN },
      schema: {
        summary: 'A promotion: of a merchant for their own goods, of an admin for all of the shop',
        body: PromotionBody,
        response: { 201: PromotionView, 400: Problem, 403: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const promotion = promotionOf(request.body, caller, services.nextId());
      const isNew = await withTransaction(services.database, async (client) => {
        const inserted = await insertPromotion(client, promotion);
        if (inserted) await recordAct(client, actOn(services, caller, 'create', promotion.id));
        return inserted;
      });
      if (!isNew) return refuse(reply, 'CODE_TAKEN');
      return reply.code(201).send(viewOfPromotion(promotionWithoutMaker(promotion)));
    },
  );
}

function promotionWithoutMaker({ createdBy: _, ...promotion }: NewPromotion): Omit<NewPromotion, 'createdBy'> {
  return promotion;
}

function promotionOf(body: PromotionBody, caller: Identity, id: string): NewPromotion {
  const { benefit, conditions = {}, stacking = 'stack', priority = 0, codeKind = 'none', merchantId } = body;
  const contradiction = contradictionOf({ benefit, conditions });
  if (contradiction !== undefined) throw new Refusal('INVALID', { detail: contradiction });
  const code = body.code === undefined ? null : (normalizeCode(body.code) ?? null);
  if ((codeKind === 'shared') !== (code !== null)) {
    throw new Refusal('INVALID', {
      detail: 'A shared promotion needs a code of 3 to 32 letters and digits; others have none.',
    });
  }
  if (caller.role !== 'admin' && merchantId !== undefined && merchantId !== caller.userId)
    throw new Refusal('FORBIDDEN');
  // One that is for a first order only would otherwise be used by two first orders at the same instant.
  const perUserLimit = conditions.firstOrder === true ? 1 : (body.perUserLimit ?? null);
  const rule: PromotionRule = { benefit, conditions, stacking, priority };
  return {
    ...{ id, title: body.title, rule, codeKind, code, perUserLimit },
    merchantId: caller.role === 'admin' ? (merchantId ?? null) : caller.userId,
    startsAtMs: body.startsAt ?? null,
    endsAtMs: body.endsAt ?? null,
    totalLimit: body.totalLimit ?? null,
    state: 'active',
    version: 1,
    createdBy: caller.userId,
  };
}
