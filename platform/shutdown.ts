import { withDeadline } from './deadline.ts';
import { PlatformError } from './errors.ts';
import type { Logger } from './logging/logger.ts';

export interface StopReport {
  /** Steps that rejected; each was logged when it did. */
  readonly failed: readonly string[];
  /** The step that was still at it when the deadline passed. */
  readonly hung?: string;
  /** Steps that had no turn any more. */
  readonly skipped: readonly string[];
}

export interface Shutdown {
  /** `fn` is called when the process stops: what was registered last is stopped first. */
  onStop(name: string, fn: () => Promise<void> | void): void;
  /** Runs all steps, once; later calls get the same report. */
  stop(): Promise<StopReport>;
}

interface Step {
  readonly name: string;
  readonly fn: () => Promise<void> | void;
}

/**
 * @param settled when given, is awaited once all steps ran, and what it registered meanwhile is stopped as well: a start
 * that is overtaken by a stop must leave nothing running.
 */
export function createShutdown(options: {
  readonly log: Logger;
  readonly timeoutMs: number;
  readonly settled?: () => Promise<void>;
}): Shutdown {
  const { log, timeoutMs, settled } = options;
  const steps: Step[] = [];
  const failed: string[] = [];
  let current: string | undefined;
  let report: Promise<StopReport> | undefined;
  let late = false;

  async function runSteps(): Promise<void> {
    for (let step = steps.pop(); step !== undefined && !late; step = steps.pop()) {
      current = step.name;
      try {
        await step.fn();
        log.debug({ step: step.name }, 'stopped');
      } catch (error) {
        failed.push(step.name);
        log.error({ err: error, step: step.name }, 'a stop step failed');
      }
    }
    current = undefined;
  }

  async function runAll(): Promise<void> {
    await runSteps();
    if (settled === undefined) return;
    current = 'start';
    await settled();
    await runSteps();
  }

  async function stop(): Promise<StopReport> {
    try {
      await withDeadline(runAll(), timeoutMs, 'stopping');
      return { failed, skipped: [] };
    } catch (error) {
      late = true;
      const skipped = steps.map((step) => step.name);
      if (!(error instanceof PlatformError) || current === undefined) throw error;
      return { failed, hung: current, skipped };
    }
  }

  return {
    onStop(name, fn) {
      steps.push({ name, fn });
    },
    stop() {
      report ??= stop();
      return report;
    },
  };
}
