/**
 * The shopper was told that the order is confirmed, but its units are not sold. While they are held, they become a sale.
 * Once they were released, somebody else may have them: the order is cancelled and the money goes back.
 */

import { cancelOrders } from '../cancel-orders.ts';
import { confirmHolds } from '../confirm-holds.ts';
import { type Finding, isQuiet, type OrderKind } from '../core.ts';
import { isSale } from './orders.ts';

export const confirmedNotSold: OrderKind = {
  name: 'confirmed-not-sold',
  find({ order, hold }, core) {
    if (hold === 'not asked' || !isSale(order) || hold?.state === 'sold' || !isQuiet(order, core)) return [];
    const of = { kind: 'confirmed-not-sold', id: order.id, orderId: order.id } as const;
    if (hold === undefined) {
      return [
        { ...of, what: `${order.status} without a hold`, advice: 'audit the drop: docs/LEDGER.md, order-has-hold' },
      ];
    }
    if (hold.state === 'held') return [{ ...of, what: `${order.status}, but its units are only held` }];
    if (order.status === 'CONFIRMED') {
      return [{ ...of, what: `confirmed, but its hold was released (${hold.reason}): its units may be sold again` }];
    }
    const advice = 'its goods are on their way, and its units may be sold again: see whether there is one more';
    return [{ ...of, what: `${order.status}, but its hold was released (${hold.reason})`, advice }];
  },
  async mend(core, findings, seen) {
    const stateOf = ({ orderId }: Finding) => {
      const hold = seen.get(orderId)?.hold;
      return hold === undefined || hold === 'not asked' ? undefined : hold.state;
    };
    const mendable = findings.filter(({ advice }) => advice === undefined);
    const orders = (state: 'held' | 'released') =>
      mendable.filter((finding) => stateOf(finding) === state).flatMap(({ orderId }) => seen.get(orderId)?.order ?? []);
    const confirmed = await confirmHolds(core, orders('held'));
    const cancelled = await cancelOrders(core, orders('released'), 'CONFIRMED', () => 'cancelled');
    return new Set([...confirmed, ...cancelled]);
  },
};
