import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Summary, summarize } from '../cart/summarize.ts';
import type { Promotion } from '../promotions/promotion.ts';
import type { Place } from '../tax/rates.ts';
import { type CheckoutPrice, type CheckoutQuestion, priceCheckout } from './price-checkout.ts';
import { rankOfTier } from './tiers.ts';

const goods = fc.array(
  fc.record({ unitPriceMinor: fc.integer({ min: 1, max: 1_000_000 }), quantity: fc.integer({ min: 1, max: 99 }) }),
  { minLength: 1, maxLength: 10 },
);
const question = fc.record({
  goods,
  destination: fc.constantFrom<Place[]>(
    ...['DE', 'FR', 'US', 'CA', 'JP', 'BR'].map((country) => ({ country })),
    ...[
      { country: 'US', area: 'NY' },
      { country: 'CA', area: 'ON' },
    ],
  ),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  ppm: fc.constantFrom(0, 50_000, 333_333),
  freeShipping: fc.boolean(),
  shippingOption: fc.constantFrom(undefined, 'standard', 'express'),
});
const promotion = (id: string, benefit: Promotion['benefit']): Promotion => ({
  ...{ id, merchantId: null, title: id, benefit, stacking: 'stack', priority: 0 },
  conditions: {},
});

type Given = typeof question extends fc.Arbitrary<infer G> ? G : never;

function summaryOf({ goods: given, destination, currency, ppm, freeShipping, shippingOption }: Given): Summary {
  const lines = given.map((line, at) => ({ ...line, sku: `S-${at}`, merchantId: 'm', categoryIds: [] }));
  const promotions = [
    ...(ppm === 0 ? [] : [promotion('a', { kind: 'percentage', ppm })]),
    ...(freeShipping ? [promotion('b', { kind: 'free-shipping' })] : []),
  ];
  const buyer = { nowMs: 0, currency, isFirstOrder: false, tier: undefined };
  const summarized = summarize({ goods: lines, promotions, buyer, destination, shippingOption });
  if (!summarized.ok) throw new Error(summarized.problem);
  return summarized.summary;
}

function priceOf(asked: CheckoutQuestion): CheckoutPrice {
  const priced = priceCheckout(asked);
  if (!priced.ok) throw new Error(priced.problem);
  return priced.price;
}

describe('the price of a checkout', () => {
  it('is that of the summary of its cart, and its parts add up', () => {
    fc.assert(
      fc.property(question, (given) => {
        const summary = summaryOf(given);
        const { amounts, linesTaxMinor, tax, chosen } = priceOf({
          lines: given.goods.map((line, at) => ({ ...line, discountMinor: summary.evaluated.linesMinor[at] ?? 0 })),
          ...{ currency: given.currency, destination: given.destination, shippingOption: given.shippingOption },
          freeShipping: summary.evaluated.freeShipping,
        });
        expect(amounts).toEqual(summary.amounts);
        expect(chosen.option).toEqual(summary.chosen?.option);
        const ofLines = linesTaxMinor.reduce<number>((sum, part) => sum + (part ?? 0), 0);
        if (tax === 'included') expect(new Set(linesTaxMinor)).toEqual(new Set([null]));
        else if (amounts.shippingMinor === 0) expect(ofLines).toBe(amounts.taxMinor);
        else expect(ofLines).toBeLessThanOrEqual(amounts.taxMinor);
      }),
    );
  });

  it('says what is wrong with a way that there is not, and with sums that no number holds', () => {
    const lines = [{ unitPriceMinor: 100, quantity: 1, discountMinor: 0 }];
    const asked = { lines, currency: 'EUR', destination: { country: 'DE' }, freeShipping: false };
    expect(priceCheckout({ ...asked, shippingOption: 'pigeon' })).toEqual({ ok: false, problem: 'UNKNOWN_OPTION' });
    expect(priceCheckout({ ...asked, shippingOption: undefined, currency: 'XAU' })).toEqual({
      ...{ ok: false, problem: 'NO_OPTION' },
    });
    const huge = [{ unitPriceMinor: Number.MAX_SAFE_INTEGER, quantity: 99, discountMinor: 0 }];
    expect(priceCheckout({ ...asked, lines: huge, shippingOption: undefined })).toMatchObject({ problem: 'TOO_LARGE' });
  });
});

it('serves the tiers in their order, and everybody else after them', () => {
  const ranks = ['platinum', 'gold', 'premium', 'standard', undefined].map(rankOfTier);
  expect(ranks).toEqual([0, 1, 2, 3, 3]);
});
