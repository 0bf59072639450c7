import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { countUses, listPromotions } from '../../db/queries/promotions.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { PromotionView, viewOfPromotion } from './shapes.ts';
import { MERCHANT_OR_ADMIN, promotionFor } from './whose.ts';

const config = { access: MERCHANT_OR_ADMIN };
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Query = Type.Object(
  {
    cursor: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

export function readPromotionRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/promotions',
    {
      config,
      schema: {
        summary: 'Promotions, the newest first: one’s own, or all for admins',
        querystring: Query,
        response: { 200: Type.Object({ items: Type.Array(PromotionView), nextCursor: nullable(Type.String()) }) },
      },
    },
    async (request) => {
      const { role, userId } = callerOf(request);
      const { cursor, limit } = request.query;
      const merchantId = role === 'admin' ? null : userId;
      const found = await listPromotions(database, { merchantId, before: cursor ?? null, limit: limit + 1 });
      const items = found.slice(0, limit).map(viewOfPromotion);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
  app.get(
    '/promotions/:id',
    {
      config,
      schema: {
        summary: 'A promotion and how often it was used',
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        response: { 200: PromotionView, 404: Problem },
      },
    },
    async (request) => {
      const promotion = await promotionFor(database, request.params.id, callerOf(request));
      return { ...viewOfPromotion(promotion), uses: await countUses(database, promotion.id) };
    },
  );
}
