import { describe, expect, it } from 'vitest';
import { goalsOf, judgeGoal } from './goal-verdict.ts';
import { GOALS, type Goal } from './goals.ts';
import { sampleReport } from './sample-report.ts';

const goal: Goal = {
  scenario: 'core',
  what: 'claims',
  figure: 'metrics.claimsPerSecond',
  least: 50_000,
  ...{ bare: 'limits.bareClaimsPerSecond', ratio: 'ratios.claims', leastRatio: 0.7 },
  peer: null,
};

describe('a goal', () => {
  it('is held when the figure and the ratio are', () => {
    expect(judgeGoal(goal, sampleReport())).toMatchObject({
      ...{ measured: 60_000, bare: 80_000, ratio: 0.75 },
      ...{ goal: '≥ 50,000; ≥ 0.7 of bare', verdict: 'held', detail: '' },
    });
  });

  it('says when a single round is all that it is held by', () => {
    const once = sampleReport({ settings: { rounds: 1 } });
    expect(judgeGoal(goal, once)).toMatchObject({ verdict: 'held', detail: 'by a single round' });
  });

  it('says by how much it was missed', () => {
    expect(judgeGoal({ ...goal, least: 75_000 }, sampleReport())).toMatchObject({
      verdict: 'missed',
      detail: '20 % too little',
    });
    expect(judgeGoal({ ...goal, leastRatio: 0.8 }, sampleReport())).toMatchObject({ detail: '6 % too little of bare' });
    const slow: Goal = { ...goal, figure: 'metrics.p99Ms', most: 10, least: 0 };
    expect(judgeGoal(slow, sampleReport())).toMatchObject({
      verdict: 'missed',
      detail: '50 % too much; bare misses it too',
    });
  });

  it('counts for nothing without an audit, a figure, or the size that it is meant for', () => {
    const failed = sampleReport({ audit: { ok: false, oversold: 1, lost: 0, duplicated: 0, problems: [] } });
    expect(judgeGoal(goal, failed)).toMatchObject({
      verdict: 'not measured',
      detail: expect.stringContaining('audit'),
    });
    expect(judgeGoal({ ...goal, figure: 'metrics.none' }, sampleReport())).toMatchObject({ verdict: 'not measured' });
    const needs = [{ figure: 'settings.seconds', least: 10 }];
    expect(judgeGoal({ ...goal, needs }, sampleReport())).toMatchObject({ detail: 'with 5 seconds, not 10' });
    expect(judgeGoal(goal, undefined)).toMatchObject({ verdict: 'not measured', detail: 'no report' });
  });

  it('is only told of the own scenario', () => {
    expect(goalsOf(sampleReport()).map(({ what }) => what)).toEqual(['durable claims/s']);
  });
});

describe('the goals', () => {
  it('each have a bound, or say where else to look', () => {
    for (const { least, most, leastRatio, figure, see } of GOALS) {
      expect(least ?? most ?? leastRatio).toBeDefined();
      expect(figure ?? see).toBeDefined();
    }
  });
});
