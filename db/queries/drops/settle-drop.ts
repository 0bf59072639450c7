/** The end of a drop's books, inside one transaction: what it drew and did not sell goes back to the shelves. */
import type { ClientBase } from 'pg';

/** Locks the drop; false when somebody settled it, or it was changed since. */
export async function lockUnsettled(client: ClientBase, dropId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'lock-unsettled-drop',
    text: `
      select from drops where id = $1 and state = 'ended' and settled_at is null and published_revision >= revision
      for no key update`,
    values: [dropId],
  });
  return rowCount === 1;
}

export interface SoldUnits {
  readonly sku: string;
  /** Of orders that wait for their money or their review. */
  readonly waiting: number;
  /** Of orders that were confirmed and not called off later: they are sold, whatever anybody else says. */
  readonly least: number;
  /** Of all orders that were ever confirmed. */
  readonly most: number;
}

const SOLD = `
  select i.sku,
    coalesce(sum(i.quantity) filter (where o.status in ('PENDING', 'REVIEW')), 0)::int as waiting,
    coalesce(sum(i.quantity) filter (where h.was_confirmed and not h.was_cancelled), 0)::int as least,
    coalesce(sum(i.quantity) filter (where h.was_confirmed), 0)::int as most
  from orders o join order_items i on i.order_id = o.id
  cross join lateral (
    select coalesce(bool_or(status = 'CONFIRMED'), false) as was_confirmed,
      coalesce(bool_or(status = 'CANCELLED'), false) as was_cancelled
    from order_status_history where order_id = o.id
  ) h
  where o.drop_id = $1 group by i.sku`;

export async function findSoldUnits(client: ClientBase, dropId: string): Promise<ReadonlyMap<string, SoldUnits>> {
  const { rows } = await client.query<SoldUnits>({ name: 'find-sold-units', text: SOLD, values: [dropId] });
  return new Map(rows.map((row) => [row.sku, row]));
}

export interface UnsettledShelf {
  readonly sku: string;
  readonly warehouseId: string;
  /** In no parcel, and not given back. */
  readonly free: number;
}

/** Its shelves have been locked before (db/queries/stock/lock-stock.ts): a parcel that leaves takes the same way. */
export async function lockDropShelves(client: ClientBase, dropId: string): Promise<UnsettledShelf[]> {
  const { rows } = await client.query<UnsettledShelf>({
    name: 'lock-drop-shelves',
    text: `
      select sku, warehouse_id as "warehouseId", units - packed - returned as free from drop_stock
      where drop_id = $1 order by sku, warehouse_id for no key update`,
    values: [dropId],
  });
  return rows;
}

export async function findDropShelves(
  client: ClientBase,
  dropId: string,
): Promise<{ readonly sku: string; readonly warehouseId: string }[]> {
  const { rows } = await client.query<{ sku: string; warehouseId: string }>({
    name: 'find-drop-shelves',
    text: 'select sku, warehouse_id as "warehouseId" from drop_stock where drop_id = $1',
    values: [dropId],
  });
  return rows;
}

export interface ReturnedUnits {
  readonly sku: string;
  readonly warehouseId: string;
  readonly units: number;
}

const GIVE_BACK = `
  with back as materialized (
    select * from unnest($2::text[], $3::uuid[], $4::integer[]) as back (sku, warehouse_id, units)
  ), noted as (
    update drop_stock s set returned = s.returned + back.units
    from back where s.drop_id = $1 and s.sku = back.sku and s.warehouse_id = back.warehouse_id
  )
  update inventory i set reserved = i.reserved - back.units, updated_at = now()
  from back where i.sku = back.sku and i.warehouse_id = back.warehouse_id`;

/** More than is free the database refuses (`packed_before_shipped`). */
export async function giveBackUnits(client: ClientBase, dropId: string, back: readonly ReturnedUnits[]): Promise<void> {
  if (back.length === 0) return;
  const { rowCount } = await client.query({
    name: 'give-back-drop-units',
    text: GIVE_BACK,
    values: [
      dropId,
      back.map(({ sku }) => sku),
      back.map(({ warehouseId }) => warehouseId),
      back.map(({ units }) => units),
    ],
  });
  if (rowCount !== back.length) throw new Error(`a shelf of drop ${dropId} is gone`);
}

export async function noteSettled(client: ClientBase, dropId: string, nowMs: number): Promise<void> {
  await client.query({
    name: 'note-drop-settled',
    text: `update drops set settled_at = to_timestamp($2::float8 / 1000), trouble = null where id = $1`,
    values: [dropId, nowMs],
  });
}
