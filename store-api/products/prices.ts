import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { listPrices } from '../../db/queries/write-variants.ts';
import { PUBLIC_LIST, tagAnswer } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { BySku } from './schemas.ts';

const Prices = Type.Object({
  items: Type.Array(
    Type.Object({ price: Type.Integer(), currency: Type.String(), at: Type.Integer({ description: 'Since then.' }) }),
  ),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export function listPricesRoute(app: StoreApp, { catalog }: StoreServices): void {
  app.get(
    '/variants/:sku/prices',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: {
        summary: 'What a variant has cost, the newest first',
        tags: ['products'],
        params: BySku,
        querystring: Type.Object(
          {
            cursor: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,15}$' })),
            limit: Type.Integer({ minimum: 1, maximum: LIMITS.productsPerPage, default: 20 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Prices, 404: Problem },
      },
    },
    async ({ params: { sku }, query: { cursor, limit } }, reply) => {
      const before = cursor === undefined ? null : Number(cursor);
      const found = await catalog.reads.read((from) => listPrices(from, { sku, before, limit: limit + 1 }));
      if (found === undefined) return refuse(reply, 'NOT_FOUND');
      reply.header('cache-control', PUBLIC_LIST);
      const page = found.slice(0, limit);
      const items = page.map(({ price, currency, at }) => ({ price, currency, at }));
      return { items, nextCursor: found.length > limit ? String(page.at(-1)?.position) : null };
    },
  );
}
