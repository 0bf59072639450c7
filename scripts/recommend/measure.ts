/** How long a training takes and what memory it needs, in a process of its own: a peak is that of a whole process. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LIMITS } from '../../contracts/limits.ts';
import { createComputation, inParts } from '../../queue-workers/recommendations/computation.ts';
import type { TrainingSettings } from '../../queue-workers/recommendations/settings.ts';
import { learn } from './model.ts';
import { makePopulation } from './population.ts';
import { sized } from './shapes.ts';

export interface Measured {
  readonly users: number;
  readonly interactions: number;
  readonly factorsMs: number;
  readonly userListsMs: number;
  readonly alikeMs: number;
  readonly togetherMs: number;
  readonly cpuMs: number;
  /** Before any of it, with the interactions in memory; and the most there was. */
  readonly beforeBytes: number;
  readonly peakBytes: number;
  readonly losses: readonly number[];
}

/** For the process that was started for it. */
export async function measureHere(users: number, settings: TrainingSettings): Promise<Measured> {
  const shape = sized(users);
  const { interactions, made } = makePopulation(shape, 1);
  const columns = interactions.columns();
  const beforeBytes = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const computation = createComputation(settings.threads);
  const { products, days: today } = shape;
  const [learned, factorsMs] = await timed(() =>
    learn({ computation, settings, columns, made, users, products, today }),
  );
  const { prepared, described, factors, ranked } = learned;
  const each = (rows: number, work: (part: { from: number; to: number }) => Promise<unknown>) =>
    timed(() =>
      inParts(rows, { rowsPerPart: LIMITS.trainingRowsPerTask, atOnce: computation.threads + 1 }, async (part) => {
        await work(part);
      }),
    );
  const { userList, productList, termEntriesPerProduct, fewestTogether, basketsPerProduct } = LIMITS;
  const best = { products: ranked, userFactors: factors.users, leftOut: prepared.bought, most: userList };
  const [, userListsMs] = await each(users, (part) => computation.best({ ...best, ...part }));
  const alike = { ...described, most: productList, mostRead: termEntriesPerProduct };
  const [, alikeMs] = await each(products, (part) => computation.alike({ ...alike, ...part }));
  const together = {
    ...{ baskets: prepared.baskets, products: prepared.basketsOf, listed: products, most: productList },
    ...{ fewestBaskets: fewestTogether, mostBaskets: basketsPerProduct },
  };
  const [, togetherMs] = await each(products, (part) => computation.together({ ...together, ...part }));
  await computation.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ...{ users, interactions: columns.count, factorsMs, userListsMs, alikeMs, togetherMs, beforeBytes },
    cpuMs: (user + system) / 1_000,
    peakBytes: process.resourceUsage().maxRSS * 1_024,
    losses: learned.factors.losses,
  };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const from = performance.now();
  const result = await work();
  return [result, performance.now() - from];
}

/** Its figures come as one line of JSON. */
export async function measureElsewhere(users: number, threads: number): Promise<Measured> {
  const script = new URL('./main.ts', import.meta.url).pathname;
  const args = [script, 'measure', '--users', String(users), '--threads', String(threads), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1_024 * 1_024 });
  return JSON.parse(stdout);
}
