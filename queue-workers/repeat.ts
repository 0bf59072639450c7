/** The loops of workers that look, do what there is to do, and look again. */
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../contracts/limits.ts';
import type { Logger } from '../platform/logging/logger.ts';
import type { Leadership } from './leadership.ts';

export interface Repeated {
  /** Resolves once the look under way has ended. */
  stop(): Promise<void>;
}

export interface RepeatOptions {
  readonly everyMs: number;
  look(stopping: AbortSignal): Promise<void>;
  /** Told of a look that failed; the next one tries again. */
  failed(error: unknown): void;
}

export function repeat({ everyMs, look, failed }: RepeatOptions): Repeated {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look(stopping.signal).catch(failed);
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

export interface LedOptions {
  readonly leadership: Leadership;
  readonly everyMs: number;
  /** By whoever leads; `until` is aborted when somebody else may, or when it is stopped. */
  look(until: AbortSignal): Promise<void>;
  failed(error: unknown): void;
  leads(isLeader: boolean): void;
  /** The lead could not be given up; the lock ends by itself. */
  resignFailed(error: unknown): void;
}

/** The same, by one process at a time. */
export function repeatLed({ leadership, everyMs, look, failed, leads, resignFailed }: LedOptions): Repeated {
  const repeated = repeat({
    everyMs,
    failed,
    async look(stopping) {
      const lost = await leadership.lead();
      leads(lost !== undefined);
      if (lost !== undefined) await look(AbortSignal.any([lost, stopping]));
    },
  });
  return {
    async stop() {
      await repeated.stop();
      await leadership.resign().catch(resignFailed);
      leads(false);
    },
  };
}

export interface WorkOptions<Kind extends string> {
  readonly everyMs: number;
  /** In this order, at each look. */
  readonly kinds: readonly Kind[];
  /** Does a batch of it and says how much that was. */
  work(kind: Kind): Promise<number>;
  /** A batch of so much is full: perhaps there is more. */
  readonly most: number;
  failed(error: unknown, kind: Kind): void;
}

/** Batch after batch of each kind while they are full, but not for ever: the next look goes on. */
export function repeatWork<Kind extends string>(options: WorkOptions<Kind>): Repeated {
  const { everyMs, kinds, work, most, failed } = options;
  async function inBatches(kind: Kind, stopping: AbortSignal): Promise<void> {
    for (let round = 0; round < LIMITS.pruneRounds && !stopping.aborted; round += 1) {
      if ((await work(kind)) < most) return;
    }
  }
  return repeat({
    everyMs,
    async look(stopping) {
      for (const kind of kinds) await inBatches(kind, stopping).catch((error: unknown) => failed(error, kind));
    },
    failed(error) {
      throw error;
    },
  });
}

export interface CountedLoop<Kind extends string> {
  readonly everyMs: number;
  readonly log: Logger;
  readonly metrics: { done(work: Kind, count: number): void; failed(work: Kind): void };
}

export interface CountedWork<Kind extends string> extends Pick<WorkOptions<Kind>, 'kinds' | 'most' | 'work'> {
  /** What the log says of a look that failed. */
  readonly trouble: string;
}

/** The same, with what was done and what failed counted by its kind. */
export function repeatCounted<Kind extends string>(loop: CountedLoop<Kind>, counted: CountedWork<Kind>): Repeated {
  const { everyMs, log, metrics } = loop;
  const { kinds, most, work, trouble } = counted;
  return repeatWork({
    ...{ everyMs, kinds, most },
    async work(kind) {
      const count = await work(kind);
      metrics.done(kind, count);
      return count;
    },
    failed(error, kind) {
      metrics.failed(kind);
      log.warn({ err: error, work: kind }, trouble);
    },
  });
}
