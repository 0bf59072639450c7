import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLoop, timetable } from './pace.ts';
import type { Seat } from './seats.ts';

const seat = (at: number): Seat => ({ at, shopper: undefined, key: undefined, dueMs: 0, tries: 0, wins: 0 });

describe('the timetable', () => {
  const { dueBy, dueAtMs } = timetable(1_000, 2_000);

  it('ramps up to a steady rate', () => {
    expect([0, 1_000, 2_000, 3_000, 4_000].map(dueBy)).toEqual([0, 250, 1_000, 2_000, 3_000]);
  });

  it('has each claim due when it is counted as due', () => {
    for (const claim of [1, 250, 999, 1_000, 1_001, 5_000]) {
      expect(dueBy(dueAtMs(claim) + 0.001)).toBe(claim);
      expect(dueBy(dueAtMs(claim) - 0.001)).toBe(claim - 1);
    }
  });
});

describe('the open loop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts from when a claim was due, also when no socket was free for it', () => {
    const all = [seat(0), seat(1)];
    const begun: { at: number; lateMs: number }[] = [];
    const claim = ({ at }: Seat, dueMs: number): void => {
      begun.push({ at, lateMs: Math.round(performance.now() - dueMs) });
    };
    const pace = openLoop(() => ({ all, claim }), timetable(100, 0));
    pace.start();
    vi.advanceTimersByTime(100);
    expect(begun).toEqual([
      { at: 0, lateMs: 0 },
      { at: 1, lateMs: 0 },
    ]);
    pace.free(all[1] ?? seat(1));
    vi.advanceTimersByTime(1);
    expect(begun[2]).toEqual({ at: 1, lateMs: 71 });
    expect(pace.mostWaiting).toBe(8);
    pace.stop();
    vi.advanceTimersByTime(1_000);
    expect(begun).toHaveLength(3);
    expect(pace.waiting).toBe(7);
    for (let at = 0; at < 9; at += 1) pace.free(all[0] ?? seat(0));
    vi.advanceTimersByTime(1_000);
    // Those that were due before the end, as late as they are, and no other.
    expect(begun).toHaveLength(10);
    expect(begun.at(-1)?.lateMs).toBe(1_002);
    expect(pace.waiting).toBe(0);
  });
});
