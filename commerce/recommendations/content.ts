/**
 * Products that are alike by what is said of them: category, brand, attributes, words of the title. A term that few
 * products have says much (TF-IDF), and a product is compared with those only that share a term with it, found through
 * the list of each term.
 */
import { createBestList } from './best-list.ts';
import { emptyLists, type Lists } from './lists.ts';
import { type SparseRows, transposed } from './sparse-rows.ts';

export interface AlikeTask {
  /** Terms by product, of length 1; and products by term. */
  readonly products: SparseRows;
  readonly terms: SparseRows;
  readonly most: number;
  /** How many entries of lists are read for one product: those of its rarest terms. */
  readonly mostRead: number;
  readonly from: number;
  readonly to: number;
}

/** Weighs terms by how rare they are and brings each product to length 1. Changes the matrix, and returns it turned. */
export function weighTerms(products: SparseRows): SparseRows {
  const { rows, columns, starts, indexes, values } = products;
  const having = new Uint32Array(columns);
  for (const term of indexes) having[term] = (having[term] ?? 0) + 1;
  for (const [at, term] of indexes.entries()) {
    values[at] = (values[at] ?? 0) * Math.log((1 + rows) / (1 + (having[term] ?? 0)));
  }
  for (let row = 0; row < rows; row += 1) toLengthOne(values.subarray(starts[row], starts[row + 1]));
  return transposed(products);
}

function toLengthOne(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (const [at, value] of vector.entries()) vector[at] = value / length;
}

export function alikeProducts({ products, terms, most, mostRead, from, to }: AlikeTask): Lists {
  const lists = emptyLists(from, to, most);
  const best = createBestList(most);
  const sums = new Float64Array(products.rows);
  const met = new Uint32Array(products.rows);
  const listLength = (term: number) => (terms.starts[term + 1] ?? 0) - (terms.starts[term] ?? 0);

  function add(term: number, weight: number, before: number): number {
    let others = before;
    const end = terms.starts[term + 1] ?? 0;
    for (let at = terms.starts[term] ?? 0; at < end; at += 1) {
      const other = terms.indexes[at] ?? 0;
      if (sums[other] === 0) {
        met[others] = other;
        others += 1;
      }
      sums[other] = (sums[other] ?? 0) + weight * (terms.values[at] ?? 0);
    }
    return others;
  }

  /** Says how many products share a term with it; their sums are the cosines. */
  function compare(product: number): number {
    const begin = products.starts[product] ?? 0;
    const places = Array.from({ length: (products.starts[product + 1] ?? 0) - begin }, (_, at) => begin + at)
      .filter((at) => (products.values[at] ?? 0) > 0)
      .sort((a, b) => listLength(products.indexes[a] ?? 0) - listLength(products.indexes[b] ?? 0));
    let [read, others] = [0, 0];
    for (const at of places) {
      const term = products.indexes[at] ?? 0;
      read += listLength(term);
      if (read > mostRead) break;
      others = add(term, products.values[at] ?? 0, others);
    }
    return others;
  }

  for (let product = from; product < to; product += 1) {
    const others = compare(product);
    for (let at = 0; at < others; at += 1) {
      const other = met[at] ?? 0;
      if (other !== product) best.offer(other, sums[other] ?? 0);
      sums[other] = 0;
    }
    lists.counts[product - from] = best.takeInto(lists.indexes, lists.scores, (product - from) * most);
  }
  return lists;
}
