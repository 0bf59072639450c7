/** The categories and brands of what somebody bought or looked at last. */
import type { Pool } from 'pg';

export interface Interests {
  readonly categories: readonly string[];
  readonly brands: readonly string[];
}

const LATEST = 50;
const MOST = 5;

export async function findInterests(database: Pool, userId: string): Promise<Interests> {
  const { rows } = await database.query<{ categories: string[]; brands: string[] }>({
    name: 'search-find-interests',
    text: `
      with seen as (
        select product_id, 1 as weight from (
          select product_id from product_views where user_id = $1 order by viewed_at desc limit ${LATEST}
        ) as views
        union all
        select v.product_id, 3 from (
          select id from orders where shopper_id = $1 order by id desc limit ${LATEST}
        ) as latest
          join order_items i on i.order_id = latest.id
          join variants v using (sku)
      ), liked as (
        select p.category_id, p.brand_id, weight from seen join products p on p.id = product_id
      )
      select array(select category_id from liked group by 1 order by sum(weight) desc, 1 limit ${MOST}) as categories,
        array(select brand_id from liked where brand_id is not null group by 1 order by sum(weight) desc, 1 limit ${MOST}) as brands`,
    values: [userId],
  });
  return rows[0] ?? { categories: [], brands: [] };
}
