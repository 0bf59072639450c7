/** A model of a made-up population, made by the same threads as a real one; its lists stay in memory. */
import type { RankedProducts } from '../../commerce/recommendations/best-products.ts';
import type { Columns } from '../../commerce/recommendations/interactions.ts';
import { type Lists, listOf } from '../../commerce/recommendations/lists.ts';
import type { Prepared } from '../../commerce/recommendations/prepare.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { type Computation, inParts } from '../../queue-workers/recommendations/computation.ts';
import { type Factors, fitFactors } from '../../queue-workers/recommendations/fit.ts';
import type { TrainingSettings } from '../../queue-workers/recommendations/settings.ts';
import type { Described } from '../../queue-workers/recommendations/thread.ts';
import type { MadeProducts } from './products.ts';

export interface Learned {
  readonly prepared: Prepared;
  readonly described: Described;
  readonly factors: Factors;
  readonly ranked: RankedProducts;
}

export interface LearnOptions {
  readonly computation: Computation;
  readonly settings: TrainingSettings;
  readonly columns: Columns;
  readonly made: MadeProducts;
  readonly users: number;
  readonly products: number;
  readonly today: number;
}

export async function learn(options: LearnOptions): Promise<Learned> {
  const { computation, settings, columns, made, users, products, today } = options;
  const prepared = await computation.prepare({
    ...{ columns, users, products, signals: settings.signals, today },
    halfLifeDays: LIFETIMES.interactionsHalfLifeMs / 86_400_000,
    basketProducts: LIMITS.basketProducts,
  });
  const described = await computation.describe({ entries: made.entries, products, terms: made.terms });
  const { als, iterations, seed } = settings;
  const { met, metBy } = prepared;
  const factors = await fitFactors({ computation, met, metBy, settings: als, iterations, seed });
  const ranked = await computation.rank({ itemFactors: factors.products, factors: als.factors, listed: products });
  return { prepared, described, factors, ranked };
}

/** All lists of one kind, by row. */
export async function allLists(
  rows: number,
  computation: Computation,
  ask: (part: { readonly from: number; readonly to: number }) => Promise<Lists>,
): Promise<(row: number) => readonly (readonly [number, number])[]> {
  const parts = new Map<number, Lists>();
  const rowsPerPart = LIMITS.trainingRowsPerTask;
  await inParts(rows, { rowsPerPart, atOnce: computation.threads + 1 }, async (part) => {
    parts.set(part.from, await ask(part));
  });
  return (row) => {
    const lists = parts.get(row - (row % rowsPerPart));
    return lists === undefined ? [] : [...listOf(lists, row)];
  };
}
