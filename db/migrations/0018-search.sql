-- Search: one flat row for each product on sale, kept in step by a queue of changes. docs/SEARCH.md says how it is used.

create extension if not exists unaccent;
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

-- unaccent looks its dictionary up by the search path, and so is only stable; named in full, it always answers the same.
create function search_fold(given text) returns text
language sql immutable strict parallel safe
return lower(public.unaccent('public.unaccent'::regdictionary, given));

create index brands_by_folded_name on brands (search_fold(name) text_pattern_ops);

-- What a search ranks by and the catalog itself does not know. Reviews and sales write here.
create table product_signals (
  product_id uuid primary key references products (id) on delete cascade,
  rating_hundredths smallint not null default 0 check (rating_hundredths between 0 and 500),
  reviews integer not null default 0 check (reviews >= 0),
  sold integer not null default 0 check (sold >= 0),
  promoted_until timestamptz
);
comment on column product_signals.rating_hundredths is 'The mean of the ratings, 100 to 500; 0 where nobody has rated.';

create table product_views (
  user_id uuid not null references users (id) on delete cascade,
  product_id uuid not null references products (id) on delete cascade,
  viewed_at timestamptz not null default now(),
  primary key (user_id, product_id)
);
create index product_views_of_user on product_views (user_id, viewed_at desc);
create index product_views_of_product on product_views (product_id);

create table search_products (
  product_id uuid primary key,
  tier smallint not null,
  quality real not null,
  in_stock boolean not null,
  price_minor bigint not null,
  currency char(3) not null,
  rating_hundredths smallint not null,
  reviews integer not null,
  sold integer not null,
  promoted_until timestamptz,
  created_at timestamptz not null,
  category_id uuid not null,
  brand_id uuid,
  attributes text[] not null,
  document tsvector not null
);
comment on column search_products.tier is 'Products by quality, the best first: a search that finds many looks no further than it must.';
comment on column search_products.attributes is 'As name=value.';
comment on column search_products.document is 'The words, and beside them what can be filtered by: lexemes that begin with "=", which no text has.';
-- One index a tier, so that the work of a common word is bounded by the first one. fastupdate would make readers sort.
create index search_products_0 on search_products using gin (document) with (fastupdate = off) where tier = 0;
create index search_products_1 on search_products using gin (document) with (fastupdate = off) where tier = 1;
create index search_products_2 on search_products using gin (document) with (fastupdate = off) where tier = 2;
create index search_products_3 on search_products using gin (document) with (fastupdate = off) where tier = 3;
create index search_products_by_price on search_products (price_minor);
create index search_products_by_rating on search_products (rating_hundredths);
create index search_products_by_age on search_products (created_at);
create index search_products_by_sales on search_products (sold);

-- From which quality on a product is in a tier; what is below all of them is in tier 0 of a catalog that never needed more.
create table search_tiers (
  tier smallint primary key check (tier between 0 and 3),
  from_quality real not null
);

-- The words of titles, brands, categories and attributes as they are written, for what is mistyped and half typed.
create table search_words (
  word text primary key check (length(word) between 2 and 40),
  lexeme text not null,
  products integer not null
);
create index search_words_by_prefix on search_words (word text_pattern_ops);
create index search_words_alike on search_words using gin (word gin_trgm_ops);
create index search_words_by_shape on search_words (left(word, 1), length(word));
create index search_words_of_lexeme on search_words (lexeme);

