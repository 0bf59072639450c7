import { describe, expect, it } from 'vitest';
import { createPatience } from './patience.ts';

describe('patience', () => {
  it('is over a while after the first refusal', () => {
    const patience = createPatience({ forMs: 100, most: 10 });
    expect([patience.isOver('a', 0), patience.isOver('a', 99), patience.isOver('a', 100)]).toEqual([
      false,
      false,
      true,
    ]);
    patience.forget('a');
    expect(patience.isOver('a', 200)).toBe(false);
  });

  it('remembers only so many', () => {
    const patience = createPatience({ forMs: 100, most: 2 });
    for (const place of ['a', 'b', 'c']) patience.settle(place);
    expect(['a', 'b', 'c'].map((place) => patience.isSettled(place))).toEqual([false, true, true]);
  });
});
