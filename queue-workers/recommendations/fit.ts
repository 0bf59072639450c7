/** The factors of shoppers and products, trained in threads: the same figures for a seed, however many threads there are. */
import { type AlsRows, type AlsSettings, emptyLoss, startFactors } from '../../commerce/recommendations/als.ts';
import { seededRoll } from '../../commerce/recommendations/seeded-roll.ts';
import { type SparseRows, sharedFloat32 } from '../../commerce/recommendations/sparse-rows.ts';
import { type Computation, inParts } from './computation.ts';

export interface FitOptions {
  readonly computation: Computation;
  readonly met: SparseRows;
  readonly metBy: SparseRows;
  readonly settings: AlsSettings;
  readonly iterations: number;
  readonly seed: number;
  /** After each iteration. */
  iterated?(iteration: number, loss: number): void;
  readonly until?: AbortSignal;
}

export interface Factors {
  readonly users: Float32Array;
  readonly products: Float32Array;
  /** After each iteration; it only falls. */
  readonly losses: readonly number[];
}

/** Few enough that the sum of their parts is the same whoever was first, and many enough that no thread waits long. */
const PARTS = 16;

export async function fitFactors(options: FitOptions): Promise<Factors> {
  const { computation, met, metBy, settings, iterations, until } = options;
  const { factors } = settings;
  const users = sharedFloat32(met.rows * factors);
  const products = sharedFloat32(met.columns * factors);
  const roll = seededRoll(options.seed);
  startFactors(users, factors, roll);
  startFactors(products, factors, roll);
  const byUser: Side = { matrix: met, own: users, others: products, settings };
  const byProduct: Side = { matrix: metBy, own: products, others: users, settings };

  const losses: number[] = [];
  let gramOfProducts = await gram(computation, products, factors);
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    until?.throwIfAborted();
    await eachPart(computation, byUser, (rows) => computation.solve({ rows, gram: gramOfProducts }));
    const gramOfUsers = await gram(computation, users, factors);
    until?.throwIfAborted();
    await eachPart(computation, byProduct, (rows) => computation.solve({ rows, gram: gramOfUsers }));
    gramOfProducts = await gram(computation, products, factors);
    const loss = (await sumOfMet(computation, byUser)) + emptyLoss(gramOfUsers, gramOfProducts, settings);
    losses.push(loss);
    options.iterated?.(iteration, loss);
  }
  return { users, products, losses };
}

type Side = Omit<AlsRows, 'from' | 'to'>;

async function eachPart(computation: Computation, side: Side, work: (rows: AlsRows) => Promise<void>): Promise<void> {
  const rowsPerPart = Math.max(1, Math.ceil(side.matrix.rows / PARTS));
  await inParts(side.matrix.rows, { rowsPerPart, atOnce: computation.threads }, (part) => work({ ...side, ...part }));
}

async function sumOfMet(computation: Computation, side: Side): Promise<number> {
  const parts = new Map<number, number>();
  await eachPart(computation, side, async (rows) => {
    parts.set(rows.from, await computation.metLoss(rows));
  });
  return [...parts].sort(([a], [b]) => a - b).reduce((sum, [, loss]) => sum + loss, 0);
}

async function gram(computation: Computation, rows: Float32Array, factors: number): Promise<Float64Array> {
  const count = rows.length / factors;
  const parts = new Map<number, Float64Array>();
  const rowsPerPart = Math.max(1, Math.ceil(count / PARTS));
  await inParts(count, { rowsPerPart, atOnce: computation.threads }, async ({ from, to }) => {
    parts.set(from, await computation.gram({ rows, factors, from, to }));
  });
  const sum = new Float64Array(factors * factors);
  for (const [, part] of [...parts].sort(([a], [b]) => a - b)) {
    for (const [at, value] of part.entries()) sum[at] = (sum[at] ?? 0) + value;
  }
  return sum;
}
