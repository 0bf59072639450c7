import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseReport, readReportFile } from './report-file.ts';
import { sampleReport } from './sample-report.ts';

const BASELINES = join(import.meta.dirname, '..', 'baselines');

describe('a report in a file', () => {
  it.each(readdirSync(BASELINES).filter((name) => name.endsWith('.json')))('%s is one', (name) => {
    const read = parseReport(readFileSync(join(BASELINES, name), 'utf8'), name);
    expect(read).toMatchObject({
      kind: 'report',
      report: { scenario: name.replace('.json', ''), audit: { ok: true } },
    });
  });

  it('comes back as it was written', () => {
    const report = sampleReport({
      charts: [{ kind: 'scaling', title: 't', dimension: 'd', unit: 'u', lines: [{ name: 'ours', points: [[1, 2]] }] }],
      tables: [{ title: 't', columns: ['a'], rows: [[null], [1]] }],
    });
    expect(parseReport(JSON.stringify(report), 'a.json')).toEqual({ kind: 'report', report });
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'no report of a bench'],
    ['{"scenario":"core"}', 'no report of a bench'],
    [JSON.stringify({ ...sampleReport(), metrics: { a: [] } }), '/metrics'],
  ])('says what is none: %s', (text, problem) => {
    const read = parseReport(text, 'a.json');
    expect(read.kind === 'unusable' && read.problem).toContain(problem);
  });

  it('says of one that is not there', async () => {
    const read = await readReportFile(join(BASELINES, 'nothing.json'));
    expect(read.kind === 'unusable' && read.problem).toContain('nothing.json cannot be read');
  });
});
