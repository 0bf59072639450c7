/** For tests: a report as a scenario would leave it, with what is asked for changed. */
import type { Report } from './report.ts';

export function sampleReport(changes: Partial<Report> = {}): Report {
  const { samples = {}, ...others } = changes;
  return {
    scenario: 'core',
    at: '2027-01-15T08:00:00.000Z',
    commit: '0123456789ab',
    tookSeconds: 42,
    machine: { cpu: 'a processor', cores: 2, memGiB: 24, node: '22.0.0', redis: '7.0.15', kafka: null, postgres: null },
    settings: { seconds: 5 },
    metrics: { claimsPerSecond: 60_000, p99Ms: 15, slowCalls: 2, bottleneck: 'redis' },
    limits: { bareClaimsPerSecond: 80_000 },
    ratios: { claims: 0.75 },
    curves: {},
    samples: {
      'metrics.claimsPerSecond': [59_000, 60_000, 61_000],
      'limits.bareClaimsPerSecond': [79_000, 80_000, 81_000],
      'ratios.claims': [0.74, 0.75, 0.76],
      ...samples,
    },
    charts: [],
    tables: [],
    audit: { ok: true, oversold: 0, lost: 0, duplicated: 0, problems: [] },
    notes: [],
    ...others,
  };
}
