import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePromotions } from './evaluate.ts';
import { type Benefit, type Buyer, type Conditions, type Goods, type Promotion, STACKINGS } from './promotion.ts';

const buyer: Buyer = { nowMs: 1_000, currency: 'EUR', isFirstOrder: false, tier: undefined };
const line = (sku: string, unitPriceMinor: number, quantity: number, given: Partial<Goods> = {}): Goods => ({
  ...{ sku, unitPriceMinor, quantity, merchantId: 'M', categoryIds: ['shoes', 'all'] },
  ...given,
});
function promotion(id: string, benefit: Benefit, given: Partial<Promotion> = {}): Promotion {
  const base = { id, merchantId: null, title: id, benefit, stacking: 'stack', priority: 0 } as const;
  return { ...base, conditions: { currency: 'EUR' }, ...given };
}
const evaluate = (goods: Goods[], promotions: Promotion[], as: Partial<Buyer> = {}, shippingMinor = 500) =>
  evaluatePromotions({ goods, promotions, buyer: { ...buyer, ...as }, shippingMinor });

const tenPercent: Benefit = { kind: 'percentage', ppm: 100_000 };
const benefits: fc.Arbitrary<Benefit> = fc.oneof(
  fc.record({ kind: fc.constant('percentage' as const), ppm: fc.integer({ min: 1, max: 1_000_000 }) }),
  fc.record({ kind: fc.constant('fixed' as const), amountMinor: fc.integer({ min: 1, max: 50_000 }) }),
  fc.constant({ kind: 'free-shipping' as const }),
  fc.record({
    ...{ kind: fc.constant('buy-x-get-y' as const), buy: fc.integer({ min: 1, max: 3 }) },
    ...{ get: fc.integer({ min: 1, max: 3 }), ppm: fc.integer({ min: 1, max: 1_000_000 }) },
  }),
);
const goodsOf = fc.array(fc.tuple(fc.nat(20_000), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 8 });
const promotionsOf = fc.array(fc.tuple(benefits, fc.constantFrom(...STACKINGS), fc.nat(3)), { maxLength: 6 });

