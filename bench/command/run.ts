/** Measures one scenario, says how it went, and keeps the report. */
import type { BenchOptions } from '../arguments.ts';
import { createProgress, everySecond, type Progress, type ProgressOutput } from '../progress.ts';
import { compareReports } from '../report/comparison.ts';
import type { Report } from '../report/report.ts';
import { readReportFile } from '../report/report-file.ts';
import { renderReport } from '../report/terminal.ts';
import { runScenario } from '../run-scenario.ts';
import { type Scenario, secondsOf } from '../scenario.ts';
import { EXIT, exitOf, type Output } from './exit.ts';
import { prepareFiles, writeReport } from './files.ts';

export interface RunCommand {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly progressOutput: ProgressOutput;
}

export async function runCommand({ scenario, options, signal, output, progressOutput }: RunCommand): Promise<number> {
  const prepared = await prepareFiles(scenario.name, options);
  if (prepared.kind === 'unusable') return misused(output, prepared.problem);
  const baseline = await readBaseline(scenario.name, options.compareFile);
  if (baseline.kind === 'unusable') return misused(output, baseline.problem);
  const progress = createProgress({
    output: progressOutput,
    nowMs: () => performance.now(),
    expectedSeconds: await lastTook(prepared.files.json, scenario, options),
    everySecond,
  });
  const measured = await measure({ scenario, options, signal, progress, output });
  if (measured === undefined) return signal.aborted ? EXIT.interrupted : EXIT.failed;
  const comparison = baseline.report === undefined ? undefined : compareReports(baseline.report, measured);
  output.out(`${renderReport(measured, comparison)}\n`);
  await writeReport(prepared.files, measured, baseline.report);
  output.out(`\n${prepared.files.json}\n${prepared.files.html}\n`);
  if (!measured.audit.ok) return EXIT.failed;
  return options.failOnWorse && comparison !== undefined ? exitOf(comparison) : EXIT.ok;
}

type Baseline =
  | { readonly kind: 'usable'; readonly report: Report | undefined }
  | { readonly kind: 'unusable'; readonly problem: string };

async function readBaseline(scenario: string, file: string | undefined): Promise<Baseline> {
  if (file === undefined) return { kind: 'usable', report: undefined };
  const read = await readReportFile(file);
  if (read.kind === 'unusable') return read;
  const { report } = read;
  return report.scenario === scenario
    ? { kind: 'usable', report }
    : { kind: 'unusable', problem: `${file} is a report of ${report.scenario}, not of ${scenario}.` };
}

/** Where the report goes there often is the one of the run before. */
async function lastTook(file: string, scenario: Scenario, options: BenchOptions): Promise<number | undefined> {
  const { rounds, quick } = options;
  const seconds = secondsOf(scenario, options);
  const read = await readReportFile(file);
  if (read.kind === 'unusable') return undefined;
  const { settings, tookSeconds } = read.report;
  const isAlike = settings['seconds'] === seconds && settings['rounds'] === rounds && settings['quick'] === quick;
  return isAlike ? (tookSeconds ?? undefined) : undefined;
}

type Measure = Omit<RunCommand, 'progressOutput'> & { readonly progress: Progress };

async function measure({ scenario, options, signal, progress, output }: Measure): Promise<Report | undefined> {
  try {
    return await runScenario({ scenario, options, signal, progress: progress.step });
  } catch (error) {
    progress.done();
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    output.err(signal.aborted ? 'Stopped. Everything that the bench had started is gone.\n' : `${told}\n`);
    return undefined;
  } finally {
    progress.done();
  }
}

function misused(output: Output, problem: string): number {
  output.err(`${problem}\n`);
  return EXIT.misused;
}
