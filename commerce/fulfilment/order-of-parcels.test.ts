import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDER_STATES, type OrderState } from '../../contracts/orders/states.ts';
import { canStep } from '../orders/states.ts';
import { PARCEL_STATES, type ParcelState, stepsOfOrder } from './order-of-parcels.ts';

describe('what an order does when its parcels move', () => {
  it.each<[OrderState, ParcelState[], OrderState[]]>([
    ['PROCESSING', ['PENDING', 'PENDING'], []],
    ['PROCESSING', ['SHIPPED', 'PENDING'], []],
    ['PROCESSING', ['DELIVERED', 'PENDING'], []],
    ['PROCESSING', ['SHIPPED', 'SHIPPED'], ['SHIPPED']],
    ['PROCESSING', ['SHIPPED', 'CANCELLED'], ['SHIPPED']],
    ['PROCESSING', ['DELIVERED', 'SHIPPED'], ['SHIPPED']],
    ['PROCESSING', ['DELIVERED', 'DELIVERED'], ['SHIPPED', 'DELIVERED']],
    ['SHIPPED', ['DELIVERED', 'SHIPPED'], []],
    ['SHIPPED', ['DELIVERED', 'DELIVERED'], ['DELIVERED']],
    ['DELIVERED', ['DELIVERED'], []],
    ['CANCELLED', ['SHIPPED'], []],
    ['RETURN_REQUESTED', ['DELIVERED'], []],
    ['CONFIRMED', ['CANCELLED'], []],
    ['CONFIRMED', [], []],
  ])('%s with parcels %j: %j', (order, parcels, steps) => {
    expect(stepsOfOrder(order, parcels)).toEqual(steps);
  });

  it('is always a lawful way, made once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ORDER_STATES), fc.array(fc.constantFrom(...PARCEL_STATES)), (order, parcels) => {
        let at: OrderState = order;
        for (const step of stepsOfOrder(order, parcels)) {
          expect(canStep(at, step)).toBe(true);
          at = step;
        }
        expect(stepsOfOrder(at, parcels)).toEqual([]);
      }),
    );
  });
});
