import { describe, expect, it } from 'vitest';
import { choosesByName, countTests } from './vitest-report.ts';

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((test, index) => ({ fullName: `test ${index}`, status: test })),
});
const report = (...files: ReturnType<typeof file>[]) => JSON.stringify({ testResults: files });
const whole = { exitCode: 0, filtered: false };
const failing = { exitCode: 1, filtered: false };

describe('countTests', () => {
  it('counts what passed and what failed', () => {
    const counts = countTests(report(file('failed', 'passed', 'failed'), file('passed', 'passed')), failing);
    expect(counts).toEqual({ passed: 2, failed: 1, remarks: [] });
  });

  it.each(['skipped', 'pending', 'todo', 'disabled'])('counts a test as failed that is %s', (status) => {
    const counts = countTests(report(file('passed', 'passed', status)), whole);
    expect(counts).toEqual({ passed: 1, failed: 1, remarks: [`did not run (${status}): a.test.ts: test 1`] });
  });

  it('lets a filter by name leave tests out', () => {
    const counts = countTests(report(file('passed', 'passed', 'skipped')), { exitCode: 0, filtered: true });
    expect(counts).toEqual({ passed: 1, failed: 0, remarks: [] });
  });

  it('counts a file as failed that could not be loaded', () => {
    const counts = countTests(report(file('passed', 'passed'), file('failed')), failing);
    expect(counts).toEqual({ passed: 1, failed: 1, remarks: ['failed outside of its tests: a.test.ts'] });
  });

  it('counts an error outside of every test', () => {
    expect(countTests(report(file('passed', 'passed')), failing)).toMatchObject({ passed: 1, failed: 1 });
  });

  it.each([
    ['no file', report()],
    ['a filter that meets nothing', report(file('passed', 'skipped'))],
  ])('counts a run without a test as failed: %s', (_case, json) => {
    expect(countTests(json, { exitCode: 0, filtered: true })).toEqual({
      passed: 0,
      failed: 1,
      remarks: ['no test ran'],
    });
  });

  it.each([undefined, '', '{"testRes', '[]', 'null'])('counts a run without a report as failed: %s', (json) => {
    expect(countTests(json, whole)).toMatchObject({ passed: 0, failed: 1 });
  });
});

it.each([
  [['-t', 'name'], true],
  [['--testNamePattern=name'], true],
  [['platform', '--bail', '1'], false],
])('choosesByName(%j) is %s', (args, expected) => {
  expect(choosesByName(args)).toBe(expected);
});
