/**
 * The command as a user runs it. No speed is asserted: only what it audits, writes, compares and answers. How it
 * answers to each outcome is tested beside command/run.ts, without a measurement.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measure } from './core/measurements.ts';

const PROGRAM = join(import.meta.dirname, 'main.ts');
const BASELINE = join(import.meta.dirname, 'baselines', 'core.json');
const DEADLINE_MS = 240_000;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run bench', () => {
  it('sells, audits, compares, and leaves the report as JSON and as a page', { timeout: DEADLINE_MS }, async () => {
    const [json, html] = [join(folder, 'core.json'), join(folder, 'core.html')];
    const files = ['--json', json, '--html', html, '--compare', BASELINE];
    const { code, stdout } = await bench('core', '--seconds', '0.2', '--quick', ...files);
    expect(stdout).toContain('Audit: ok');
    expect(stdout).toContain('durable claims/s');
    expect(stdout).toContain('Compared with');
    expect(code).toBe(0);
    const report: unknown = JSON.parse(await readFile(json, 'utf8'));
    expect(report).toMatchObject({
      scenario: 'core',
      metrics: { claimsPerSecond: expect.any(Number), p99Ms: expect.any(Number), failedCalls: 0 },
      ratios: { claims: expect.any(Number) },
      audit: { ok: true, oversold: 0, lost: 0, duplicated: 0 },
      goals: [{ what: 'durable claims/s' }],
      comparison: { warnings: expect.arrayContaining([expect.stringContaining('seconds was 5, now 0.2')]) },
    });
    expect(await readFile(html, 'utf8')).toContain('Audit: nothing oversold');
  });

  it('notices a script that sells units without taking them', { timeout: DEADLINE_MS }, async () => {
    const { signal } = new AbortController();
    const context = { seconds: 0.2, rounds: 1, quick: true, doctored: true, folder, signal, progress: () => undefined };
    const { audit } = await measure(context, { driver: 'ours', seconds: context.seconds });
    expect(audit).toMatchObject({ ok: false, oversold: expect.any(Number) });
    expect(audit.oversold).toBeGreaterThan(0);
  });

  it('lists the scenarios for one that there is not', async () => {
    const { code, stderr } = await bench('nothing');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no scenario nothing.');
    expect(stderr).toMatch(/^ {2}core /m);
  });
});
