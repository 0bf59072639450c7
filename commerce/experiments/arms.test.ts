import { describe, expect, it } from 'vitest';
import { newId } from '../../test/fixtures/drop.ts';
import { type Arm, armLabel, armOf, readArmLabel } from './arms.ts';

describe('the arm of a shopper', () => {
  const arms: readonly Arm[] = [
    { name: 'control', share: 50, weights: null },
    { name: 'more-trending', share: 30, weights: null },
  ];

  it('is the same whenever it is asked for, and another in another experiment', () => {
    const shoppers = Array.from({ length: 400 }, newId);
    const of = (name: string) => shoppers.map((shopper) => armOf({ name, arms }, shopper)?.name);
    expect(of('first')).toEqual(of('first'));
    const both = of('first').filter((arm, at) => arm === of('second')[at]).length;
    // By chance .5² + .3² + .2² = 38 % of them are in the same arm of both.
    expect(both / shoppers.length).toBeGreaterThan(0.25);
    expect(both / shoppers.length).toBeLessThan(0.5);
  });

  it('is given by share, and what the arms leave is in none', () => {
    const counts = new Map<string | undefined, number>();
    for (let at = 0; at < 10_000; at += 1) {
      const arm = armOf({ name: 'shares', arms }, `shopper ${at}`)?.name;
      counts.set(arm, (counts.get(arm) ?? 0) + 1);
    }
    // Four standard errors of 10,000 are 2 points at most.
    for (const [name, share] of [
      ['control', 0.5],
      ['more-trending', 0.3],
      [undefined, 0.2],
    ] as const) {
      expect(Math.abs((counts.get(name) ?? 0) / 10_000 - share)).toBeLessThan(0.02);
    }
  });

  it('is written into an event, and read back', () => {
    expect(readArmLabel(armLabel('weights', 'control'))).toEqual({ experiment: 'weights', arm: 'control' });
    expect(readArmLabel('none')).toBeUndefined();
    expect(readArmLabel('a:b:c')).toBeUndefined();
  });
});
