/** What the orders of a drop are sent from: the stock that the drop drew from its shelves when it was scheduled. */
import type { ClientBase } from 'pg';
import { lockStock } from '../stock/lock-stock.ts';

export interface DropStock {
  readonly sku: string;
  readonly warehouseId: string;
  readonly available: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly country: string;
}

/** Locked, so that two orders of the drop never count on the same unit of a warehouse. */
export async function lockDropStock(
  client: ClientBase,
  dropId: string,
  skus: readonly string[],
): Promise<readonly DropStock[]> {
  const { rows } = await client.query<DropStock>({
    name: 'lock-drop-stock',
    text: `
      select ds.sku, ds.warehouse_id as "warehouseId", ds.units - ds.packed - ds.returned as available,
        w.latitude, w.longitude, w.country
      from drop_stock ds join warehouses w on w.id = ds.warehouse_id
      where ds.drop_id = $1 and ds.sku = any ($2::text[])
      order by ds.sku, ds.warehouse_id for no key update of ds`,
    values: [dropId, skus],
  });
  return rows;
}

export interface PackedPart {
  readonly line: number;
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

const PACK = `
  with parts as materialized (
    select * from unnest($4::smallint[], $5::text[], $6::uuid[], $7::int[]) as part (line, sku, warehouse_id, quantity)
  ), packed as (
    update drop_stock ds set packed = ds.packed + sums.units
    from (select sku, warehouse_id, sum(quantity)::int as units from parts group by sku, warehouse_id) as sums
    where ds.drop_id = $2 and ds.sku = sums.sku and ds.warehouse_id = sums.warehouse_id
  ), parcels as materialized (
    select uuidv7() as id, warehouse_id, row_number() over (order by min(line), warehouse_id) as number
    from parts group by warehouse_id
  ), opened as (
    insert into shipments (id, order_id, number, merchant_id, warehouse_id)
    select id, $1, number, $3, warehouse_id from parcels
  )
  insert into shipment_items (shipment_id, line, sku, quantity)
  select parcels.id, line, sku, sum(quantity)::int from parts join parcels using (warehouse_id)
  group by parcels.id, line, sku`;

export async function packDropOrder(
  client: ClientBase,
  order: { readonly orderId: string; readonly dropId: string; readonly merchantId: string },
  parts: readonly PackedPart[],
): Promise<void> {
  await client.query({
    name: 'pack-drop-order',
    text: PACK,
    values: [
      ...[order.orderId, order.dropId, order.merchantId],
      ...[parts.map(({ line }) => line), parts.map(({ sku }) => sku)],
      ...[parts.map(({ warehouseId }) => warehouseId), parts.map(({ quantity }) => quantity)],
    ],
  });
}

const LEAVE = `
  with left_shelf as materialized (
    select sku, sum(quantity)::int as units from shipment_items where shipment_id = $1 group by sku
  ), shelves as (
    update inventory i set on_hand = i.on_hand - l.units, reserved = i.reserved - l.units, updated_at = now()
    from left_shelf l where i.sku = l.sku and i.warehouse_id = $2
  ), counted as (
    update drop_stock ds set shipped = ds.shipped + l.units
    from left_shelf l where ds.drop_id = $3 and ds.sku = l.sku and ds.warehouse_id = $2
  )
  insert into inventory_movements (sku, warehouse_id, kind, quantity, reason, order_id, drop_id, actor_id)
  select sku, $2, 'out', -units, 'sold', $4, $3, $5 from left_shelf`;

/** A drop's units leave their shelf with their parcel; those of the store have left it with the payment. */
export async function takeDropUnits(
  client: ClientBase,
  parcel: {
    readonly id: string;
    readonly orderId: string;
    readonly warehouseId: string;
    readonly items: readonly { readonly sku: string }[];
  },
  by: { readonly dropId: string; readonly actorId: string },
): Promise<void> {
  const { id, orderId, warehouseId, items } = parcel;
  const shelves = items.map(({ sku }) => ({ sku, warehouseId }));
  await lockStock(client, shelves, 'sold');
  await client.query({
    name: 'take-drop-units',
    text: LEAVE,
    values: [id, warehouseId, by.dropId, orderId, by.actorId],
  });
}
