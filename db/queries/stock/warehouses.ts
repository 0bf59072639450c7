import type { ClientBase, Pool } from 'pg';
import { epochMs } from '../../product-rows.ts';

export interface WarehouseContent {
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly isActive: boolean;
}

export interface StoredWarehouse extends WarehouseContent {
  readonly id: string;
  /** Null of one that all merchants keep their goods in. */
  readonly merchantId: string | null;
  readonly createdAt: number;
}

const COLUMNS = `
  id, merchant_id as "merchantId", code, name, country, latitude, longitude, is_active as "isActive",
  ${epochMs('created_at')} as "createdAt"`;

/** Those that a merchant may use: their own and the shared ones. Without a merchant, all. */
export async function listWarehouses(
  database: Pool | ClientBase,
  asked: { readonly merchantId: string | null; readonly after: string | null; readonly limit: number },
): Promise<StoredWarehouse[]> {
  const { rows } = await database.query<StoredWarehouse>({
    name: 'list-warehouses',
    text: `
      select ${COLUMNS} from warehouses
      where ($1::uuid is null or merchant_id is null or merchant_id = $1) and ($2::uuid is null or id > $2)
      order by id limit $3`,
    values: [asked.merchantId, asked.after, asked.limit],
  });
  return rows;
}

/** Of these ids, those that a merchant may use. Without a merchant, all that there are. */
export async function findWarehouses(
  database: Pool | ClientBase,
  ids: readonly string[],
  merchantId: string | null,
): Promise<ReadonlyMap<string, StoredWarehouse>> {
  const { rows } = await database.query<StoredWarehouse>({
    name: 'find-warehouses',
    text: `
      select ${COLUMNS} from warehouses
      where id = any ($1::uuid[]) and ($2::uuid is null or merchant_id is null or merchant_id = $2)`,
    values: [ids, merchantId],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

export async function findWarehousesByCode(
  database: Pool | ClientBase,
  codes: readonly string[],
  merchantId: string | null,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await database.query<{ code: string; id: string }>({
    name: 'find-warehouses-by-code',
    text: `
      select code, id from warehouses
      where code = any ($1::text[]) and ($2::uuid is null or merchant_id is null or merchant_id = $2)`,
    values: [codes, merchantId],
  });
  return new Map(rows.map(({ code, id }) => [code, id]));
}

export async function countWarehouses(client: ClientBase, merchantId: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-warehouses',
    text: 'select count(*)::int as count from warehouses where merchant_id = $1',
    values: [merchantId],
  });
  return rows[0]?.count ?? 0;
}

const valuesOf = (id: string, { code, name, country, latitude, longitude, isActive }: WarehouseContent): unknown[] => [
  ...[id, code, name, country, latitude, longitude, isActive],
];

/** Undefined when the code is another's already. */
export async function insertWarehouse(
  client: ClientBase,
  warehouse: WarehouseContent & { readonly id: string; readonly merchantId: string | null },
): Promise<StoredWarehouse | undefined> {
  const { rows } = await client.query<StoredWarehouse>({
    name: 'insert-warehouse',
    text: `
      insert into warehouses (id, code, name, country, latitude, longitude, is_active, merchant_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (code) do nothing returning ${COLUMNS}`,
    values: [...valuesOf(warehouse.id, warehouse), warehouse.merchantId],
  });
  return rows[0];
}

/** The warehouse for who may change it: its merchant; without a merchant, anybody's. Kept until the transaction is over. */
export async function lockWarehouse(
  client: ClientBase,
  id: string,
  merchantId: string | null,
): Promise<StoredWarehouse | undefined> {
  const { rows } = await client.query<StoredWarehouse>({
    name: 'lock-warehouse',
    text: `select ${COLUMNS} from warehouses where id = $1 and ($2::uuid is null or merchant_id = $2) for update`,
    values: [id, merchantId],
  });
  return rows[0];
}

export async function updateWarehouse(client: ClientBase, id: string, content: WarehouseContent): Promise<void> {
  await client.query({
    name: 'update-warehouse',
    text: `
      update warehouses set code = $2, name = $3, country = $4, latitude = $5, longitude = $6, is_active = $7 where id = $1`,
    values: valuesOf(id, content),
  });
}

/** Whether something was ever kept there: such a warehouse is closed, never removed. */
export async function isWarehouseUsed(client: ClientBase, id: string): Promise<boolean> {
  const { rows } = await client.query<{ used: boolean }>({
    name: 'warehouse-is-used',
    text: 'select exists (select from inventory where warehouse_id = $1) as used',
    values: [id],
  });
  return rows[0]?.used ?? false;
}

export async function deleteWarehouse(client: ClientBase, id: string): Promise<void> {
  await client.query({ name: 'delete-warehouse', text: 'delete from warehouses where id = $1', values: [id] });
}
