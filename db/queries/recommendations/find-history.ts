/** What a shopper bought and looked at lately, the newest first, and the cart of their account as it is written down. */
import type { Pool } from 'pg';

export interface StoredHistory {
  readonly bought: readonly string[];
  readonly looked: readonly string[];
  readonly cart: string | null;
}

/** The id of an order begins with its time: older partitions are not looked into. */
export async function findHistory(
  database: Pool,
  wanted: { readonly shopperId: string; readonly firstOrderId: string; readonly most: number },
): Promise<StoredHistory> {
  const { rows } = await database.query<StoredHistory>({
    name: 'recommendations-find-history',
    text: `
      with latest as (
        select id from orders where shopper_id = $1 and id >= $2
          and status not in ('CANCELLED', 'REFUND_PENDING', 'REFUNDED')
        order by id desc limit $3
      ), bought as (
        select coalesce(i.product_id, v.product_id) as product_id, max(latest.id::text) as newest
        from latest join order_items i on i.order_id = latest.id left join variants v on v.sku = i.sku
        group by 1
      )
      select
        array(select product_id::text from bought where product_id is not null order by newest desc limit $3) as bought,
        array(select product_id::text from product_views where user_id = $1 order by viewed_at desc limit $3) as looked,
        (select body from carts where user_id = $1) as cart`,
    values: [wanted.shopperId, wanted.firstOrderId, wanted.most],
  });
  return rows[0] ?? { bought: [], looked: [], cart: null };
}
