import Type from 'typebox';
import { PUBLIC_LIST, tagAnswer, varyByLanguage } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { pageOfProducts, productQuery } from './query.ts';
import { ProductPage } from './schemas.ts';

export function listProductsRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/products',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: {
        summary: 'Products that are sold',
        tags: ['products'],
        querystring: Type.Object(productQuery, { additionalProperties: false }),
        response: { 200: ProductPage, 400: Problem },
      },
    },
    async ({ query, headers }, reply) => {
      varyByLanguage(reply).header('cache-control', PUBLIC_LIST);
      return await pageOfProducts(services, query, { status: 'active', isOwners: false }, headers['accept-language']);
    },
  );
}
