import type { Clock } from './clock.ts';
import { PLATFORM_LIMITS } from './limits.ts';
import type { Logger } from './logging/logger.ts';
import type { ServiceProcess } from './service-process.ts';
import { createShutdown, type StopReport } from './shutdown.ts';

/** 78 is EX_CONFIG of sysexits.h: starting it again without a change is of no use. */
export const EXIT = { clean: 0, failed: 1, badConfig: 78 } as const;
type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ServiceEnd {
  readonly stopping: AbortSignal;
  readonly ended: Promise<void>;
  onStop(name: string, fn: () => Promise<void> | void): void;
  stop(why: string, code: ExitCode): void;
  fail(error: unknown, what: string): void;
}

/** Every way in which a service can end, led to one orderly stop and one exit. */
export function createServiceEnd(options: {
  readonly process: ServiceProcess;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly settled: () => Promise<void>;
}): ServiceEnd {
  const { process, log, clock, timeoutMs, settled } = options;
  const shutdown = createShutdown({ log, timeoutMs, settled });
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  let code: ExitCode = EXIT.clean;
  let stoppingSinceMs = 0;
  let exited = false;

  function exit(): void {
    if (exited) return;
    exited = true;
    for (const [event, listener] of Object.entries(listeners)) process.off(event, listener);
    process.exit(code);
    ended.resolve();
  }

  function finish(report: StopReport): void {
    const { hung, skipped, failed } = report;
    if (hung !== undefined) log.fatal({ hung, skipped, timeoutMs }, 'not stopped in time');
    if (hung !== undefined || failed.length > 0) worsen(EXIT.failed);
    if (hung === undefined) log.info({ failed }, 'stopped');
    exit();
  }

  function worsen(to: ExitCode): void {
    if (code === EXIT.clean) code = to;
  }

  function stop(why: string, exitCode: ExitCode): void {
    worsen(exitCode);
    if (stopping.signal.aborted) return;
    stoppingSinceMs = clock.now();
    log.info({ why }, 'stopping');
    stopping.abort();
    shutdown.stop().then(finish, (error: unknown) => {
      log.fatal({ err: error }, 'stopping failed');
      worsen(EXIT.failed);
      exit();
    });
  }

  function fail(error: unknown, what: string): void {
    log.fatal({ err: error }, what);
    stop(what, EXIT.failed);
  }

  function onSignal(signal: string): void {
    if (!stopping.signal.aborted) {
      stop(signal, EXIT.clean);
    } else if (clock.now() - stoppingSinceMs >= PLATFORM_LIMITS.sameSignalMs) {
      log.fatal({ signal }, 'told to stop once more: ending at once');
      worsen(EXIT.failed);
      exit();
    }
  }

  const listeners: Readonly<Record<string, (...args: unknown[]) => void>> = {
    SIGTERM: () => onSignal('SIGTERM'),
    SIGINT: () => onSignal('SIGINT'),
    disconnect: () => stop('the parent process is gone', EXIT.clean),
    uncaughtException: (error) => fail(error, 'an exception that nobody caught'),
    unhandledRejection: (reason) => fail(reason, 'a rejection that nobody handled'),
  };
  for (const [event, listener] of Object.entries(listeners)) process.on(event, listener);
  // A parent that died before this line would never be heard of.
  if (process.send !== undefined && process.connected === false) stop('the parent process is gone', EXIT.clean);

  return {
    stopping: stopping.signal,
    ended: ended.promise,
    onStop: (name, fn) => shutdown.onStop(name, fn),
    stop,
    fail,
  };
}
