import { describe, expect, it } from 'vitest';
import { INTERVALS } from '../../contracts/limits.ts';
import { createLoadJudge, type LoadSample } from './load.ts';

const steps = {
  eventLoopDelayMs: [100, 250, 500],
  requestsInFlight: [10, 20, 40],
  databaseWaiting: [5, 50, 500],
} as const;
const calm: LoadSample = { eventLoopDelayMs: 1, requestsInFlight: 1, databaseWaiting: 0 };

function judge() {
  const made = createLoadJudge(steps);
  let nowMs = 0;
  return (sample: Partial<LoadSample>, times = 1): string[] =>
    Array.from({ length: times }, () => {
      nowMs += INTERVALS.loadSampleMs;
      return made.take({ ...calm, ...sample }, nowMs);
    });
}
const back = INTERVALS.loadCalmMs / INTERVALS.loadSampleMs + 1;

describe('the load of a store', () => {
  it('is one of two samples in a row, not of a hiccup', () => {
    const take = judge();
    expect(take({ eventLoopDelayMs: 900 })).toEqual(['calm']);
    expect(take({}, 3)).toEqual(['calm', 'calm', 'calm']);
    expect(take({ eventLoopDelayMs: 900 }, 2)).toEqual(['calm', 'critical']);
  });

  it.each([
    ['the event loop', { eventLoopDelayMs: 250 }, 'overloaded'],
    ['requests', { requestsInFlight: 10 }, 'strained'],
    ['waiting for the database', { databaseWaiting: 500 }, 'critical'],
    ['nothing', { requestsInFlight: 9, eventLoopDelayMs: 99 }, 'calm'],
  ])('follows %s', (_what, sample, level) => {
    expect(judge()(sample, 2).at(-1)).toBe(level);
  });

  it('gets better by one level after a while of calm, and not while it is nearly as bad', () => {
    const take = judge();
    take({ requestsInFlight: 25 }, 2);
    expect(take({ requestsInFlight: 15 }, 40).at(-1)).toBe('overloaded');
    expect(take({}, back).slice(-2)).toEqual(['overloaded', 'strained']);
    expect(take({}, back).at(-1)).toBe('calm');
  });

  it('does not swing with what comes and goes', () => {
    const take = judge();
    take({ requestsInFlight: 25 }, 2);
    for (let round = 0; round < 20; round += 1) {
      expect(take({}, back - 2).at(-1)).toBe('overloaded');
      expect(take({ requestsInFlight: 25 }).at(-1)).toBe('overloaded');
    }
  });
});
