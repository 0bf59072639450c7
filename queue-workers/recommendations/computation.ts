/**
 * The threads that train. What they share is shared memory; a task names the rows that it is about. They live for one
 * training: their memory goes with them.
 */
import { Piscina } from 'piscina';
import type { AlsRows } from '../../commerce/recommendations/als.ts';
import type { BestTask, RankedProducts } from '../../commerce/recommendations/best-products.ts';
import type { AlikeTask } from '../../commerce/recommendations/content.ts';
import type { Lists } from '../../commerce/recommendations/lists.ts';
import type { Prepared, PrepareTask } from '../../commerce/recommendations/prepare.ts';
import type { TogetherTask } from '../../commerce/recommendations/together.ts';
import type { Described, DescribeTask, GramTask, RankTask, SolveTask } from './thread.ts';

export interface Computation {
  readonly threads: number;
  prepare(task: PrepareTask): Promise<Prepared>;
  describe(task: DescribeTask): Promise<Described>;
  gram(task: GramTask): Promise<Float64Array>;
  /** Says nothing: the factors are in the memory that it was given. */
  solve(task: SolveTask): Promise<void>;
  metLoss(task: AlsRows): Promise<number>;
  rank(task: RankTask): Promise<RankedProducts>;
  best(task: BestTask): Promise<Lists>;
  alike(task: AlikeTask): Promise<Lists>;
  together(task: TogetherTask): Promise<Lists>;
  /** Ends what is under way: its caller gets an error. */
  close(): Promise<void>;
}

export function createComputation(threads: number): Computation {
  const pool = new Piscina({
    filename: new URL('./thread.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 10_000,
    // Between tasks a thread listens for a message instead of keeping its core.
    atomics: 'disabled',
  });
  return {
    threads,
    prepare: async (task) => await pool.run(task, { name: 'runPrepare' }),
    describe: async (task) => await pool.run(task, { name: 'runDescribe' }),
    gram: async (task) => await pool.run(task, { name: 'runGram' }),
    solve: async (task) => await pool.run(task, { name: 'runSolve' }),
    metLoss: async (task) => await pool.run(task, { name: 'runMetLoss' }),
    rank: async (task) => await pool.run(task, { name: 'runRank' }),
    best: async (task) => await pool.run(task, { name: 'runBest' }),
    alike: async (task) => await pool.run(task, { name: 'runAlike' }),
    together: async (task) => await pool.run(task, { name: 'runTogether' }),
    close: () => pool.destroy(),
  };
}

export interface Part {
  readonly from: number;
  readonly to: number;
}

/** So many parts at once as there are threads, each begun when one before it is done with. */
export async function inParts(
  rows: number,
  { rowsPerPart, atOnce }: { readonly rowsPerPart: number; readonly atOnce: number },
  work: (part: Part) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failed = false;
  async function workOn(): Promise<void> {
    while (next < rows && !failed) {
      const from = next;
      next = Math.min(rows, from + rowsPerPart);
      await work({ from, to: next }).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  }
  await Promise.all(Array.from({ length: atOnce }, workOn));
}
