import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REGIONS } from '../../contracts/regions.ts';
import { AREA_RATES, COUNTRY_RATES, taxRateAt, taxRateOfRegion } from './rates.ts';
import { taxAdded, taxIncluded } from './tax.ts';

const rate = fc.constantFrom(0, ...Object.values(COUNTRY_RATES), ...Object.values(AREA_RATES));

describe('tax', () => {
  it('that is taken out of a price is the tax that leads to this price', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000_000_00), rate, (gross, ppm) => {
        const inside = taxIncluded(gross, ppm);
        expect(inside).toBeLessThanOrEqual(gross);
        // Both are rounded, so they may differ by a unit, never by more.
        expect(Math.abs(taxAdded(gross - inside, ppm) - inside)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('never shrinks when the amount grows', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000), rate, (amount, more, ppm) => {
        expect(taxAdded(amount + more, ppm)).toBeGreaterThanOrEqual(taxAdded(amount, ppm));
        expect(taxIncluded(amount + more, ppm)).toBeGreaterThanOrEqual(taxIncluded(amount, ppm));
      }),
    );
  });

  it.each([
    [11_900, 190_000, 1_900],
    [10_000, 88_750, 815],
    [1, 190_000, 0],
    [9_800, 0, 0],
  ])('inside %d at %d ppm is %d', (gross, ppm, tax) => {
    expect(taxIncluded(gross, ppm)).toBe(tax);
  });

  it('is looked up by area, then by country', () => {
    expect(taxRateAt({ country: 'US', area: 'NY' })).toBe(88_750);
    expect(taxRateAt({ country: 'US', area: 'OR' })).toBe(0);
    expect(taxRateAt({ country: 'CA', area: 'YT' })).toBe(50_000);
    expect(taxRateAt({ country: 'DE' })).toBe(190_000);
    expect(taxRateAt({ country: 'ZZ' })).toBe(0);
  });

  it('is known for the regions of a new installation', () => {
    for (const region of DEFAULT_REGIONS) expect(taxRateOfRegion(region)).toBeGreaterThan(0);
    expect(taxRateOfRegion('moon-base')).toBe(0);
  });
});
