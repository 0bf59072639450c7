import type { ClientBase, Pool } from 'pg';
import { FACETS_OF_FOUND } from './facets-sql.ts';

/**
 * Counts the facets of the whole catalog: a search for nothing in particular reads them. 2 s of one core for a million
 * products: read once and kept, since the parts of the counting would read the table anew, and on all cores.
 */
export async function countTotals(database: Pool | ClientBase): Promise<void> {
  await database.query(`
    with found as materialized (
      select category_id, brand_id, price_minor, rating_hundredths, in_stock, attributes from search_products
    )
    insert into search_totals (id, products, facets)
    select true, (select count(*) from found), ${FACETS_OF_FOUND}
    on conflict (id) do update set products = excluded.products, facets = excluded.facets, counted_at = now()`);
}

/** How long ago they were counted, by whichever process; undefined where they never were. */
export async function totalsAgeMs(database: Pool | ClientBase): Promise<number | undefined> {
  const { rows } = await database.query<{ ageMs: number }>(
    `select (extract(epoch from now() - counted_at) * 1000)::float8 as "ageMs" from search_totals`,
  );
  return rows[0]?.ageMs;
}
