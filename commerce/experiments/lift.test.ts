import { describe, expect, it } from 'vitest';
import { createRandom } from '../../test/integration/fuzz/random.ts';
import { katz, newcombe, ratioOfSums, sampleNeeded, wilson, zOf } from './lift.ts';

const Z = zOf(0.95);
const close = (value: number | undefined, known: number) => expect(value).toBeCloseTo(known, 3);

describe('the intervals', () => {
  it('reach as far as tables say', () => {
    expect(Z).toBeCloseTo(1.959963985, 7);
    expect(zOf(0.99)).toBeCloseTo(2.575829304, 7);
    // Two comparisons at 95 % are each one at 97.5 %.
    expect(zOf(0.95, 2)).toBeCloseTo(2.241402728, 7);
  });

  // Newcombe 1998, Statistics in Medicine 17, tables I and II.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i are those that Wilson gives in print', (done, of, low, high) => {
    close(wilson({ done, of }, Z).low, low);
    close(wilson({ done, of }, Z).high, high);
  });

  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i/%i − %i/%i are those that Newcombe gives in print', (a, m, b, n, low, high) => {
    const interval = newcombe({ done: a, of: m }, { done: b, of: n }, Z);
    close(interval.low, low);
    close(interval.high, high);
  });

  it('of a ratio are those of Katz, and none where nobody did it', () => {
    const { low, high } = katz({ done: 30, of: 100 }, { done: 20, of: 100 }, Z) ?? { low: 0, high: 0 };
    // exp(ln 1.5 ± 1.96 · √(1/30 − 1/100 + 1/20 − 1/100))
    close(low, 1.5 * Math.exp(-Z * Math.sqrt(1 / 30 + 1 / 20 - 0.02)) - 1);
    close(high, 1.5 * Math.exp(Z * Math.sqrt(1 / 30 + 1 / 20 - 0.02)) - 1);
    expect(katz({ done: 0, of: 100 }, { done: 20, of: 100 }, Z)).toBeUndefined();
  });

  it('name the sample that a lift needs', () => {
    // 5 % against 5.5 %, 80 % power, two-sided 95 %: (1.96 + 0.8416)² · (.05·.95 + .055·.945) ÷ .005².
    expect(sampleNeeded(0.05, 0.1, Z)).toBe(31_231);
    expect(sampleNeeded(0, 0.1, Z)).toBeUndefined();
  });
});

describe('over many experiments whose truth is known', () => {
  const { fraction: random } = createRandom(20_260_101);
  const drawn = (of: number, rate: number) => {
    let done = 0;
    for (let at = 0; at < of; at += 1) if (random() < rate) done += 1;
    return { done, of };
  };

  it.each([
    [200, 0.1, 0.1],
    [300, 0.05, 0.08],
    [150, 0.02, 0.02],
  ])('the truth lies in the interval of Newcombe 95 times in a hundred (%i shoppers, %f and %f)', (of, one, other) => {
    const rounds = 3_000;
    let held = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { low, high } = newcombe(drawn(of, one), drawn(of, other), Z);
      if (low <= one - other && one - other <= high) held += 1;
    }
    // Four standard errors of 3,000 rounds are 1.6 points; with rare events the interval is a little too wide, never narrow.
    expect(held / rounds).toBeGreaterThan(0.934);
    expect(held / rounds).toBeLessThan(0.985);
  });

  it('the truth lies in the interval over shoppers, where one of them sees many lists, and not in a naive one', () => {
    const rounds = 1_500;
    let [held, naive] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const sums = { shoppers: 300, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
      for (let shopper = 0; shopper < sums.shoppers; shopper += 1) {
        const lists = 1 + Math.floor(random() * 20);
        // Half of them never click, the other half one time in five: lists of one shopper are no independent tries.
        const { done } = drawn(lists, random() < 0.5 ? 0 : 0.2);
        sums.x += lists;
        sums.y += done;
        sums.xx += lists * lists;
        sums.xy += lists * done;
        sums.yy += done * done;
      }
      const { rate, error } = ratioOfSums(sums);
      if (Math.abs(rate - 0.1) <= Z * error) held += 1;
      if (Math.abs(rate - 0.1) <= Z * Math.sqrt((rate * (1 - rate)) / sums.x)) naive += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.925);
    expect(held / rounds).toBeLessThan(0.975);
    expect(naive / rounds).toBeLessThan(0.9);
  });
});
