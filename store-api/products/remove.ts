import Type from 'typebox';
import { archiveProduct, deleteProduct, isNamedElsewhere } from '../../db/queries/write-product.ts';
import { ALL } from '../caching/catalog.ts';
import { sellers } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { changeOwnProduct } from './own.ts';
import { ById } from './schemas.ts';

const Outcome = Type.Object({ outcome: Type.Union([Type.Literal('removed'), Type.Literal('archived')]) });

/**
 * Whether an order knows a product is not looked up: orders are found by their id, and an index of all that was ever
 * sold by SKU would cost each sale. What was once for sale, or is on a shelf or in a drop, is archived.
 */
export function removeProductRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/products/:id',
    {
      config: { access: sellers('catalog') },
      schema: {
        summary: 'Takes a product out of the shop: removed when it was never sold, archived otherwise',
        description: 'With If-Match, only the version that it names.',
        tags: ['products'],
        params: ById,
        response: { 200: Outcome, 404: Problem, 412: Problem },
      },
    },
    async (request) => {
      const productId = request.params.id;
      const act = { productId, action: 'product.remove' };
      return await changeOwnProduct(services, request, act, async ({ change, product }) => {
        change.stale('category', ALL);
        if (product.isPublished || (await isNamedElsewhere(change.client, productId))) {
          await archiveProduct(change.client, productId);
          return { outcome: 'archived' as const };
        }
        await deleteProduct(change.client, productId);
        return { outcome: 'removed' as const };
      });
    },
  );
}
