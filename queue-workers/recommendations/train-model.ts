/**
 * One training from reading to serving. Nothing of it is seen before the last step, so that it may end anywhere: the model
 * before it goes on being served, and the next training removes what this one left.
 */
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { beginModel, failModel, listModels, noteServed } from '../../db/queries/recommendations/models.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Computation, createComputation } from './computation.ts';
import { fitFactors } from './fit.ts';
import { removeForgottenSince } from './forget.ts';
import type { ModelStore } from './model-store.ts';
import { type Progress, startProgress, type Told } from './progress.ts';
import { readCatalog, readWhatWasDone } from './read-model.ts';
import type { TrainingSettings } from './settings.ts';
import { writeModel } from './write-model.ts';

export interface TrainOptions {
  /** With time for a statement that reads everything. */
  readonly database: Database;
  readonly store: ModelStore;
  readonly settings: TrainingSettings;
  readonly nextId: IdSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each step, beside the log. */
  told?(progress: Told): void;
  /** Threads of its own unless given. */
  createThreads?(threads: number): Computation;
}

export type Trained =
  | { readonly result: 'served'; readonly version: string; readonly users: number; readonly products: number }
  /** There is nothing to learn from: no product on sale, or nobody who did anything. */
  | { readonly result: 'nothing' };

const DAY_MS = 86_400_000;
/** Models that may have left lists behind: all others are older than their lists. */
const MODELS_LOOKED_AT = 500;

export async function trainModel(options: TrainOptions, until: AbortSignal): Promise<Trained> {
  const { database, settings, nextId, log } = options;
  const version = nextId();
  const { threads, ...told } = settings;
  await beginModel(database, { version, iterations: settings.iterations, settings: told });
  const computation = (options.createThreads ?? createComputation)(threads);
  const progress = startProgress({ database, version, log, told: options.told });
  // What the threads are at may take long: who has to stop does not wait for it.
  const stopThreads = (): void => void computation.close();
  until.addEventListener('abort', stopThreads);
  try {
    return await train(options, { version, computation, progress }, until);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await failModel(database, version, why).catch((cause: unknown) =>
      log.warn({ err: cause, version }, 'that a training failed could not be written down'),
    );
    throw error;
  } finally {
    until.removeEventListener('abort', stopThreads);
    await progress.stop();
    await computation.close();
  }
}

interface Parts {
  readonly version: string;
  readonly computation: Computation;
  readonly progress: Progress;
}

async function train(options: TrainOptions, parts: Parts, until: AbortSignal): Promise<Trained> {
  const { database, store, settings, clock } = options;
  const { version, computation, progress } = parts;
  const startedAtMs = clock.now();
  const catalog = await readCatalog(database, until);
  const { users, columns, leftOut } = await readWhatWasDone(
    database,
    catalog.products,
    startedAtMs - LIFETIMES.interactionsMs,
    until,
  );
  if (catalog.listed === 0 || columns.count === 0) {
    await failModel(database, version, 'there was nothing to learn from');
    return { result: 'nothing' };
  }

  const products = catalog.products.size;
  progress.tell({ state: 'training', users: users.size, products, interactions: columns.count, leftOut });
  const prepared = await computation.prepare({
    ...{ columns, users: users.size, products, signals: settings.signals },
    today: Math.floor(startedAtMs / DAY_MS),
    halfLifeDays: LIFETIMES.interactionsHalfLifeMs / DAY_MS,
    basketProducts: LIMITS.basketProducts,
  });
  const { entries, listed, terms } = catalog;
  const described = await computation.describe({ entries, products: listed, terms });
  const { als, iterations, seed } = settings;
  const { met, metBy } = prepared;
  const factors = await fitFactors({
    ...{ computation, met, metBy, settings: als, iterations, seed, until },
    iterated: (iteration, loss) => progress.tell({ state: 'training', iteration, loss }),
  });

  // Two models at a time, not three: the one before the served one makes room for the new one.
  const served = await store.current();
  const known = (await listModels(database, MODELS_LOOKED_AT)).map((model) => model.version);
  await store.keepOnly([version, ...(served === null ? [] : [served])], known);
  progress.tell({ state: 'writing', lists: 0 });
  const written = await writeModel({
    ...{ version, store, computation, catalog, users, prepared, described, factors, size: als.factors, until },
    wrote: (lists) => progress.tell({ state: 'writing', lists }),
  });
  await progress.stop();

  // Before it is served, so that nobody sees a list of who was erased meanwhile, and after: who was erased in between.
  await removeForgottenSince({ database, store }, version, startedAtMs);
  until.throwIfAborted();
  const counts = { users: written.users, products: listed, interactions: columns.count };
  await store.serve({ version, trainedAtMs: clock.now(), ...counts, factors: als.factors });
  await removeForgottenSince({ database, store }, version, startedAtMs);
  await noteServed(database, version);
  return { result: 'served', version, users: written.users, products: listed };
}
