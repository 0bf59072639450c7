/** The lists of a model against the same written the slow way. */
import { describe, expect, it } from 'vitest';
import { bestProducts, rankProducts } from './best-products.ts';
import { alikeProducts, weighTerms } from './content.ts';
import { type Lists, listOf } from './lists.ts';
import { seededRoll } from './seeded-roll.ts';
import { gatherRows, hasEntry, type SparseRows, sharedFloat32, transposed } from './sparse-rows.ts';
import { boughtTogether } from './together.ts';

function randomRows(seed: number, rows: number, columns: number, count: number): SparseRows {
  const roll = seededRoll(seed);
  const whole = (below: number, skew = 1) => Math.floor(roll() ** skew * below);
  return gatherRows(
    {
      count,
      rows: Uint32Array.from({ length: count }, () => whole(rows)),
      columns: Uint32Array.from({ length: count }, () => whole(columns, 2)),
      values: new Float32Array(count).fill(1),
    },
    rows,
    columns,
  );
}
const setOf = ({ starts, indexes }: SparseRows, row: number) => new Set(indexes.subarray(starts[row], starts[row + 1]));

/** Equal scores may come in any order. */
function expectSame(lists: Lists, row: number, wanted: readonly (readonly [number, number])[]): void {
  const got = [...listOf(lists, row)];
  expect(got).toHaveLength(Math.min(lists.most, wanted.length));
  const scoreOf = new Map(wanted);
  const best = wanted.map(([, score]) => score).toSorted((a, b) => b - a);
  for (const [place, [index, score]] of got.entries()) {
    expect(score).toBeCloseTo(best[place] ?? Number.NaN, 4);
    expect(score).toBeCloseTo(scoreOf.get(index) ?? Number.NaN, 4);
  }
  expect(new Set(got.map(([index]) => index)).size).toBe(got.length);
}

describe('a matrix in rows', () => {
  it('has each place once, added up, and turns round and back', () => {
    const entries = {
      count: 5,
      rows: Uint32Array.of(1, 0, 1, 1, 2),
      columns: Uint32Array.of(3, 1, 0, 3, 2),
      values: Float32Array.of(1, 2, 3, 4, 5),
    };
    const matrix = gatherRows(entries, 4, 5);
    expect([...matrix.starts]).toEqual([0, 1, 3, 4, 4]);
    expect([...matrix.indexes]).toEqual([1, 0, 3, 2]);
    expect([...matrix.values]).toEqual([2, 3, 5, 5]);
    expect(hasEntry(matrix, 1, 3)).toBe(true);
    expect(hasEntry(matrix, 1, 2)).toBe(false);
    expect(hasEntry(matrix, 3, 0)).toBe(false);
    const large = randomRows(3, 40, 30, 400);
    expect(transposed(transposed(large))).toEqual(large);
  });
});

describe('the best products of a shopper', () => {
  it('are those that multiplying everything out finds, without what is left out and not listed', () => {
    const [users, products, listed, factors] = [40, 300, 250, 12];
    const roll = seededRoll(5);
    const userFactors = sharedFloat32(users * factors).map(() => roll() - 0.4);
    // Lengths that differ as those of popular and unknown products do, and first factors that say most.
    const itemFactors = sharedFloat32(products * factors).map(
      (_, at) => ((roll() - 0.5) * 3) / (1 + (at % factors)) / (1 + Math.floor(at / factors) / 50),
    );
    const leftOut = randomRows(6, users, products, 600);
    const ranked = rankProducts(itemFactors, factors, listed);
    const task = { products: ranked, userFactors, leftOut, most: 20 };
    const lists = bestProducts({ ...task, from: 10, to: users });
    for (let user = 10; user < users; user += 1) {
      const all = Array.from({ length: listed }, (_, product): [number, number] => {
        let score = 0;
        for (let i = 0; i < factors; i += 1) {
          score += (userFactors[user * factors + i] ?? 0) * (itemFactors[product * factors + i] ?? 0);
        }
        return [product, score];
      });
      expectSame(
        lists,
        user,
        all.filter(([product, score]) => score > 0 && !setOf(leftOut, user).has(product)),
      );
    }
  });
});

