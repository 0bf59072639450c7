/** One way to give units of one hot article to many at once. */
import type { Database } from '../../../platform/connections/postgres.ts';

export interface Goods {
  readonly sku: string;
  readonly warehouseId: string;
}

export interface Attempt {
  /** As many as there are clients, so that nobody waits for a connection who could wait for the row. */
  readonly database: Database;
  readonly goods: Goods;
  readonly orderId: string;
}

export interface Scheme {
  readonly name: string;
  /** It may say that nothing is left where something is: rows that others have in hand are stepped over. */
  readonly mayMiss?: boolean;
  /** Where its books are, apart from `inventory`: makes them for so many units. */
  stock?(database: Database, goods: Goods, units: number): Promise<void>;
  /** One unit for this order, durably, or false when there is none. */
  open(): { reserve(attempt: Attempt): Promise<boolean> };
  /** What its books say is left. */
  left(database: Database, goods: Goods): Promise<number>;
}

/** What every scheme writes when it has found a unit: `reservations`, as the product does. */
export const RESERVATION = `insert into reservations (order_id, sku, warehouse_id, quantity, expires_at)`;
export const RESERVED = `$3::uuid, $1::text, $2::uuid, 1, now() + interval '15 minutes'`;

export const argumentsOf = ({ goods, orderId }: Attempt): string[] => [goods.sku, goods.warehouseId, orderId];

export async function leftInInventory(database: Database, { sku, warehouseId }: Goods): Promise<number> {
  return await numberOf(
    database,
    'select on_hand - reserved as number from inventory where sku = $1 and warehouse_id = $2',
    [sku, warehouseId],
  );
}

export async function numberOf(database: Database, text: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await database.query<{ number: number }>(text, [...values]);
  return rows[0]?.number ?? 0;
}
