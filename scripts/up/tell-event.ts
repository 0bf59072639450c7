import { describeExit } from '../servers/child.ts';
import { lastLines } from '../servers/log-file.ts';
import type { Progress, Step } from './progress.ts';
import type { UnitEvent } from './supervisor.ts';

const SHOWN_LINES = 8;

export interface EventTeller {
  readonly name: string;
  readonly logFile: string;
  readonly progress: Progress;
  /** The step of its first start. */
  readonly step: Step;
  readonly address: string;
}

/** Tells what happened to a child so that one need not look for it: which, its pid, how, and what it said last. */
export async function tellEvent(teller: EventTeller, event: UnitEvent): Promise<void> {
  const { name, logFile, progress, step, address } = teller;
  switch (event.type) {
    case 'ready':
      if (event.again) progress.line(`${at()} ${name} is back (process ${event.pid})`);
      else step.done(`${address}  (process ${event.pid})`);
      return;
    case 'died': {
      const lines = await lastLines(logFile, SHOWN_LINES);
      progress.line(`${at()} ${name} (process ${event.pid}) died: ${describeExit(event.exit)}. The end of ${logFile}:`);
      for (const line of lines) progress.line(`    ${line.slice(0, 400)}`);
      return;
    }
    case 'failed':
      progress.line(`${at()} ${event.error.message}`);
      return;
    case 'restarting':
      progress.line(`${at()} ${name} is started again in ${(event.delayMs / 1000).toFixed(1)} s`);
  }
}

export function at(): string {
  return new Date().toISOString();
}
