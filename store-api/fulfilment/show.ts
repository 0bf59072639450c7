import type { StoredShipment } from '../../db/queries/shipments/find-shipments.ts';
import type { SellerOrder } from '../../db/queries/shipments/seller-orders.ts';

export function shownParcel({ orderId: _orderId, merchantId: _merchantId, ...parcel }: StoredShipment) {
  const { shippedAtMs, deliveredAtMs, items, ...rest } = parcel;
  return { ...rest, items: [...items], shippedAt: whole(shippedAtMs), deliveredAt: whole(deliveredAtMs) };
}

export function shownOrder({ placedAtMs, items, ...order }: SellerOrder, parcels: readonly StoredShipment[]) {
  return { ...order, items: [...items], placedAt: Math.round(placedAtMs), parcels: parcels.map(shownParcel) };
}

/** The database knows microseconds. */
export function whole(atMs: number | null): number | null {
  return atMs === null ? null : Math.round(atMs);
}
