import type { ClientBase, Pool } from 'pg';
import { exact } from '../../exact.ts';
import type { VariantContent } from '../write-variants.ts';

export interface StoredContent extends VariantContent {
  readonly id: string;
  readonly productId: string;
}

/** A variant that is sold, with all that a change of its price has to leave as it is. Without a merchant, anybody's. */
export async function findVariantContent(
  database: Pool | ClientBase,
  sku: string,
  merchantId: string | null,
): Promise<StoredContent | undefined> {
  const { rows } = await database.query<Omit<StoredContent, 'price'> & { price: string | number }>({
    name: 'find-variant-content',
    text: `
      select v.id, v.product_id as "productId", v.title, v.attributes, v.price_minor as price, v.currency, v.position
      from variants v join products p on p.id = v.product_id
      where v.sku = $1 and v.archived_at is null and ($2::uuid is null or p.merchant_id = $2)`,
    values: [sku, merchantId],
  });
  const [found] = rows;
  return found === undefined ? undefined : { ...found, price: exact(found.price) };
}
