/** The facets of the rows of `found`, as one JSON value. Prices in steps that shoppers think in, in minor units. */
export const PRICE_STEPS_MINOR = [0, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000] as const;
const VALUES_PER_FACET = 30;

export const FACETS_OF_FOUND = `
  jsonb_build_object(
    'category', (select coalesce(jsonb_agg(x), '[]') from (
      select category_id as value, count(*) as count from found group by 1 order by 2 desc, 1 limit ${VALUES_PER_FACET}) x),
    'brand', (select coalesce(jsonb_agg(x), '[]') from (
      select brand_id as value, count(*) as count from found where brand_id is not null
      group by 1 order by 2 desc, 1 limit ${VALUES_PER_FACET}) x),
    'price', (select coalesce(jsonb_agg(x order by x.value), '[]') from (
      select width_bucket(price_minor, '{${PRICE_STEPS_MINOR.join(',')}}'::bigint[]) - 1 as value, count(*) as count
      from found group by 1) x),
    'rating', (select coalesce(jsonb_agg(x order by x.value desc), '[]') from (
      select stars as value, count(*) filter (where rating_hundredths >= stars * 100) as count
      from found, generate_series(1, 4) as stars group by 1) x),
    'availability', (select jsonb_build_object(
      'inStock', count(*) filter (where in_stock), 'outOfStock', count(*) filter (where not in_stock)) from found),
    'attributes', (select coalesce(jsonb_agg(x), '[]') from (
      select attribute as value, count(*) as count from found, unnest(attributes) as attribute
      group by 1 order by 2 desc, 1 limit ${2 * VALUES_PER_FACET}) x)
  )`;
