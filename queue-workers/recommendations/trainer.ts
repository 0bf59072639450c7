/** Trains a new model whenever there is enough that is new, by one process at a time, and forgets who was erased. */
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { countNew, findServed, listModels, noteServed } from '../../db/queries/recommendations/models.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeat, repeatLed } from '../repeat.ts';
import { forgetErased } from './forget.ts';
import type { ModelStore } from './model-store.ts';
import type { Trained } from './train-model.ts';

export interface TrainerOptions {
  readonly leadership: Leadership;
  readonly database: Database;
  readonly store: ModelStore;
  readonly clock: Clock;
  readonly log: Logger;
  train(until: AbortSignal): Promise<Trained>;
  readonly metrics: {
    leads(isLeader: boolean): void;
    trained(tookMs: number): void;
    failed(): void;
    forgot(people: number): void;
  };
}

export function startTrainer(options: TrainerOptions): Repeated {
  const { leadership, clock, log, metrics } = options;
  const trainer = repeatLed({
    leadership,
    everyMs: INTERVALS.trainingLookMs,
    async look(until) {
      if (!(await isDue(options))) return;
      const startedAtMs = clock.now();
      const trained = await options.train(until);
      if (trained.result === 'nothing') return;
      metrics.trained(clock.now() - startedAtMs);
      log.info({ ...trained, tookMs: clock.now() - startedAtMs }, 'a new model of recommendations is served');
    },
    failed(error) {
      metrics.failed();
      log.warn({ err: error }, 'recommendations could not be trained; the model before is served on');
    },
    leads: metrics.leads,
    resignFailed: (error) => log.debug({ err: error }, 'the lead of the training could not be given up'),
  });
  const forgetting = repeat({
    everyMs: INTERVALS.forgetLookMs,
    async look(stopping) {
      let people: number = LIMITS.forgottenBatch;
      while (people === LIMITS.forgottenBatch && !stopping.aborted) {
        people = await forgetErased(options);
        metrics.forgot(people);
      }
    },
    failed: (error) => log.warn({ err: error }, 'lists of erased people could not be removed; it is tried again'),
  });
  return {
    async stop() {
      await Promise.all([trainer.stop(), forgetting.stop()]);
    },
  };
}

/** What is new is judged by orders and looks; the rest comes along. */
export async function isDue({
  database,
  store,
  clock,
}: Pick<TrainerOptions, 'database' | 'store' | 'clock'>): Promise<boolean> {
  const current = await store.current();
  // What was served and not written down, because its trainer ended in between.
  if (current !== null) await noteServed(database, current);
  const [latest] = await listModels(database, 1);
  const sinceLatestMs = latest === undefined ? Number.POSITIVE_INFINITY : clock.now() - latest.startedAt.getTime();
  if (latest?.state === 'failed' && sinceLatestMs < INTERVALS.trainingRetryMs) return false;
  const served = await findServed(database);
  if (current === null || served === undefined) {
    return (await countNew(database, clock.now() - LIFETIMES.interactionsMs, 1)) > 0;
  }
  const ageMs = clock.now() - served.startedAt.getTime();
  if (ageMs >= INTERVALS.trainingAtLeastEveryMs) return true;
  if (ageMs < INTERVALS.trainingEveryMs) return false;
  const enough = Math.max(1, Math.min(LIMITS.newInteractionsCounted, Math.ceil(served.interactions / 100)));
  return (await countNew(database, served.startedAt.getTime(), enough)) >= enough;
}
