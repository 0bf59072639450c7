/** The end of an order before it is packed: its units, its codes and its money go back, in one transaction with the step. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import { noticeEvent } from '../../contracts/notices.ts';
import { endPayments } from '../../db/queries/end-payments.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { undoRedemption } from '../../db/queries/redeem-codes.ts';
import { cancelShipments } from '../../db/queries/shipments/move-shipments.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { orderTitle } from '../../db/queries/shipments/order-title.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { endReservations, restock } from '../../db/queries/stock/reserve-stock.ts';
import {
  type CancellableOrder,
  closeUnaskedPayments,
  findSoldParts,
} from '../../db/queries/store-orders/lock-cancellable.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { doingOf } from '../fulfilment/acts.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

type Parts = Pick<StoreServices, 'nextId' | 'clock'>;
const REASON = 'cancelled';

/** The order is locked. Orders, then their units, then their payments: as everybody does it. */
export async function cancelStoreOrder(
  client: DatabaseClient,
  parts: Parts,
  caller: Identity,
  order: CancellableOrder,
): Promise<void> {
  const { orderId, status } = order;
  const doing = doingOf(parts, caller, REASON);
  await stepOrders(client, [orderStep(order, status, 'CANCELLED', doing)]);
  const released = await endReservations(client, [orderId], 'RELEASED');
  if (!released.has(orderId)) await putBack(client, orderId, caller);
  await cancelShipments(client, [orderId]);
  await undoRedemption(client, [orderId]);
  await endPayments(client, [orderId]);
  await insertOutbox(client, await newsOf(client, parts, order));
}

/** What was sold lies on its shelf again: it has not left yet. */
async function putBack(client: DatabaseClient, orderId: string, { userId: actorId }: Identity): Promise<void> {
  const sold = await findSoldParts(client, orderId);
  await restock(
    client,
    sold.map((part) => ({ ...part, reason: REASON, orderId, actorId })),
  );
}

async function newsOf(client: DatabaseClient, { nextId, clock }: Parts, order: CancellableOrder) {
  const { orderId, shopperId, units: quantity, currency } = order;
  const at = clock.now();
  const values = { orderId, title: await orderTitle(client, orderId), quantity, currency, reason: REASON };
  const notice = { template: 'order-cancelled', userId: shopperId, eventId: nextId(), at } as const;
  const [id, stale] = [nextId(), { kind: 'order', ids: [orderId] }];
  return [
    {
      topic: 'notification.email',
      key: shopperId,
      text: noticeEvent({ ...notice, values: { ...values, total: Number(order.totalMinor) } }),
    },
    {
      topic: 'cache.invalidate',
      key: id,
      text: encodeEvent({ type: 'cache.invalidate', v: 1, id, at, data: stale }),
    },
  ];
}

/** The unit of a drop is a hold in Redis: the payments worker, which alone ends holds, gives it back and cancels the order. */
export async function askToCancelDropOrder(
  client: DatabaseClient,
  { orderId, status }: CancellableOrder,
): Promise<void> {
  if (status === 'REVIEW') {
    throw new Refusal('NOT_CANCELLABLE', {
      detail: 'Somebody is looking at the order. Nothing was paid for it so far.',
    });
  }
  if (status !== 'PENDING') {
    throw new Refusal('NOT_CANCELLABLE', {
      detail: `The order is ${status}: what was won in a drop and paid for is sold. It can be returned once it has come.`,
    });
  }
  if (!(await closeUnaskedPayments(client, orderId))) {
    throw new Refusal('NOT_CANCELLABLE', { detail: 'It is being paid at this moment.' });
  }
}
