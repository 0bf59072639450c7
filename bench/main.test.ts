/** The command as a user runs it. No speed is asserted: only what it audits, writes and answers. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'main.ts');
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
  it('sells, audits, and writes the report', { timeout: 120_000 }, async () => {
    const file = join(folder, 'core.json');
    const { code, stdout } = await bench('core', '--seconds', '0.2', '--quick', '--json', file);
    expect(stdout).toContain('Audit: ok');
    expect(code).toBe(0);
    const report: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(report).toMatchObject({
      scenario: 'core',
      metrics: { claimsPerSecond: expect.any(Number), p99Ms: expect.any(Number), failedCalls: 0 },
      ratios: { claims: expect.any(Number) },
      audit: { ok: true, oversold: 0, lost: 0, duplicated: 0 },
    });
  });

  it('exits 1 when a script sells units without taking them', { timeout: 120_000 }, async () => {
    const { code, stdout } = await bench('core', '--seconds', '0.2', '--quick', '--doctored');
    expect(stdout).toContain('AUDIT FAILED');
    expect(code).toBe(1);
  });

  it('lists the scenarios for one that there is not', async () => {
    const { code, stderr } = await bench('nothing');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no scenario nothing.');
    expect(stderr).toMatch(/^ {2}core /m);
  });
});
