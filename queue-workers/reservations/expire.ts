/**
 * The end of what waits for too long: checkouts that became no order, and orders that nobody paid. The step, the shelves,
 * the promotions and the payments of an order are one transaction. Against a payment that comes at the same instant exactly
 * one of the two wins, at the row of the order; who comes second finds it elsewhere (queue-workers/payments).
 */
import type { IdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { endPayments } from '../../db/queries/end-payments.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { undoRedemption } from '../../db/queries/redeem-codes.ts';
import { dueReservations, postponeReservations } from '../../db/queries/reservations/due-reservations.ts';
import { expireCheckouts } from '../../db/queries/reservations/expire-checkouts.ts';
import { lockWaitingOrders, type WaitingOrder } from '../../db/queries/reservations/lock-waiting-orders.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { createEventMaker, type EventMaker, type OutgoingEvent } from '../payments/events.ts';

export interface Expiry {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
  /** Who is written into the history. */
  readonly actor?: string;
}

/** What has to wait for somebody else is looked at again after this long. */
const ASIDE_MS = 10_000;

/** Answers with how many it ended: a full batch means that there may be more. */
export async function endCheckouts({ database }: Expiry): Promise<number> {
  return await withTransaction(database, async (client) => {
    const over = await expireCheckouts(client, LIMITS.reservationsBatch);
    await endReservations(client, over, 'RELEASED');
    await undoRedemption(client, over);
    return over.length;
  });
}

/** Answers with how many it looked at. */
export async function endDueOrders(expiry: Expiry): Promise<number> {
  const { database, clock } = expiry;
  const due = await dueReservations(database, LIMITS.reservationsBatch);
  if (due.length === 0) return 0;
  const { ended, waiting } = await endOrders(expiry, due);
  const until = new Map(due.map((id) => [id, clock.now() + ASIDE_MS]));
  for (const { orderId, isPaid, ...order } of waiting) if (!isPaid) until.set(orderId, order.holdUntilMs);
  for (const orderId of ended) until.delete(orderId);
  await postponeReservations(
    database,
    [...until].map(([id, untilMs]) => ({ id, untilMs })),
  );
  return due.length;
}

/** Ends those of these orders whose time is over, and says which that were, and which still wait. */
export async function endOrders(
  expiry: Expiry,
  orderIds: readonly string[],
): Promise<{ readonly ended: ReadonlySet<string>; readonly waiting: readonly WaitingOrder[] }> {
  const { database, clock } = expiry;
  return await withTransaction(database, async (client) => {
    const waiting = await lockWaitingOrders(client, orderIds);
    const nowMs = clock.now();
    const over = waiting.filter((order) => !order.isPaid && order.holdUntilMs <= nowMs);
    return { ended: await cancel(client, expiry, over), waiting };
  });
}

async function cancel(
  client: DatabaseClient,
  { clock, nextId, actor = 'reservations' }: Expiry,
  orders: readonly WaitingOrder[],
): Promise<ReadonlySet<string>> {
  const events = createEventMaker({ nextId, clock });
  const [to, reason] = ['CANCELLED', 'expired'] as const;
  const made = await stepOrders(
    client,
    orders.map((order) => ({
      ...{ orderId: order.orderId, from: order.status, to, reason, actor, atMs: clock.now() },
      event: events.step(order, order.status, to, reason),
    })),
  );
  const orderIds = [...made];
  await endReservations(client, orderIds, 'RELEASED');
  await undoRedemption(client, orderIds);
  await endPayments(client, orderIds);
  await insertOutbox(client, eventsOf(events, orders));
  return made;
}

function eventsOf(events: EventMaker, orders: readonly WaitingOrder[]): OutgoingEvent[] {
  if (orders.length === 0) return [];
  return [
    ...orders.flatMap((order) => {
      const { orderId, shopperId, title, quantity, totalMinor: amountMinor } = order;
      const figured = { ...order, amountMinor, dropId: null, region: null, kind: null };
      return [
        events.figure('order.cancelled', figured, 'expired'),
        events.notice(shopperId, 'hold-expired', { orderId, title, quantity }),
      ];
    }),
    events.stale(orders.map(({ orderId }) => orderId)),
  ];
}
