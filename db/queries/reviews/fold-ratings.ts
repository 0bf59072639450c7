/**
 * Adds what reviews changed to the sums. The changes are taken in the order of their ids by one process at a time, so that
 * what takes a rating away never comes before what has brought it, and no sum is ever below nothing.
 */
import type { ClientBase } from 'pg';

/** Any number will do, as long as it is nobody else's. */
const FOLD_LOCK = 7_306_210_426;

/** False while another process folds: it does the work. Held until the transaction ends. */
export async function lockFold(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>({
    name: 'lock-fold',
    text: 'select pg_try_advisory_xact_lock($1) as mine',
    values: [FOLD_LOCK],
  });
  return rows[0]?.mine === true;
}

export interface FoldedRatings {
  readonly taken: number;
  /** Products that are shown with other stars now. */
  readonly products: readonly { readonly id: string; readonly slug: string }[];
}

interface Taken {
  readonly taken: number;
  readonly products: string;
  readonly merchants: string;
}

const STARS = [1, 2, 3, 4, 5] as const;
const each = (of: (column: string) => string) => STARS.map((stars) => of(`stars_${stars}`)).join(', ');
const sumsOf = (where = '') =>
  STARS.map((stars) => `coalesce(sum(delta) filter (where stars = ${stars}${where}), 0) as stars_${stars}`).join(', ');
const RECORD = `(${['id uuid', ...STARS.map((stars) => `stars_${stars} integer`), 'verified integer'].join(', ')})`;

const TAKE = `
  with taken as (
    delete from rating_changes where id in (select id from rating_changes order by id limit $1)
    returning product_id, stars, delta, is_verified
  ), by_product as (
    select t.product_id as id, ${sumsOf()}, coalesce(sum(delta) filter (where is_verified), 0) as verified
    from taken t join products p on p.id = t.product_id group by t.product_id
  ), by_merchant as (
    select p.merchant_id as id, ${sumsOf()}, 0 as verified
    from taken t join products p on p.id = t.product_id where is_verified group by p.merchant_id
  )
  select (select count(*) from taken)::int as taken,
    (select coalesce(json_agg(by_product), '[]') from by_product)::text as products,
    (select coalesce(json_agg(by_merchant), '[]') from by_merchant)::text as merchants`;

export async function foldRatings(client: ClientBase, limit: number): Promise<FoldedRatings> {
  const { rows } = await client.query<Taken>({ name: 'take-rating-changes', text: TAKE, values: [limit] });
  const [sums] = rows;
  if (sums === undefined || sums.taken === 0) return { taken: 0, products: [] };
  await addTo(client, 'merchant_ratings', 'merchant_id', sums.merchants);
  await addTo(client, 'product_ratings', 'product_id', sums.products);
  await client.query({
    name: 'show-ratings',
    text: `
      insert into product_signals (product_id, rating_hundredths, reviews)
      select product_id,
        case when total = 0 then 0 else round(100.0 * (stars_1 + 2*stars_2 + 3*stars_3 + 4*stars_4 + 5*stars_5) / total) end,
        total
      from product_ratings cross join lateral (select stars_1 + stars_2 + stars_3 + stars_4 + stars_5 as total) t
      where product_id in (select id from json_to_recordset($1::json) as s (id uuid)) order by product_id
      on conflict (product_id) do update set rating_hundredths = excluded.rating_hundredths, reviews = excluded.reviews`,
    values: [sums.products],
  });
  const shown = await client.query<{ id: string; slug: string }>({
    name: 'name-rated-products',
    text: 'select id, slug from products where id in (select id from json_to_recordset($1::json) as s (id uuid))',
    values: [sums.products],
  });
  return { taken: sums.taken, products: shown.rows };
}

/** First the rows that are not there, then the sums: a check of the database would refuse a new row that takes away. */
async function addTo(
  client: ClientBase,
  table: 'product_ratings' | 'merchant_ratings',
  key: 'product_id' | 'merchant_id',
  sums: string,
): Promise<void> {
  const added = `json_to_recordset($1::json) as added ${RECORD}`;
  await client.query({
    name: `make-${table}`,
    text: `insert into ${table} (${key}) select id from ${added} order by id on conflict do nothing`,
    values: [sums],
  });
  const verified = table === 'product_ratings' ? 'verified = t.verified + added.verified, ' : '';
  await client.query({
    name: `add-to-${table}`,
    text: `
      update ${table} t set ${each((column) => `${column} = t.${column} + added.${column}`)}, ${verified}updated_at = now()
      from ${added} where t.${key} = added.id`,
    values: [sums],
  });
}
