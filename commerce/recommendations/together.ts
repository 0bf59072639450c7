/**
 * What is bought together: how often two products are in the same basket, against how often each of them is (cosine).
 * Pairs that meet no more often than by chance (lift), or too seldom to say anything, are none.
 */
import { createBestList } from './best-list.ts';
import { emptyLists, type Lists } from './lists.ts';
import { seededRoll } from './seeded-roll.ts';
import type { SparseRows } from './sparse-rows.ts';

export interface TogetherTask {
  /** Baskets by product, and products by basket: each the other one turned. */
  readonly baskets: SparseRows;
  readonly products: SparseRows;
  /** Products from this index on are in no list. */
  readonly listed: number;
  readonly most: number;
  readonly fewestBaskets: number;
  /** Of a product that is in more baskets than this, that many are looked at: one out of each stretch, by chance. */
  readonly mostBaskets: number;
  readonly from: number;
  readonly to: number;
}

export function boughtTogether(task: TogetherTask): Lists {
  const { baskets, products, listed, most, fewestBaskets, mostBaskets, from, to } = task;
  const lists = emptyLists(from, to, most);
  const best = createBestList(most);
  const counts = new Uint32Array(products.rows);
  const met = new Uint32Array(products.rows);
  const basketsOf = (product: number) => (products.starts[product + 1] ?? 0) - (products.starts[product] ?? 0);

  /** Says how many others there are, and how many of its baskets were looked at. */
  function count(product: number): { readonly others: number; readonly seen: number } {
    const all = basketsOf(product);
    const seen = Math.min(all, mostBaskets);
    const roll = seededRoll(product);
    let others = 0;
    for (let stretch = 0; stretch < seen; stretch += 1) {
      // Not every tenth: baskets may have a rhythm of their own.
      const at = seen === all ? stretch : Math.floor(((stretch + roll()) * all) / seen);
      const basket = products.indexes[(products.starts[product] ?? 0) + at] ?? 0;
      others = countBasket(basket, product, others);
    }
    return { others, seen };
  }
  function countBasket(basket: number, product: number, before: number): number {
    let others = before;
    const end = baskets.starts[basket + 1] ?? 0;
    for (let at = baskets.starts[basket] ?? 0; at < end; at += 1) {
      const other = baskets.indexes[at] ?? 0;
      if (other >= listed || other === product) continue;
      if (counts[other] === 0) {
        met[others] = other;
        others += 1;
      }
      counts[other] = (counts[other] ?? 0) + 1;
    }
    return others;
  }

  for (let product = from; product < to; product += 1) {
    const { others, seen } = count(product);
    const all = basketsOf(product);
    for (let at = 0; at < others; at += 1) {
      const other = met[at] ?? 0;
      const both = ((counts[other] ?? 0) * all) / seen;
      const isTelling = (counts[other] ?? 0) >= fewestBaskets && both * baskets.rows > all * basketsOf(other);
      if (isTelling) best.offer(other, both / Math.sqrt(all * basketsOf(other)));
      counts[other] = 0;
    }
    lists.counts[product - from] = best.takeInto(lists.indexes, lists.scores, (product - from) * most);
  }
  return lists;
}
