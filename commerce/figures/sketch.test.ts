import { describe, expect, it } from 'vitest';
import { addTo, emptySketch, estimate, merged } from './sketch.ts';

const people = (from: number, count: number) => Array.from({ length: count }, (_, at) => `shopper ${from + at}`);
function sketchOf(ids: readonly string[]) {
  const sketch = emptySketch();
  for (const id of ids) addTo(sketch, id);
  return sketch;
}

describe('a sketch of shoppers', () => {
  it.each([[0], [1], [10], [100], [1_000], [10_000], [100_000]])('counts %i of them within five per cent', (count) => {
    expect(Math.abs(estimate(sketchOf(people(0, count))) - count)).toBeLessThanOrEqual(Math.max(0, count * 0.05));
  });

  it('does not count anybody twice', () => {
    const sketch = sketchOf(people(0, 500));
    const before = estimate(sketch);
    expect(people(0, 500).some((id) => addTo(sketch, id))).toBe(false);
    expect(estimate(sketch)).toBe(before);
  });

  it('of two days is that of both together', () => {
    const [one, other] = [sketchOf(people(0, 3_000)), sketchOf(people(2_000, 3_000))];
    expect(merged([one, other])).toEqual(sketchOf(people(0, 5_000)));
  });
});
