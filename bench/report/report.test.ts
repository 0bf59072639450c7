import { describe, expect, it } from 'vitest';
import type { Findings } from '../scenario.ts';
import { joinAudits } from './audit.ts';
import { makeReport } from './report.ts';
import { parseReport } from './report-file.ts';
import { renderReport } from './terminal.ts';

const fine = { ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] };
const bad = { ok: false, oversold: 3, lost: 0, duplicated: 1, problems: ['3 units oversold'] };

const findings: Findings = {
  settings: { seconds: 5 },
  metrics: { claimsPerSecond: 54_321 },
  limits: { bareClaimsPerSecond: 70_000 },
  ratios: { claims: 0.776 },
  curves: { batch: [{ batch: 1, 'claims/s': 9_000 }] },
  samples: { 'metrics.claimsPerSecond': [54_000, 54_321, 55_000] },
  charts: [],
  audit: fine,
  servers: { redis: '7.0.15' },
  tables: [{ title: 'Runs', columns: ['run', 'claims/s'], rows: [['ours', 54_321]] }],
  notes: ['a note'],
};
const head = {
  scenario: 'core',
  atMs: 1_800_000_000_000,
  commit: 'abc',
  tookSeconds: 42,
  machine: { cpu: 'a processor', cores: 2, memGiB: 24, node: '22.0.0' },
};

describe('a report', () => {
  it('has the names that others rely on', () => {
    const report = makeReport(head, findings);
    expect(Object.keys(report)).toEqual(
      expect.arrayContaining([
        'scenario',
        'at',
        'commit',
        'machine',
        'settings',
        'metrics',
        'limits',
        'ratios',
        'audit',
      ]),
    );
    expect(report.at).toBe('2027-01-15T08:00:00.000Z');
    expect(report.machine).toEqual({ ...head.machine, redis: '7.0.15', kafka: null, postgres: null });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('can be read again when something was divided by nothing', () => {
    const odd: Findings = {
      ...findings,
      metrics: { claimsPerSecond: Number.NaN },
      samples: { 'metrics.claimsPerSecond': [1, Number.POSITIVE_INFINITY] },
      charts: [
        {
          kind: 'latency',
          title: 'odd',
          lines: [
            {
              name: 'ours',
              points: [
                [50, Number.NaN],
                [90, 1],
              ],
            },
          ],
        },
      ],
    };
    const report = makeReport(head, odd);
    expect(parseReport(JSON.stringify(report), 'odd.json')).toEqual({ kind: 'report', report });
    expect(report).toMatchObject({ metrics: { claimsPerSecond: null }, charts: [{ lines: [{ points: [[90, 1]] }] }] });
  });

  it('is read in a terminal: figures, tables, notes, verdict', () => {
    const text = renderReport(makeReport(head, findings));
    for (const part of ['claimsPerSecond   54,321', '0.776', 'Runs', '· a note', 'Audit: ok'])
      expect(text).toContain(part);
  });

  it('says loudly what an audit found', () => {
    const text = renderReport(makeReport(head, { ...findings, audit: bad }));
    expect(text).toContain('AUDIT FAILED: 3 oversold, 0 lost, 1 duplicated');
    expect(text).toContain('3 units oversold');
  });
});

describe('several audits', () => {
  it('are ok when each one is', () => {
    expect(joinAudits([fine, fine])).toEqual(fine);
    expect(joinAudits([fine, bad, bad])).toMatchObject({ ok: false, oversold: 6, duplicated: 2 });
  });

  it('are not ok when there was none', () => {
    expect(joinAudits([]).ok).toBe(false);
  });
});
