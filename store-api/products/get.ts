import Type from 'typebox';
import { PUBLIC_THING, tagAnswer, varyByLanguage } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerRead } from './answer.ts';
import { Currency, ProductAnswer, Slug } from './schemas.ts';

export const ShownIn = Type.Object(
  { currency: Type.Optional({ ...Currency(), description: 'Prices are also shown in it.' }) },
  { additionalProperties: false },
);

export function getProductRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/products/:id',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: {
        summary: 'One product that is sold, by its id or its slug',
        description: 'In the language of Accept-Language where there is a translation.',
        tags: ['products'],
        params: Type.Object({ id: Slug() }),
        querystring: ShownIn,
        response: { 200: ProductAnswer, 404: Problem },
      },
    },
    async (request, reply) => {
      const product = await services.catalog.products.get(request.params.id);
      if (product === undefined || product.status !== 'active') return refuse(reply, 'NOT_FOUND');
      varyByLanguage(reply).header('cache-control', PUBLIC_THING);
      return await answerRead(services, request, reply, { product, currency: request.query.currency });
    },
  );
}
