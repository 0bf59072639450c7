/**
 * Tells of calls of the core that fail. While a Redis is gone that is one every 50 ms for each drop: every one is counted,
 * and the log is told at once of the first of each shard and then now and then, with how many it were.
 */
import { INTERVALS } from '../contracts/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logging/logger.ts';

export interface FailedCalls {
  /** `shard` is the region, or the home; there are no more of them than an installation has. */
  failed(error: unknown, rows: number, shard: string): void;
}

interface Silence {
  untilMs: number;
  calls: number;
  rows: number;
}

export function createFailedCalls(options: { log: Logger; clock: Clock; count: () => void }): FailedCalls {
  const { log, clock, count } = options;
  const silences = new Map<string, Silence>();
  return {
    failed(error, rows, shard) {
      count();
      const silence = silences.get(shard) ?? { untilMs: 0, calls: 0, rows: 0 };
      silences.set(shard, silence);
      silence.calls += 1;
      silence.rows += rows;
      if (clock.now() < silence.untilMs) return;
      // `calls` and `rows` are those since the last time that this was told.
      const { calls, rows: rowsInAll } = silence;
      log.warn({ err: error, shard, calls, rows: rowsInAll }, 'calls of the core failed, trying again');
      silences.set(shard, { untilMs: clock.now() + INTERVALS.repeatedWarningMs, calls: 0, rows: 0 });
    },
  };
}
