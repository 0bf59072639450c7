import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceClaim } from './price-claim.ts';
import { type Basket, priceOrder } from './price-order.ts';

const line = fc.record({ unitPriceMinor: fc.nat(10_000_000), quantity: fc.integer({ min: 1, max: 100 }) });
const basket: fc.Arbitrary<Basket> = fc.record({
  lines: fc.array(line, { maxLength: 20 }),
  discountMinor: fc.nat(1_000_000),
  shippingMinor: fc.oneof(fc.constant(0), fc.nat(10_000)),
  taxRate: fc.nat(300_000),
  tax: fc.constantFrom('included' as const, 'added' as const),
});
const told = ({ lines, discountMinor, shippingMinor }: Basket) =>
  lines.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0) -
  discountMinor +
  shippingMinor;

describe('the price of an order', () => {
  it('adds up as the database checks it, and no part of it is negative', () => {
    fc.assert(
      fc.property(basket, (given) => {
        const priced = priceOrder(given);
        fc.pre(priced.ok);
        if (!priced.ok) return;
        const { itemsMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = priced.amounts;
        expect(totalMinor).toBe(itemsMinor - discountMinor + taxMinor + shippingMinor);
        for (const part of Object.values(priced.amounts)) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
        if (given.tax === 'included') expect(totalMinor).toBe(told(given));
        else expect(totalMinor).toBe(told(given) + taxMinor);
      }),
    );
  });

  it('refuses a discount above the goods, and what no number holds exactly', () => {
    const given = {
      lines: [{ unitPriceMinor: 100, quantity: 1 }],
      shippingMinor: 50,
      taxRate: 0,
      tax: 'added',
    } as const;
    expect(priceOrder({ ...given, discountMinor: 101 })).toEqual({ ok: false, problem: 'DISCOUNT_TOO_LARGE' });
    const huge = { unitPriceMinor: Number.MAX_SAFE_INTEGER, quantity: 1 };
    expect(priceOrder({ ...given, discountMinor: 0, lines: [huge] })).toEqual({ ok: false, problem: 'TOO_LARGE' });
    const taxed = { ...given, discountMinor: 0, shippingMinor: 0, lines: [huge], taxRate: 190_000 };
    expect(priceOrder(taxed)).toEqual({ ok: false, problem: 'TOO_LARGE' });
  });
});

describe('the price of a claim', () => {
  it('is what the shopper was told, with the tax of the region inside', () => {
    fc.assert(
      fc.property(line, fc.constantFrom('eu', 'us-east', 'asia', 'nowhere'), (given, region) => {
        const priced = priceClaim(given, region);
        if (!priced.ok) throw new Error(priced.problem);
        expect(priced.amounts.totalMinor).toBe(given.unitPriceMinor * given.quantity);
        expect(priced.amounts.itemsMinor).toBe(priced.amounts.totalMinor - priced.amounts.taxMinor);
      }),
    );
    expect(priceClaim({ unitPriceMinor: 4_900, quantity: 2 }, 'eu')).toMatchObject({
      amounts: { itemsMinor: 8_235, taxMinor: 1_565, shippingMinor: 0, totalMinor: 9_800 },
    });
  });
});
