import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { listBrands } from '../../db/queries/brands.ts';
import { PUBLIC_THING, tagAnswer } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Slug } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';

export const Brand = Type.Object({ id: Type.String(), slug: Type.String(), name: Type.String() });

export function listBrandsRoute(app: StoreApp, { catalog }: StoreServices): void {
  app.get(
    '/brands',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: {
        summary: 'All brands, by their slugs',
        tags: ['brands'],
        querystring: Type.Object(
          {
            cursor: Type.Optional(Slug()),
            limit: Type.Integer({ minimum: 1, maximum: LIMITS.productsPerPage, default: 20 }),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ items: Type.Array(Brand), nextCursor: Type.Union([Type.String(), Type.Null()]) }),
        },
      },
    },
    async ({ query: { cursor, limit } }, reply) => {
      const found = await catalog.reads.read((from) => listBrands(from, { after: cursor ?? null, limit: limit + 1 }));
      reply.header('cache-control', PUBLIC_THING);
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.slug ?? null) : null };
    },
  );
}
