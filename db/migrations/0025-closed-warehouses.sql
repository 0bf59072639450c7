-- What lies in a closed warehouse is promised to nobody, so a search does not say that it is there.

-- As in 0018, but for the warehouses.
create or replace function search_rows(ids uuid[]) returns table (
  product_id uuid, tier smallint, quality real, in_stock boolean, price_minor bigint, currency char(3),
  rating_hundredths smallint, reviews integer, sold integer, promoted_until timestamptz, created_at timestamptz,
  category_id uuid, brand_id uuid, attributes text[], document tsvector
)
language sql stable
as $$
  with recursive given as materialized (
    select p.* from products p where p.id = any (ids) and p.status = 'active'
  ), up as (
    select id as category_id, id as above, name, parent_id from categories
    where id in (select category_id from given)
    union all
    select up.category_id, c.id, c.name, c.parent_id from categories c join up on c.id = up.parent_id
  ), paths as (
    select category_id, string_agg(name, ' ') as names,
      array_agg('=c:' || replace(above::text, '-', '')) as terms
    from up group by category_id
  ), offers as (
    select v.product_id, min(v.price_minor) as price_minor,
      (array_agg(v.currency order by v.price_minor, v.position))[1] as currency,
      bool_or(exists (
        select from inventory i join warehouses w on w.id = i.warehouse_id
        where i.sku = v.sku and i.on_hand > i.reserved and w.is_active
      )) as in_stock,
      string_agg(v.sku || ' ' || v.title, ' ') as names
    from variants v where v.product_id in (select id from given) and v.archived_at is null group by v.product_id
  ), attributes as (
    select v.product_id, array_agg(distinct left(lower(a.key) || '=' || search_fold(a.value), 80)) as list
    from variants v, jsonb_each_text(v.attributes) a
    where v.product_id in (select id from given) and v.archived_at is null group by v.product_id
  ), rows as (
    select g.*, o.price_minor, o.currency, o.in_stock, o.names as variants, c.names as categories, c.terms,
      b.name as brand, coalesce(a.list, '{}') as list, coalesce(s.rating_hundredths, 0::smallint) as rating_hundredths,
      coalesce(s.reviews, 0) as reviews, coalesce(s.sold, 0) as sold, s.promoted_until,
      search_quality(coalesce(s.rating_hundredths, 0), coalesce(s.reviews, 0), coalesce(s.sold, 0)) as quality
    from given g
      join offers o on o.product_id = g.id
      join paths c using (category_id)
      left join brands b on b.id = g.brand_id
      left join attributes a on a.product_id = g.id
      left join product_signals s on s.product_id = g.id
  )
  select r.id, coalesce((select min(t.tier) from search_tiers t where r.quality >= t.from_quality), 0::smallint), r.quality,
    r.in_stock, r.price_minor, r.currency, r.rating_hundredths, r.reviews, r.sold, r.promoted_until, r.created_at,
    r.category_id, r.brand_id, r.list,
    setweight(to_tsvector('english', search_fold(r.title)), 'A')
    || setweight(to_tsvector('english', search_fold(coalesce(r.brand, '') || ' ' || r.categories)), 'B')
    || setweight(to_tsvector('english', search_fold(
         array_to_string(r.tags, ' ') || ' ' || replace(array_to_string(r.list, ' '), '=', ' ') || ' ' || r.variants)), 'C')
    || setweight(to_tsvector('english', search_fold(left(r.description, 4000))), 'D')
    || array_to_tsvector(r.terms || array(select '=a:' || x from unnest(r.list) x)
         || array(select '=t:' || left(search_fold(x), 80) from unnest(r.tags) x where x <> '')
         || array(select '=r:' || x from generate_series(1, r.rating_hundredths / 100) x)
         || case when r.brand_id is null then '{}' else array['=b:' || replace(r.brand_id::text, '-', '')] end
         || case when r.in_stock then array['=s'] else '{}' end
         || array['=*',
           '=p:' || floor(4 * log(2, r.price_minor + 1)), '=P:' || floor(log(2, r.price_minor + 1) / 4),
           '=o:r' || r.rating_hundredths, '=o:s' || floor(8 * log(2, r.sold + 1)),
           '=o:n' || floor(extract(epoch from r.created_at) / 604800)])
  from rows r
$$;

-- Closing or opening a warehouse turns what only it has.
create function note_search_warehouse() returns trigger
language plpgsql
as $$
begin
  insert into search_changes (product_id)
  select distinct v.product_id from inventory i join variants v using (sku)
  where i.warehouse_id = new.id and i.on_hand > i.reserved;
  return null;
end
$$;
create trigger search_changed_warehouses after update on warehouses
  for each row when (old.is_active is distinct from new.is_active) execute function note_search_warehouse();
