import {
  findShipments,
  lockShipments,
  orderOfShipment,
  type StoredShipment,
} from '../../db/queries/shipments/find-shipments.ts';
import { type LockedOrder, lockOrder } from '../../db/queries/shipments/lock-order.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { Refusal } from '../plugins/problems.ts';
import { shownParcel } from './show.ts';

export interface LockedParcel {
  readonly order: LockedOrder;
  readonly parcel: StoredShipment;
  /** All of the order, this one among them. */
  readonly parcels: readonly StoredShipment[];
}

/** A parcel of this merchant's with its order, both as they stay for the rest of the transaction. */
export async function lockParcel(
  client: DatabaseClient,
  shipmentId: string,
  merchantId: string | null,
): Promise<LockedParcel> {
  const orderId = await orderOfShipment(client, shipmentId, merchantId);
  const order = orderId === undefined ? undefined : await lockOrder(client, orderId);
  const parcels = order === undefined ? [] : await lockShipments(client, order.orderId);
  const parcel = parcels.find(({ id }) => id === shipmentId);
  if (order === undefined || parcel === undefined) throw new Refusal('NOT_FOUND');
  return { order, parcel, parcels };
}

/** As it is after its step. */
export async function movedParcel(client: DatabaseClient, { orderId, id }: StoredShipment) {
  const parcels = await findShipments(client, [orderId]);
  const parcel = parcels.find((one) => one.id === id);
  if (parcel === undefined) throw new Refusal('NOT_FOUND');
  return shownParcel(parcel);
}
