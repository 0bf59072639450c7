import { afterAll, describe, expect, it } from 'vitest';
import { createComputation } from '../../queue-workers/recommendations/computation.ts';
import { TRAINING } from '../../queue-workers/recommendations/settings.ts';
import { evaluate } from './evaluate.ts';
import { learn } from './model.ts';
import { makePopulation } from './population.ts';
import { SHOP } from './shapes.ts';
import { splitByDay, splitLast } from './split.ts';

const computation = createComputation(2);
afterAll(() => computation.close());

const small = { ...SHOP, users: 800, products: 600, categories: 12 };
const settings = { ...TRAINING, iterations: 5, als: { ...TRAINING.als, factors: 16 } };

describe('a made-up population', () => {
  it('is the same for a seed, and another for another', () => {
    const columns = (seed: number) => {
      const { count, products } = makePopulation(small, seed).interactions.columns();
      return [...products.subarray(0, count)];
    };
    expect(columns(1)).toEqual(columns(1));
    expect(columns(1)).not.toEqual(columns(2));
  });

  it.each([
    ['by day', splitByDay],
    ['by shopper', splitLast],
  ])('is parted %s so that nothing wanted was known', (_, splitBy) => {
    const population = makePopulation(small, 1);
    const { columns, heldOut } = splitBy(population, 0.8);
    const known = new Set(
      Array.from({ length: columns.count }, (_, at) => `${columns.users[at]} ${columns.products[at]}`),
    );
    expect(heldOut.length).toBeGreaterThan(200);
    for (const { user, wanted, session, before } of heldOut) {
      expect([...wanted].filter((product) => known.has(`${user} ${product}`))).toEqual([]);
      expect(session.filter((product) => wanted.has(product))).toEqual([]);
      expect(before.every((product) => known.has(`${user} ${product}`))).toBe(true);
    }
  });
});

describe('a model of it', () => {
  it('finds more of what comes after than popularity, and that more than chance', async () => {
    const population = makePopulation(small, 1);
    const split = splitByDay(population, 0.8);
    const { qualities, gain } = await evaluate({ population, split, computation, settings, most: 600 });
    expect(gain.recall.low).toBeGreaterThan(0.05);
    expect(gain.ndcg.low).toBeGreaterThan(0.02);
    expect(qualities.ALS.recall).toBeGreaterThan(qualities.popularity.recall);
    expect(qualities.content.recall).toBeGreaterThan(qualities.popularity.recall);
    expect(qualities.popularity.recall).toBeGreaterThan(1.5 * qualities.random.recall);
    // 20 of 600.
    expect(qualities.random.recall).toBeLessThan(0.06);
  });

  it('has nothing to find where shoppers have no taste', async () => {
    const tasteless = { ...small, choices: 1, strolls: 100 };
    const population = makePopulation(tasteless, 1);
    const split = splitByDay(population, 0.8);
    const { gain } = await evaluate({ population, split, computation, settings, most: 600 });
    expect(gain.recall.mean).toBeLessThan(0.05);
  });

  it('is the same with one thread and with two, and its loss only falls', async () => {
    const { made, interactions, shape } = makePopulation(small, 1);
    const { users, products, days: today } = shape;
    const one = createComputation(1);
    const given = { settings, columns: interactions.columns(), made, users, products, today };
    const [first, second] = [await learn({ ...given, computation }), await learn({ ...given, computation: one })];
    await one.close();
    expect(first.factors.losses).toEqual(second.factors.losses);
    expect(first.factors.users).toEqual(second.factors.users);
    const { losses } = first.factors;
    expect(losses).toEqual(losses.toSorted((a, b) => b - a));
    expect(losses).toHaveLength(5);
  });
});
