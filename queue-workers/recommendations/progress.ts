/** Says in the log and in the row of the model how far it is: a row at most once a second, the newest state only. */
import { INTERVALS } from '../../contracts/limits.ts';
import { type ModelProgress, tellProgress } from '../../db/queries/recommendations/models.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export type Told = Omit<ModelProgress, 'peakBytes'>;

export interface Progress {
  tell(progress: Told): void;
  /** Resolves when what was told last is written. */
  stop(): Promise<void>;
}

export interface ProgressOptions {
  readonly database: Database;
  readonly version: string;
  readonly log: Logger;
  readonly told?: ((progress: Told) => void) | undefined;
}

export function startProgress({ database, version, log, told }: ProgressOptions): Progress {
  let waiting: Told | undefined;
  let writing: Promise<void> = Promise.resolve();
  let peakBytes = 0;

  const write = (): Promise<void> => {
    const newest = waiting;
    waiting = undefined;
    if (newest === undefined) return Promise.resolve();
    return tellProgress(database, version, { ...newest, peakBytes }).catch((error: unknown) =>
      log.warn({ err: error, version }, 'how far a training is could not be written down'),
    );
  };
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    writing = writing.then(write);
  }, INTERVALS.trainingTellMs);

  return {
    tell(progress) {
      peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
      waiting = { ...waiting, ...progress };
      if (progress.iteration !== undefined || progress.lists === undefined) {
        log.info({ version, ...progress }, 'recommendations are being trained');
      }
      told?.(progress);
    },
    async stop() {
      clearInterval(timer);
      writing = writing.then(write);
      await writing;
    },
  };
}
