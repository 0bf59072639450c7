-- Products as shoppers list them, with the history of prices, translations and exchange rates.

alter table products add column version integer not null default 1;
alter table products add column language text not null default 'en' check (language ~ '^[a-z]{2}(-[A-Z]{2})?$');
alter table products add column published_at timestamptz;
alter table products add column lowest_price_minor money_minor;
alter table products add column lowest_price_currency currency_code;
comment on column products.version is 'Grows with every change of the product, its variants and translations; the ETag of HTTP begins with it.';
comment on column products.language is 'Of title and description; others are in product_translations.';
comment on column products.published_at is 'When it was first active. From then on orders may know it: it is archived, never removed.';
comment on column products.lowest_price_minor is 'Of the variants that are sold, kept by a trigger: a list is sorted by it.';

alter table variants add column archived_at timestamptz;
comment on column variants.archived_at is 'No longer sold. Its row stays, as orders and stock name its SKU.';

create table product_translations (
  product_id uuid not null references products (id) on delete cascade,
  language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  title text not null check (length(title) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  primary key (product_id, language)
);

create table price_history (
  position bigint generated always as identity primary key,
  variant_id uuid not null,
  price_minor money_minor not null,
  currency currency_code not null,
  at timestamptz not null default now()
);
comment on table price_history is 'A row whenever the price of a variant is set or changes. It outlives a variant that is removed.';
create index price_history_of_variant on price_history (variant_id, position desc);

create table exchange_rates (
  currency currency_code not null,
  valid_from timestamptz not null,
  per_reference numeric(20, 10) not null check (per_reference > 0),
  set_by uuid,
  set_at timestamptz not null default now(),
  primary key (currency, valid_from)
);
comment on table exchange_rates is 'Only to show prices: nothing is charged by them. A rate is valid until the next of its currency begins.';
comment on column exchange_rates.per_reference is 'What one unit of the reference currency is in this one.';

create function mark_published() returns trigger
language plpgsql
as $$
begin
  new.published_at := now();
  return new;
end
$$;
create trigger products_are_published before insert or update of status on products
  for each row when (new.status = 'active' and new.published_at is null) execute function mark_published();

-- By statement, not by row: an import or a seed writes variants by the thousand.
create function follow_variants() returns trigger
language plpgsql
set plan_cache_mode = 'force_custom_plan'
as $$
begin
  if tg_op = 'INSERT' then
    insert into price_history (variant_id, price_minor, currency)
    select id, price_minor, currency from changed_after;
  elsif tg_op = 'UPDATE' then
    insert into price_history (variant_id, price_minor, currency)
    select a.id, a.price_minor, a.currency
    from changed_after a join changed_before b using (id)
    where (a.price_minor, a.currency) is distinct from (b.price_minor, b.currency);
  end if;
  if tg_op = 'DELETE' then
    perform tell_products(array(select distinct product_id from changed_before));
  else
    perform tell_products(array(select distinct product_id from changed_after));
  end if;
  return null;
end
$$;

-- Planned anew each time: a plan for one product is a bad one for a thousand, and the other way around.
create function tell_products(product_ids uuid[]) returns void
language plpgsql
set plan_cache_mode = 'force_custom_plan'
as $$
declare
  mixed uuid;
begin
  -- In the order of the ids, so that two batches with the same products meet one another in turn.
  perform from products where id = any (product_ids) order by id for no key update;
  select product_id into mixed from variants
  where product_id = any (product_ids) and archived_at is null
  group by product_id having count(distinct currency) > 1 limit 1;
  if found then
    raise exception 'product % has variants in more than one currency', mixed
      using errcode = 'ODC02', hint = 'Give all variants of a product the same currency.';
  end if;
  update products set version = version + 1, updated_at = now(),
    lowest_price_minor = lowest.price_minor, lowest_price_currency = lowest.currency
  from unnest(product_ids) as asked (id)
    left join (
      select product_id, min(price_minor) as price_minor, min(currency::text) as currency
      from variants where product_id = any (product_ids) and archived_at is null group by product_id
    ) as lowest on lowest.product_id = asked.id
  where products.id = asked.id;
end
$$;

create trigger variants_made after insert on variants referencing new table as changed_after
  for each statement execute function follow_variants();
create trigger variants_changed after update on variants referencing new table as changed_after old table as changed_before
  for each statement execute function follow_variants();
create trigger variants_removed after delete on variants referencing old table as changed_before
  for each statement execute function follow_variants();

update products set published_at = created_at where status <> 'draft';
insert into price_history (variant_id, price_minor, currency, at)
select id, price_minor, currency, created_at from variants order by id;
update products set lowest_price_minor = lowest.price_minor, lowest_price_currency = lowest.currency
from (
  select distinct on (product_id) product_id, price_minor, currency from variants order by product_id, price_minor, id
) as lowest
where lowest.product_id = products.id;

-- What shoppers list, in each order that they may ask for; with a category or a brand, each has an order of its own.
create index active_products_newest on products (id desc) where status = 'active';
create index active_products_of_category on products (category_id, id desc) where status = 'active';
create index active_products_by_price on products (lowest_price_currency, lowest_price_minor, id) where status = 'active';
create index active_products_by_title on products (lower(title collate pg_c_utf8), id) where status = 'active';
create index products_by_tag on products using gin (tags);
create index variants_by_attribute on variants using gin (attributes jsonb_path_ops);
