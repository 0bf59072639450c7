import { describeExit } from '../servers/child.ts';
import type { Progress, Step } from './progress.ts';
import type { UnitEvent } from './supervisor.ts';

export interface EventTeller {
  readonly name: string;
  readonly logFile: string;
  readonly progress: Progress;
  /** The step of its first start. */
  readonly step: Step;
  readonly address: string;
}

/** Tells what happened to a child so that one need not look for it: which, its pid, how, and what it said last. */
export function tellEvent(teller: EventTeller, event: UnitEvent): void {
  const { name, logFile, progress, step, address } = teller;
  switch (event.type) {
    case 'ready':
      if (event.again) progress.line(`${at()} ${name} is back (process ${event.pid})`);
      else step.done(`${address}  (process ${event.pid})`);
      return;
    case 'died':
      progress.line(
        `${at()} ${name} (process ${event.pid}) died: ${describeExit(event.exit)}. ${tellWords(event, logFile)}`,
      );
      return;
    case 'failed':
      progress.line(`${at()} ${event.error.message}`);
      return;
    case 'restarting':
      progress.line(`${at()} ${name} is started again in ${(event.delayMs / 1000).toFixed(1)} s`);
  }
}

function tellWords({ lastWords }: { readonly lastWords: readonly string[] }, logFile: string): string {
  if (lastWords.length === 0) return `It has said nothing (${logFile})`;
  return [`The end of its log (${logFile}):`, ...lastWords.map((line) => `    ${line.slice(0, 400)}`)].join('\n');
}

export function at(): string {
  return new Date().toISOString();
}
