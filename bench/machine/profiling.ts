/**
 * Whether somebody wants to know where the time of a process goes. Those who start processes ask here; scenarios neither
 * know it nor pass it on, so that what is profiled is what is measured.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { INSPECT_ARGS, type InspectedProcess, inspect, type TakenThread } from './inspected-process.ts';

export interface Profiling {
  /** Asked once for each process that is started. */
  wants(part: string): boolean;
  taken(part: string, threads: readonly TakenThread[]): Promise<void>;
}

export interface Profiled {
  readonly isWanted: boolean;
  /** To be given to the process when it is started, before its program. */
  readonly execArgv: readonly string[];
  /** The child, as soon as there is one. */
  watch(child: ChildProcess): void;
  /** Once the child is at work. */
  begin(): Promise<void>;
  /** Before the child is ended; never fails. */
  end(): Promise<void>;
}

const current = new AsyncLocalStorage<Profiling>();

export function withProfiling<T>(profiling: Profiling, work: () => Promise<T>): Promise<T> {
  return current.run(profiling, work);
}

const NOT_PROFILED: Profiled = {
  isWanted: false,
  execArgv: process.execArgv,
  watch: () => undefined,
  begin: async () => undefined,
  end: async () => undefined,
};

/** For a process that is about to be started. */
export function profiled(part: string): Profiled {
  const profiling = current.getStore();
  if (profiling?.wants(part) !== true) return NOT_PROFILED;
  let inspected: ReturnType<typeof inspect> | undefined;
  let running: InspectedProcess | undefined;
  return {
    isWanted: true,
    execArgv: [...process.execArgv, ...INSPECT_ARGS],
    watch(child) {
      inspected = inspect(child);
    },
    async begin() {
      running = await inspected?.begin();
    },
    async end() {
      // Whoever stops a process twice has its profile once.
      const ending = running;
      running = undefined;
      try {
        if (ending !== undefined) await profiling.taken(part, await ending.take());
      } catch (error) {
        // The run is worth its end as well.
        process.stderr.write(`No profile of ${part}: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    },
  };
}
