/**
 * Orders of the store, from paid to sold, or back on the shelves. Their units are in the same database as they are, so that
 * the step, the shelves, the parcels and the promotions are one transaction: a crash leaves all of it or nothing.
 */
import { undoRedemption } from '../../db/queries/redeem-codes.ts';
import { lockOpenOrders } from '../../db/queries/reservations/lock-open-orders.ts';
import { soldAlready } from '../../db/queries/reservations/sold-already.ts';
import { openShipments } from '../../db/queries/shipments/open-shipments.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Desk, InHand } from './desk.ts';
import { type Verdict, writeSteps } from './steps.ts';

/** The money is there: the units leave the shelves. Where the time was over before, the order is, and the refund follows. */
export async function confirmStoreOrders(desk: Desk, payments: readonly InHand[]): Promise<void> {
  await withTransaction(desk.database, async (client) => {
    const open = await stillOpen(client, payments);
    const orderIds = open.map(({ orderId }) => orderId);
    const sold = new Set(await endReservations(client, orderIds, 'SOLD'));
    const others = orderIds.filter((orderId) => !sold.has(orderId));
    for (const orderId of await soldAlready(client, others)) sold.add(orderId);
    const verdicts = new Map(
      open.map(({ id, orderId }): [string, Verdict] => [
        id,
        sold.has(orderId) ? { to: 'CONFIRMED', reason: 'paid' } : { to: 'CANCELLED', reason: 'expired' },
      ]),
    );
    const made = await writeSteps(client, desk, payments, verdicts);
    const [confirmed, over] = [orderIds.filter((id) => sold.has(id)), orderIds.filter((id) => !sold.has(id))];
    await openShipments(
      client,
      confirmed.filter((id) => made.has(id)),
    );
    await undoRedemption(
      client,
      over.filter((id) => made.has(id)),
    );
  });
}

/** A review has rejected them. What was declined only waits for another try (commerce/orders/next-step.ts). */
export async function giveBackStoreOrders(desk: Desk, payments: readonly InHand[]): Promise<void> {
  await withTransaction(desk.database, async (client) => {
    const open = await stillOpen(client, payments);
    const first = new Map(open.toReversed().map(({ orderId, id }) => [orderId, id]));
    const verdicts = new Map(
      [...first.values()].map((id): [string, Verdict] => [id, { to: 'CANCELLED', reason: 'rejected' }]),
    );
    await endReservations(client, [...first.keys()], 'RELEASED');
    await writeSteps(client, desk, payments, verdicts);
    await undoRedemption(client, [...first.keys()]);
  });
}

/** Orders first, then their units, then their payments, everywhere: whoever comes second waits here, with nothing in hand. */
async function stillOpen(client: DatabaseClient, payments: readonly InHand[]): Promise<InHand[]> {
  const statuses = await lockOpenOrders(
    client,
    payments.map(({ orderId }) => orderId),
  );
  return payments.filter(({ orderId, orderStatus }) => statuses.get(orderId) === orderStatus);
}
