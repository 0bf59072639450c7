/** What the routes of recommendations are made of. */
import { LIMITS } from '../../contracts/limits.ts';
import { findProductsOfSkus } from '../../db/queries/recommendations/find-products-of-skus.ts';
import { createMemory } from '../caching/memory.ts';
import type { StoreServices } from '../services.ts';
import { createIdeas } from './ideas.ts';
import { createKnown } from './known.ts';
import { createServed } from './served.ts';

export type RecommendationParts = ReturnType<typeof createParts>;

export function createParts(services: StoreServices) {
  return {
    served: createServed(services),
    known: createKnown(services),
    ideas: createIdeas(services),
    productsOfSkus: createProductsOfSkus(services),
  };
}

/** Remembered, as it does not change. */
function createProductsOfSkus({ database }: Pick<StoreServices, 'database'>) {
  const remembered = createMemory<string>(LIMITS.skusRemembered);
  return async (skus: readonly string[]): Promise<string[]> => {
    const missing = skus.filter((sku) => remembered.get(sku) === undefined);
    if (missing.length > 0) {
      for (const [sku, productId] of await findProductsOfSkus(database, missing)) remembered.set(sku, productId);
    }
    return [...new Set(skus.flatMap((sku) => remembered.get(sku) ?? []))];
  };
}
