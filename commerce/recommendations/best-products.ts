/**
 * The best products for a shopper by their factors: exactly the best, without looking at all of them. |x|·|y| bounds x·y,
 * and products stand by |y|: from the first whose bound does not reach the list on, none can. Before a product is
 * multiplied out, its first factors and the length of the rest bound it once more.
 */
import { createBestList } from './best-list.ts';
import { emptyLists, type Lists } from './lists.ts';
import { hasEntry, type SparseRows, sharedFloat32, sharedUint32 } from './sparse-rows.ts';
import { dotRow, readRow } from './vectors.ts';

export interface RankedProducts {
  readonly factors: number;
  /** Which product stands at each place, by falling length; its factors there; its length, and that of the later ones. */
  readonly order: Uint32Array;
  readonly rows: Float32Array;
  readonly lengths: Float32Array;
  readonly restLengths: Float32Array;
}

const FIRST_PART = 0.25;
/** Lengths are rounded to 32 bits: a bound is a little higher than what it says. */
const ROUNDED = 1 + 1e-6;

/** Of the first `listed` products: the others are known, but not shown. */
export function rankProducts(itemFactors: Float32Array, factors: number, listed: number): RankedProducts {
  const firstPart = firstPartOf(factors);
  const lengthOf = (at: number, from: number): number => {
    let sum = 0;
    for (let i = from; i < factors; i += 1) sum += (itemFactors[at * factors + i] ?? 0) ** 2;
    return Math.sqrt(sum);
  };
  const lengths = Float64Array.from({ length: listed }, (_, at) => lengthOf(at, 0));
  const order = sharedUint32(listed);
  for (let at = 0; at < listed; at += 1) order[at] = at;
  order.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const ranked = { rows: sharedFloat32(listed * factors), lengths: sharedFloat32(listed), rest: sharedFloat32(listed) };
  for (const [place, at] of order.entries()) {
    ranked.rows.set(itemFactors.subarray(at * factors, (at + 1) * factors), place * factors);
    ranked.lengths[place] = (lengths[at] ?? 0) * ROUNDED;
    ranked.rest[place] = lengthOf(at, firstPart) * ROUNDED;
  }
  return { factors, order, rows: ranked.rows, lengths: ranked.lengths, restLengths: ranked.rest };
}

const firstPartOf = (factors: number) => Math.max(1, Math.floor(factors * FIRST_PART));

export interface BestTask {
  readonly products: RankedProducts;
  readonly userFactors: Float32Array;
  /** What is not to be in the list of its row. */
  readonly leftOut: SparseRows;
  readonly most: number;
  readonly from: number;
  readonly to: number;
}

export function bestProducts({ products, userFactors, leftOut, most, from, to }: BestTask): Lists {
  const { factors, order, rows, lengths, restLengths } = products;
  const lists = emptyLists(from, to, most);
  const best = createBestList(most);
  const first = new Float64Array(firstPartOf(factors));
  const rest = new Float64Array(factors - first.length);

  function search(row: number): void {
    const length = lengthOf(first, rest);
    const restLength = Math.sqrt(sumOfSquares(rest));
    for (let place = 0; place < order.length; place += 1) {
      const bar = best.bar();
      if (length * (lengths[place] ?? 0) <= bar) return;
      const begun = dotRow(first, rows, place * factors);
      if (begun + restLength * (restLengths[place] ?? 0) <= bar) continue;
      const score = begun + dotRow(rest, rows, place * factors + first.length);
      const product = order[place] ?? 0;
      if (score > bar && score > 0 && !hasEntry(leftOut, row, product)) best.offer(product, score);
    }
  }

  for (let row = from; row < to; row += 1) {
    readRow(userFactors, row * factors, first);
    readRow(userFactors, row * factors + first.length, rest);
    search(row);
    lists.counts[row - from] = best.takeInto(lists.indexes, lists.scores, (row - from) * most);
  }
  return lists;
}

const lengthOf = (first: Float64Array, rest: Float64Array) => Math.sqrt(sumOfSquares(first) + sumOfSquares(rest));

function sumOfSquares(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return sum;
}
