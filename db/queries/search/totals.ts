import type { ClientBase, Pool } from 'pg';
import { FACETS_OF_FOUND } from './facets-sql.ts';

/** Counts the facets of the whole catalog: a search for nothing in particular reads them. 2 s of a million products. */
export async function countTotals(database: Pool | ClientBase): Promise<void> {
  await database.query(`
    with found as not materialized (
      select category_id, brand_id, price_minor, rating_hundredths, in_stock, attributes from search_products
    )
    insert into search_totals (id, products, facets)
    select true, (select count(*) from search_products), ${FACETS_OF_FOUND}
    on conflict (id) do update set products = excluded.products, facets = excluded.facets, counted_at = now()`);
}
