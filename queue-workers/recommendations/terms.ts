/** What is said of products, as numbered terms with weights: bounded, as merchants write what they like. */
import { type Entries, sharedFloat32, sharedUint32 } from '../../commerce/recommendations/sparse-rows.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { DescribedProduct } from '../../db/queries/recommendations/read-products.ts';

export interface Terms {
  add(row: number, product: DescribedProduct): void;
  finish(): { readonly entries: Entries; readonly count: number };
}

/** The category itself says more than what is above it, a brand more than one word of a title. */
const WEIGHTS = { category: 1.5, above: 0.5, brand: 1, attribute: 0.6, word: 1 } as const;

export function createTerms(parents: ReadonlyMap<string, string>): Terms {
  const numbers = new Map<string, number>();
  const products: number[] = [];
  const terms: number[] = [];
  const weights: number[] = [];

  /** Undefined for one term too many: it is as if nobody had said it. */
  function numberOf(term: string): number | undefined {
    const known = numbers.get(term);
    if (known !== undefined || numbers.size >= LIMITS.trainingTerms) return known;
    numbers.set(term, numbers.size);
    return numbers.size - 1;
  }
  return {
    add(row, product) {
      for (const [term, weight] of termsOf(product, parents).slice(0, LIMITS.termsPerProduct)) {
        const number = numberOf(term);
        if (number === undefined) continue;
        products.push(row);
        terms.push(number);
        weights.push(weight);
      }
    },
    finish() {
      const entries = {
        count: products.length,
        rows: sharedUint32(products.length),
        columns: sharedUint32(products.length),
        values: sharedFloat32(products.length),
      };
      entries.rows.set(products);
      entries.columns.set(terms);
      entries.values.set(weights);
      return { entries, count: numbers.size };
    },
  };
}

function termsOf(
  { categoryId, brandId, attributes, titleWords }: DescribedProduct,
  parents: ReadonlyMap<string, string>,
): readonly (readonly [string, number])[] {
  return [
    [`c:${categoryId}`, WEIGHTS.category],
    ...categoriesAbove(categoryId, parents).map((id): [string, number] => [`c:${id}`, WEIGHTS.above]),
    ...(brandId === null ? [] : [[`b:${brandId}`, WEIGHTS.brand] as const]),
    ...titleWords.map((word): [string, number] => [`w:${word}`, WEIGHTS.word]),
    ...attributes.map((attribute): [string, number] => [`a:${attribute}`, WEIGHTS.attribute]),
  ];
}

/** A tree by its triggers; the bound is for a database that was made otherwise. */
const MOST_LEVELS = 32;

export function categoriesAbove(categoryId: string, parents: ReadonlyMap<string, string>): readonly string[] {
  const above: string[] = [];
  for (let id = parents.get(categoryId); id !== undefined && above.length < MOST_LEVELS; id = parents.get(id)) {
    above.push(id);
  }
  return above;
}
