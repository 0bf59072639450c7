import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, type CommandEnd, runCommand } from './run-command.ts';
import type { Step } from './static-steps.ts';
import { choosesByName, countTests, type TestCounts } from './vitest-report.ts';

export interface Plan {
  readonly root: string;
  /** Gets what the tests run on; counts only when it cannot. */
  provideTools?(): Promise<boolean>;
  readonly steps: readonly Step[];
  /** Vitest and its arguments; left out when only the static steps are wanted. */
  readonly tests?: Command;
  /** Whether what Vitest prints goes straight to the terminal. */
  readonly showTests: boolean;
  readonly signal: AbortSignal;
  print(text: string): void;
}

interface Row {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly detail: string;
}

/** Runs every step, a failed one does not stop the next, and prints what was found; the last line has the counts. */
export async function verify(plan: Plan): Promise<{ passed: number; failed: number }> {
  const lacking = await lackingTools(plan);
  // All at once: each of them leaves one of two cores idle for most of its time.
  const rows = [...lacking, ...(await Promise.all(plan.steps.map((step) => runStep(plan, step))))];
  let passed = rows.filter((row) => row.ok).length;
  let failed = rows.length - passed;
  if (plan.tests !== undefined && !plan.signal.aborted) {
    const { counts, end } = await runTests(plan, plan.tests);
    for (const remark of counts.remarks) plan.print(`  ${remark}\n`);
    const detail = `${counts.passed} passed, ${counts.failed} failed`;
    rows.push({ name: 'tests', ok: counts.failed === 0, seconds: end.seconds, detail });
    passed += counts.passed;
    failed += counts.failed;
  }
  plan.print(`\n${rows.map(describe).join('\n')}\n`);
  plan.print(`${passed} passed, ${failed} failed\n`);
  return { passed, failed };
}

async function lackingTools(plan: Plan): Promise<readonly Row[]> {
  const begunAt = performance.now();
  try {
    if (plan.provideTools === undefined || (await plan.provideTools())) return [];
  } catch (error) {
    plan.print(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return [{ name: 'tools', ok: false, seconds: (performance.now() - begunAt) / 1000, detail: 'see above' }];
}

async function runStep(plan: Plan, step: Step): Promise<Row> {
  const end = await runCommand(step.command, { cwd: plan.root, show: false, signal: plan.signal });
  const ok = end.exitCode === 0;
  if (!ok) {
    const remedy = step.remedy === undefined ? '' : `\n(${step.remedy})`;
    plan.print(`\n--- ${step.name}: failed with ${end.exitCode} ---\n${end.output.trim()}${remedy}\n`);
  }
  return { name: step.name, ok, seconds: end.seconds, detail: '' };
}

async function runTests(plan: Plan, command: Command): Promise<{ counts: TestCounts; end: CommandEnd }> {
  const folder = await mkdtemp(join(tmpdir(), 'dropgate-verify-'));
  try {
    const reportFile = join(folder, 'report.json');
    const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
    const whole = { file: command.file, args: [...command.args, ...reporting] };
    const end = await runCommand(whole, { cwd: plan.root, show: plan.showTests, signal: plan.signal });
    const report = await readFile(reportFile, 'utf8').catch(() => undefined);
    const counts = countTests(report, { exitCode: end.exitCode, filtered: choosesByName(command.args) });
    return { counts, end };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(row: Row): string {
  const seconds = `${row.seconds.toFixed(1)} s`.padStart(8);
  return `${row.ok ? 'passed' : 'FAILED'}  ${row.name.padEnd(16)}${seconds}  ${row.detail}`.trimEnd();
}
