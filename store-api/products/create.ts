import { isUuidV7 } from '../../contracts/ids.ts';
import { insertProduct } from '../../db/queries/write-product.ts';
import { insertVariants } from '../../db/queries/write-variants.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { ALL } from '../caching/catalog.ts';
import { changeCatalog, recordPrivileged } from '../caching/change.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerWritten } from './answer.ts';
import { NewProductBody, ProductAnswer } from './schemas.ts';

export function createProductRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/products',
    {
      config: { access: sellers('catalog') },
      schema: {
        summary: 'A new product, with its variants',
        tags: ['products'],
        body: NewProductBody,
        response: { 201: ProductAnswer, 400: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { variants, merchantId: named, ...content } = request.body;
      const caller = callerOf(request);
      const merchantId = sellerOf(caller, named);
      refuseSlug(content.slug);
      const id = services.nextId();
      await changeCatalog(services, async (change) => {
        await insertProduct(change.client, { ...content, id, merchantId });
        const rows = variants.map((variant) => ({ ...variant, id: services.nextId() }));
        if (rows.length > 0) await insertVariants(change.client, id, rows);
        // Its slug may have been asked for before; categories are counted, and a currency may be new.
        change.stale('product', id, content.slug);
        if (content.status === 'active') {
          change.stale('category', ALL);
          change.stale('rates', ALL);
        }
        await recordPrivileged(change, services, caller, {
          action: 'product.create',
          subjectKind: 'product',
          subjectId: id,
          detail: { merchantId },
        });
      });
      reply.code(201).header('location', `/api/v1/products/${id}`);
      return await answerWritten(services, reply, id);
    },
  );
}

function sellerOf({ role, userId }: Identity, named: string | undefined): string {
  if (role !== 'admin') {
    if (named !== undefined && named !== userId) throw new Refusal('FORBIDDEN');
    return userId;
  }
  if (named === undefined) throw new Refusal('INVALID', { detail: 'merchantId: an admin says whose product it is.' });
  return named;
}

/** An id and a slug lead to a product at the same place, so that one must never look like the other. */
export function refuseSlug(slug: string): void {
  if (isUuidV7(slug)) throw new Refusal('INVALID', { detail: 'A slug must not look like an id.' });
}
