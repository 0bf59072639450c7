import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { etaAfter, moveAhead, oddsAfter, type Place, steadyEta } from './ahead.ts';

const told = { atMs: 1_000, ahead: 9, etaMs: [900, 2_000], odds: 0.5, stock: 10 } as const;

describe('ahead', () => {
  it('falls as the head moves, and is nothing once the place is called', () => {
    const place: Place = { position: 10, ahead: 9 };
    expect(moveAhead(place, { head: 4, waiting: 99 })).toEqual({ position: 10, ahead: 5, seenHead: 4 });
    expect(moveAhead(place, { head: 10, waiting: 0 }).ahead).toBe(0);
  });

  it('takes leavers from the count of those who wait, but not of a broadcast that may be older than the place', () => {
    const old = moveAhead({ position: 10, ahead: 9 }, { head: 0, waiting: 3 });
    expect(old.ahead).toBe(9);
    expect(moveAhead(old, { head: 0, waiting: 3 }).ahead).toBe(9);
    expect(moveAhead(old, { head: 1, waiting: 4 }).ahead).toBe(3);
  });

  it('is never less than who really is ahead, and never grows, whoever joins, leaves and is called', () => {
    const step = fc.oneof(
      fc.constant((line: TestLine) => line.join()),
      fc.nat(30).map((which) => (line: TestLine) => line.leave(which)),
      fc.integer({ min: 1, max: 4 }).map((most) => (line: TestLine) => line.call(most)),
      fc.constant((line: TestLine) => line.tell()),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.array(step, { maxLength: 60 }), (before, steps) => {
        const line = testLine(before);
        for (const run of steps) run(line);
      }),
    );
  });
});

type TestLine = ReturnType<typeof testLine>;

/** A line with one place that is watched, behind `before` others. */
function testLine(before: number) {
  const mine = before + 1;
  const waiting = Array.from({ length: mine }, (_, at) => at + 1);
  let tail = mine;
  let head = 0;
  let place: Place = { position: mine, ahead: before };
  return {
    join() {
      tail += 1;
      waiting.push(tail);
    },
    leave(which: number) {
      const at = which % Math.max(1, waiting.length);
      if (waiting[at] !== mine) waiting.splice(at, 1);
    },
    call(most: number) {
      head = waiting.splice(0, most).at(-1) ?? head;
    },
    tell() {
      const { ahead } = place;
      place = moveAhead(place, { head, waiting: waiting.length });
      expect(place.ahead).toBeLessThanOrEqual(ahead);
      expect(place.ahead).toBeGreaterThanOrEqual(waiting.filter((other) => other < mine).length);
    },
  };
}

describe('the interval', () => {
  it('shrinks with those ahead, not by itself', () => {
    const startsAtMs = 0;
    expect(etaAfter(told, { atMs: 1_500, ahead: 9, startsAtMs }).etaMs).toEqual([900, 2_000]);
    expect(etaAfter(told, { atMs: 1_500, ahead: 4, startsAtMs }).etaMs).toEqual([400, 1_000]);
    expect(etaAfter(told, { atMs: 1_500, ahead: 0, startsAtMs }).etaMs).toEqual([0, 200]);
  });

  it('counts down to the start first', () => {
    const early = { ...told, etaMs: [5_900, 7_000] } as const;
    expect(etaAfter(early, { atMs: 4_000, ahead: 9, startsAtMs: 6_000 }).etaMs).toEqual([2_900, 4_000]);
    expect(etaAfter(early, { atMs: 9_000, ahead: 9, startsAtMs: 6_000 }).etaMs).toEqual([900, 2_000]);
  });

  it('never jumps up by more than its own width', () => {
    const duration = fc.nat(600_000);
    fc.assert(
      fc.property(fc.tuple(duration, duration), fc.tuple(duration, duration), fc.nat(5_000), (one, two, laterMs) => {
        const interval = ([a, b]: [number, number]): [number, number] => [Math.min(a, b), Math.max(a, b)];
        const shown = { atMs: 0, etaMs: interval(one) };
        const next = steadyEta(shown, { atMs: laterMs, etaMs: interval(two) });
        const width = Math.max(1_000, shown.etaMs[1] - shown.etaMs[0]);
        for (const end of [0, 1] as const) {
          expect(laterMs + next.etaMs[end]).toBeLessThanOrEqual(Math.max(laterMs, shown.etaMs[end] + width));
        }
        expect(next.etaMs[0]).toBeLessThanOrEqual(next.etaMs[1]);
      }),
    );
    expect(steadyEta(undefined, told)).toBe(told);
  });
});

it('odds follow the stock and those ahead, and are nothing when nothing is left', () => {
  expect(oddsAfter(told, { ahead: 9, stock: 5 })).toBe(0.25);
  expect(oddsAfter(told, { ahead: 4, stock: 10 })).toBe(1);
  expect(oddsAfter(told, { ahead: 0, stock: 0 })).toBe(0);
  expect(oddsAfter({ ...told, odds: 1 }, { ahead: 9, stock: 10 })).toBe(1);
  expect(oddsAfter({ ...told, odds: 1 }, { ahead: 9, stock: 5 })).toBe(0.5);
});
