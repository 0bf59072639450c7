import { expect, it } from 'vitest';
import type { OrderMoney } from '../../contracts/orders/money.ts';
import { movementsOf } from '../settlement/movements.ts';
import { countMovement } from './count.ts';
import { Sums } from './sums.ts';

const line = {
  ...{ line: 1, merchantId: 'm', productId: 'p', sku: 's', quantity: 2, unitPriceMinor: 500 },
  ...{ discountMinor: 0, taxMinor: 0 },
};
const money: OrderMoney = {
  ...{ orderId: 'o', shopperId: 'u', dropId: null, region: null, currency: 'EUR', lines: [line] },
  captures: [
    { id: 'first', amountMinor: 1_000, atMs: 60_000, isSurplus: false },
    { id: 'again', amountMinor: 1_000, atMs: 60_000, isSurplus: true },
  ],
  refunds: [{ id: 'back', paymentId: 'again', amountMinor: 1_000, atMs: 60_000, returned: [] }],
};

it('counts what was paid twice as money that came and went, and sold once', () => {
  const sums = new Sums();
  for (const movement of movementsOf(money)) countMovement(sums, money, movement);
  const found = sums.rows().map(({ grain, name, units, amountMinor }) => [grain, name, units, amountMinor]);
  expect(found.toSorted((one, other) => String(one).localeCompare(String(other)))).toEqual([
    ['all', 'payment.captured', 2, 2_000],
    ['all', 'refund.done', 0, 1_000],
    ['article', 'payment.captured', 2, 1_000],
    ['merchant', 'payment.captured', 2, 1_000],
  ]);
});
