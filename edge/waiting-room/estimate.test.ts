import { describe, expect, it } from 'vitest';
import { createOutflow, etaOf, type LineFacts } from './estimate.ts';

const facts = (changes: Partial<LineFacts>): LineFacts => ({
  ahead: 100,
  most: 100,
  perSecondCap: 50,
  maxActive: 40,
  passMs: 120_000,
  outflowPerSecond: 10,
  untilStartMs: -5,
  untilEndMs: 3_600_000,
  ...changes,
});

describe('the estimate', () => {
  it('is an interval from the cap to the measured outflow with slack', () => {
    expect(etaOf(facts({}))).toEqual([2_000, 16_150]);
  });

  it('counts from the start while the drop has not begun', () => {
    expect(etaOf(facts({ untilStartMs: 60_000 }))).toEqual([62_000, 76_150]);
  });

  it('ends later where others may still be called in between', () => {
    expect(etaOf(facts({ most: 200 }))).toEqual([2_000, 31_150]);
  });

  it('promises what the caps promise while nothing was measured, or nothing flows', () => {
    expect(etaOf(facts({ outflowPerSecond: undefined }))).toEqual([2_000, 3 * 120_000 + 3_020]);
    expect(etaOf(facts({ outflowPerSecond: 0 }))).toEqual([2_000, 3 * 120_000 + 3_020]);
    expect(etaOf(facts({ outflowPerSecond: 0.001 }))).toEqual([2_000, 3 * 120_000 + 3_020]);
    expect(etaOf(facts({ ahead: 0, most: 0, outflowPerSecond: undefined }))).toEqual([0, 121_020]);
  });

  it('is never below its own lower end, nor beyond the end of the drop', () => {
    expect(etaOf(facts({ outflowPerSecond: 10_000 }))).toEqual([2_000, 3_000]);
    expect(etaOf(facts({ untilEndMs: 500 }))).toEqual([500, 500]);
  });
});

describe('the outflow', () => {
  it('is measured over its window only', () => {
    const outflow = createOutflow(10_000, 100);
    expect(outflow.perSecond()).toBeUndefined();
    outflow.record(0, 0);
    expect(outflow.perSecond()).toBeUndefined();
    outflow.record(1_000, 30);
    expect(outflow.perSecond()).toBe(30);
    for (let second = 2; second <= 20; second += 1) outflow.record(second * 1_000, 30);
    expect(outflow.perSecond()).toBe(0);
  });

  it('is bounded in samples', () => {
    const outflow = createOutflow(10_000, 3);
    for (let at = 0; at < 10; at += 1) outflow.record(at, at * at);
    expect(outflow.perSecond()).toBe(((81 - 49) / 2) * 1_000);
  });
});
