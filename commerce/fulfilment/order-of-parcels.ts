/** What an order does when its parcels move: the one table of it. */
import type { OrderState } from '../../contracts/orders/states.ts';

export const PARCEL_STATES = ['PENDING', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;
export type ParcelState = (typeof PARCEL_STATES)[number];

const WAY: readonly OrderState[] = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED'];

/**
 * The steps that an order has to make, one after the other, to be where its parcels are:
 *
 * | its parcels                          | the order  |
 * |--------------------------------------|------------|
 * | some are still to be sent            | stays      |
 * | all have left, some are on their way | SHIPPED    |
 * | all have arrived                     | DELIVERED  |
 *
 * Cancelled parcels do not count. An order that is elsewhere (cancelled, coming back) is not moved by parcels, nor is one
 * without any.
 */
export function stepsOfOrder(order: OrderState, parcels: readonly ParcelState[]): readonly OrderState[] {
  const counted = parcels.filter((state) => state !== 'CANCELLED');
  const at = WAY.indexOf(order);
  if (at === -1 || counted.length === 0 || counted.includes('PENDING')) return [];
  const to = counted.every((state) => state === 'DELIVERED') ? 'DELIVERED' : 'SHIPPED';
  return WAY.slice(at + 1, WAY.indexOf(to) + 1);
}
