import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../platform/backoff.ts';
import type { Exit } from '../servers/server.ts';

/** Something that runs in a process of its own and can be started again on what it left. */
export interface Unit {
  readonly name: string;
  /** Resolves once it serves. When it rejects, or the signal aborts it, no process of it is left. */
  start(signal: AbortSignal): Promise<Running>;
}

export interface Running {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Asks, waits, and ends it at a deadline. */
  stop(): Promise<void>;
  /** The end of what it has said, for the report of its death. */
  lastWords(count: number): Promise<readonly string[]>;
}

export type UnitEvent =
  | { readonly type: 'ready'; readonly pid: number; readonly again: boolean }
  | { readonly type: 'died'; readonly pid: number; readonly exit: Exit; readonly lastWords: readonly string[] }
  | { readonly type: 'failed'; readonly error: Error }
  | { readonly type: 'restarting'; readonly delayMs: number };

export interface RestartPolicy extends Backoff {
  /** More deaths than this within the window, and it is given up. */
  readonly maxDeaths: number;
  readonly windowMs: number;
}

export const RESTART_POLICY: RestartPolicy = { maxDeaths: 5, windowMs: 60_000, minMs: 200, maxMs: 5_000 };

/** Lines of a log that are told with a death. */
const WORDS = 8;

export class GivenUpError extends Error {
  readonly unit: string;
  constructor(unit: string, why: string, cause?: unknown) {
    super(`${unit} ${why}`, { cause });
    this.name = 'GivenUpError';
    this.unit = unit;
  }
}

export interface Supervision {
  /** Serves for the first time. Rejects when it is given up or stopped before. */
  readonly ready: Promise<void>;
  /** Resolves when it was stopped, rejects with GivenUpError when it died too often or cannot be mended by a restart. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  readonly policy?: RestartPolicy;
  readonly now?: () => number;
  /** Waited for, so that what is told of a death stands before what follows from it. */
  onEvent(event: UnitEvent): Promise<void> | void;
}

/** Keeps a unit running: each death is told, and followed by a restart after a growing delay, until it dies too often. */
export function supervise(unit: Unit, options: SuperviseOptions): Supervision {
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  const ended = new Supervised(unit, options, stopping.signal, ready.resolve).run();
  ended.then(
    () => ready.reject(new Error(`${unit.name} was stopped before it was ready`)),
    (error: unknown) => ready.reject(error),
  );
  // Whoever waits for one of the two hears of it; nobody has to wait for both.
  ready.promise.catch(() => {});
  ended.catch(() => {});
  return {
    ready: ready.promise,
    ended,
    stop: async () => {
      stopping.abort(new Error(`${unit.name} is stopped`));
      await ended.catch(() => {});
    },
  };
}

class Supervised {
  readonly #unit: Unit;
  readonly #options: SuperviseOptions;
  readonly #policy: RestartPolicy;
  readonly #now: () => number;
  readonly #stopping: AbortSignal;
  readonly #ready: () => void;
  #deaths: readonly number[] = [];
  #wasReady = false;

  constructor(unit: Unit, options: SuperviseOptions, stopping: AbortSignal, ready: () => void) {
    this.#unit = unit;
    this.#options = options;
    this.#policy = options.policy ?? RESTART_POLICY;
    this.#now = options.now ?? (() => performance.now());
    this.#stopping = stopping;
    this.#ready = ready;
  }

  async run(): Promise<void> {
    while (!this.#stopping.aborted) {
      const running = await this.#start();
      if (running !== undefined && (await this.#watch(running)) === 'stopped') return;
      if (this.#stopping.aborted) return;
      await this.#waitBeforeRestart();
    }
  }

  async #start(): Promise<Running | undefined> {
    try {
      const running = await this.#unit.start(this.#stopping);
      await this.#options.onEvent({ type: 'ready', pid: running.pid, again: this.#wasReady });
      this.#wasReady = true;
      this.#ready();
      return running;
    } catch (cause) {
      if (this.#stopping.aborted) return undefined;
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (!isRetryable(error)) throw new GivenUpError(this.#unit.name, `cannot be started: ${error.message}`, error);
      await this.#options.onEvent({ type: 'failed', error });
      return undefined;
    }
  }

  async #watch(running: Running): Promise<'stopped' | 'died'> {
    const stopped = Promise.withResolvers<'stopped'>();
    const onStop = () => stopped.resolve('stopped');
    if (this.#stopping.aborted) onStop();
    this.#stopping.addEventListener('abort', onStop, { once: true });
    const outcome = await Promise.race([stopped.promise, running.exited]);
    this.#stopping.removeEventListener('abort', onStop);
    if (outcome === 'stopped') {
      await running.stop();
      return 'stopped';
    }
    await this.#options.onEvent({
      type: 'died',
      pid: running.pid,
      exit: outcome,
      lastWords: await running.lastWords(WORDS),
    });
    return 'died';
  }

  async #waitBeforeRestart(): Promise<void> {
    const { maxDeaths, windowMs } = this.#policy;
    const now = this.#now();
    this.#deaths = [...this.#deaths, now].filter((at) => now - at <= windowMs);
    if (this.#deaths.length > maxDeaths) {
      throw new GivenUpError(this.#unit.name, `died ${this.#deaths.length} times within ${windowMs / 1000} s`);
    }
    const delayMs = backoffMs(this.#deaths.length, this.#policy);
    await this.#options.onEvent({ type: 'restarting', delayMs });
    await delay(delayMs, undefined, { signal: this.#stopping }).catch(() => {});
  }
}

/** Errors that say nothing about it are of a start that may go better next time. */
function isRetryable(error: Error): boolean {
  return !('retryable' in error && error.retryable === false);
}
