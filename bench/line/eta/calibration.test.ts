import { describe, expect, it } from 'vitest';
import { calibrate } from './calibration.ts';
import type { Wait } from './notes.ts';
import { createRandom } from './random.ts';

const wait = (changes: Partial<Wait>): Wait => ({
  place: 1,
  toldAtMs: 1_000,
  lowMs: 2_000,
  highMs: 4_000,
  admittedAtMs: 4_000,
  calledAtMs: 4_000,
  left: false,
  jumps: 0,
  ...changes,
});

describe('the calibration', () => {
  it('counts who was admitted within the first interval they were told', () => {
    const waits = [
      wait({}),
      wait({ admittedAtMs: 3_000 }),
      wait({ admittedAtMs: 2_000 }),
      wait({ admittedAtMs: 9_000 }),
    ];
    expect(calibrate(waits)).toMatchObject({ shoppers: 4, within: 0.5, early: 0.25, late: 0.25, widthP50Ms: 2_000 });
  });

  it('leaves out who left, and names who was never admitted', () => {
    const waits = [wait({}), wait({ left: true, admittedAtMs: null }), wait({ admittedAtMs: null, jumps: 2 })];
    expect(calibrate(waits)).toMatchObject({ shoppers: 1, within: 1, neverAdmitted: 1, jumps: 2 });
  });

  it('has nothing to say about nobody', () => {
    expect(calibrate([])).toMatchObject({ shoppers: 0, within: 0, waitP50Ms: 0 });
  });
});

it('the people are the same in every run, and spread evenly', () => {
  const [one, two] = [createRandom(7), createRandom(7)];
  const drawn = Array.from({ length: 10_000 }, () => one());
  expect(drawn.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => two()));
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
});
