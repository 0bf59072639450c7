/** The command around a scenario that measures nothing: what it refuses, writes, says and answers. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BenchOptions } from '../arguments.ts';
import type { Report } from '../report/report.ts';
import { sampleReport } from '../report/sample-report.ts';
import type { BenchContext, Findings } from '../scenario.ts';
import { goalsCommand } from './reports.ts';
import { runCommand } from './run.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Asked {
  readonly options?: Partial<BenchOptions>;
  readonly findings?: Partial<Report>;
  readonly signal?: AbortSignal;
  readonly run?: (context: BenchContext) => Promise<Findings>;
}

async function bench({ options = {}, findings = {}, signal = new AbortController().signal, run }: Asked) {
  const said = { out: '', err: '' };
  const made = async (): Promise<Findings> => ({ ...sampleReport(findings), servers: { redis: '7.0.15' } });
  const measured = vi.fn(run ?? made);
  const code = await runCommand({
    scenario: { name: 'core', about: 'nothing', run: measured },
    options: {
      ...{ seconds: 5, rounds: 3, quick: false, doctored: false, slowedMs: 0, sockets: undefined },
      ...{ jsonFile: join(folder, 'core.json'), htmlFile: join(folder, 'core.html'), compareFile: undefined },
      ...{ failOnWorse: false, ...options },
    },
    signal,
    output: { out: (text) => (said.out += text), err: (text) => (said.err += text) },
    progressOutput: { write: () => true },
  });
  return { code, ...said, measured };
}

async function fileOf(name: string, report: Report): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(report));
  return file;
}

describe('a run', () => {
  it('leaves JSON and a page, and says where', async () => {
    const { code, out } = await bench({});
    expect(code).toBe(0);
    expect(out).toContain('Audit: ok');
    expect(out).toContain(join(folder, 'core.html'));
    expect(JSON.parse(await readFile(join(folder, 'core.json'), 'utf8'))).toMatchObject({ scenario: 'core' });
    expect((await stat(join(folder, 'core.html'))).size).toBeGreaterThan(1_000);
  });

  it('says in each report how it was asked for, and that it was slowed or broken on purpose', async () => {
    await bench({ options: { doctored: true, slowedMs: 2 } });
    const settings = { seconds: 5, rounds: 3, quick: false, doctored: true, slowedMs: 2 };
    expect(JSON.parse(await readFile(join(folder, 'core.json'), 'utf8'))).toMatchObject({ settings });
  });

  it('answers 1 when the audit failed, and keeps the report of it', async () => {
    const audit = { ok: false, oversold: 3, lost: 0, duplicated: 0, problems: ['3 units oversold'] };
    const { code, out } = await bench({ findings: { audit } });
    expect(code).toBe(1);
    expect(out).toContain('AUDIT FAILED: 3 oversold');
    expect(await readFile(join(folder, 'core.json'), 'utf8')).toContain('3 units oversold');
  });

  it.each([
    ['none/core.json', 'there is no folder'],
    ['', 'it is a folder'],
  ])('measures nothing when it could not write to %s', async (path, problem) => {
    const { code, err, measured } = await bench({ options: { jsonFile: join(folder, path) } });
    expect(code).toBe(2);
    expect(err).toContain(problem);
    expect(measured).not.toHaveBeenCalled();
  });

  it('measures nothing when it could not be compared', async () => {
    const compareFile = await fileOf('edge.json', sampleReport({ scenario: 'edge' }));
    const { code, err, measured } = await bench({ options: { compareFile } });
    expect(code).toBe(2);
    expect(err).toContain('is a report of edge, not of core');
    expect(measured).not.toHaveBeenCalled();
  });

  it('tells what got worse, and answers 3 only where that was asked for', async () => {
    const compareFile = await fileOf('before.json', sampleReport());
    const findings = {
      metrics: { claimsPerSecond: 30_000 },
      samples: { 'metrics.claimsPerSecond': [29_000, 30_000, 31_000] },
    };
    const told = await bench({ findings, options: { compareFile } });
    expect(told.code).toBe(0);
    expect(told.out).toContain('1 worse, 0 better');
    expect((await bench({ findings, options: { compareFile, failOnWorse: true } })).code).toBe(3);
    expect((await bench({ options: { compareFile, failOnWorse: true } })).code).toBe(0);
  });

  it('does not call it well when nothing could be judged', async () => {
    const compareFile = await fileOf('single.json', { ...sampleReport(), samples: {} });
    expect((await bench({ options: { compareFile, failOnWorse: true } })).code).toBe(3);
  });

  it('answers 130 when it was stopped, and 1 when it broke', async () => {
    const interruption = new AbortController();
    const stopped = await bench({
      signal: interruption.signal,
      run: async () => {
        interruption.abort(new Error('Stopped by SIGINT.'));
        throw interruption.signal.reason;
      },
    });
    expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining('is gone') });
    const broken = await bench({ run: () => Promise.reject(new Error('no Redis here')) });
    expect(broken).toMatchObject({ code: 1, err: expect.stringContaining('no Redis here') });
  });
});

describe('the goals', () => {
  it('are told of a folder of reports, the newest of each scenario, and other files are named', async () => {
    const from = await mkdtemp(join(folder, 'goals-'));
    await writeFile(
      join(from, 'a.json'),
      JSON.stringify(sampleReport({ at: '2027-01-15T08:00:00Z', ratios: { claims: 0.9 } })),
    );
    await writeFile(join(from, 'b.json'), JSON.stringify(sampleReport({ at: '2027-01-14T08:00:00Z' })));
    await writeFile(join(from, 'c.json'), '{}');
    let [out, err] = ['', ''];
    const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
    expect(await goalsCommand({ from, markdown: true }, output)).toBe(0);
    expect(out).toContain('| core | durable claims/s | 60,000 | 80,000 | 0.9 | ≥ 0.7 of bare | held |');
    expect(out).toContain('not measured: no report');
    expect(err).toContain('c.json is no report of a bench');
  });
});
