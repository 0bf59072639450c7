import { describe, expect, it } from 'vitest';
import type { Chart } from '../chart.ts';
import { sampleReport } from '../sample-report.ts';
import { renderPage } from './page.ts';

const line = (count: number, factor = 1) => ({
  name: 'ours & theirs',
  points: Array.from({ length: count }, (_, at) => [at, factor * (at + 1)] as const),
});
const CHARTS: readonly Chart[] = [
  {
    kind: 'latency',
    title: 'Latency',
    lines: [
      {
        name: 'ours',
        points: [
          [0, 0],
          [50, 1.5],
          [99, 20],
          [99.9, 31],
        ],
      },
    ],
  },
  {
    ...{ kind: 'timeline', title: 'By second', unit: 'claims/s', lines: [line(3_600)] },
    marks: [{ atSeconds: 20, name: 'the <drop> starts' }],
  },
  {
    kind: 'scaling',
    title: 'Sockets',
    dimension: 'sockets',
    unit: 'us',
    lines: [line(4), { name: 'none', points: [] }],
  },
  { kind: 'latency', title: 'Empty', lines: [] },
];
const report = sampleReport({
  charts: CHARTS,
  tables: [{ title: 'Runs <1>', columns: ['run', 'claims/s'], rows: [['"bare"', 1_234]] }],
  curves: { batch: [{ batch: 1, 'claims/s': 4_000 }] },
  notes: ['a <script>alert(1)</script> note'],
});
const MOST_BYTES = 300 * 1_024;

describe('the page of a report', () => {
  const page = renderPage(report, { ...report, commit: 'fedcba' });

  it('needs nothing else, and no script', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|\son[a-z]+=/);
    expect(Buffer.byteLength(page)).toBeLessThan(MOST_BYTES);
  });

  it('escapes what it is given', () => {
    for (const part of [
      '&lt;script&gt;alert(1)',
      'the &lt;drop&gt; starts',
      'Runs &lt;1&gt;',
      '&quot;bare&quot;',
      'ours &amp; theirs',
    ])
      expect(page).toContain(part);
  });

  it('has the verdict, the goals, the figures, the charts with their values, the comparison', () => {
    for (const part of [
      'Audit: nothing oversold',
      'durable claims/s',
      '60,000',
      'Curve: batch',
      'Compared with fedcba',
      'Nothing was measured.',
      'the same before',
      'each 60th',
    ])
      expect(page).toContain(part);
    expect(page.match(/<svg viewBox/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('has no place that is not a number', () => {
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is loud when the audit failed', () => {
    const audit = { ok: false, oversold: 3, lost: 0, duplicated: 1, problems: ['3 units oversold'] };
    const failed = renderPage({ ...report, audit });
    expect(failed).toContain('AUDIT FAILED: 3 oversold, 0 lost, 1 doubled');
    expect(failed).not.toContain('nothing oversold');
  });
});
