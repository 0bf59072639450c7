/** What the pool calls in its threads. Matrices and factors are shared memory, lists are copied: they are small. */
import { type AlsRows, metLoss, solveRows } from '../../commerce/recommendations/als.ts';
import {
  type BestTask,
  bestProducts,
  type RankedProducts,
  rankProducts,
} from '../../commerce/recommendations/best-products.ts';
import { type AlikeTask, alikeProducts, weighTerms } from '../../commerce/recommendations/content.ts';
import type { Lists } from '../../commerce/recommendations/lists.ts';
import { type Prepared, type PrepareTask, prepare } from '../../commerce/recommendations/prepare.ts';
import { type Entries, gatherRows, type SparseRows } from '../../commerce/recommendations/sparse-rows.ts';
import { boughtTogether, type TogetherTask } from '../../commerce/recommendations/together.ts';
import { gramOf } from '../../commerce/recommendations/vectors.ts';

export interface DescribeTask {
  /** A product in each row, its terms and what each weighs. */
  readonly entries: Entries;
  readonly products: number;
  readonly terms: number;
}

export interface Described {
  readonly products: SparseRows;
  readonly terms: SparseRows;
}

export interface GramTask {
  readonly rows: Float32Array;
  readonly factors: number;
  readonly from: number;
  readonly to: number;
}

export interface SolveTask {
  readonly rows: AlsRows;
  readonly gram: Float64Array;
}

export interface RankTask {
  readonly itemFactors: Float32Array;
  readonly factors: number;
  readonly listed: number;
}

export const runPrepare = (task: PrepareTask): Prepared => prepare(task);
export const runGram = ({ rows, factors, from, to }: GramTask): Float64Array => gramOf(rows, factors, from, to);
export const runSolve = ({ rows, gram }: SolveTask): void => solveRows(rows, gram);
export const runMetLoss = (rows: AlsRows): number => metLoss(rows);
export const runRank = ({ itemFactors, factors, listed }: RankTask): RankedProducts =>
  rankProducts(itemFactors, factors, listed);
export const runBest = (task: BestTask): Lists => bestProducts(task);
export const runAlike = (task: AlikeTask): Lists => alikeProducts(task);
export const runTogether = (task: TogetherTask): Lists => boughtTogether(task);

export function runDescribe({ entries, products: rows, terms: columns }: DescribeTask): Described {
  const products = gatherRows(entries, rows, columns);
  return { products, terms: weighTerms(products) };
}
