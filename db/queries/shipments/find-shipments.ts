import type { ClientBase, Pool } from 'pg';

export interface ShipmentItem {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
}

export interface StoredShipment {
  readonly id: string;
  readonly orderId: string;
  readonly number: number;
  readonly merchantId: string;
  readonly warehouseId: string;
  readonly status: 'PENDING' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';
  readonly carrier: string | null;
  readonly service: string | null;
  readonly trackingCode: string | null;
  readonly shippedAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly items: readonly ShipmentItem[];
}

const COLUMNS = `
  s.id, s.order_id as "orderId", s.number, s.merchant_id as "merchantId", s.warehouse_id as "warehouseId", s.status,
  s.carrier, s.service, s.tracking_code as "trackingCode",
  (extract(epoch from s.shipped_at) * 1000)::float8 as "shippedAtMs",
  (extract(epoch from s.delivered_at) * 1000)::float8 as "deliveredAtMs",
  array(
    select json_build_object('line', i.line, 'sku', i.sku, 'quantity', i.quantity)
    from shipment_items i where i.shipment_id = s.id order by i.line
  ) as items`;

/** The parcels of these orders; with `merchantId` only those of one merchant. */
export async function findShipments(
  database: Pool | ClientBase,
  orderIds: readonly string[],
  merchantId: string | null = null,
): Promise<readonly StoredShipment[]> {
  const text = `
    select ${COLUMNS} from shipments s
    where s.order_id = any ($1::uuid[]) and ($2::uuid is null or s.merchant_id = $2)
    order by s.order_id, s.number`;
  const values = [orderIds, merchantId];
  return (await database.query<StoredShipment>({ name: 'find-shipments', text, values })).rows;
}

/** As findShipments of one order, and nobody else changes them meanwhile. The order has to be locked before. */
export async function lockShipments(client: ClientBase, orderId: string): Promise<readonly StoredShipment[]> {
  const text = `select ${COLUMNS} from shipments s where s.order_id = $1 order by s.number for no key update`;
  return (await client.query<StoredShipment>({ name: 'lock-shipments', text, values: [orderId] })).rows;
}

/** Whose a parcel is and of which order; undefined where there is none, or none of this merchant's. */
export async function orderOfShipment(
  database: Pool | ClientBase,
  shipmentId: string,
  merchantId: string | null,
): Promise<string | undefined> {
  const { rows } = await database.query<{ orderId: string }>({
    name: 'order-of-shipment',
    text: `
      select order_id as "orderId" from shipments where id = $1 and ($2::uuid is null or merchant_id = $2)`,
    values: [shipmentId, merchantId],
  });
  return rows[0]?.orderId;
}
