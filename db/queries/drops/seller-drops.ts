/** Drops as their merchants see them. Somebody else's are not found. */
import type { ClientBase, Pool } from 'pg';
import { type DropRow, dropOfRow, SELECT_DROPS, type StoredDrop } from '../../drop-rows.ts';

export interface Publication {
  readonly publishedRevision: number;
  readonly waitingRegions: readonly string[];
  readonly trouble: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

export interface SellerDrop {
  readonly drop: StoredDrop;
  readonly publication: Publication;
}

interface Row extends DropRow, Pick<Publication, 'publishedRevision' | 'waitingRegions' | 'trouble'> {
  readonly createdAt: Date;
  readonly settledAt: Date | null;
}

const SELECT = SELECT_DROPS.replace(
  /^\s*select /,
  `select published_revision as "publishedRevision", waiting_regions as "waitingRegions", trouble,
    created_at as "createdAt", settled_at as "settledAt", `,
);

/** With `merchantId` null, anybody's. */
export async function findSellerDrop(
  database: Pool | ClientBase,
  dropId: string,
  merchantId: string | null,
): Promise<SellerDrop | undefined> {
  const { rows } = await database.query<Row>({
    name: 'find-seller-drop',
    text: `${SELECT} where id = $1 and ($2::uuid is null or merchant_id = $2)`,
    values: [dropId, merchantId],
  });
  return rows[0] === undefined ? undefined : sellerDropOf(rows[0]);
}

/** Nobody else changes it until the transaction is over. */
export async function lockSellerDrop(
  client: ClientBase,
  dropId: string,
  merchantId: string | null,
): Promise<SellerDrop | undefined> {
  await client.query({
    name: 'lock-seller-drop',
    text: 'select from drops where id = $1 and ($2::uuid is null or merchant_id = $2) for no key update',
    values: [dropId, merchantId],
  });
  // Read after the lock: what was changed while it was waited for is seen.
  return await findSellerDrop(client, dropId, merchantId);
}

export interface SellerDropFilter {
  readonly merchantId: string | null;
  readonly states: readonly StoredDrop['state'][];
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listSellerDrops(database: Pool | ClientBase, filter: SellerDropFilter): Promise<SellerDrop[]> {
  const { rows } = await database.query<Row>({
    name: 'list-seller-drops',
    text: `${SELECT}
      where ($1::uuid is null or merchant_id = $1) and state = any ($2::drop_state[]) and ($3::uuid is null or id < $3)
      order by id desc limit $4`,
    values: [filter.merchantId, [...filter.states], filter.before ?? null, filter.limit],
  });
  return rows.map(sellerDropOf);
}

function sellerDropOf(row: Row): SellerDrop {
  const { publishedRevision, waitingRegions, trouble, createdAt, settledAt, ...drop } = row;
  return {
    drop: dropOfRow(drop),
    publication: {
      ...{ publishedRevision, waitingRegions, trouble },
      createdAt: createdAt.getTime(),
      settledAt: settledAt?.getTime() ?? null,
    },
  };
}

export interface DropShelf {
  readonly sku: string;
  readonly warehouseId: string;
  readonly warehouse: string;
  readonly units: number;
  readonly shipped: number;
  readonly returned: number;
}

/** What the drop has drawn from the shelves, and what of it was sent or went back. */
export async function findDropStock(database: Pool | ClientBase, dropId: string): Promise<DropShelf[]> {
  const { rows } = await database.query<DropShelf>({
    name: 'find-drop-stock',
    text: `
      select sku, warehouse_id as "warehouseId", w.name as warehouse, units, shipped, returned
      from drop_stock join warehouses w on w.id = warehouse_id where drop_id = $1 order by sku, units desc, w.id`,
    values: [dropId],
  });
  return rows;
}
