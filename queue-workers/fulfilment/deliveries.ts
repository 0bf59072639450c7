/** Parcels that have arrived, as their carriers say, and orders that nobody can return any more. */
import { stepsOfOrder } from '../../commerce/fulfilment/order-of-parcels.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import {
  closeShipments,
  findSettledOrders,
  findToldDeliveries,
  type ToldDelivery,
} from '../../db/queries/shipments/due-shipments.ts';
import { lockShipments } from '../../db/queries/shipments/find-shipments.ts';
import { deliverParcel } from '../../db/queries/shipments/follow-parcels.ts';
import { lockOrder } from '../../db/queries/shipments/lock-order.ts';
import { orderStep } from '../../db/queries/shipments/order-step.ts';
import { stepOrders } from '../../db/queries/step-orders.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';

export interface FulfilmentOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly limit?: number;
}

/** Answers with how many it looked at. Of two workers with the same parcel the second finds it delivered. */
export async function deliverTold(options: FulfilmentOptions): Promise<number> {
  const told = await findToldDeliveries(options.database, options.limit ?? LIMITS.fulfilmentBatch);
  const failures: unknown[] = [];
  for (const delivery of told) {
    // One that fails holds up none of those behind it.
    await deliver(options, delivery).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} parcels could not be delivered`);
  return told.length;
}

async function deliver({ database, clock, nextId }: FulfilmentOptions, told: ToldDelivery): Promise<void> {
  await withTransaction(database, async (client) => {
    const order = await lockOrder(client, told.orderId);
    const parcels = order === undefined ? [] : await lockShipments(client, told.orderId);
    const parcel = parcels.find(({ id }) => id === told.id);
    if (order === undefined || parcel?.status !== 'SHIPPED') return;
    const doing = { actor: 'fulfilment', reason: 'all parcels have arrived', nowMs: clock.now(), nextId };
    await deliverParcel(client, { order, parcels, parcel, atMs: told.atMs, stepsOf: stepsOfOrder, doing });
  });
}

/** Answers with how many orders it is done with: those that came back were over before. */
export async function completeOrders(options: FulfilmentOptions): Promise<number> {
  const { database, clock, nextId, limit = LIMITS.fulfilmentBatch } = options;
  const nowMs = clock.now();
  return await withTransaction(database, async (client) => {
    const settled = await findSettledOrders(client, nowMs - LIFETIMES.returnWindowMs, limit);
    const doing = { actor: 'fulfilment', reason: 'the time to return it is over', nowMs, nextId };
    const arrived = settled.filter(({ status }) => status === 'DELIVERED');
    const stepped = await stepOrders(
      client,
      arrived.map((order) => orderStep(order, 'DELIVERED', 'COMPLETED', doing)),
    );
    // One that a return took away meanwhile is looked at again when that has ended.
    const done = settled.filter(({ orderId, status }) => status !== 'DELIVERED' || stepped.has(orderId));
    const ids = done.map(({ orderId }) => orderId);
    await closeShipments(client, ids, nowMs);
    return ids.length;
  });
}
