import type { ClientBase, Pool } from 'pg';
import { exact } from '../exact.ts';
import { IS_IN_STOCK } from '../product-rows.ts';

/** What the shop knows of an item now, for a cart or a wishlist. */
export interface CartItem {
  readonly sku: string;
  readonly productId: string;
  readonly merchantId: string;
  readonly title: string;
  /** What sets the variant apart; empty when the product has only one. */
  readonly variantTitle: string;
  readonly priceMinor: number;
  readonly currency: string;
  /** Its category and all above it. */
  readonly categoryIds: readonly string[];
  /** Whether it can be bought at all: neither a draft nor archived. */
  readonly isSold: boolean;
  readonly inStock: boolean;
}

const FIND = `
  select v.sku, v.product_id as "productId", p.merchant_id as "merchantId", p.title, v.title as "variantTitle",
    v.price_minor as "priceMinor", v.currency,
    p.status = 'active' and v.archived_at is null as "isSold",
    ${IS_IN_STOCK} as "inStock",
    array(
      with recursive above as (
        select id, parent_id from categories where id = p.category_id
        union
        select c.id, c.parent_id from categories c join above on c.id = above.parent_id
      )
      select id::text from above
    ) as "categoryIds"
  from variants v join products p on p.id = v.product_id
  where v.sku = any ($1::text[])`;

export async function findCartItems(
  database: Pool | ClientBase,
  skus: readonly string[],
): Promise<ReadonlyMap<string, CartItem>> {
  if (skus.length === 0) return new Map();
  const { rows } = await database.query<Omit<CartItem, 'priceMinor'> & { priceMinor: string | number }>({
    name: 'find-cart-items',
    text: FIND,
    values: [skus],
  });
  return new Map(rows.map((row) => [row.sku, { ...row, priceMinor: exact(row.priceMinor) }]));
}
