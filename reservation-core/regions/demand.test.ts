import { describe, expect, it } from 'vitest';
import { createDemand } from './demand.ts';

const START = 1_800_000_000_000;
const at = (seconds: number, asked: number, available = 1_000) => ({
  atMs: START + 1_000 * seconds,
  asked,
  available,
});

describe('the demand of a region', () => {
  it('is at first what the sale brought so far', () => {
    expect(createDemand().observe('eu', at(10, 500), START)).toBe(50);
    expect(createDemand().observe('eu', at(0, 500), START)).toBe(500);
    expect(createDemand().observe('eu', at(-5, 0), START)).toBe(0);
  });

  it('follows what is asked, in seconds', () => {
    const demand = createDemand();
    demand.observe('eu', at(0, 0), START);
    let perSecond = 0;
    for (let second = 1; second <= 30; second++) perSecond = demand.observe('eu', at(second, 100 * second), START);
    expect(perSecond).toBeGreaterThan(95);
    expect(perSecond).toBeLessThanOrEqual(100);
    for (let second = 31; second <= 60; second++) perSecond = demand.observe('eu', at(second, 3_000), START);
    expect(perSecond).toBeLessThan(2);
  });

  it('is believed for minutes where nothing is left to be asked, and not for ever', () => {
    const demand = createDemand();
    demand.observe('eu', at(0, 0, 600), START);
    expect(demand.observe('eu', at(6, 600, 0), START)).toBe(100);
    expect(demand.observe('eu', at(66, 600, 0), START)).toBeGreaterThan(75);
    expect(demand.observe('eu', at(2_400, 600, 0), START)).toBeLessThan(1 / 60);
  });

  it('is gone soon where there is stock again and nobody takes it', () => {
    const demand = createDemand();
    demand.observe('eu', at(0, 0, 600), START);
    demand.observe('eu', at(6, 600, 0), START);
    demand.observe('eu', at(7, 600, 50), START);
    expect(demand.observe('eu', at(67, 600, 50), START)).toBeLessThan(0.1);
  });

  it('is what it was when a region comes back that was closed, or was rebuilt and so counts from less', () => {
    const demand = createDemand();
    demand.observe('eu', at(10, 500), START);
    expect(demand.observe('eu', at(11, 100), START)).toBe(50);
    expect(demand.observe('eu', at(12, 150), START)).toBe(50);
    demand.interrupt((key) => key === 'eu');
    expect(demand.observe('eu', at(312, 150), START)).toBe(50);
    expect(demand.observe('eu', at(317, 150), START)).toBe(25);
  });

  it('is kept apart by key until it is forgotten', () => {
    const demand = createDemand();
    demand.observe('eu', at(10, 500), START);
    expect(demand.observe('asia', at(10, 10), START)).toBe(1);
    demand.keepOnly((key) => key !== 'asia');
    expect(demand.observe('asia', at(20, 40), START)).toBe(2);
    expect(demand.observe('asia', at(20, 400), START)).toBe(2);
  });
});
