import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Promotion } from '../promotions/promotion.ts';
import { type SummaryInput, summarize } from './summarize.ts';

const input: SummaryInput = {
  goods: [{ sku: 'A', unitPriceMinor: 1_000, quantity: 2, merchantId: 'M', categoryIds: [] }],
  promotions: [],
  buyer: { nowMs: 0, currency: 'EUR', isFirstOrder: false, tier: undefined },
  destination: { country: 'DE' },
  shippingOption: undefined,
};
const off = (benefit: Promotion['benefit']): Promotion => ({
  ...{ id: 'p', merchantId: null, title: 'p', benefit, stacking: 'stack', priority: 0 },
  conditions: { currency: 'EUR' },
});
function amountsOf(given: Partial<SummaryInput>) {
  const outcome = summarize({ ...input, ...given });
  if (!outcome.ok) throw new Error(outcome.problem);
  return outcome.summary.amounts;
}

describe('a summary', () => {
  it('has the tax inside in Germany and on top in New York', () => {
    expect(amountsOf({})).toEqual({
      ...{ itemsMinor: 1_680, discountMinor: 0, taxMinor: 406, shippingMinor: 454, totalMinor: 2_540 },
    });
    const buyer = { ...input.buyer, currency: 'USD' };
    expect(amountsOf({ buyer, destination: { country: 'US', area: 'NY' } })).toEqual({
      ...{ itemsMinor: 2_000, discountMinor: 0, taxMinor: 349, shippingMinor: 1_930, totalMinor: 4_279 },
    });
  });

  it('frees standard shipping, not express', () => {
    const promotions = [off({ kind: 'free-shipping' })];
    expect(amountsOf({ promotions }).totalMinor).toBe(2_000);
    expect(amountsOf({ promotions, shippingOption: 'express' }).totalMinor).toBe(2_000 + 1_390);
    expect(summarize({ ...input, shippingOption: 'rocket' })).toEqual({ ok: false, problem: 'UNKNOWN_OPTION' });
  });

  it('knows neither shipping nor tax without a destination', () => {
    expect(amountsOf({ destination: undefined })).toMatchObject({ taxMinor: 0, shippingMinor: 0, totalMinor: 2_000 });
  });

  it('always adds up, and is never below nothing', () => {
    const price = fc.nat(1_000_000);
    const country = fc.constantFrom('DE', 'US', 'JP', 'BR');
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 1, max: 99 }),
        fc.nat(2_000_000),
        country,
        (unit, quantity, amount, where) => {
          const goods = [{ sku: 'A', unitPriceMinor: unit, quantity, merchantId: 'M', categoryIds: [] }];
          const promotions = [off({ kind: 'fixed', amountMinor: amount })];
          const amounts = amountsOf({ goods, promotions, destination: { country: where } });
          const { itemsMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = amounts;
          expect(totalMinor).toBe(itemsMinor - discountMinor + taxMinor + shippingMinor);
          expect(totalMinor).toBeGreaterThanOrEqual(0);
          expect(discountMinor).toBe(Math.min(amount, unit * quantity));
        },
      ),
    );
  });
});