describe('what is bought together', () => {
  it('is what counting all pairs finds', () => {
    const [products, listed] = [60, 50];
    const baskets = randomRows(9, 300, products, 900);
    const limits = { most: 8, fewestBaskets: 2, mostBaskets: 1_000, from: 0, to: products };
    const lists = boughtTogether({ baskets, products: transposed(baskets), listed, ...limits });
    const sets = Array.from({ length: baskets.rows }, (_, basket) => setOf(baskets, basket));
    const having = (...wanted: number[]) => sets.filter((set) => wanted.every((product) => set.has(product))).length;
    for (let product = 0; product < products; product += 1) {
      const wanted = Array.from({ length: listed }, (_, other): [number, number] => {
        const both = having(product, other);
        const isTelling = both >= 2 && both * sets.length > having(product) * having(other);
        return [other, isTelling ? both / Math.sqrt(having(product) * having(other)) : 0];
      }).filter(([other, score]) => other !== product && score > 0);
      expectSame(lists, product, wanted);
    }
  });

  it('looks at so many baskets of a product only', () => {
    const count = 3_000;
    const baskets = gatherRows(
      {
        count: 2 * count,
        rows: Uint32Array.from({ length: 2 * count }, (_, at) => Math.floor(at / 2)),
        columns: Uint32Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? 0 : 1 + (Math.floor(at / 2) % 2))),
        values: new Float32Array(2 * count).fill(1),
      },
      // Half of all baskets have other things in them: that two of them meet says something.
      2 * count,
      4,
    );
    const limits = { listed: 4, most: 3, fewestBaskets: 2, mostBaskets: 100, from: 0, to: 1 };
    const lists = boughtTogether({ baskets, products: transposed(baskets), ...limits });
    const [first, second] = [...listOf(lists, 0)];
    expect([first?.[0], second?.[0]].toSorted()).toEqual([1, 2]);
    expect(Math.abs((first?.[1] ?? 0) - Math.SQRT1_2)).toBeLessThan(0.1);
  });
});

describe('products that are alike', () => {
  it('are those that comparing each with each finds', () => {
    const products = randomRows(11, 80, 40, 420);
    const counts = products.values.slice();
    const terms = weighTerms(products);
    const lists = alikeProducts({ products, terms, most: 10, mostRead: 100_000, from: 0, to: 80 });
    const having = (term: number) => products.indexes.filter((index) => index === term).length;
    const vector = (row: number) => {
      const [begin, end] = [products.starts[row] ?? 0, products.starts[row + 1] ?? 0];
      const entries = Array.from({ length: end - begin }, (_, at): [number, number] => {
        const term = products.indexes[begin + at] ?? 0;
        return [term, (counts[begin + at] ?? 0) * Math.log(81 / (1 + having(term)))];
      });
      const length = Math.hypot(...entries.map(([, value]) => value));
      return new Map(entries.map(([term, value]) => [term, length === 0 ? 0 : value / length]));
    };
    const vectors = Array.from({ length: 80 }, (_, row) => vector(row));
    for (const [row, own] of vectors.entries()) {
      const wanted = vectors
        .map((other, at): [number, number] => [
          at,
          [...own].reduce((sum, [term, value]) => sum + value * (other.get(term) ?? 0), 0),
        ])
        .filter(([at, score]) => at !== row && score > 0);
      expectSame(lists, row, wanted);
    }
  });

  it('reads the rarest terms first, and no more than it may', () => {
    // All have term 0; 0 and 1 have term 1 too; a term that all have says nothing at all, so one product has it not.
    const entries = {
      count: 11,
      rows: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 8),
      columns: Uint32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2),
      values: new Float32Array(11).fill(1),
    };
    const products = gatherRows(entries, 9, 3);
    const terms = weighTerms(products);
    const read = (mostRead: number) =>
      [...listOf(alikeProducts({ products, terms, most: 9, mostRead, from: 0, to: 1 }), 0)].map(([index]) => index);
    expect(read(5)).toEqual([1]);
    expect(read(10)).toHaveLength(7);
    expect(read(10)[0]).toBe(1);
  });
});
