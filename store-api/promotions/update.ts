import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { contradictionOf } from '../../contracts/promotions.ts';
import type { StoredPromotion } from '../../db/promotion-rows.ts';
import { updatePromotion } from '../../db/queries/promotions.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { PromotionPatch, PromotionView, viewOfPromotion } from './shapes.ts';
import { actOn, MERCHANT_OR_ADMIN, promotionFor } from './whose.ts';

const params = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });
const config = { access: MERCHANT_OR_ADMIN };

export function updatePromotionRoute(app: StoreApp, services: StoreServices): void {
  app.patch(
    '/promotions/:id',
    {
      config,
      schema: {
        summary: 'Change a promotion, from the version that was seen. Whose it is and its code stay.',
        params,
        body: PromotionPatch,
        response: { 200: PromotionView, 400: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const before = await promotionFor(services.database, request.params.id, caller);
      const after = patched(before, request.body);
      await write(services, caller, { ...after, version: request.body.version }, 'update');
      return viewOfPromotion({ ...after, version: request.body.version + 1 });
    },
  );
  app.delete(
    '/promotions/:id',
    {
      config,
      schema: {
        summary: 'End a promotion. It stays to be looked at: orders name it.',
        params,
        response: { 204: Type.Null(), 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const before = await promotionFor(services.database, request.params.id, caller);
      if (before.state !== 'ended') await write(services, caller, { ...before, state: 'ended' }, 'end');
      return reply.code(204).send(null);
    },
  );
}

async function write(
  services: StoreServices,
  caller: Identity,
  promotion: StoredPromotion,
  what: string,
): Promise<void> {
  await withTransaction(services.database, async (client) => {
    if (!(await updatePromotion(client, promotion))) throw new Refusal('PROMOTION_CHANGED');
    await recordAct(client, actOn(services, caller, what, promotion.id));
  });
}

function patched(before: StoredPromotion, patch: PromotionPatch): StoredPromotion {
  const { title = before.title, state = before.state, totalLimit = before.totalLimit } = patch;
  const { benefit, conditions, stacking, priority } = { ...before.rule, ...rulePartsOf(patch) };
  const contradiction = contradictionOf({ benefit, conditions });
  if (contradiction !== undefined) throw new Refusal('INVALID', { detail: contradiction });
  const { perUserLimit = before.perUserLimit } = patch;
  return {
    ...before,
    ...{ title, state, totalLimit, rule: { benefit, conditions, stacking, priority } },
    perUserLimit: conditions.firstOrder === true ? 1 : perUserLimit,
    startsAtMs: patch.startsAt === undefined ? before.startsAtMs : patch.startsAt,
    endsAtMs: patch.endsAt === undefined ? before.endsAtMs : patch.endsAt,
  };
}

function rulePartsOf({ benefit, conditions, stacking, priority }: PromotionPatch): Partial<StoredPromotion['rule']> {
  return {
    ...(benefit === undefined ? {} : { benefit }),
    ...(conditions === undefined ? {} : { conditions }),
    ...(stacking === undefined ? {} : { stacking }),
    ...(priority === undefined ? {} : { priority }),
  };
}
