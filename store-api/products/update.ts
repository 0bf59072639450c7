import { updateProduct } from '../../db/queries/write-product.ts';
import { ALL } from '../caching/catalog.ts';
import { sellers } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerWritten } from './answer.ts';
import { refuseSlug } from './create.ts';
import { changeOwnProduct } from './own.ts';
import { ById, ProductAnswer, ProductBody } from './schemas.ts';

export function updateProductRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/products/:id',
    {
      config: { access: sellers('catalog') },
      schema: {
        summary: 'Everything of a product but its variants and translations',
        description: 'Needs If-Match with the ETag that was read, so that nobody overwrites what they have not seen.',
        tags: ['products'],
        params: ById,
        body: ProductBody,
        response: { 200: ProductAnswer, 400: Problem, 404: Problem, 409: Problem, 412: Problem, 428: Problem },
      },
    },
    async (request, reply) => {
      const { body, params } = request;
      refuseSlug(body.slug);
      const act = { productId: params.id, action: 'product.update', needsVersion: true };
      await changeOwnProduct(services, request, act, async ({ change }) => {
        await updateProduct(change.client, params.id, body);
        change.stale('product', body.slug);
        change.stale('category', ALL);
        change.stale('rates', ALL);
      });
      return await answerWritten(services, reply, params.id);
    },
  );
}
