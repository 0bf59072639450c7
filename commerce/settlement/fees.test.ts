import { describe, expect, it } from 'vitest';
import { commissionAt, settledPart } from './fees.ts';
import { movementsOf } from './movements.ts';

describe('the commission', () => {
  const commissions = [
    { merchantId: null, basisPoints: 1_000, validFromMs: 0 },
    { merchantId: null, basisPoints: 1_200, validFromMs: 100 },
    { merchantId: 'm', basisPoints: 500, validFromMs: 50 },
  ];

  it('is the merchant’s own where there is one, and that of the time', () => {
    expect([0, 49, 50, 200].map((atMs) => commissionAt(commissions, 'm', atMs))).toEqual([1_000, 1_000, 500, 500]);
    expect([99, 100].map((atMs) => commissionAt(commissions, 'other', atMs))).toEqual([1_000, 1_200]);
    expect(commissionAt([], 'm', 5)).toBe(0);
  });

  it('goes back with what is refunded, and in however many pieces no more of it than was taken', () => {
    const line = { line: 1, merchantId: 'm', productId: null, sku: 's', quantity: 1, unitPriceMinor: 1_005 };
    const lines = [{ ...line, discountMinor: 0, taxMinor: 0 }];
    const refunds = Array.from({ length: 67 }, (_, at) => ({
      ...{ id: `r${at}`, paymentId: 'p', amountMinor: 15, atMs: at, returned: [] },
    }));
    const about = { orderId: 'o', shopperId: 's', dropId: null, region: null, currency: 'EUR', lines };
    const movements = movementsOf({
      ...about,
      captures: [{ id: 'p', amountMinor: 1_005, atMs: 0, isSurplus: false }],
      refunds,
    });
    const settled = movements.map((movement) => settledPart({ lines, movements }, movement, 'm', 1_000));
    expect(settled.at(0)).toEqual({ amountMinor: 1_005, feeMinor: 101 });
    expect(settled.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
    expect(settled.reduce((sum, { feeMinor }) => sum + feeMinor, 0)).toBe(0);
    expect(settled.slice(1).every(({ feeMinor }) => feeMinor === -1 || feeMinor === -2)).toBe(true);
  });
});
