import { describe, expect, it } from 'vitest';
import { etaOf, type LineFacts } from './estimate.ts';

const MINUTE_MS = 60_000;
const flow = { leastHeldMs: 10_000, mostHeldMs: 20_000, goneShare: 0 };

function facts(changes: Partial<LineFacts>): LineFacts {
  const ahead = changes.ahead ?? 1_000;
  return {
    ahead,
    most: ahead,
    perSecondCap: 50,
    maxActive: 100,
    passMs: 2 * MINUTE_MS,
    active: 100,
    wanted: 1_000_000,
    flow,
    untilStartMs: -5,
    untilEndMs: 60 * MINUTE_MS,
    ...changes,
  };
}

describe('the estimate', () => {
  it('reaches from passes given back faster than measured to slower than measured', () => {
    const [low, high] = etaOf(facts({}));
    // 900 others at the least, of whom 100 come back every 10 s or sooner.
    expect(low).toBe(72_000);
    // 1,001 at the most, 100 in every 20 s or later, and a second to tell it.
    expect(high).toBe(Math.ceil(1_001 * 200 * 1.6) + 1_000);
  });

  it('lets those in at the pace of the cap for whom a pass is free', () => {
    const [low, high] = etaOf(facts({ ahead: 500, maxActive: 1_000, active: 100 }));
    expect(low).toBe(9_000);
    expect(high).toBe(Math.ceil((501 / 50) * 1_000 * 1.15) + 1_000);
  });

  it('counts on more who leave where more have left', () => {
    const [few] = etaOf(facts({ flow: { ...flow, goneShare: 0.01 } }));
    const [many] = etaOf(facts({ flow: { ...flow, goneShare: 0.5 } }));
    const [all] = etaOf(facts({ flow: { ...flow, goneShare: 1 } }));
    expect(few).toBeGreaterThan(many);
    expect(many).toBeGreaterThan(all);
    expect(all).toBeGreaterThanOrEqual(0);
  });

  it('counts from the start while the drop has not begun', () => {
    const [low, high] = etaOf(facts({}));
    expect(etaOf(facts({ untilStartMs: MINUTE_MS }))).toEqual([low + MINUTE_MS, high + MINUTE_MS]);
  });

  it('ends later where others may still be called in between', () => {
    expect(etaOf(facts({ most: 2_000 }))[1]).toBeGreaterThan(etaOf(facts({}))[1]);
  });

  it('promises what the caps promise while nothing was measured, and never more', () => {
    const promisedMs = 11 * 2 * MINUTE_MS + (1_001 / 50) * 1_000;
    expect(etaOf(facts({ flow: undefined }))).toEqual([12_000, promisedMs + 1_000]);
    expect(etaOf(facts({ flow: { ...flow, mostHeldMs: 2 * MINUTE_MS } }))[1]).toBeLessThanOrEqual(promisedMs + 1_000);
    const first = facts({ ahead: 0, active: 0, flow: undefined });
    expect(etaOf(first)).toEqual([0, 2 * MINUTE_MS + 1_020]);
  });

  it('allows for passes that have to run out first where stock does not last to the place', () => {
    const [, sure] = etaOf(facts({ wanted: 1_101 }));
    const [, unsure] = etaOf(facts({ wanted: 1_100 }));
    expect(unsure).toBe(sure + 4 * MINUTE_MS);
  });

  it('is never below its own lower end, nor beyond the end of the drop', () => {
    const [low, high] = etaOf(facts({ flow: { leastHeldMs: 0, mostHeldMs: 0, goneShare: 0 } }));
    expect(high).toBeGreaterThan(low);
    expect(etaOf(facts({ untilEndMs: 500 }))).toEqual([500, 500]);
  });
});
