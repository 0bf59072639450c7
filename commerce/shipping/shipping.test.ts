import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHIPPING_OPTIONS } from './options.ts';
import { shippingCost, shippingOptionsFor, zoneOf } from './shipping.ts';

const parcel = { country: 'DE', currency: 'EUR', goodsMinor: 4_999, units: 1 };

describe('shipping', () => {
  it('offers what goes to the place, cheapest first', () => {
    const offered = shippingOptionsFor({ ...parcel, units: 3 });
    expect(offered.map(({ option, costMinor }) => [option.id, costMinor])).toEqual([
      ['standard', 590],
      ['express', 1_490],
    ]);
    expect(shippingOptionsFor({ ...parcel, country: 'BR' })[0]?.option).toMatchObject({ zone: 'world', days: [7, 14] });
    expect(shippingOptionsFor({ ...parcel, currency: 'XXX' })).toEqual([]);
    expect(['DE', 'FR', 'US'].map(zoneOf)).toEqual(['home', 'near', 'world']);
  });

  it('is free from the threshold on, and for nothing', () => {
    const standard = (goodsMinor: number) => shippingOptionsFor({ ...parcel, goodsMinor })[0];
    expect(standard(4_999)).toMatchObject({ costMinor: 490 });
    expect(standard(5_000)).toMatchObject({ costMinor: 0, option: { id: 'standard' } });
    for (const option of SHIPPING_OPTIONS) expect(shippingCost(option, { goodsMinor: 0, units: 0 })).toBe(0);
  });

  it('never costs less for more units of the same worth', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SHIPPING_OPTIONS), fc.nat(100_000), fc.nat(1_000), (option, goodsMinor, units) => {
        const cost = shippingCost(option, { goodsMinor, units });
        expect(Number.isSafeInteger(cost) && cost >= 0).toBe(true);
        expect(shippingCost(option, { goodsMinor, units: units + 1 })).toBeGreaterThanOrEqual(cost);
      }),
    );
  });

  it('has one line for each way, zone and currency', () => {
    const names = SHIPPING_OPTIONS.map(({ id, zone, currency }) => `${id} ${zone} ${currency}`);
    expect(new Set(names).size).toBe(names.length);
  });
});
