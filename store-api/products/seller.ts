import Type from 'typebox';
import { findProduct } from '../../db/queries/find-product.ts';
import { PRIVATE, tagAnswer } from '../caching/etag.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { answerRead } from './answer.ts';
import { ShownIn } from './get.ts';
import { merchantOf } from './own.ts';
import { pageOfProducts, productQuery } from './query.ts';
import { ById, ProductAnswer, ProductPage } from './schemas.ts';

const Status = Type.Union(
  [Type.Literal('draft'), Type.Literal('active'), Type.Literal('archived'), Type.Literal('any')],
  { default: 'any' },
);

/** What merchants have, also what is not sold yet or no more. An admin sees the products of all. */
export function sellerProductsRoutes(app: StoreApp, services: StoreServices): void {
  app.get(
    '/seller/products',
    {
      config: { access: sellers('catalog') },
      onSend: tagAnswer,
      schema: {
        summary: 'The products of the merchant who asks, in every state',
        tags: ['products'],
        querystring: Type.Object({ ...productQuery, status: Status }, { additionalProperties: false }),
        response: { 200: ProductPage, 400: Problem },
      },
    },
    async (request, reply) => {
      const { query, headers } = request;
      const merchantId = merchantOf(callerOf(request)) ?? query.merchant;
      const scope = { status: query.status, isOwners: true, ...(merchantId === undefined ? {} : { merchantId }) };
      reply.header('cache-control', PRIVATE);
      const { merchant: _merchant, status: _status, ...asked } = query;
      return await pageOfProducts(services, asked, scope, headers['accept-language']);
    },
  );

  app.get(
    '/seller/products/:id',
    {
      config: { access: sellers('catalog') },
      onSend: tagAnswer,
      schema: {
        summary: 'One product of the merchant who asks, in whatever state',
        tags: ['products'],
        params: ById,
        querystring: ShownIn,
        response: { 200: ProductAnswer, 404: Problem },
      },
    },
    async (request, reply) => {
      const product = await findProduct(services.database, { id: request.params.id });
      const merchantId = merchantOf(callerOf(request));
      const isTheirs = product !== undefined && (merchantId === null || product.merchantId === merchantId);
      if (!isTheirs) return refuse(reply, 'NOT_FOUND');
      reply.header('cache-control', PRIVATE);
      return await answerRead(services, request, reply, { product, currency: request.query.currency });
    },
  );
}
