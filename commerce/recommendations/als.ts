/**
 * Implicit feedback as factors (Hu, Koren, Volinsky 2008): x·y should be 1 where a shopper met a product and 0 elsewhere,
 * and the more they met, the more that matters: weight 1 + alpha × r. All the empty places are in it without being
 * looked at: their part of every row's equation is the same, Y'Y, and is computed once for all of them.
 *
 * A row is not solved to its end: some steps of conjugate gradients from where it stood (Takács et al. 2011) cost
 * factors² instead of factors³, and each of them lowers the loss.
 */
import type { SparseRows } from './sparse-rows.ts';
import { addRowTimes, addTimes, dot, dotRow, multiply, readRow } from './vectors.ts';

export interface AlsSettings {
  readonly factors: number;
  readonly alpha: number;
  readonly regularization: number;
  readonly cgSteps: number;
}

/** Some rows of one side, while the other side stays as it is. */
export interface AlsRows {
  readonly matrix: SparseRows;
  readonly own: Float32Array;
  readonly others: Float32Array;
  readonly settings: AlsSettings;
  readonly from: number;
  readonly to: number;
}

/** The same for a seed on every machine; small, so that nothing is liked at first. */
export function startFactors(target: Float32Array, factors: number, roll: () => number): void {
  const most = 0.2 / Math.sqrt(factors);
  for (let at = 0; at < target.length; at += 1) target[at] = (roll() - 0.5) * most;
}

/** `gram` is Y'Y of the others. */
export function solveRows(rows: AlsRows, gram: Float64Array): void {
  const { own, settings, from, to } = rows;
  const { factors } = settings;
  const vector = () => new Float64Array(factors);
  const scratch: Scratch = { x: vector(), residual: vector(), direction: vector(), product: vector() };
  for (let row = from; row < to; row += 1) {
    readRow(own, row * factors, scratch.x);
    solveRow(rows, gram, row, scratch);
    own.set(scratch.x, row * factors);
  }
}

interface Scratch {
  readonly x: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/** What is smaller than this is solved: a step more would divide by nearly nothing. */
const SOLVED = 1e-16;

function solveRow(rows: AlsRows, gram: Float64Array, row: number, scratch: Scratch): void {
  const { x, residual, direction, product } = scratch;
  rightSide(rows, row, residual);
  applyEquation(rows, gram, row, x, product);
  addTimes(residual, product, -1);
  direction.set(residual);
  let size = dot(residual, residual);
  for (let step = 0; step < rows.settings.cgSteps && size > SOLVED; step += 1) {
    applyEquation(rows, gram, row, direction, product);
    const length = size / dot(direction, product);
    addTimes(x, direction, length);
    addTimes(residual, product, -length);
    const next = dot(residual, residual);
    for (let i = 0; i < x.length; i += 1) direction[i] = (residual[i] ?? 0) + (next / size) * (direction[i] ?? 0);
    size = next;
  }
}

/** (Y'Y + λ + Σ alpha·r·yy') × vector. */
function applyEquation(
  { matrix, others, settings }: AlsRows,
  gram: Float64Array,
  row: number,
  vector: Float64Array,
  into: Float64Array,
): void {
  const { factors, alpha, regularization } = settings;
  const { starts, indexes, values } = matrix;
  multiply(gram, vector, into);
  addTimes(into, vector, regularization);
  const end = starts[row + 1] ?? 0;
  for (let at = starts[row] ?? 0; at < end; at += 1) {
    const base = (indexes[at] ?? 0) * factors;
    addRowTimes(into, others, base, alpha * (values[at] ?? 0) * dotRow(vector, others, base));
  }
}

/** Σ (1 + alpha·r)·y. */
function rightSide({ matrix, others, settings }: AlsRows, row: number, into: Float64Array): void {
  const { factors, alpha } = settings;
  const { starts, indexes, values } = matrix;
  into.fill(0);
  const end = starts[row + 1] ?? 0;
  for (let at = starts[row] ?? 0; at < end; at += 1) {
    addRowTimes(into, others, (indexes[at] ?? 0) * factors, 1 + alpha * (values[at] ?? 0));
  }
}

/** What these rows bring to the loss by what they met; the empty places bring `emptyLoss`. */
export function metLoss({ matrix, own, others, settings, from, to }: AlsRows): number {
  const { factors, alpha } = settings;
  const { starts, indexes, values } = matrix;
  const x = new Float64Array(factors);
  let loss = 0;
  for (let row = from; row < to; row += 1) {
    readRow(own, row * factors, x);
    const end = starts[row + 1] ?? 0;
    for (let at = starts[row] ?? 0; at < end; at += 1) {
      const score = dotRow(x, others, (indexes[at] ?? 0) * factors);
      loss += (1 + alpha * (values[at] ?? 0)) * (1 - score) ** 2 - score ** 2;
    }
  }
  return loss;
}

/** Σ (x·y)² over all pairs is the trace of X'X·Y'Y; with it what the sizes of the factors cost. */
export function emptyLoss(gramOwn: Float64Array, gramOthers: Float64Array, settings: AlsSettings): number {
  const { factors, regularization } = settings;
  let loss = dot(gramOwn, gramOthers);
  for (let i = 0; i < factors; i += 1) {
    loss += regularization * ((gramOwn[i * factors + i] ?? 0) + (gramOthers[i * factors + i] ?? 0));
  }
  return loss;
}