create table search_synonyms (
  id uuid primary key,
  terms text[] not null check (cardinality(terms) between 2 and 20),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column search_synonyms.terms is 'Folded: small letters without accents. Each finds what the others find.';
create index search_synonyms_of_term on search_synonyms using gin (terms);

-- Facets of the whole catalog, counted now and then.
create table search_totals (
  id boolean primary key default true check (id),
  products integer not null,
  facets jsonb not null,
  counted_at timestamptz not null default now()
);

-- Only ever added to, so that no sale waits for another that touches the same product; taken by the indexer in order.
create table search_changes (
  id bigint generated always as identity primary key,
  product_id uuid not null
);

-- A seeding of a million products indexes them all at its end instead: set dropgate.search_quiet to on.
create function note_search_changes() returns trigger
language plpgsql
as $$
begin
  if coalesce(current_setting('dropgate.search_quiet', true), '') = 'on' then return null; end if;
  case tg_table_name
    when 'products' then insert into search_changes (product_id) select distinct id from changed;
    when 'inventory' then
      insert into search_changes (product_id)
      select distinct v.product_id from changed join variants v using (sku);
    when 'brands' then
      insert into search_changes (product_id) select p.id from products p join changed b on b.id = p.brand_id;
    when 'categories' then
      insert into search_changes (product_id)
      with recursive below as (
        select id from changed union select c.id from categories c join below on c.parent_id = below.id
      )
      select p.id from products p join below on p.category_id = below.id;
    else insert into search_changes (product_id) select distinct product_id from changed;
  end case;
  return null;
end
$$;

create trigger search_new_products after insert on products
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_changed_products after update on products
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_gone_products after delete on products
  referencing old table as changed for each statement execute function note_search_changes();
create trigger search_new_variants after insert on variants
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_changed_variants after update on variants
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_gone_variants after delete on variants
  referencing old table as changed for each statement execute function note_search_changes();
create trigger search_new_signals after insert on product_signals
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_changed_signals after update on product_signals
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_new_inventory after insert on inventory
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_changed_brands after update on brands
  referencing new table as changed for each statement execute function note_search_changes();
create trigger search_changed_categories after update on categories
  referencing new table as changed for each statement execute function note_search_changes();

-- Stock moves with every sale; what a search shows of it moves only when the last unit goes or the first one comes.
create function note_search_availability() returns trigger
language plpgsql
as $$
begin
  insert into search_changes (product_id) select product_id from variants where sku = new.sku;
  return null;
end
$$;
create trigger search_changed_availability after update on inventory
  for each row when ((old.on_hand > old.reserved) is distinct from (new.on_hand > new.reserved))
  execute function note_search_availability();

-- 0 to 1. Few ratings say little: they are mixed with 20 imaginary ones of 3.8.
create function search_quality(rating_hundredths integer, reviews integer, sold integer) returns real
language sql immutable parallel safe
return (
  0.45 * ((rating_hundredths / 100.0 * reviews + 3.8 * 20) / (reviews + 20) / 5)
  + 0.15 * least(1, ln(1 + reviews) / 9.0)
  + 0.40 * least(1, ln(1 + sold) / 12.0)
)::real;

-- The rows of these products as they should be: none for what is not on sale.
create function search_rows(ids uuid[]) returns table (
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
      bool_or(exists (select from inventory i where i.sku = v.sku and i.on_hand > i.reserved)) as in_stock,
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

-- Brings the rows of these products to what they should be; says how many are on sale.
create function search_index(ids uuid[]) returns integer
language plpgsql
as $$
declare
  written integer;
begin
  delete from search_products s where s.product_id = any (ids)
    and not exists (select from products p join variants v on v.product_id = p.id 
      where p.id = s.product_id and p.status = 'active' and v.archived_at is null);
  insert into search_products select * from search_rows(ids)
  on conflict (product_id) do update set
    (tier, quality, in_stock, price_minor, currency, rating_hundredths, reviews, sold, promoted_until, created_at,
     category_id, brand_id, attributes, document) =
    (excluded.tier, excluded.quality, excluded.in_stock, excluded.price_minor, excluded.currency, excluded.rating_hundredths,
     excluded.reviews, excluded.sold, excluded.promoted_until, excluded.created_at, excluded.category_id, excluded.brand_id,
     excluded.attributes, excluded.document);
  get diagnostics written = row_count;
  return written;
end
$$;

-- What is in the catalog already.
insert into search_changes (product_id) select id from products;
