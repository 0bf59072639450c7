/** What an order does because its parcels moved. Which steps those are is the business of commerce, and is passed in. */
import type { ClientBase } from 'pg';
import { LIFETIMES } from '../../../contracts/limits.ts';
import { noticeEvent } from '../../../contracts/notices.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import { insertOutbox } from '../insert-outbox.ts';
import { stepOrders } from '../step-orders.ts';
import type { StoredShipment } from './find-shipments.ts';
import type { LockedOrder } from './lock-order.ts';
import { deliverShipment, noteShipmentEvents, wakeCashPayments } from './move-shipments.ts';
import { type Doing, orderStep } from './order-step.ts';
import { orderTitle } from './order-title.ts';

export type StepsOf = (order: OrderState, parcels: readonly StoredShipment['status'][]) => readonly OrderState[];

/** Answers with the state that the order is in afterwards. */
export async function followParcels(
  client: ClientBase,
  order: LockedOrder,
  parcels: readonly StoredShipment['status'][],
  { stepsOf, doing }: { readonly stepsOf: StepsOf; readonly doing: Doing },
): Promise<OrderState> {
  let at = order.status;
  for (const to of stepsOf(order.status, parcels)) {
    await stepOrders(client, [orderStep(order, at, to, doing)]);
    at = to;
  }
  return at;
}

export interface Delivery {
  readonly order: LockedOrder;
  /** All of the order. */
  readonly parcels: readonly StoredShipment[];
  readonly parcel: StoredShipment;
  /** When it arrived, as its carrier or merchant says. */
  readonly atMs: number;
  readonly stepsOf: StepsOf;
  readonly doing: Doing;
}

/** A parcel that is on its way has arrived. Order and parcels are locked by the caller. */
export async function deliverParcel(client: ClientBase, delivery: Delivery): Promise<OrderState> {
  const { order, parcels, parcel, doing } = delivery;
  // No carrier's clock makes it arrive before it left, or tomorrow.
  const atMs = Math.min(doing.nowMs, Math.max(parcel.shippedAtMs ?? 0, delivery.atMs));
  await noteShipmentEvents(client, [{ shipmentId: parcel.id, code: 'delivered', atMs, place: '' }]);
  await deliverShipment(client, parcel.id, atMs);
  const states = parcels.map(({ id, status }) => (id === parcel.id ? 'DELIVERED' : status));
  const status = await followParcels(client, order, states, delivery);
  if (status === 'DELIVERED' && order.status !== 'DELIVERED') await tellDelivered(client, delivery, atMs);
  return status;
}

async function tellDelivered(client: ClientBase, { order, doing }: Delivery, atMs: number): Promise<void> {
  const { orderId, shopperId: userId } = order;
  await wakeCashPayments(client, orderId);
  const values = {
    ...{ orderId, title: await orderTitle(client, orderId) },
    returnUntil: atMs + LIFETIMES.returnWindowMs,
  };
  const head = { template: 'order-delivered', userId, eventId: doing.nextId(), at: doing.nowMs } as const;
  await insertOutbox(client, [{ topic: 'notification.email', key: userId, text: noticeEvent({ ...head, values }) }]);
}
