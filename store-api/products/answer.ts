import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredProduct } from '../../db/product-rows.ts';
import { findProduct } from '../../db/queries/find-product.ts';
import { ALL } from '../caching/catalog.ts';
import type { StoreServices } from '../services.ts';
import { wantedLanguages } from './language.ts';
import { rateTable, showProduct } from './show.ts';

/** A product as its merchant wrote it, right after a change: with the version that the next change has to name. */
export async function answerWritten(services: StoreServices, reply: FastifyReply, productId: string) {
  const product = await findProduct(services.database, { id: productId });
  if (product === undefined) throw new Error('A product that was just written is not there.');
  reply.header('etag', `"${product.version}"`);
  return showProduct(product, { languages: [product.language], currency: undefined, rates: {} });
}

/** A product for whoever reads it. Sets what its ETag begins with. */
export async function answerRead(
  { catalog }: Pick<StoreServices, 'catalog'>,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: { readonly product: StoredProduct; readonly currency: string | undefined },
) {
  const known = asked.currency === undefined ? undefined : await catalog.rates.get(ALL);
  const shown = showProduct(asked.product, {
    languages: wantedLanguages(request.headers['accept-language']),
    currency: asked.currency,
    rates: rateTable(known?.rates ?? []),
  });
  reply.header('etag', String(asked.product.version)).header('content-language', shown.language);
  return shown;
}
