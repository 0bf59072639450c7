/** Runs one scenario in a temporary folder, and makes its report. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './arguments.ts';
import { currentCommit, describeMachine } from './machine/machine.ts';
import { makeReport, type Report, renderReport } from './report/report.ts';
import type { Scenario } from './scenario.ts';

export interface Finished {
  readonly report: Report;
  /** The report for a terminal. */
  readonly text: string;
}

export interface RunScenario {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  progress(what: string): void;
}

export async function runScenario({ scenario, options, signal, progress }: RunScenario): Promise<Finished> {
  const { seconds, rounds, quick, doctored, sockets } = options;
  const folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-'));
  const head = {
    scenario: scenario.name,
    atMs: Date.now(),
    commit: await currentCommit(import.meta.dirname),
    machine: describeMachine(),
  };
  try {
    const findings = await scenario.run({ seconds, rounds, quick, doctored, sockets, folder, signal, progress });
    const report = makeReport(head, findings);
    return { report, text: renderReport(report) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
