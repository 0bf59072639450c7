import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../report/report-file.ts';
import { sampleReport } from '../report/sample-report.ts';
import { prepareFiles, writeReport } from './files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('where a report goes', () => {
  it('is into a folder of its own unless somebody says', async () => {
    const prepared = await prepareFiles('core', { jsonFile: undefined, htmlFile: undefined });
    expect(prepared).toMatchObject({
      kind: 'ready',
      files: {
        json: expect.stringMatching(/\.dropgate\/bench\/core\.json$/),
        html: expect.stringMatching(/\.dropgate\/bench\/core\.html$/),
      },
    });
  });

  it.each([
    ['none/report.json', 'there is no folder'],
    ['.', 'it is a folder'],
  ])('is said to be wrong before anything is measured: %s', async (path, problem) => {
    const prepared = await prepareFiles('core', { jsonFile: join(folder, path), htmlFile: join(folder, 'a.html') });
    expect(prepared.kind === 'unusable' && prepared.problem).toContain(problem);
  });

  it('is not the same for both', async () => {
    const file = join(folder, 'both');
    expect(await prepareFiles('core', { jsonFile: file, htmlFile: file })).toMatchObject({ kind: 'unusable' });
  });

  it('has the report with its goals and what it was compared with, and reads as a report again', async () => {
    const files = { json: join(folder, 'core.json'), html: join(folder, 'core.html') };
    await writeReport(files, sampleReport(), sampleReport());
    const text = await readFile(files.json, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ goals: [{ verdict: 'held' }], comparison: { worse: 0, better: 0 } });
    expect(parseReport(text, files.json)).toEqual({ kind: 'report', report: sampleReport() });
    expect(await readFile(files.html, 'utf8')).toMatch(/^<!doctype html>/);
  });
});
