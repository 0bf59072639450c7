/** A PostgreSQL of its own with our schema, and in it goods that are made anew for each run. */
import { createIdSource, type IdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectPostgres, type Database } from '../../platform/connections/postgres.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { migrate, startBenchPostgres } from '../machine/postgres-server.ts';
import type { BenchContext } from '../scenario.ts';
import { type Goods, numberOf, type Scheme } from './schemes/scheme.ts';

export interface StockStage {
  /** For what is between the runs. */
  readonly database: Database;
  readonly url: string;
  /** Its sessions are children of this process. */
  readonly postgresPid: number;
  readonly postgresVersion: string;
  /** Something new to sell, with so many units on its shelf. */
  stock(scheme: Scheme, units: number): Promise<Goods>;
  close(): Promise<void>;
}

export async function openStockStage({ folder, signal }: BenchContext): Promise<StockStage> {
  const postgres = await startBenchPostgres(folder, {}, signal);
  const log = createLogger({ name: 'bench', level: 'silent' });
  const database = connectPostgres({ url: postgres.url, max: 2, name: 'bench', log });
  const close = async (): Promise<void> => {
    await database.end();
    await postgres.stop();
  };
  try {
    await migrate(postgres.url, signal);
    const nextId = createIdSource(systemClock);
    const shop = await openShop(database, nextId);
    const { rows } = await database.query<{ server_version: string }>('show server_version');
    return {
      ...{ database, url: postgres.url, postgresPid: postgres.pid, close },
      postgresVersion: rows[0]?.server_version ?? 'unknown',
      async stock(scheme, units) {
        const goods = { sku: `HOT-${nextId()}`, warehouseId: shop.warehouseId };
        await database.query(
          `insert into variants (id, product_id, sku, price_minor, currency) values ($1, $2, $3, 4900, 'EUR')`,
          [nextId(), shop.productId, goods.sku],
        );
        await database.query('insert into inventory (sku, warehouse_id, on_hand) values ($1, $2, $3)', [
          ...[goods.sku, goods.warehouseId],
          units,
        ]);
        await scheme.stock?.(database, goods, units);
        return goods;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openShop(database: Database, nextId: IdSource) {
  const [merchantId, categoryId, productId, warehouseId] = [nextId(), nextId(), nextId(), nextId()];
  await database.query(`insert into users (id, role) values ($1, 'merchant')`, [merchantId]);
  await database.query(`insert into categories (id, slug, name) values ($1, 'hot', 'Hot')`, [categoryId]);
  await database.query(
    `insert into products (id, merchant_id, category_id, slug, title, status) values ($1, $2, $3, 'hot', 'Hot', 'active')`,
    [productId, merchantId, categoryId],
  );
  await database.query(
    `insert into warehouses (id, code, name, country, latitude, longitude) values ($1, 'hot', 'Hot', 'DE', 50, 8)`,
    [warehouseId],
  );
  return { productId, warehouseId };
}

export interface Written {
  readonly reservations: number;
  readonly orders: number;
  readonly left: number;
}

export async function readBack(database: Database, scheme: Scheme, goods: Goods): Promise<Written> {
  const count = (what: string): Promise<number> =>
    numberOf(database, `select count(${what})::int as number from reservations where sku = $1`, [goods.sku]);
  return {
    reservations: await count('*'),
    orders: await count('distinct order_id'),
    left: await scheme.left(database, goods),
  };
}
