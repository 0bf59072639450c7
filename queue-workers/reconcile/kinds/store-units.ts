/** Of orders of the store: what was set aside for them is not where their state says. */
import { lockSoldOrders } from '../../../db/queries/reservations/lock-sold-orders.ts';
import { openShipments } from '../../../db/queries/shipments/open-shipments.ts';
import { endReservations } from '../../../db/queries/stock/reserve-stock.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { type Finding, isQuiet, type OrderKind } from '../core.ts';
import { isSale, takenPayment } from './orders.ts';

/** The units have left the shelves, but the order does not say so. */
export const storeSoldNotConfirmed: OrderKind = {
  name: 'sold-not-confirmed',
  find({ order }, core) {
    const { id, status, units, payments, wasConfirmed } = order;
    if (order.source !== 'store' || units.sold === 0 || !isQuiet(order, core)) return [];
    const of = { kind: 'sold-not-confirmed', id, orderId: id } as const;
    const isWaiting = status === 'PENDING' || status === 'REVIEW';
    if (isWaiting) {
      // Paid, it is confirmed as soon as somebody has it before them (captured-unconfirmed).
      if (takenPayment(order) !== undefined || payments.some(({ dueMs }) => dueMs !== null)) return [];
      const advice = 'look for the payment at the provider; without one, cancel the order and book its units in again';
      return [{ ...of, what: `${units.sold} units are sold without a payment, order ${status}`, advice }];
    }
    if (status !== 'CANCELLED' || wasConfirmed) return [];
    return [{ ...of, what: `cancelled, but ${units.sold} units are sold`, advice: 'book its units in again' }];
  },
  mend: async () => new Set(),
};

/** The shopper was told that the order is confirmed, but its units are not sold. */
export const storeConfirmedNotSold: OrderKind = {
  name: 'confirmed-not-sold',
  find({ order }, core) {
    const { id, status, units } = order;
    const isWhole = units.held === 0 && units.released === 0;
    if (order.source !== 'store' || !isSale(order) || isWhole || !isQuiet(order, core)) return [];
    const of = { kind: 'confirmed-not-sold', id, orderId: id } as const;
    if (units.released === 0) return [{ ...of, what: `${status}, but ${units.held} units are only held` }];
    const advice = 'they may be sold again: see whether there are as many left, or give the money back';
    return [{ ...of, what: `${status}, but ${units.released} units were released`, advice }];
  },
  async mend({ database }, findings) {
    const ids = findings.filter(({ advice }: Finding) => advice === undefined).map(({ orderId }) => orderId);
    if (ids.length === 0) return new Set();
    return await withTransaction(database, async (client) => {
      const sold = await endReservations(client, await lockSoldOrders(client, ids), 'SOLD');
      await openShipments(client, [...sold]);
      return sold;
    });
  },
};
