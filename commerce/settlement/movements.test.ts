import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderMoney } from '../../contracts/orders/money.ts';
import { movementsOf, partsOfMerchants } from './movements.ts';
import { sharesOfPayment, sharesOfRefund } from './shares.ts';

const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0);
const line = (number: number, merchantId: string, unitPriceMinor: number, quantity = 1) => ({
  ...{ line: number, merchantId, productId: null, sku: `sku-${number}`, quantity, unitPriceMinor },
  ...{ discountMinor: 0, taxMinor: 0 },
});
const order = (more: Partial<OrderMoney>): OrderMoney => ({
  ...{
    orderId: 'o',
    shopperId: 's',
    dropId: null,
    region: null,
    currency: 'EUR',
    lines: [],
    captures: [],
    refunds: [],
  },
  ...more,
});

describe('whose money it is', () => {
  it('divides shipping by what the lines cost', () => {
    expect(sharesOfPayment(1_100, [300, 700])).toEqual([330, 770]);
    expect(sharesOfPayment(1_000, [300, 700])).toEqual([300, 700]);
    expect(sharesOfPayment(500, [300, 700])).toEqual([150, 350]);
    expect(sharesOfPayment(0, [0, 0])).toEqual([0, 0]);
  });

  it('takes what came back from the line that it came back of', () => {
    expect(sharesOfRefund(300, [330, 770], [300, 0])).toEqual([300, 0]);
    expect(sharesOfRefund(400, [330, 770], [300, 0])).toEqual([304, 96]);
    expect(sharesOfRefund(1_100, [330, 770])).toEqual([330, 770]);
  });

  it('never gives back more of a line than it has, and always the whole amount', () => {
    const amounts = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        amounts,
        fc.nat(50_000),
        fc.array(fc.nat(100), { minLength: 1, maxLength: 6 }),
        (paid, more, steps) => {
          const total = sum(paid) + more;
          let left = sharesOfPayment(total, paid);
          expect(sum(left)).toBe(total);
          for (const percent of [...steps, 100]) {
            const amount = Math.floor((sum(left) * percent) / 100);
            const given = sharesOfRefund(amount, left, percent % 2 === 0 ? undefined : paid);
            expect(sum(given)).toBe(amount);
            left = left.map((part, at) => part - (given[at] ?? 0));
            expect(Math.min(...left)).toBeGreaterThanOrEqual(0);
          }
          expect(sum(left)).toBe(0);
        },
      ),
    );
  });

  it('follows the payments of an order one by one, each with its refunds', () => {
    const lines = [line(1, 'm1', 300), line(2, 'm2', 700)];
    const money = order({
      lines,
      captures: [
        { id: 'p1', amountMinor: 1_000, atMs: 1, isSurplus: false },
        { id: 'p2', amountMinor: 1_000, atMs: 2, isSurplus: false },
      ],
      refunds: [
        { id: 'r1', paymentId: 'p1', amountMinor: 700, atMs: 3, returned: [{ line: 2, amountMinor: 700 }] },
        { id: 'r2', paymentId: 'p2', amountMinor: 1_000, atMs: 4, returned: [] },
        { id: 'r3', paymentId: 'p1', amountMinor: 300, atMs: 5, returned: [] },
      ],
    });
    const movements = movementsOf(money);
    expect(movements.map(({ id, parts }) => [id, parts])).toEqual([
      ['p1', [300, 700]],
      ['r1', [0, 700]],
      ['r3', [300, 0]],
      ['p2', [300, 700]],
      ['r2', [300, 700]],
    ]);
    const [first] = movements;
    expect(first && [...partsOfMerchants(lines, first)]).toEqual([
      ['m1', 300],
      ['m2', 700],
    ]);
  });
});
