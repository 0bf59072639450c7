import { describe, expect, it } from 'vitest';
import { createFlowMeter, type FlowMeter } from './flow.ts';

const TICK_MS = 100;
const PASS_MS = 60_000;

/** A line of 100 passes: as many are called as come back, and each is held as long as `heldMs` says for its number. */
function runLine(meter: FlowMeter, forMs: number, heldMs: (call: number) => number): void {
  const ends: number[] = [];
  let called = 0;
  for (let atMs = 0; atMs <= forMs; atMs += TICK_MS) {
    for (let at = ends.length - 1; at >= 0; at -= 1) if ((ends[at] ?? 0) <= atMs) ends.splice(at, 1);
    while (ends.length < 100) {
      ends.push(atMs + heldMs(called));
      called += 1;
    }
    meter.record({ atMs, called, skipped: 0, active: ends.length });
  }
}

describe('the flow', () => {
  it('is unknown before anything was measured, and while nobody is called', () => {
    const meter = createFlowMeter(PASS_MS);
    expect([meter.flow(), meter.perSecond()]).toEqual([undefined, undefined]);
    for (let atMs = 0; atMs < 1_000; atMs += TICK_MS) meter.record({ atMs, called: 0, skipped: 0, active: 0 });
    expect(meter.flow()).toBeUndefined();
  });

  it('finds how long passes are held', () => {
    const meter = createFlowMeter(PASS_MS);
    runLine(meter, 2 * PASS_MS, (call) => 5_000 + (call % 10) * 1_000);
    const { leastHeldMs = 0, mostHeldMs = 0 } = meter.flow() ?? {};
    expect(leastHeldMs).toBeGreaterThan(9_000);
    expect(mostHeldMs).toBeLessThan(10_000);
    expect(leastHeldMs).toBeLessThanOrEqual(mostHeldMs);
  });

  it('is not deceived by the first passes, which are all given away in a moment', () => {
    const meter = createFlowMeter(PASS_MS);
    runLine(meter, 5_000, () => 20_000);
    expect(meter.perSecond()).toBe(0);
    expect(meter.flow()?.mostHeldMs ?? 0).toBeGreaterThan(20_000);
  });

  it('supposes that some hold their pass to its end as long as nobody can have seen it', () => {
    const meter = createFlowMeter(PASS_MS);
    const everyEighthHolds = (call: number): number => (call % 8 === 0 ? PASS_MS : 5_000);
    runLine(meter, 15_000, everyEighthHolds);
    const trueMeanMs = PASS_MS / 8 + (7 * 5_000) / 8;
    expect(meter.flow()?.mostHeldMs ?? 0).toBeGreaterThan(trueMeanMs);
  });

  it('counts those who were gone', () => {
    const meter = createFlowMeter(PASS_MS);
    meter.record({ atMs: 0, called: 0, skipped: 0, active: 0 });
    meter.record({ atMs: 1_000, called: 30, skipped: 10, active: 30 });
    expect(meter.flow()?.goneShare).toBe(0.25);
    expect(meter.perSecond()).toBe(40);
  });

  it('forgets what is long ago, and keeps a bounded number of samples', () => {
    const meter = createFlowMeter(1_000);
    let [atMs, called] = [0, 0];
    for (; atMs < 100_000; atMs += TICK_MS) {
      called += 10;
      meter.record({ atMs, called, skipped: 0, active: 10 });
    }
    for (; atMs < 200_000; atMs += TICK_MS) meter.record({ atMs, called, skipped: 0, active: 0 });
    expect(meter.perSecond()).toBe(0);
    expect(meter.flow()).toBeUndefined();
  });
});
