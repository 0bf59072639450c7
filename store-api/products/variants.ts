import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import {
  archiveVariant,
  countVariants,
  deleteVariant,
  findOwnVariant,
  insertVariants,
  isVariantNamed,
  type OwnedVariant,
  updateVariant,
} from '../../db/queries/write-variants.ts';
import { ALL } from '../caching/catalog.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerWritten } from './answer.ts';
import { changeOwnProduct, merchantOf, type OwnChange } from './own.ts';
import { ById, BySku, NewVariantBody, ProductAnswer, VariantBody } from './schemas.ts';

const config = { access: sellers('catalog') };
const refusals = { 400: Problem, 404: Problem, 409: Problem, 412: Problem };

export function addVariantRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/products/:id/variants',
    {
      config,
      schema: {
        summary: 'One more variant of a product',
        tags: ['products'],
        params: ById,
        body: NewVariantBody,
        response: { 201: ProductAnswer, ...refusals },
      },
    },
    async (request, reply) => {
      const productId = request.params.id;
      await changeOwnProduct(services, request, { productId, action: 'variant.create' }, async ({ change }) => {
        if ((await countVariants(change.client, productId)) >= LIMITS.variantsPerProduct) throw new Refusal('TOO_MANY');
        await insertVariants(change.client, productId, [{ ...request.body, id: services.nextId() }]);
        change.stale('rates', ALL);
      });
      reply.code(201);
      return await answerWritten(services, reply, productId);
    },
  );
}

export function updateVariantRoute(app: StoreApp, services: StoreServices): void {
  app.put(
    '/variants/:sku',
    {
      config,
      schema: {
        summary: 'A variant: its price, what sets it apart',
        tags: ['products'],
        params: BySku,
        body: VariantBody,
        response: { 200: ProductAnswer, ...refusals },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const productId = await changeOwnVariant(services, request, { sku, action: 'variant.update' }, async (own) => {
        await updateVariant(own.change.client, own.variant.id, request.body);
        own.change.stale('rates', ALL);
      });
      return await answerWritten(services, reply, productId);
    },
  );
}

export function removeVariantRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/variants/:sku',
    {
      config,
      schema: {
        summary: 'Takes a variant out of the shop: removed when it was never sold, archived otherwise',
        tags: ['products'],
        params: BySku,
        response: {
          200: Type.Object({ outcome: Type.Union([Type.Literal('removed'), Type.Literal('archived')]) }),
          ...refusals,
        },
      },
    },
    async (request) => {
      let outcome: 'removed' | 'archived' = 'removed';
      const { sku } = request.params;
      await changeOwnVariant(services, request, { sku, action: 'variant.remove' }, async (own) => {
        const isKnown = own.product.isPublished || (await isVariantNamed(own.change.client, sku));
        outcome = isKnown ? 'archived' : 'removed';
        await (isKnown ? archiveVariant : deleteVariant)(own.change.client, own.variant.id);
      });
      return { outcome };
    },
  );
}

/** Finds the product of a variant first: it is what is locked, and whose version is named. */
async function changeOwnVariant(
  services: StoreServices,
  request: FastifyRequest,
  { sku, action }: { readonly sku: string; readonly action: string },
  work: (own: OwnChange & { readonly variant: OwnedVariant }) => Promise<void>,
): Promise<string> {
  const merchantId = merchantOf(callerOf(request));
  const found = await findOwnVariant(services.database, sku, merchantId);
  if (found === undefined) throw new Refusal('NOT_FOUND');
  const { productId } = found;
  await changeOwnProduct(services, request, { productId, action }, async (own) => {
    // Somebody may have removed it before the product was locked.
    const variant = await findOwnVariant(own.change.client, sku, merchantId);
    if (variant === undefined || variant.productId !== productId) throw new Refusal('NOT_FOUND');
    await work({ ...own, variant });
  });
  return productId;
}
