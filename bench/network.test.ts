/** The scenarios that speak over the network, as a user runs them. No speed is asserted: only what is audited and told. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'main.ts');
const DEADLINE_MS = 240_000;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function bench(...args: string[]): Promise<{ code: number; output: string; report: unknown }> {
  const file = join(folder, `${args.join('')}.json`);
  const run = await new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args, '--quick', '--json', file], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
  const report: unknown = JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
  return { ...run, report };
}

it('edge sells over sockets, audits, and reports by its names', { timeout: DEADLINE_MS }, async () => {
  const { code, output, report } = await bench('edge', '--seconds', '0.3');
  expect(output).toContain('Audit: ok');
  expect(code).toBe(0);
  expect(report).toMatchObject({
    scenario: 'edge',
    metrics: {
      decisionsPerSecond: expect.any(Number),
      soldOutPerSecond: expect.any(Number),
      p99MsAtHalf: expect.any(Number),
    },
    ratios: { decisions: expect.any(Number), soldOut: expect.any(Number) },
    audit: { ok: true, oversold: 0, lost: 0, duplicated: 0 },
  });
});

it('edge exits 1 when units come back that were sold', { timeout: DEADLINE_MS }, async () => {
  const { code, output, report } = await bench('edge', '--seconds', '0.3', '--doctored');
  expect(output).toContain('AUDIT FAILED');
  expect(code).toBe(1);
  expect(report).toMatchObject({ audit: { ok: false } });
});

it('line holds a crowd, audits, and reports by its names', { timeout: DEADLINE_MS }, async () => {
  const { code, output, report } = await bench('line', '--seconds', '0.3', '--sockets', '1000');
  expect(output).toContain('Audit: ok');
  expect(code).toBe(0);
  expect(report).toMatchObject({
    scenario: 'line',
    metrics: {
      sockets: 1_000,
      bytesPerSocket: expect.any(Number),
      joinsPerSecond: expect.any(Number),
      headMoveP99Ms: expect.any(Number),
      etaWithin: expect.any(Number),
    },
    audit: { ok: true },
  });
});
