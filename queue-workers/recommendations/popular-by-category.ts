import { type BestList, createBestList } from '../../commerce/recommendations/best-list.ts';
import type { ScoredProduct } from '../../contracts/recommendations.ts';
import type { Catalog } from './read-model.ts';
import { categoriesAbove } from './terms.ts';

/** The most bought of each category with all below it. */
export function* popularByCategory(
  popularity: Float32Array,
  { listed, products, categories, categoryOf, parents }: Catalog,
  most: number,
): Generator<readonly [string, readonly ScoredProduct[]]> {
  const lists = new Map<string, BestList>();
  const pathOf = Array.from({ length: categories.size }, (_, category) => {
    const id = categories.textOf(category);
    return [id, ...categoriesAbove(id, parents)];
  });
  for (let product = 0; product < listed; product += 1) {
    const score = popularity[product] ?? 0;
    if (score <= 0) continue;
    for (const category of pathOf[categoryOf[product] ?? 0] ?? []) {
      const list = lists.get(category) ?? createBestList(most);
      lists.set(category, list);
      list.offer(product, score);
    }
  }
  for (const [category, list] of lists) {
    yield [category, Array.from(list.take(), ([product, score]) => ({ productId: products.textOf(product), score }))];
  }
}
