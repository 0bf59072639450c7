/** Runs one scenario in a temporary folder, and makes its report. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './arguments.ts';
import { currentCommit, describeMachine } from './machine/machine.ts';
import { makeReport, type Report } from './report/report.ts';
import { type BenchContext, type Scenario, secondsOf } from './scenario.ts';

export interface RunScenario {
  readonly scenario: Scenario;
  readonly options: BenchOptions;
  readonly signal: AbortSignal;
  progress(what: string): void;
}

const MS_PER_SECOND = 1_000;

export async function runScenario({ scenario, options, signal, progress }: RunScenario): Promise<Report> {
  const { rounds, quick, doctored, slowedMs, sockets } = options;
  const folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-'));
  const head = {
    scenario: scenario.name,
    atMs: Date.now(),
    commit: await currentCommit(import.meta.dirname),
    machine: describeMachine(),
  };
  const startedMs = performance.now();
  try {
    const asked = { seconds: secondsOf(scenario, options), rounds, quick, doctored, slowedMs, sockets };
    const findings = await scenario.run({ ...asked, folder, signal, progress });
    const settings = { ...settingsOf(asked), ...findings.settings };
    const tookSeconds = Math.round((performance.now() - startedMs) / MS_PER_SECOND);
    return makeReport({ ...head, tookSeconds }, { ...findings, settings });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What every report says of how it was asked for; that a run was broken or slowed on purpose above all. */
function settingsOf({ seconds, rounds, quick, doctored, slowedMs = 0 }: AskedOf): Report['settings'] {
  return { seconds, rounds, quick, doctored, ...(slowedMs > 0 ? { slowedMs } : {}) };
}

type AskedOf = Pick<BenchContext, 'seconds' | 'rounds' | 'quick' | 'doctored' | 'slowedMs'>;
