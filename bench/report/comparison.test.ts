import { describe, expect, it } from 'vitest';
import { compareReports } from './comparison.ts';
import type { Report } from './report.ts';
import { sampleReport } from './sample-report.ts';
import { renderComparison } from './terminal.ts';

const before = sampleReport();

function slower(factor: number, changes: Partial<Report> = {}): Report {
  const claimsPerSecond = 60_000 * factor;
  return sampleReport({
    metrics: { ...before.metrics, claimsPerSecond },
    ...changes,
    samples: {
      'metrics.claimsPerSecond': [0.99, 1, 1.01].map((by) => by * claimsPerSecond),
      ...changes.samples,
    },
  });
}

const verdictOf = (report: Report, path: string, first = before) =>
  compareReports(first, report).figures.find((figure) => figure.path === path);

describe('a comparison', () => {
  it('finds a loss that is larger than the noise, and a gain', () => {
    expect(verdictOf(slower(0.85), 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'worse' });
    expect(verdictOf(slower(1.2), 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'better' });
    expect(compareReports(before, slower(0.85))).toMatchObject({ worse: 1, better: 0 });
  });

  it('calls the same what is within the floor, or within what the rounds scatter by', () => {
    expect(verdictOf(slower(0.96), 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'same' });
    const scattered = { samples: { 'metrics.claimsPerSecond': [30_000, 51_000, 70_000] } };
    expect(verdictOf(slower(0.85, scattered), 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'same' });
  });

  it('does not blame us for what the bare part lost as well', () => {
    const both = slower(0.8, {
      limits: { bareClaimsPerSecond: 64_000 },
      samples: { 'limits.bareClaimsPerSecond': [63_000, 64_000, 65_000] },
    });
    expect(verdictOf(both, 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'as bare' });
    expect(compareReports(before, both)).toMatchObject({ worse: 0 });
    expect(compareReports(before, both).warnings.join()).toContain('go by the ratios');
  });

  it('blames us for what we lost more than the bare part', () => {
    const both = slower(0.5, {
      limits: { bareClaimsPerSecond: 72_000 },
      samples: { 'limits.bareClaimsPerSecond': [71_000, 72_000, 73_000] },
    });
    expect(verdictOf(both, 'metrics.claimsPerSecond')).toMatchObject({ verdict: 'worse' });
  });

  it('tells and does not judge single rounds, counts and words', () => {
    const after = slower(0.5, { samples: { 'metrics.claimsPerSecond': [30_000] } });
    expect(verdictOf(after, 'metrics.claimsPerSecond')).toMatchObject({
      verdict: 'not judged',
      change: -0.5,
      why: 'a single round after',
    });
    expect(verdictOf(slower(1), 'metrics.slowCalls')).toMatchObject({ verdict: 'not judged' });
    expect(verdictOf(slower(1), 'metrics.bottleneck')).toMatchObject({ verdict: 'not judged', change: null });
  });

  it('warns of what makes two reports unlike', () => {
    const after = sampleReport({
      machine: { ...before.machine, cores: 8 },
      settings: { seconds: 1 },
      metrics: { claimsPerSecond: 60_000, newMs: 1 },
      commit: 'ab-dirty',
      audit: { ...before.audit, ok: false },
    });
    const said = compareReports(before, after).warnings.join('\n');
    for (const part of [
      'cores was 2, now 8',
      'seconds was 5, now 1',
      'ab-dirty',
      'audit of the second',
      'metrics.newMs',
    ])
      expect(said).toContain(part);
  });

  it('lets the load of an open loop follow what was measured', () => {
    const at = (rate: number) => sampleReport({ settings: { seconds: 5, ordersPerSecondAtHalf: rate } });
    expect(compareReports(at(10_000), at(10_400)).warnings).toEqual([]);
    expect(compareReports(at(10_000), at(12_000)).warnings).toHaveLength(1);
  });

  it('says when nothing could be judged, and reads in a terminal with the worst first', () => {
    const bare = { ...before, samples: {} };
    expect(compareReports(bare, bare).warnings.join()).toContain('Nothing could be judged');
    const text = renderComparison(compareReports(before, slower(0.8)));
    expect(text.indexOf('metrics.claimsPerSecond')).toBeLessThan(text.indexOf('ratios.claims'));
    expect(text).toMatch(/metrics\.claimsPerSecond +60,000 +48,000 +-20 % .* worse/);
    expect(text).toContain('1 worse, 0 better');
  });
});
