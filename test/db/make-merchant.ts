import type { Pool } from 'pg';
import { createIdSource } from '../../contracts/ids.ts';

const newId = createIdSource({ now: Date.now });

/** A merchant with two things to sell, of names of its own. */
export async function makeMerchant(database: Pool): Promise<{ merchantId: string; skus: [string, string] }> {
  const merchantId = newId();
  const skus: [string, string] = [`ONE-${merchantId}`, `TWO-${merchantId}`];
  const [category, product] = [newId(), newId()];
  await database.query(`insert into users (id, role) values ($1, 'merchant')`, [merchantId]);
  await database.query(`insert into categories (id, slug, name) values ($1, $2, 'Any')`, [category, category]);
  await database.query(
    `insert into products (id, merchant_id, category_id, slug, title) values ($1, $2, $3, $4, 'Any')`,
    [product, merchantId, category, product],
  );
  for (const sku of skus) {
    await database.query(
      `insert into variants (id, product_id, sku, price_minor, currency) values ($1, $2, $3, 100, 'USD')`,
      [newId(), product, sku],
    );
  }
  return { merchantId, skus };
}