describe('promotions', () => {
  it('lose no minor unit, take no line below nothing, and do not depend on the order they are listed in', () => {
    fc.assert(
      fc.property(goodsOf, promotionsOf, (lines, given) => {
        const goods = lines.map(([price, quantity], at) => line(`S${at}`, price, quantity));
        const all = given.map(([benefit, stacking, priority], at) =>
          promotion(`p${at}`, benefit, { stacking, priority }),
        );
        const outcome = evaluate(goods, all);
        expect(outcome.linesMinor.reduce((sum, part) => sum + part, 0)).toBe(outcome.discountMinor);
        expect(outcome.applied.reduce((sum, used) => sum + used.discountMinor, 0)).toBe(outcome.discountMinor);
        for (const [at, off] of outcome.linesMinor.entries()) {
          expect(off).toBeGreaterThanOrEqual(0);
          expect(off).toBeLessThanOrEqual((goods[at]?.unitPriceMinor ?? 0) * (goods[at]?.quantity ?? 0));
        }
        expect(evaluate(goods, [...all].reverse())).toEqual(outcome);
        const used = outcome.applied.map((one) => one.promotion.stacking);
        if (used.includes('exclusive')) expect(used).toHaveLength(1);
        for (const kind of ['best', 'priority']) expect(used.filter((one) => one === kind).length).toBeLessThan(2);
        expect(outcome.applied.length + outcome.refused.length).toBe(all.length);
      }),
    );
  });

  it('save at least as much as each of them alone, where they may be chosen freely', () => {
    fc.assert(
      fc.property(goodsOf, fc.array(benefits, { minLength: 1, maxLength: 5 }), (lines, given) => {
        const goods = lines.map(([price, quantity], at) => line(`S${at}`, price, quantity));
        const all = given.map((benefit, at) => promotion(`p${at}`, benefit, { stacking: 'exclusive' }));
        const worth = (promotions: Promotion[]) => {
          const { discountMinor, freeShipping } = evaluate(goods, promotions);
          return discountMinor + (freeShipping ? 500 : 0);
        };
        expect(worth(all)).toBe(Math.max(...all.map((one) => worth([one]))));
      }),
    );
  });

  it.each<[string, Benefit, Goods[], number[]]>([
    ['10 % off, shared out', tenPercent, [line('A', 333, 1), line('B', 333, 1), line('C', 334, 1)], [33, 33, 34]],
    ['10 %, at most 50', { ...tenPercent, kind: 'percentage', maxMinor: 50 }, [line('A', 1_000, 1)], [50]],
    ['no more than there is', { kind: 'fixed', amountMinor: 5_000 }, [line('A', 100, 2), line('B', 0, 1)], [200, 0]],
    [
      'three for two, the cheapest free',
      { kind: 'buy-x-get-y', buy: 2, get: 1, ppm: 1_000_000 },
      [line('A', 900, 2), line('B', 500, 1)],
      [0, 500],
    ],
    ['six for four', { kind: 'buy-x-get-y', buy: 2, get: 1, ppm: 1_000_000 }, [line('A', 900, 7)], [1_800]],
    ['once only', { kind: 'buy-x-get-y', buy: 1, get: 1, ppm: 500_000, maxTimes: 1 }, [line('A', 900, 7)], [450]],
    ['too few', { kind: 'buy-x-get-y', buy: 2, get: 1, ppm: 1_000_000 }, [line('A', 900, 2)], [0]],
  ])('%s', (_, benefit, goods, off) => {
    expect(evaluate(goods, [promotion('p', benefit)]).linesMinor).toEqual(off);
  });

  it.each<[string, Conditions, Partial<Buyer>, Partial<Promotion>]>([
    ['NOT_STARTED', { startsAtMs: 1_001 }, {}, {}],
    ['ENDED', { endsAtMs: 1_000 }, {}, {}],
    ['OTHER_CURRENCY', { currency: 'USD' }, {}, {}],
    ['OTHER_CURRENCY', { minimumMinor: 1 }, {}, {}],
    ['BELOW_MINIMUM', { minimumMinor: 2_001, currency: 'EUR' }, {}, {}],
    ['NO_MATCHING_GOODS', { categoryId: 'hats' }, {}, {}],
    ['NO_MATCHING_GOODS', { skus: ['B'] }, {}, {}],
    ['NO_MATCHING_GOODS', {}, {}, { merchantId: 'OTHER' }],
    ['NOT_FIRST_ORDER', { firstOrder: true }, {}, {}],
    ['OTHER_TIER', { tiers: ['gold'] }, { tier: 'silver' }, {}],
    ['OTHER_TIER', { tiers: ['gold'] }, {}, {}],
  ])('are refused as %s', (why, conditions, as, given) => {
    const outcome = evaluate([line('A', 1_000, 2)], [promotion('p', tenPercent, { conditions, ...given })], as);
    expect(outcome.refused).toMatchObject([{ why }]);
    expect(outcome.discountMinor).toBe(0);
  });

  it('apply where all their conditions hold', () => {
    const conditions = { startsAtMs: 1_000, endsAtMs: 1_001, minimumMinor: 2_000, currency: 'EUR', categoryId: 'all' };
    const all = { ...conditions, firstOrder: true, tiers: ['gold'], skus: ['A'] };
    const given = [promotion('p', tenPercent, { conditions: all, merchantId: 'M' })];
    const outcome = evaluate([line('A', 1_000, 2), line('B', 700, 1)], given, { isFirstOrder: true, tier: 'gold' });
    expect(outcome.linesMinor).toEqual([200, 0]);
  });

  it('stack in the order of their priority, each on what is left', () => {
    const half = promotion('b', { kind: 'percentage', ppm: 500_000 }, { priority: 1 });
    const fixed = promotion('a', { kind: 'fixed', amountMinor: 300 });
    expect(evaluate([line('A', 1_000, 1)], [fixed, half]).applied.map((used) => used.discountMinor)).toEqual([
      500, 300,
    ]);
  });

  it('use the exclusive one where it saves more, and the others otherwise', () => {
    const exclusive = promotion('x', { kind: 'fixed', amountMinor: 250 }, { stacking: 'exclusive' });
    const outcome = evaluate([line('A', 1_000, 1)], [exclusive, promotion('a', tenPercent)]);
    expect(outcome.applied.map((used) => used.promotion.id)).toEqual(['x']);
    expect(outcome.refused).toMatchObject([{ promotion: { id: 'a' }, why: 'NOT_USED' }]);
    const more = promotion('b', { kind: 'fixed', amountMinor: 251 });
    expect(evaluate([line('A', 1_000, 1)], [exclusive, more]).discountMinor).toBe(251);
  });

  it('let a merchant give free shipping only for a parcel of their own goods', () => {
    const free = promotion('f', { kind: 'free-shipping' }, { merchantId: 'M' });
    expect(evaluate([line('A', 1, 1)], [free]).freeShipping).toBe(true);
    expect(evaluate([line('A', 1, 1), line('B', 1, 1, { merchantId: 'N' })], [free]).freeShipping).toBe(false);
  });
});
