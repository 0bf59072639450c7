/** Counts of a run of Vitest, from its own JSON report and its exit code. */

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** One line for each failure that the output of Vitest does not name as one. */
  readonly remarks: readonly string[];
}

interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

/**
 * Nothing may look like a success that is none: a test that did not run counts as failed, so does a file that could not
 * be loaded, an error outside of every test, and a run without tests. Only a filter by name may leave tests out.
 */
export function countTests(reportJson: string | undefined, run: { exitCode: number; filtered: boolean }): TestCounts {
  const report = reportJson === undefined ? undefined : parse(reportJson);
  if (report === undefined) return oneFailure(0, `Vitest ended with ${run.exitCode} and left no report`);
  const files = report.testResults.map((file) => countFile(file, run.filtered));
  const passed = files.reduce((sum, file) => sum + file.passed, 0);
  const failed = files.reduce((sum, file) => sum + file.failed, 0);
  if (passed + failed === 0) return oneFailure(0, 'no test ran');
  if (run.exitCode !== 0 && failed === 0) {
    return oneFailure(passed, `every test passed, but Vitest ended with ${run.exitCode}: see above`);
  }
  return { passed, failed, remarks: files.flatMap((file) => file.remarks) };
}

function countFile(file: FileReport, filtered: boolean): TestCounts {
  const tests = file.assertionResults;
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const others = filtered ? [] : tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const remarks = others.map((test) => `did not run (${test.status}): ${file.name}: ${test.fullName}`);
  if (file.status === 'failed' && failed + others.length === 0) {
    return { passed, failed: 1, remarks: [`failed outside of its tests: ${file.name}`] };
  }
  return { passed, failed: failed + others.length, remarks };
}

const oneFailure = (passed: number, remark: string): TestCounts => ({ passed, failed: 1, remarks: [remark] });

function parse(json: string): Report | undefined {
  try {
    const report: unknown = JSON.parse(json);
    return isReport(report) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** Vitest writes it as a whole or not at all; a file that is something else is told apart by this. */
function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'testResults' in value && Array.isArray(value.testResults);
}

/** Whether these arguments of Vitest choose tests by name, which makes the others "skipped". */
export function choosesByName(args: readonly string[]): boolean {
  return args.some((arg) => /^(-t|--testNamePattern|--test-name-pattern|--tagsFilter|--tags-filter)(=|$)/.test(arg));
}
