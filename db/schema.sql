-- The schema as all migrations together make it. Written by `npm run migrate -- --dump`, compared by a test; never edited.
-- The month partitions of orders and of what belongs to them are left out: make_month_partitions makes them.

set check_function_bodies = false;

-- Extensions

create extension if not exists citext;

create extension if not exists fuzzystrmatch;

create extension if not exists pg_trgm;

create extension if not exists unaccent;

-- Kinds of values

create domain currency_code as character(3) constraint currency_code_check CHECK ((VALUE ~ '^[A-Z]{3}$'::text));

create domain money_minor as bigint constraint money_minor_check CHECK ((VALUE >= 0));

create domain region_code as text constraint region_code_check CHECK (((VALUE ~ '^[a-z][a-z0-9-]*[a-z0-9]$'::text) AND (length(VALUE) <= 32)));

create domain sku_code as text constraint sku_code_check CHECK (((VALUE ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text) AND (length(VALUE) <= 64)));

create domain slug as text constraint slug_check CHECK (((VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(VALUE) <= 200)));

create type checkout_status as enum ('OPEN', 'PLACED', 'CANCELLED', 'EXPIRED');

create type drop_challenge as enum ('off', 'auto', 'always');

create type drop_mode as enum ('lottery', 'fifo');

create type drop_state as enum ('draft', 'scheduled', 'paused', 'ended');

create type experiment_state as enum ('draft', 'running', 'stopped');

create type flag_state as enum ('on', 'off', 'auto');

create type ledger_account_kind as enum ('wallet', 'sales', 'funding', 'clearing', 'cash');

create type ledger_transfer_kind as enum ('payment', 'refund', 'top-up', 'withdrawal');

create type merchant_status as enum ('applied', 'active', 'declined', 'suspended');

create type movement_kind as enum ('in', 'out', 'transfer', 'adjust');

create type order_source as enum ('drop', 'store');

create type order_status as enum ('PENDING', 'REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'CANCELLED', 'REFUND_PENDING', 'REFUNDED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED');

create type payment_kind as enum ('card', 'wallet', 'cod');

create type payment_status as enum ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELLED', 'SURPLUS');

create type price_suggestion_state as enum ('open', 'accepted', 'dismissed', 'superseded');

create type product_status as enum ('draft', 'active', 'archived');

create type push_state as enum ('waiting', 'sent', 'dead');

create type recommendation_model_state as enum ('reading', 'training', 'writing', 'served', 'replaced', 'failed');

create type refund_status as enum ('PENDING', 'DONE', 'REFUSED');

create type reservation_status as enum ('HELD', 'SOLD', 'RELEASED');

create type return_status as enum ('REQUESTED', 'APPROVED', 'DECLINED', 'RECEIVED', 'REFUNDED');

create type review_decision as enum ('approved', 'rejected');

create type review_queue_reason as enum ('spam', 'flags');

create type review_status as enum ('PENDING', 'PUBLISHED', 'REJECTED');

create type shipment_status as enum ('PENDING', 'SHIPPED', 'DELIVERED', 'CANCELLED');

create type stock_alert_kind as enum ('low', 'sold-out');

create type user_role as enum ('shopper', 'merchant', 'admin', 'support');

create type user_status as enum ('active', 'blocked', 'erased');

create type webhook_delivery_state as enum ('waiting', 'delivered', 'dead');

-- Functions

CREATE OR REPLACE FUNCTION public.apply_order_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not order_may_step(old.status, new.status) then
    raise exception 'an order may not step from % to %', old.status, new.status
      using errcode = 'ODS01', detail = format('Order %s.', old.id), constraint = 'order_may_step', table = 'orders';
  end if;
  new.step := old.step + 1;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.count_review_images()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' then
    -- What is still being uploaded may arrive after this: it is removed when no upload can be under way any more.
    insert into object_removals (key, due_at)
    select 'reviews/' || old.id || '/' || size || '.webp',
      now() + case when old.is_ready then interval '0' else interval '5 minutes' end
    from unnest(array['small', 'large']) as size
    on conflict do nothing;
  end if;
  if (tg_op = 'UPDATE' and new.is_ready and not old.is_ready) then
    update reviews set image_count = image_count + 1 where id = new.review_id;
  elsif (tg_op = 'DELETE' and old.is_ready) then
    update reviews set image_count = image_count - 1 where id = old.review_id;
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.drop_figure_months(before_month date)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  dropped integer := 0;
  child text;
begin
  perform pg_advisory_xact_lock(hashtext('make_figure_months'));
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'figures'::regclass and c.relname < 'figures' || to_char(before_month, '_YYYY_MM')
    order by 1
  loop
    execute format('drop table %I', child);
    dropped := dropped + 1;
  end loop;
  return dropped;
end
$function$;

CREATE OR REPLACE FUNCTION public.first_id_of_month(month date)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM date_trunc('month'::text, (month)::timestamp without time zone)) * (1000)::numeric))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;

CREATE OR REPLACE FUNCTION public.follow_variants()
 RETURNS trigger
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.keep_commit()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state <> 'draft' and 'lottery' in (old.mode, new.mode)
    and (new.draw_commit, new.mode) is distinct from (old.draw_commit, old.mode) then
    raise exception 'the draw of a published drop is committed to: neither its commit nor its mode changes'
      using errcode = 'ODD01';
  end if;
  if old.state <> 'draft' and new.state = 'draft' and old.mode = 'lottery' then
    raise exception 'a published lottery does not become a draft again: its draw is committed to' using errcode = 'ODD01';
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_draw()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.drawn_at is not null
    or (new.drop_id, new.commit, new.algorithm, new.iterations, new.entrants, new.root, new.told_at)
      is distinct from (old.drop_id, old.commit, old.algorithm, old.iterations, old.entrants, old.root, old.told_at) then
    raise exception 'a draw is told once: its root before, its places after' using errcode = 'ODD03';
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_draw_seed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' or exists (select from drops where id = old.drop_id and state <> 'draft') then
    raise exception 'the seed of a draw is never changed, and removed only while its drop is a draft' using errcode = 'ODD02';
  end if;
  return old;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_provider_ref()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into provider_refs (provider, provider_ref, order_id, payment_id)
  values (new.provider, new.provider_ref, new.order_id, new.id);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.make_figure_months(from_month date, months integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  made integer := 0;
  month date;
  child text;
begin
  if months not between 0 and 120 then
    raise exception 'months must be from 0 to 120, not %', months using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtext('make_figure_months'));
  for ahead in 0 .. months - 1 loop
    month := (date_trunc('month', from_month::timestamp) + make_interval(months => ahead))::date;
    child := 'figures' || to_char(month, '_YYYY_MM');
    continue when to_regclass(child) is not null;
    -- ATTACH lets counting go on; CREATE ... PARTITION OF would lock the parent against every reader and writer.
    execute format('create table %I (like figures including defaults including constraints)', child);
    execute format(
      'alter table figures attach partition %I for values from (%L) to (%L)',
      child, month::timestamp at time zone 'utc', (month + interval '1 month')::timestamp at time zone 'utc'
    );
    made := made + 1;
  end loop;
  return made;
end
$function$;

CREATE OR REPLACE FUNCTION public.make_month_partitions(from_month date, months integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  made integer := 0;
  parent text;
  month date;
  child text;
begin
  if months not between 0 and 120 then
    raise exception 'months must be from 0 to 120, not %', months using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtext('make_month_partitions'));
  for ahead in 0 .. months - 1 loop
    month := (date_trunc('month', from_month::timestamp) + make_interval(months => ahead))::date;
    foreach parent in array array['orders', 'order_items', 'order_status_history', 'payments'] loop
      child := parent || to_char(month, '_YYYY_MM');
      continue when to_regclass(child) is not null;
      -- ATTACH lets sales go on; CREATE ... PARTITION OF would lock the parent against every reader and writer.
      execute format(
        'create table %I (like %I including defaults including constraints) with (fillfactor = %s)',
        child, parent, case parent when 'orders' then 50 else 100 end
      );
      execute format(
        'alter table %I attach partition %I for values from (%L) to (%L)',
        parent, child, first_id_of_month(month), first_id_of_month((month + interval '1 month')::date)
      );
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$function$;

CREATE OR REPLACE FUNCTION public.mark_published()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.published_at := now();
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_rating_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' and old.status = 'PUBLISHED' then
    insert into rating_changes (product_id, stars, delta, is_verified)
    values (old.product_id, old.stars, -1, old.is_verified);
  end if;
  if tg_op <> 'DELETE' and new.status = 'PUBLISHED' then
    insert into rating_changes (product_id, stars, delta, is_verified)
    values (new.product_id, new.stars, 1, new.is_verified);
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_return_arrived()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into sold_changes (order_id, return_id) values (new.order_id, new.id);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_search_availability()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into search_changes (product_id) select product_id from variants where sku = new.sku;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_search_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.note_search_signals()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if coalesce(current_setting('dropgate.search_quiet', true), '') = 'on' then return null; end if;
  insert into search_changes (product_id)
  select product_id from changed_after a join changed_before b using (product_id)
  where (a.rating_hundredths, a.reviews, a.promoted_until, floor(8 * log(2, a.sold + 1)))
    is distinct from (b.rating_hundredths, b.reviews, b.promoted_until, floor(8 * log(2, b.sold + 1)));
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_search_warehouse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into search_changes (product_id)
  select distinct v.product_id from inventory i join variants v using (sku)
  where i.warehouse_id = new.id and i.on_hand > i.reserved;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_sold_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into sold_changes (order_id, status)
  select order_id, status from added where status in ('CONFIRMED', 'CANCELLED', 'DELIVERED') order by order_id, step;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.note_vote_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op <> 'INSERT' then
    insert into vote_changes (review_id, helpful, unhelpful)
    values (old.review_id, -(old.is_helpful)::int, -(not old.is_helpful)::int);
  end if;
  if tg_op <> 'DELETE' then
    insert into vote_changes (review_id, helpful, unhelpful)
    values (new.review_id, new.is_helpful::int, (not new.is_helpful)::int);
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.order_may_step(before order_status, after order_status)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE before WHEN 'PENDING'::order_status THEN (after = ANY (ARRAY['CONFIRMED'::order_status, 'REVIEW'::order_status, 'CANCELLED'::order_status])) WHEN 'REVIEW'::order_status THEN (after = ANY (ARRAY['CONFIRMED'::order_status, 'CANCELLED'::order_status])) WHEN 'CONFIRMED'::order_status THEN (after = ANY (ARRAY['PROCESSING'::order_status, 'CANCELLED'::order_status])) WHEN 'PROCESSING'::order_status THEN (after = 'SHIPPED'::order_status) WHEN 'SHIPPED'::order_status THEN (after = 'DELIVERED'::order_status) WHEN 'DELIVERED'::order_status THEN (after = ANY (ARRAY['COMPLETED'::order_status, 'RETURN_REQUESTED'::order_status])) WHEN 'CANCELLED'::order_status THEN (after = 'REFUND_PENDING'::order_status) WHEN 'REFUND_PENDING'::order_status THEN (after = 'REFUNDED'::order_status) WHEN 'RETURN_REQUESTED'::order_status THEN (after = ANY (ARRAY['RETURN_APPROVED'::order_status, 'DELIVERED'::order_status])) WHEN 'RETURN_APPROVED'::order_status THEN (after = 'RETURN_RECEIVED'::order_status) WHEN 'RETURN_RECEIVED'::order_status THEN (after = 'REFUNDED'::order_status) ELSE false END;

CREATE OR REPLACE FUNCTION public.post_ledger_entries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  unbalanced uuid;
begin
  -- Every statement adds nothing to each of its transfers, so all of them together do as well.
  select transfer_id into unbalanced from posted group by transfer_id having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'transfer % does not add up to nothing', unbalanced using errcode = 'ODL01';
  end if;
  -- In the order of the ids, so that two batches with the same accounts meet one another in turn.
  perform from ledger_accounts where id in (select account_id from posted) order by id for no key update;
  update ledger_accounts set balance_minor = balance_minor + moved.amount
  from (select account_id, sum(amount_minor)::bigint as amount from posted group by account_id) as moved
  where id = moved.account_id;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_category_circle()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- Two moves at once could close a circle that neither of them sees alone.
  perform pg_advisory_xact_lock(hashtext('categories'));
  if exists (
    with recursive above as (
      select new.parent_id as id
      union
      select c.parent_id from categories c join above on c.id = above.id
    )
    select from above where id = new.id
  ) then
    raise exception 'category % cannot be placed below itself', new.id
      using errcode = 'ODC01', hint = 'Choose a parent that is not below this category.';
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is a journal: rows are added, never changed or removed', tg_table_name
    using errcode = 'ODJ01', hint = 'Add a row that corrects the earlier one.';
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_order_start()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'an order starts as PENDING at step 0, not as % at step %', new.status, new.step
    using errcode = 'ODS02', detail = format('Order %s.', new.id), constraint = 'order_may_step', table = 'orders';
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_return_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a return may not step from % to %', old.status, new.status
    using errcode = 'ODS04', detail = format('Return %s.', old.id), table = 'returns';
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_settlement_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.payout_id is not null
    or (to_jsonb(new) - 'payout_id') is distinct from (to_jsonb(old) - 'payout_id') then
    raise exception 'a settlement only ever gets its payout, once'
      using errcode = 'ODJ01', detail = format('Transfer %s.', old.transfer_id);
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION public.refuse_shipment_step()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a parcel may not step from % to %', old.status, new.status
    using errcode = 'ODS03', detail = format('Parcel %s.', old.id), table = 'shipments';
end
$function$;

CREATE OR REPLACE FUNCTION public.return_may_step(before return_status, after return_status)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE before WHEN 'REQUESTED'::return_status THEN (after = ANY (ARRAY['APPROVED'::return_status, 'DECLINED'::return_status])) WHEN 'APPROVED'::return_status THEN (after = 'RECEIVED'::return_status) WHEN 'RECEIVED'::return_status THEN (after = 'REFUNDED'::return_status) ELSE false END;

CREATE OR REPLACE FUNCTION public.search_fold(given text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, given));

CREATE OR REPLACE FUNCTION public.search_index(ids uuid[])
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.search_quality(rating_hundredths integer, reviews integer, sold integer)
 RETURNS real
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((((0.45 * ((((((rating_hundredths)::numeric / 100.0) * (reviews)::numeric) + (3.8 * (20)::numeric)) / ((reviews + 20))::numeric) / (5)::numeric)))::double precision + ((0.15)::double precision * LEAST((1)::double precision, (ln(((1 + reviews))::double precision) / (9.0)::double precision)))) + ((0.40)::double precision * LEAST((1)::double precision, (ln(((1 + sold))::double precision) / (12.0)::double precision)))))::real;

CREATE OR REPLACE FUNCTION public.search_rows(ids uuid[])
 RETURNS TABLE(product_id uuid, tier smallint, quality real, in_stock boolean, price_minor bigint, currency character, rating_hundredths smallint, reviews integer, sold integer, promoted_until timestamp with time zone, created_at timestamp with time zone, category_id uuid, brand_id uuid, attributes text[], document tsvector)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.shipment_may_step(before shipment_status, after shipment_status)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE before WHEN 'PENDING'::shipment_status THEN (after = ANY (ARRAY['SHIPPED'::shipment_status, 'CANCELLED'::shipment_status])) WHEN 'SHIPPED'::shipment_status THEN (after = 'DELIVERED'::shipment_status) ELSE false END;

CREATE OR REPLACE FUNCTION public.shop_account(wanted ledger_account_kind, money text, through text DEFAULT NULL::text)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare
  account uuid;
  own_shard smallint := pg_backend_pid() % 8;
begin
  for try in 1 .. 2 loop
    select id into account from ledger_accounts
    where kind = wanted and owner_id is null and currency = money and provider is not distinct from through
      and shard = own_shard;
    exit when account is not null;
    insert into ledger_accounts (id, kind, currency, provider, shard)
    values (uuidv7(), wanted, money, through, own_shard)
    on conflict do nothing;
  end loop;
  return account;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_inventory()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  event_id uuid := uuidv7();
begin
  insert into outbox (topic, key, payload)
  values ('inventory.updated', new.sku, json_build_object(
    'type', 'inventory.updated', 'v', 1, 'id', event_id, 'at', floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
    'data', json_build_object(
      'sku', new.sku, 'warehouseId', new.warehouse_id, 'onHand', new.on_hand, 'reserved', new.reserved,
      'reason', coalesce(nullif(current_setting('dropgate.reason', true), ''), 'changed')
    )
  )::text);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant(merchant uuid, kind text, source uuid, happened timestamp with time zone, data jsonb)
 RETURNS void
 LANGUAGE sql
AS $function$
  with wanted as materialized (
    select id from webhook_endpoints
    where merchant_id = merchant and is_enabled and kind = any (events) and created_at <= happened
    -- One that is being deleted is left out: what happened shall not fail, or wait, for it.
    for key share skip locked
  ), event as (
    insert into merchant_events (id, merchant_id, source_id, type, at, body)
    select made.id, merchant, source, kind, happened, json_build_object(
      'id', made.id, 'type', kind, 'version', 1, 'at', floor(extract(epoch from happened) * 1000)::bigint, 'data', data
    )::text
    from (select uuidv7() as id) made where exists (select from wanted)
    on conflict on constraint merchant_events_once do nothing
    returning id
  )
  insert into webhook_deliveries (endpoint_id, event_id) select wanted.id, event.id from wanted, event
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant_of_drop()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  kind text := case
    when new.sold_out_at is distinct from old.sold_out_at then 'drop.sold-out'
    when new.settled_at is distinct from old.settled_at then 'drop.settled'
    when new.state = 'scheduled' and old.state = 'paused' then 'drop.resumed'
    else 'drop.' || new.state::text
  end;
begin
  perform tell_merchant(
    new.merchant_id, kind, uuidv7(), clock_timestamp(), jsonb_build_object(
      'dropId', new.id, 'title', new.title,
      'startsAt', floor(extract(epoch from new.starts_at) * 1000)::bigint,
      'endsAt', floor(extract(epoch from new.ends_at) * 1000)::bigint
    )
  );
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant_of_parcel()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tell_merchant(
    new.merchant_id, case new.status when 'SHIPPED' then 'parcel.shipped' else 'parcel.delivered' end, uuidv7(),
    clock_timestamp(), jsonb_build_object(
      'parcelId', new.id, 'orderId', new.order_id, 'number', new.number, 'carrier', new.carrier,
      'trackingCode', new.tracking_code, 'items', (
        select coalesce(jsonb_agg(jsonb_build_object('sku', sku, 'quantity', quantity) order by line), '[]')
        from shipment_items where shipment_id = new.id
      )
    )
  );
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant_of_payout()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tell_merchant(
    new.merchant_id, 'payout.closed', new.id, clock_timestamp(), jsonb_build_object(
      'payoutId', new.id, 'number', new.number, 'currency', new.currency, 'sales', new.sales_minor,
      'refunds', new.refunds_minor, 'fees', new.fees_minor, 'net', new.net_minor,
      'from', floor(extract(epoch from new.from_at) * 1000)::bigint,
      'until', floor(extract(epoch from new.until_at) * 1000)::bigint
    )
  );
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant_of_return()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tell_merchant(
    one.merchant_id, 'return.' || lower(new.status::text), uuidv7(), clock_timestamp(),
    jsonb_build_object('returnId', new.id, 'orderId', new.order_id, 'amount', new.refund_minor)
  )
  from (
    select new.merchant_id where new.merchant_id is not null
    union
    select merchant_id from order_items
    where order_id = new.order_id and new.merchant_id is null and merchant_id is not null
  ) one;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_merchant_of_stock()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform tell_merchant(
    p.merchant_id, 'stock.' || new.kind::text, new.id, clock_timestamp(),
    jsonb_build_object('sku', new.sku, 'productId', p.id, 'available', new.available)
  )
  from variants v join products p on p.id = v.product_id where v.sku = new.sku;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_products(product_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.wake_cash_payment()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update payments set due_at = now(), updated_at = now()
  where order_id = new.id and kind = 'cod' and status = 'AUTHORIZED';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.withhold_product()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from merchants where user_id = new.merchant_id and status = 'suspended') then
    new.status := 'draft';
    new.is_withheld := true;
  else
    new.is_withheld := false;
  end if;
  return new;
end
$function$;

-- Tables

create table addresses (
  id uuid not null,
  user_id uuid not null,
  recipient text not null,
  line1 text not null,
  line2 text default ''::text not null,
  city text not null,
  area text default ''::text not null,
  postal_code text default ''::text not null,
  country character(2) not null,
  phone text default ''::text not null,
  is_default boolean default false not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint addresses_pkey PRIMARY KEY (id),
  constraint addresses_area_check CHECK ((length(area) <= 200)),
  constraint addresses_city_check CHECK (((length(city) >= 1) AND (length(city) <= 200))),
  constraint addresses_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint addresses_line1_check CHECK (((length(line1) >= 1) AND (length(line1) <= 200))),
  constraint addresses_line2_check CHECK ((length(line2) <= 200)),
  constraint addresses_phone_check CHECK ((length(phone) <= 40)),
  constraint addresses_postal_code_check CHECK ((length(postal_code) <= 20)),
  constraint addresses_recipient_check CHECK (((length(recipient) >= 1) AND (length(recipient) <= 200)))
);

create table api_keys (
  id uuid not null,
  merchant_id uuid not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_hash_check CHECK ((length(hash) = 32)),
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_keys_prefix_check CHECK ((length(prefix) <= 16)),
  constraint api_keys_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 20)))
);

create table audit_log (
  id uuid not null,
  at timestamp with time zone default now() not null,
  actor_id uuid,
  actor_role user_role,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  detail jsonb default '{}'::jsonb not null,
  constraint audit_log_pkey PRIMARY KEY (id),
  constraint audit_log_action_check CHECK (((length(action) >= 1) AND (length(action) <= 100))),
  constraint audit_log_subject_id_check CHECK (((length(subject_id) >= 1) AND (length(subject_id) <= 100))),
  constraint audit_log_subject_kind_check CHECK (((length(subject_kind) >= 1) AND (length(subject_kind) <= 40)))
);

create table brands (
  id uuid not null,
  slug slug not null,
  name text not null,
  constraint brands_pkey PRIMARY KEY (id),
  constraint brands_slug_key UNIQUE (slug),
  constraint brands_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

create table carts (
  user_id uuid not null,
  version bigint not null,
  body text not null,
  line_count smallint not null,
  first_sku sku_code,
  updated_at timestamp with time zone not null,
  reminded_at timestamp with time zone,
  constraint carts_pkey PRIMARY KEY (user_id),
  constraint a_line_has_a_sku CHECK (((line_count > 0) = (first_sku IS NOT NULL))),
  constraint carts_body_check CHECK ((octet_length(body) <= 65536)),
  constraint carts_line_count_check CHECK ((line_count >= 0)),
  constraint carts_version_check CHECK ((version >= 1))
) with (fillfactor=70);

create table categories (
  id uuid not null,
  parent_id uuid,
  slug slug not null,
  name text not null,
  "position" integer default 0 not null,
  constraint categories_pkey PRIMARY KEY (id),
  constraint categories_slug_key UNIQUE (slug),
  constraint categories_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

create table checkouts (
  id uuid not null,
  shopper_id uuid not null,
  is_guest boolean not null,
  tier text,
  status checkout_status default 'OPEN'::checkout_status not null,
  currency currency_code not null,
  body jsonb not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint checkouts_pkey PRIMARY KEY (id),
  constraint checkouts_body_check CHECK ((jsonb_typeof(body) = 'object'::text)),
  constraint checkouts_tier_check CHECK ((length(tier) <= 40))
);

create table cohorts (
  scope_id uuid not null,
  first_month date not null,
  month date not null,
  shoppers integer not null,
  orders integer not null,
  computed_at timestamp with time zone not null,
  constraint cohorts_pkey PRIMARY KEY (scope_id, first_month, month),
  constraint cohorts_orders_check CHECK ((orders >= 0)),
  constraint cohorts_shoppers_check CHECK ((shoppers >= 0))
);

create table commissions (
  id uuid default uuidv7() not null,
  merchant_id uuid,
  basis_points integer not null,
  valid_from timestamp with time zone not null,
  set_by uuid,
  set_at timestamp with time zone default now() not null,
  constraint commissions_pkey PRIMARY KEY (id),
  constraint commissions_merchant_id_valid_from_key UNIQUE NULLS NOT DISTINCT (merchant_id, valid_from),
  constraint commissions_basis_points_check CHECK (((basis_points >= 0) AND (basis_points <= 10000)))
);

create table demand_days (
  sku sku_code not null,
  region region_code not null,
  day date not null,
  units integer default 0 not null,
  drop_units integer default 0 not null,
  unmet_units integer default 0 not null,
  constraint demand_days_pkey PRIMARY KEY (sku, region, day),
  constraint demand_days_drop_units_check CHECK ((drop_units >= 0)),
  constraint demand_days_units_check CHECK ((units >= 0)),
  constraint demand_days_unmet_units_check CHECK ((unmet_units >= 0))
);

create table demand_progress (
  id boolean default true not null,
  counted_until date not null,
  forecast_on date,
  suggested_on date,
  constraint demand_progress_pkey PRIMARY KEY (id),
  constraint demand_progress_id_check CHECK (id)
);

create table demand_sums (
  category_id uuid,
  region region_code not null,
  units bigint not null,
  drop_units bigint not null,
  unmet_units bigint not null,
  constraint demand_of_category_and_region UNIQUE NULLS NOT DISTINCT (category_id, region),
  constraint demand_sums_drop_units_check CHECK ((drop_units >= 0)),
  constraint demand_sums_units_check CHECK ((units >= 0)),
  constraint demand_sums_unmet_units_check CHECK ((unmet_units >= 0))
);

create table draw_chunks (
  drop_id uuid not null,
  chunk integer not null,
  first_entrant bytea not null,
  data bytea not null,
  constraint draw_chunks_pkey PRIMARY KEY (drop_id, chunk),
  constraint draw_chunks_drop_id_first_entrant_key UNIQUE (drop_id, first_entrant),
  constraint draw_chunks_chunk_check CHECK ((chunk >= 0)),
  constraint draw_chunks_first_entrant_check CHECK ((octet_length(first_entrant) = 16))
);

create table draw_seeds (
  drop_id uuid not null,
  seed bytea not null,
  commit character(64) not null,
  iterations integer not null,
  created_at timestamp with time zone default now() not null,
  constraint draw_seeds_pkey PRIMARY KEY (drop_id),
  constraint commit_is_of_the_seed CHECK (((commit)::text = encode(sha256(seed), 'hex'::text))),
  constraint draw_seeds_iterations_check CHECK ((iterations >= 1)),
  constraint draw_seeds_seed_check CHECK ((octet_length(seed) = 32))
);

create table draws (
  drop_id uuid not null,
  commit character(64) not null,
  algorithm text not null,
  iterations integer not null,
  entrants integer not null,
  root bytea not null,
  told_at timestamp with time zone default now() not null,
  seed bytea,
  entrant_roots bytea,
  place_roots bytea,
  places_root bytea,
  drawn_at timestamp with time zone,
  constraint draws_pkey PRIMARY KEY (drop_id),
  constraint drawn_whole_or_not_at_all CHECK ((num_nulls(seed, entrant_roots, place_roots, places_root, drawn_at) = ANY (ARRAY[0, 5]))),
  constraint draws_algorithm_check CHECK (((length(algorithm) >= 1) AND (length(algorithm) <= 40))),
  constraint draws_entrants_check CHECK ((entrants >= 0)),
  constraint draws_iterations_check CHECK ((iterations >= 1)),
  constraint draws_places_root_check CHECK ((octet_length(places_root) = 32)),
  constraint draws_root_check CHECK ((octet_length(root) = 32)),
  constraint the_seed_is_the_one_committed_to CHECK (((commit)::text = encode(sha256(seed), 'hex'::text)))
);

create table drop_allocations (
  drop_id uuid not null,
  sku sku_code not null,
  region region_code not null,
  units integer not null,
  constraint drop_allocations_pkey PRIMARY KEY (drop_id, sku, region),
  constraint drop_allocations_units_check CHECK ((units >= 0))
);

create table drop_refusals (
  drop_id uuid not null,
  region region_code not null,
  sku sku_code not null,
  units integer not null,
  updated_at timestamp with time zone default now() not null,
  constraint drop_refusals_pkey PRIMARY KEY (drop_id, region, sku),
  constraint drop_refusals_units_check CHECK ((units >= 0))
);

create table drop_reminders (
  drop_id uuid not null,
  user_id uuid not null,
  created_at timestamp with time zone default now() not null,
  told_at timestamp with time zone,
  constraint drop_reminders_pkey PRIMARY KEY (drop_id, user_id)
);

create table drop_skus (
  drop_id uuid not null,
  sku sku_code not null,
  title text not null,
  price_minor money_minor not null,
  "position" integer not null,
  constraint drop_skus_pkey PRIMARY KEY (drop_id, sku),
  constraint drop_skus_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

create table drop_stock (
  drop_id uuid not null,
  sku sku_code not null,
  warehouse_id uuid not null,
  units integer not null,
  shipped integer default 0 not null,
  returned integer default 0 not null,
  packed integer default 0 not null,
  constraint drop_stock_pkey PRIMARY KEY (drop_id, sku, warehouse_id),
  constraint drop_stock_packed_check CHECK ((packed >= 0)),
  constraint drop_stock_returned_check CHECK ((returned >= 0)),
  constraint drop_stock_shipped_check CHECK ((shipped >= 0)),
  constraint drop_stock_units_check CHECK ((units >= 1)),
  constraint no_more_than_was_drawn CHECK (((shipped + returned) <= units)),
  constraint packed_before_shipped CHECK (((shipped <= packed) AND ((packed + returned) <= units)))
);

create table drops (
  id uuid not null,
  merchant_id uuid not null,
  revision integer default 1 not null,
  title text not null,
  currency currency_code not null,
  mode drop_mode not null,
  state drop_state default 'draft'::drop_state not null,
  lobby_opens_at timestamp with time zone not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  per_shopper_limit integer not null,
  hold_seconds integer not null,
  pass_seconds integer not null,
  admissions_per_second integer not null,
  max_active_passes integer not null,
  lanes jsonb not null,
  challenge drop_challenge default 'auto'::drop_challenge not null,
  draw_commit character(64),
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  published_revision integer default 0 not null,
  settled_at timestamp with time zone,
  waiting_regions text[] default '{}'::text[] not null,
  trouble text,
  sold_out_at timestamp with time zone,
  constraint drops_pkey PRIMARY KEY (id),
  constraint drops_id_draw_commit_key UNIQUE (id, draw_commit),
  constraint a_published_lottery_has_committed CHECK (((mode <> 'lottery'::drop_mode) OR (state = 'draft'::drop_state) OR (draw_commit IS NOT NULL))),
  constraint drops_admissions_per_second_check CHECK ((admissions_per_second >= 1)),
  constraint drops_draw_commit_check CHECK ((draw_commit ~ '^[0-9a-f]{64}$'::text)),
  constraint drops_hold_seconds_check CHECK ((hold_seconds >= 1)),
  constraint drops_lanes_check CHECK (((jsonb_typeof(lanes) = 'array'::text) AND (jsonb_array_length(lanes) >= 1))),
  constraint drops_max_active_passes_check CHECK ((max_active_passes >= 1)),
  constraint drops_pass_seconds_check CHECK ((pass_seconds >= 1)),
  constraint drops_per_shopper_limit_check CHECK ((per_shopper_limit >= 1)),
  constraint drops_published_revision_check CHECK ((published_revision >= 0)),
  constraint drops_revision_check CHECK ((revision >= 1)),
  constraint drops_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200))),
  constraint drops_trouble_check CHECK (((length(trouble) >= 1) AND (length(trouble) <= 500))),
  constraint only_a_lottery_commits CHECK (((draw_commit IS NULL) OR (mode = 'lottery'::drop_mode))),
  constraint times_in_order CHECK (((lobby_opens_at <= starts_at) AND (starts_at < ends_at)))
);

create table exchange_rates (
  currency currency_code not null,
  valid_from timestamp with time zone not null,
  per_reference numeric(20,10) not null,
  set_by uuid,
  set_at timestamp with time zone default now() not null,
  constraint exchange_rates_pkey PRIMARY KEY (currency, valid_from),
  constraint exchange_rates_per_reference_check CHECK ((per_reference > (0)::numeric))
);

create table feature_flags (
  name text not null,
  state flag_state not null,
  updated_at timestamp with time zone default now() not null,
  updated_by uuid,
  constraint feature_flags_pkey PRIMARY KEY (name),
  constraint feature_flags_name_check CHECK ((name ~ '^[a-z][a-z-]{0,39}$'::text))
);

create table figure_batches (
  id uuid not null,
  rows jsonb not null,
  made_at timestamp with time zone default now() not null,
  constraint figure_batches_pkey PRIMARY KEY (id),
  constraint figure_batches_rows_check CHECK ((jsonb_typeof(rows) = 'array'::text))
);

create table figure_offsets (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  updated_at timestamp with time zone default now() not null,
  constraint figure_offsets_pkey PRIMARY KEY (topic, partition),
  constraint figure_offsets_next_offset_check CHECK ((next_offset >= 0)),
  constraint figure_offsets_partition_check CHECK ((partition >= 0)),
  constraint figure_offsets_topic_check CHECK (((length(topic) >= 1) AND (length(topic) <= 249)))
);

create table figure_shoppers (
  day date not null,
  stage text not null,
  merchant_id uuid not null,
  sketch bytea not null,
  constraint figure_shoppers_pkey PRIMARY KEY (merchant_id, day, stage),
  constraint figure_shoppers_sketch_check CHECK ((length(sketch) = 4096)),
  constraint figure_shoppers_stage_check CHECK ((stage = ANY (ARRAY['viewed'::text, 'cart'::text, 'checkout'::text, 'placed'::text, 'paid'::text])))
);

create table figures (
  at timestamp with time zone not null,
  grain text not null,
  name text not null,
  merchant_id uuid not null,
  product_id uuid not null,
  sku text not null,
  drop_id uuid not null,
  region text not null,
  currency text not null,
  events bigint not null,
  units bigint not null,
  amount_minor bigint not null,
  constraint figures_pkey PRIMARY KEY (grain, merchant_id, name, at, product_id, sku, drop_id, region, currency),
  constraint figures_currency_check CHECK ((length(currency) <= 3)),
  constraint figures_grain_check CHECK ((grain = ANY (ARRAY['all'::text, 'merchant'::text, 'article'::text]))),
  constraint figures_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
  constraint figures_region_check CHECK ((length(region) <= 32)),
  constraint figures_sku_check CHECK ((length(sku) <= 64))
) partition by range (at);

create table figures_counted (
  event_id uuid not null,
  counted_at timestamp with time zone default now() not null,
  constraint figures_counted_pkey PRIMARY KEY (event_id)
);

create table forecasts (
  sku sku_code not null,
  region region_code,
  model text not null,
  parameters jsonb not null,
  from_day date not null,
  mean real[] not null,
  low real[] not null,
  high real[] not null,
  deviation real[] not null,
  coverage real not null,
  days_seen integer not null,
  units_seen bigint not null,
  made_at timestamp with time zone not null,
  constraint forecast_of_sku_and_region UNIQUE NULLS NOT DISTINCT (sku, region),
  constraint a_figure_for_each_day CHECK (((cardinality(mean) >= 1) AND (cardinality(mean) <= 366) AND (cardinality(low) = cardinality(mean)) AND (cardinality(high) = cardinality(mean)) AND (cardinality(deviation) = cardinality(mean)))),
  constraint forecasts_coverage_check CHECK (((coverage > (0)::double precision) AND (coverage < (1)::double precision))),
  constraint forecasts_days_seen_check CHECK ((days_seen >= 0)),
  constraint forecasts_model_check CHECK ((model = ANY (ARRAY['holt-winters'::text, 'smoothing'::text, 'croston'::text, 'tsb'::text, 'category'::text, 'none'::text]))),
  constraint forecasts_parameters_check CHECK ((jsonb_typeof(parameters) = 'object'::text)),
  constraint forecasts_units_seen_check CHECK ((units_seen >= 0))
);

create table fraud_models (
  version integer generated always as identity not null,
  trained_at timestamp with time zone default now() not null,
  is_active boolean default false not null,
  model jsonb not null,
  report jsonb not null,
  constraint fraud_models_pkey PRIMARY KEY (version),
  constraint fraud_models_model_check CHECK ((jsonb_typeof(model) = 'object'::text)),
  constraint fraud_models_report_check CHECK ((jsonb_typeof(report) = 'object'::text))
);

create table idempotency_keys (
  scope text not null,
  key text not null,
  fingerprint text not null,
  response jsonb,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint idempotency_keys_pkey PRIMARY KEY (scope, key),
  constraint idempotency_keys_fingerprint_check CHECK ((length(fingerprint) <= 64)),
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 64))),
  constraint idempotency_keys_scope_check CHECK (((length(scope) >= 1) AND (length(scope) <= 100)))
);

create table inventory (
  sku sku_code not null,
  warehouse_id uuid not null,
  on_hand integer default 0 not null,
  reserved integer default 0 not null,
  updated_at timestamp with time zone default now() not null,
  constraint inventory_pkey PRIMARY KEY (sku, warehouse_id),
  constraint inventory_on_hand_check CHECK ((on_hand >= 0)),
  constraint inventory_reserved_check CHECK ((reserved >= 0)),
  constraint reserved_is_on_hand CHECK ((reserved <= on_hand))
);

create table inventory_movements (
  id uuid default uuidv7() not null,
  sku sku_code not null,
  warehouse_id uuid not null,
  kind movement_kind not null,
  quantity integer not null,
  reason text not null,
  transfer_id uuid,
  order_id uuid,
  drop_id uuid,
  actor_id uuid,
  at timestamp with time zone default now() not null,
  constraint inventory_movements_pkey PRIMARY KEY (id),
  constraint direction_fits_kind CHECK ((((kind <> 'in'::movement_kind) OR (quantity > 0)) AND ((kind <> 'out'::movement_kind) OR (quantity < 0)))),
  constraint inventory_movements_quantity_check CHECK ((quantity <> 0)),
  constraint inventory_movements_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
  constraint transfer_names_its_pair CHECK (((kind = 'transfer'::movement_kind) = (transfer_id IS NOT NULL)))
);

create table invoice_numbers (
  year smallint not null,
  last integer not null,
  constraint invoice_numbers_pkey PRIMARY KEY (year),
  constraint invoice_numbers_last_check CHECK ((last >= 0))
);

create table invoices (
  order_id uuid not null,
  number text not null,
  issued_at timestamp with time zone default now() not null,
  constraint invoices_pkey PRIMARY KEY (order_id),
  constraint invoices_number_key UNIQUE (number),
  constraint invoices_number_check CHECK ((number ~ '^[0-9]{4}-[0-9]+$'::text))
);

create table ledger_accounts (
  id uuid not null,
  kind ledger_account_kind not null,
  owner_id uuid,
  currency currency_code not null,
  balance_minor bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  provider text,
  shard smallint default 0 not null,
  constraint ledger_accounts_pkey PRIMARY KEY (id),
  constraint one_account_of_a_kind UNIQUE NULLS NOT DISTINCT (kind, owner_id, currency, provider, shard),
  constraint a_wallet_has_an_owner CHECK (((kind = 'wallet'::ledger_account_kind) = (owner_id IS NOT NULL))),
  constraint a_wallet_is_never_overdrawn CHECK (((kind <> 'wallet'::ledger_account_kind) OR (balance_minor >= 0))),
  constraint a_wallet_is_one_account CHECK (((kind <> 'wallet'::ledger_account_kind) OR (shard = 0))),
  constraint clearing_names_its_provider CHECK (((kind = 'clearing'::ledger_account_kind) = (provider IS NOT NULL))),
  constraint ledger_accounts_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
  constraint ledger_accounts_shard_check CHECK (((shard >= 0) AND (shard <= 7)))
);

create table ledger_entries (
  transfer_id uuid not null,
  account_id uuid not null,
  amount_minor bigint not null,
  constraint ledger_entries_pkey PRIMARY KEY (transfer_id, account_id),
  constraint ledger_entries_amount_minor_check CHECK ((amount_minor <> 0))
);

create table ledger_transfers (
  id uuid not null,
  kind ledger_transfer_kind not null,
  order_id uuid,
  at timestamp with time zone default now() not null,
  constraint ledger_transfers_pkey PRIMARY KEY (id)
);

create table merchant_events (
  id uuid default uuidv7() not null,
  merchant_id uuid not null,
  source_id uuid not null,
  type text not null,
  at timestamp with time zone not null,
  body text not null,
  constraint merchant_events_pkey PRIMARY KEY (id),
  constraint merchant_events_once UNIQUE (source_id, merchant_id, type),
  constraint merchant_events_body_check CHECK ((octet_length(body) <= 65536)),
  constraint merchant_events_type_check CHECK (((length(type) >= 1) AND (length(type) <= 40)))
);

create table merchant_ratings (
  merchant_id uuid not null,
  stars_1 integer default 0 not null,
  stars_2 integer default 0 not null,
  stars_3 integer default 0 not null,
  stars_4 integer default 0 not null,
  stars_5 integer default 0 not null,
  updated_at timestamp with time zone default now() not null,
  constraint merchant_ratings_pkey PRIMARY KEY (merchant_id),
  constraint merchant_ratings_stars_1_check CHECK ((stars_1 >= 0)),
  constraint merchant_ratings_stars_2_check CHECK ((stars_2 >= 0)),
  constraint merchant_ratings_stars_3_check CHECK ((stars_3 >= 0)),
  constraint merchant_ratings_stars_4_check CHECK ((stars_4 >= 0)),
  constraint merchant_ratings_stars_5_check CHECK ((stars_5 >= 0))
);

create table merchants (
  user_id uuid not null,
  name text not null,
  legal_name text not null,
  country character(2) not null,
  tax_number text default ''::text not null,
  contact_email citext not null,
  line1 text default ''::text not null,
  postal_code text default ''::text not null,
  city text default ''::text not null,
  status merchant_status default 'applied'::merchant_status not null,
  applied_at timestamp with time zone default now() not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  note text default ''::text not null,
  updated_at timestamp with time zone default now() not null,
  constraint merchants_pkey PRIMARY KEY (user_id),
  constraint decided_says_when CHECK (((status = 'applied'::merchant_status) = (decided_at IS NULL))),
  constraint merchants_city_check CHECK ((length(city) <= 200)),
  constraint merchants_contact_email_check CHECK (((length((contact_email)::text) >= 3) AND (length((contact_email)::text) <= 254))),
  constraint merchants_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint merchants_legal_name_check CHECK (((length(legal_name) >= 1) AND (length(legal_name) <= 200))),
  constraint merchants_line1_check CHECK ((length(line1) <= 200)),
  constraint merchants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint merchants_note_check CHECK ((length(note) <= 500)),
  constraint merchants_postal_code_check CHECK ((length(postal_code) <= 20)),
  constraint merchants_tax_number_check CHECK ((length(tax_number) <= 40))
);

create table notices (
  event_id uuid not null,
  user_id uuid not null,
  template text not null,
  sent_at timestamp with time zone default now() not null,
  constraint notices_pkey PRIMARY KEY (event_id),
  constraint notices_template_check CHECK (((length(template) >= 1) AND (length(template) <= 64)))
);

create table object_removals (
  key text not null,
  due_at timestamp with time zone default now() not null,
  tries smallint default 0 not null,
  constraint object_removals_pkey PRIMARY KEY (key),
  constraint object_removals_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
  constraint object_removals_tries_check CHECK ((tries >= 0))
);

create table order_addresses (
  order_id uuid not null,
  recipient text not null,
  line1 text not null,
  line2 text default ''::text not null,
  city text not null,
  area text default ''::text not null,
  postal_code text default ''::text not null,
  country character(2) not null,
  phone text default ''::text not null,
  email citext,
  updated_at timestamp with time zone default now() not null,
  constraint order_addresses_pkey PRIMARY KEY (order_id),
  constraint order_addresses_area_check CHECK ((length(area) <= 200)),
  constraint order_addresses_city_check CHECK (((length(city) >= 1) AND (length(city) <= 200))),
  constraint order_addresses_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint order_addresses_email_check CHECK (((length((email)::text) >= 3) AND (length((email)::text) <= 254))),
  constraint order_addresses_line1_check CHECK (((length(line1) >= 1) AND (length(line1) <= 200))),
  constraint order_addresses_line2_check CHECK ((length(line2) <= 200)),
  constraint order_addresses_phone_check CHECK ((length(phone) <= 40)),
  constraint order_addresses_postal_code_check CHECK ((length(postal_code) <= 20)),
  constraint order_addresses_recipient_check CHECK (((length(recipient) >= 1) AND (length(recipient) <= 200)))
);

create table order_items (
  order_id uuid not null,
  line smallint not null,
  sku sku_code not null,
  title text not null,
  attributes jsonb default '{}'::jsonb not null,
  quantity integer not null,
  unit_price_minor money_minor not null,
  merchant_id uuid,
  product_id uuid,
  discount_minor money_minor,
  tax_minor money_minor,
  constraint order_items_pkey PRIMARY KEY (order_id, line),
  constraint order_items_line_check CHECK ((line >= 1)),
  constraint order_items_quantity_check CHECK ((quantity >= 1)),
  constraint order_items_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
) partition by range (order_id);

create table order_reviews (
  order_id uuid not null,
  score smallint not null,
  signals jsonb not null,
  opened_at timestamp with time zone default now() not null,
  decision review_decision,
  decided_by text,
  decided_at timestamp with time zone,
  facts jsonb,
  model jsonb,
  constraint order_reviews_pkey PRIMARY KEY (order_id),
  constraint decided_whole_or_not_at_all CHECK ((num_nulls(decision, decided_by, decided_at) = ANY (ARRAY[0, 3]))),
  constraint order_reviews_decided_by_check CHECK (((length(decided_by) >= 1) AND (length(decided_by) <= 100))),
  constraint order_reviews_facts_check CHECK ((jsonb_typeof(facts) = 'object'::text)),
  constraint order_reviews_model_check CHECK ((jsonb_typeof(model) = 'object'::text)),
  constraint order_reviews_score_check CHECK ((score >= 0)),
  constraint order_reviews_signals_check CHECK ((jsonb_typeof(signals) = 'array'::text))
);

create table order_status_history (
  order_id uuid not null,
  step smallint not null,
  status order_status not null,
  reason text default ''::text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint order_status_history_pkey PRIMARY KEY (order_id, step),
  constraint order_status_history_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 100))),
  constraint order_status_history_reason_check CHECK ((length(reason) <= 200))
) partition by range (order_id);

create table orders (
  id uuid not null,
  source order_source not null,
  drop_id uuid,
  region region_code,
  shopper_id uuid not null,
  status order_status default 'PENDING'::order_status not null,
  step smallint default 0 not null,
  currency currency_code not null,
  items_minor money_minor not null,
  discount_minor money_minor default 0 not null,
  tax_minor money_minor default 0 not null,
  shipping_minor money_minor default 0 not null,
  total_minor money_minor not null,
  placed_at timestamp with time zone not null,
  hold_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  claim_key text,
  risk_score smallint,
  is_guest boolean,
  shipping_option text,
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_claim_key_check CHECK (((claim_key ~ '^[A-Za-z0-9._:-]+$'::text) AND (length(claim_key) <= 64))),
  constraint orders_risk_score_check CHECK ((risk_score >= 0)),
  constraint orders_shipping_option_check CHECK ((length(shipping_option) <= 40)),
  constraint source_fits CHECK ((((source = 'drop'::order_source) = (drop_id IS NOT NULL)) AND ((source = 'drop'::order_source) = (region IS NOT NULL)))),
  constraint total_adds_up CHECK (((total_minor)::bigint = ((((items_minor)::bigint - (discount_minor)::bigint) + (tax_minor)::bigint) + (shipping_minor)::bigint)))
) partition by range (id);

create table outbox (
  "position" bigint generated always as identity not null,
  topic text not null,
  key text not null,
  payload text not null,
  at timestamp with time zone default now() not null,
  constraint outbox_pkey PRIMARY KEY ("position"),
  constraint payload_fits_an_event CHECK ((octet_length(payload) <= 65536)),
  constraint topic_is_known CHECK ((topic = ANY (ARRAY['claims.won'::text, 'claims.released'::text, 'order.created'::text, 'order.status'::text, 'payment.completed'::text, 'payment.failed'::text, 'inventory.updated'::text, 'notification.email'::text, 'analytics.event'::text, 'cache.invalidate'::text])))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000, autovacuum_vacuum_cost_delay=0);

create table payment_methods (
  id uuid not null,
  user_id uuid not null,
  kind payment_kind not null,
  provider_token text,
  brand text,
  last4 character(4),
  is_default boolean default false not null,
  created_at timestamp with time zone default now() not null,
  constraint payment_methods_pkey PRIMARY KEY (id),
  constraint a_card_is_known_by_its_token CHECK (((kind = 'card'::payment_kind) = (provider_token IS NOT NULL))),
  constraint payment_methods_brand_check CHECK (((length(brand) >= 1) AND (length(brand) <= 40))),
  constraint payment_methods_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text)),
  constraint payment_methods_provider_token_check CHECK (((length(provider_token) >= 1) AND (length(provider_token) <= 255)))
);

create table payments (
  order_id uuid not null,
  id uuid not null,
  status payment_status default 'PENDING'::payment_status not null,
  provider text,
  provider_ref text,
  currency currency_code not null,
  amount_minor money_minor not null,
  refunded_minor money_minor default 0 not null,
  failure text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  captured_at timestamp with time zone,
  kind payment_kind,
  method_token text,
  action_url text,
  due_at timestamp with time zone,
  tries smallint default 0 not null,
  constraint payments_pkey PRIMARY KEY (order_id, id),
  constraint captured_says_when CHECK (((status = ANY (ARRAY['CAPTURED'::payment_status, 'SURPLUS'::payment_status])) = (captured_at IS NOT NULL))),
  constraint only_what_was_taken_is_refunded CHECK ((((refunded_minor)::bigint = 0) OR (captured_at IS NOT NULL))),
  constraint payments_action_url_check CHECK (((length(action_url) >= 1) AND (length(action_url) <= 2000))),
  constraint payments_failure_check CHECK ((length(failure) <= 200)),
  constraint payments_method_token_check CHECK (((length(method_token) >= 1) AND (length(method_token) <= 255))),
  constraint payments_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
  constraint payments_provider_ref_check CHECK (((length(provider_ref) >= 1) AND (length(provider_ref) <= 255))),
  constraint payments_tries_check CHECK ((tries >= 0)),
  constraint provider_ref_names_provider CHECK (((provider_ref IS NULL) OR (provider IS NOT NULL))),
  constraint refunds_stay_within CHECK (((refunded_minor)::bigint <= (amount_minor)::bigint))
) partition by range (order_id);

create table payouts (
  id uuid not null,
  merchant_id uuid not null,
  currency currency_code not null,
  number integer not null,
  from_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  sales_minor bigint not null,
  refunds_minor bigint not null,
  fees_minor bigint not null,
  net_minor bigint not null,
  lines integer not null,
  closed_at timestamp with time zone default now() not null,
  closed_by uuid not null,
  constraint payouts_pkey PRIMARY KEY (id),
  constraint payouts_merchant_id_currency_number_key UNIQUE (merchant_id, currency, number),
  constraint payouts_merchant_id_currency_until_at_key UNIQUE (merchant_id, currency, until_at),
  constraint net_adds_up CHECK ((net_minor = ((sales_minor - refunds_minor) - fees_minor))),
  constraint payouts_lines_check CHECK ((lines >= 1)),
  constraint payouts_number_check CHECK ((number >= 1)),
  constraint payouts_refunds_minor_check CHECK ((refunds_minor >= 0)),
  constraint payouts_sales_minor_check CHECK ((sales_minor >= 0)),
  constraint period_has_a_length CHECK ((from_at < until_at))
);

create table preferences (
  user_id uuid not null,
  language text default 'en'::text not null,
  currency currency_code,
  order_mails boolean default true not null,
  reminder_mails boolean default true not null,
  updated_at timestamp with time zone default now() not null,
  order_push boolean default true not null,
  reminder_push boolean default true not null,
  constraint preferences_pkey PRIMARY KEY (user_id),
  constraint preferences_language_check CHECK ((language ~ '^[a-z]{2}(-[A-Z]{2})?$'::text))
);

create table price_bounds (
  sku sku_code not null,
  floor_minor money_minor not null,
  ceiling_minor money_minor not null,
  cost_minor money_minor,
  currency currency_code not null,
  updated_at timestamp with time zone default now() not null,
  constraint price_bounds_pkey PRIMARY KEY (sku),
  constraint floor_below_ceiling CHECK (((floor_minor)::bigint <= (ceiling_minor)::bigint)),
  constraint floor_covers_cost CHECK (((cost_minor IS NULL) OR ((floor_minor)::bigint >= (cost_minor)::bigint)))
);

create table price_history (
  "position" bigint generated always as identity not null,
  variant_id uuid not null,
  price_minor money_minor not null,
  currency currency_code not null,
  at timestamp with time zone default now() not null,
  constraint price_history_pkey PRIMARY KEY ("position")
);

create table price_suggestions (
  id uuid not null,
  sku sku_code not null,
  state price_suggestion_state default 'open'::price_suggestion_state not null,
  price_minor money_minor not null,
  suggested_minor money_minor not null,
  floor_minor money_minor not null,
  ceiling_minor money_minor not null,
  currency currency_code not null,
  why jsonb not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  decided_at timestamp with time zone,
  constraint price_suggestions_pkey PRIMARY KEY (id),
  constraint decided_says_when CHECK (((state = 'open'::price_suggestion_state) = (decided_at IS NULL))),
  constraint expires_after_it_was_made CHECK ((expires_at > made_at)),
  constraint price_suggestions_why_check CHECK ((jsonb_typeof(why) = 'object'::text)),
  constraint within_floor_and_ceiling CHECK ((((suggested_minor)::bigint >= (floor_minor)::bigint) AND ((suggested_minor)::bigint <= (ceiling_minor)::bigint)))
);

create table privacy_files (
  request_id uuid not null,
  piece integer not null,
  data bytea not null,
  constraint privacy_files_pkey PRIMARY KEY (request_id, piece),
  constraint privacy_files_piece_check CHECK ((piece >= 0))
);

create table privacy_requests (
  id uuid not null,
  user_id uuid not null,
  kind text not null,
  state text default 'waiting'::text not null,
  asked_by uuid,
  asked_at timestamp with time zone not null,
  due_at timestamp with time zone,
  tries smallint default 0 not null,
  refusal text,
  receipt jsonb default '{}'::jsonb not null,
  done_at timestamp with time zone,
  expires_at timestamp with time zone,
  constraint privacy_requests_pkey PRIMARY KEY (id),
  constraint a_refusal_has_a_reason CHECK (((state = 'refused'::text) = (refusal IS NOT NULL))),
  constraint an_end_says_when CHECK (((state = ANY (ARRAY['waiting'::text, 'working'::text])) = (done_at IS NULL))),
  constraint only_what_is_open_is_due CHECK (((state = ANY (ARRAY['waiting'::text, 'working'::text])) = (due_at IS NOT NULL))),
  constraint privacy_requests_kind_check CHECK ((kind = ANY (ARRAY['export'::text, 'erasure'::text]))),
  constraint privacy_requests_receipt_check CHECK ((jsonb_typeof(receipt) = 'object'::text)),
  constraint privacy_requests_refusal_check CHECK (((length(refusal) >= 1) AND (length(refusal) <= 500))),
  constraint privacy_requests_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'working'::text, 'done'::text, 'refused'::text, 'withdrawn'::text, 'failed'::text]))),
  constraint privacy_requests_tries_check CHECK ((tries >= 0))
);

create table product_ratings (
  product_id uuid not null,
  stars_1 integer default 0 not null,
  stars_2 integer default 0 not null,
  stars_3 integer default 0 not null,
  stars_4 integer default 0 not null,
  stars_5 integer default 0 not null,
  verified integer default 0 not null,
  updated_at timestamp with time zone default now() not null,
  constraint product_ratings_pkey PRIMARY KEY (product_id),
  constraint product_ratings_stars_1_check CHECK ((stars_1 >= 0)),
  constraint product_ratings_stars_2_check CHECK ((stars_2 >= 0)),
  constraint product_ratings_stars_3_check CHECK ((stars_3 >= 0)),
  constraint product_ratings_stars_4_check CHECK ((stars_4 >= 0)),
  constraint product_ratings_stars_5_check CHECK ((stars_5 >= 0)),
  constraint product_ratings_verified_check CHECK ((verified >= 0))
);

create table product_signals (
  product_id uuid not null,
  rating_hundredths smallint default 0 not null,
  reviews integer default 0 not null,
  sold integer default 0 not null,
  promoted_until timestamp with time zone,
  constraint product_signals_pkey PRIMARY KEY (product_id),
  constraint product_signals_rating_hundredths_check CHECK (((rating_hundredths >= 0) AND (rating_hundredths <= 500))),
  constraint product_signals_reviews_check CHECK ((reviews >= 0)),
  constraint product_signals_sold_check CHECK ((sold >= 0))
);

create table product_translations (
  product_id uuid not null,
  language text not null,
  title text not null,
  description text default ''::text not null,
  constraint product_translations_pkey PRIMARY KEY (product_id, language),
  constraint product_translations_description_check CHECK ((length(description) <= 20000)),
  constraint product_translations_language_check CHECK ((language ~ '^[a-z]{2}(-[A-Z]{2})?$'::text)),
  constraint product_translations_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

create table product_views (
  user_id uuid not null,
  product_id uuid not null,
  viewed_at timestamp with time zone default now() not null,
  constraint product_views_pkey PRIMARY KEY (user_id, product_id)
);

create table products (
  id uuid not null,
  merchant_id uuid not null,
  category_id uuid not null,
  brand_id uuid,
  slug slug not null,
  title text not null,
  description text default ''::text not null,
  specifications jsonb default '{}'::jsonb not null,
  tags text[] default '{}'::text[] not null,
  images jsonb default '[]'::jsonb not null,
  status product_status default 'draft'::product_status not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  version integer default 1 not null,
  language text default 'en'::text not null,
  published_at timestamp with time zone,
  lowest_price_minor money_minor,
  lowest_price_currency currency_code,
  is_withheld boolean default false not null,
  constraint products_pkey PRIMARY KEY (id),
  constraint products_slug_key UNIQUE (slug),
  constraint products_description_check CHECK ((length(description) <= 20000)),
  constraint products_images_check CHECK ((jsonb_typeof(images) = 'array'::text)),
  constraint products_language_check CHECK ((language ~ '^[a-z]{2}(-[A-Z]{2})?$'::text)),
  constraint products_specifications_check CHECK ((jsonb_typeof(specifications) = 'object'::text)),
  constraint products_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

create table promotion_codes (
  hash bytea not null,
  promotion_id uuid not null,
  batch_id uuid not null,
  ending text not null,
  made_at timestamp with time zone default now() not null,
  constraint promotion_codes_pkey PRIMARY KEY (hash),
  constraint promotion_codes_ending_check CHECK ((length(ending) <= 4)),
  constraint promotion_codes_hash_check CHECK ((length(hash) = 32))
);

create table promotion_redemptions (
  reference uuid not null,
  promotion_id uuid not null,
  user_id uuid not null,
  code_hash bytea,
  discount_minor money_minor not null,
  currency currency_code not null,
  state text not null,
  counted_total boolean not null,
  counted_user boolean not null,
  at timestamp with time zone not null,
  until timestamp with time zone,
  constraint promotion_redemptions_pkey PRIMARY KEY (reference, promotion_id),
  constraint promotion_redemptions_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'committed'::text, 'released'::text]))),
  constraint reserved_until_when CHECK (((state = 'reserved'::text) = (until IS NOT NULL)))
);

create table promotion_uses (
  promotion_id uuid not null,
  user_id uuid not null,
  uses integer not null,
  constraint promotion_uses_pkey PRIMARY KEY (promotion_id, user_id),
  constraint promotion_uses_uses_check CHECK ((uses >= 0))
);

create table promotions (
  id uuid not null,
  merchant_id uuid,
  title text not null,
  benefit jsonb not null,
  conditions jsonb default '{}'::jsonb not null,
  stacking text not null,
  priority integer default 0 not null,
  code_kind text not null,
  code text,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  total_limit integer,
  per_user_limit integer,
  used integer default 0 not null,
  state text default 'active'::text not null,
  version integer default 1 not null,
  created_by uuid not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint promotions_pkey PRIMARY KEY (id),
  constraint promotions_code_key UNIQUE (code),
  constraint only_a_shared_code_is_kept CHECK (((code_kind = 'shared'::text) = (code IS NOT NULL))),
  constraint promotions_benefit_check CHECK ((jsonb_typeof(benefit) = 'object'::text)),
  constraint promotions_code_check CHECK ((code ~ '^[A-Z0-9]{3,32}$'::text)),
  constraint promotions_code_kind_check CHECK ((code_kind = ANY (ARRAY['none'::text, 'shared'::text, 'single'::text]))),
  constraint promotions_conditions_check CHECK ((jsonb_typeof(conditions) = 'object'::text)),
  constraint promotions_per_user_limit_check CHECK ((per_user_limit >= 1)),
  constraint promotions_stacking_check CHECK ((stacking = ANY (ARRAY['stack'::text, 'priority'::text, 'best'::text, 'exclusive'::text]))),
  constraint promotions_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'ended'::text]))),
  constraint promotions_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200))),
  constraint promotions_total_limit_check CHECK ((total_limit >= 1)),
  constraint promotions_used_check CHECK ((used >= 0)),
  constraint starts_before_it_ends CHECK ((starts_at < ends_at)),
  constraint used_within_its_limit CHECK ((used <= total_limit))
);

create table provider_refs (
  provider text not null,
  provider_ref text not null,
  order_id uuid not null,
  payment_id uuid not null,
  constraint provider_refs_pkey PRIMARY KEY (provider, provider_ref)
);

create table push_deliveries (
  event_id uuid not null,
  subscription_id uuid not null,
  template text not null,
  body text not null,
  state push_state default 'waiting'::push_state not null,
  tries smallint default 0 not null,
  due_at timestamp with time zone default now() not null,
  until_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  last_error text,
  constraint push_deliveries_pkey PRIMARY KEY (event_id, subscription_id),
  constraint push_deliveries_body_check CHECK ((octet_length(body) <= 4096)),
  constraint push_deliveries_last_error_check CHECK ((length(last_error) <= 200)),
  constraint push_deliveries_template_check CHECK (((length(template) >= 1) AND (length(template) <= 64))),
  constraint push_deliveries_tries_check CHECK ((tries >= 0))
) with (autovacuum_vacuum_scale_factor=0.02);

create table push_subscriptions (
  id uuid not null,
  user_id uuid not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  label text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  last_success_at timestamp with time zone,
  constraint push_subscriptions_pkey PRIMARY KEY (id),
  constraint push_subscriptions_auth_check CHECK (((length(auth) >= 20) AND (length(auth) <= 32))),
  constraint push_subscriptions_endpoint_check CHECK (((length(endpoint) >= 8) AND (length(endpoint) <= 2000))),
  constraint push_subscriptions_label_check CHECK ((length(label) <= 100)),
  constraint push_subscriptions_p256dh_check CHECK (((length(p256dh) >= 80) AND (length(p256dh) <= 100)))
);

create table rating_changes (
  id bigint generated always as identity not null,
  product_id uuid not null,
  stars smallint not null,
  delta smallint not null,
  is_verified boolean not null,
  constraint rating_changes_pkey PRIMARY KEY (id),
  constraint rating_changes_delta_check CHECK ((delta = ANY (ARRAY['-1'::integer, 1]))),
  constraint rating_changes_stars_check CHECK (((stars >= 1) AND (stars <= 5)))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

create table recommendation_clicks (
  experiment text not null,
  shopper_id uuid not null,
  product_id uuid not null,
  arm text not null,
  clicked_at timestamp with time zone not null,
  constraint recommendation_clicks_pkey PRIMARY KEY (experiment, shopper_id, product_id),
  constraint recommendation_clicks_arm_check CHECK (((length(arm) >= 1) AND (length(arm) <= 31)))
);

create table recommendation_events (
  event_id uuid not null,
  constraint recommendation_events_pkey PRIMARY KEY (event_id)
);

create table recommendation_experiments (
  name text not null,
  state experiment_state default 'draft'::experiment_state not null,
  arms jsonb not null,
  note text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  created_by uuid,
  started_at timestamp with time zone,
  stopped_at timestamp with time zone,
  constraint recommendation_experiments_pkey PRIMARY KEY (name),
  constraint recommendation_experiments_arms_check CHECK ((jsonb_typeof(arms) = 'array'::text)),
  constraint recommendation_experiments_name_check CHECK ((name ~ '^[a-z][a-z0-9-]{0,30}$'::text)),
  constraint recommendation_experiments_note_check CHECK ((length(note) <= 500)),
  constraint times_fit_the_state CHECK ((((state = 'draft'::experiment_state) = (started_at IS NULL)) AND ((state = 'stopped'::experiment_state) = (stopped_at IS NOT NULL))))
);

create table recommendation_exposures (
  experiment text not null,
  shopper_id uuid not null,
  arm text not null,
  shown integer default 0 not null,
  clicked integer default 0 not null,
  ordered integer default 0 not null,
  constraint recommendation_exposures_pkey PRIMARY KEY (experiment, shopper_id),
  constraint recommendation_exposures_arm_check CHECK (((length(arm) >= 1) AND (length(arm) <= 31))),
  constraint recommendation_exposures_clicked_check CHECK ((clicked >= 0)),
  constraint recommendation_exposures_ordered_check CHECK ((ordered >= 0)),
  constraint recommendation_exposures_shown_check CHECK ((shown >= 0))
);

create table recommendation_forgotten (
  user_id uuid not null,
  forgotten_at timestamp with time zone default now() not null,
  lists_removed_at timestamp with time zone,
  constraint recommendation_forgotten_pkey PRIMARY KEY (user_id)
);

create table recommendation_models (
  version uuid not null,
  state recommendation_model_state default 'reading'::recommendation_model_state not null,
  started_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  users integer default 0 not null,
  products integer default 0 not null,
  interactions integer default 0 not null,
  left_out bigint default 0 not null,
  iteration smallint default 0 not null,
  iterations smallint not null,
  loss double precision,
  lists integer default 0 not null,
  peak_bytes bigint default 0 not null,
  settings jsonb not null,
  failure text,
  constraint recommendation_models_pkey PRIMARY KEY (version),
  constraint a_failure_says_why CHECK (((state = 'failed'::recommendation_model_state) = (failure IS NOT NULL))),
  constraint an_end_is_an_end CHECK (((state = ANY (ARRAY['served'::recommendation_model_state, 'replaced'::recommendation_model_state, 'failed'::recommendation_model_state])) = (ended_at IS NOT NULL))),
  constraint recommendation_models_failure_check CHECK ((length(failure) <= 500)),
  constraint recommendation_models_interactions_check CHECK ((interactions >= 0)),
  constraint recommendation_models_iteration_check CHECK ((iteration >= 0)),
  constraint recommendation_models_iterations_check CHECK ((iterations >= 1)),
  constraint recommendation_models_left_out_check CHECK ((left_out >= 0)),
  constraint recommendation_models_lists_check CHECK ((lists >= 0)),
  constraint recommendation_models_peak_bytes_check CHECK ((peak_bytes >= 0)),
  constraint recommendation_models_products_check CHECK ((products >= 0)),
  constraint recommendation_models_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text)),
  constraint recommendation_models_users_check CHECK ((users >= 0))
);

create table recommendation_orders (
  order_id uuid not null,
  due_at timestamp with time zone not null,
  done_at timestamp with time zone,
  constraint recommendation_orders_pkey PRIMARY KEY (order_id)
);

create table recommendation_outcomes (
  experiment text not null,
  arm text not null,
  day date not null,
  shown bigint default 0 not null,
  clicked bigint default 0 not null,
  ordered bigint default 0 not null,
  constraint recommendation_outcomes_pkey PRIMARY KEY (experiment, arm, day),
  constraint recommendation_outcomes_arm_check CHECK (((length(arm) >= 1) AND (length(arm) <= 31))),
  constraint recommendation_outcomes_clicked_check CHECK ((clicked >= 0)),
  constraint recommendation_outcomes_ordered_check CHECK ((ordered >= 0)),
  constraint recommendation_outcomes_shown_check CHECK ((shown >= 0))
);

create table recommendation_revenue (
  experiment text not null,
  arm text not null,
  day date not null,
  currency currency_code not null,
  revenue_minor bigint not null,
  constraint recommendation_revenue_pkey PRIMARY KEY (experiment, arm, day, currency),
  constraint recommendation_revenue_arm_check CHECK (((length(arm) >= 1) AND (length(arm) <= 31))),
  constraint recommendation_revenue_revenue_minor_check CHECK ((revenue_minor >= 0))
);

create table refresh_tokens (
  hash bytea not null,
  session_id uuid not null,
  parent bytea,
  issued_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  repeats smallint default 0 not null,
  constraint refresh_tokens_pkey PRIMARY KEY (hash),
  constraint refresh_tokens_hash_check CHECK ((length(hash) = 32)),
  constraint refresh_tokens_repeats_check CHECK ((repeats >= 0))
);

create table refunds (
  id uuid not null,
  order_id uuid not null,
  payment_id uuid not null,
  amount_minor money_minor not null,
  reason text not null,
  status refund_status default 'PENDING'::refund_status not null,
  provider_ref text,
  failure text,
  created_at timestamp with time zone default now() not null,
  done_at timestamp with time zone,
  due_at timestamp with time zone default now(),
  tries smallint default 0 not null,
  constraint refunds_pkey PRIMARY KEY (id),
  constraint done_says_when CHECK (((status = 'DONE'::refund_status) = (done_at IS NOT NULL))),
  constraint refunds_amount_minor_check CHECK (((amount_minor)::bigint > 0)),
  constraint refunds_failure_check CHECK ((length(failure) <= 200)),
  constraint refunds_provider_ref_check CHECK (((length(provider_ref) >= 1) AND (length(provider_ref) <= 255))),
  constraint refunds_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
  constraint refunds_tries_check CHECK ((tries >= 0))
);

create table reorder_settings (
  merchant_id uuid not null,
  sku sku_code,
  lead_days integer not null,
  review_days integer not null,
  service_level real not null,
  pack_units integer default 1 not null,
  updated_at timestamp with time zone default now() not null,
  constraint settings_of_merchant_and_sku UNIQUE NULLS NOT DISTINCT (merchant_id, sku),
  constraint reorder_settings_lead_days_check CHECK (((lead_days >= 1) AND (lead_days <= 180))),
  constraint reorder_settings_pack_units_check CHECK (((pack_units >= 1) AND (pack_units <= 1000000))),
  constraint reorder_settings_review_days_check CHECK (((review_days >= 1) AND (review_days <= 90))),
  constraint reorder_settings_service_level_check CHECK (((service_level >= (0.5)::double precision) AND (service_level <= (0.999)::double precision)))
);

create table replayed_letters (
  topic text not null,
  partition integer not null,
  letter_offset bigint not null,
  replayed_at timestamp with time zone default now() not null,
  constraint replayed_letters_pkey PRIMARY KEY (topic, partition, letter_offset)
);

create table reservations (
  id uuid default uuidv7() not null,
  order_id uuid not null,
  sku sku_code not null,
  warehouse_id uuid not null,
  quantity integer not null,
  status reservation_status default 'HELD'::reservation_status not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  line smallint default 1 not null,
  constraint reservations_pkey PRIMARY KEY (id),
  constraint ended_says_when CHECK (((status = 'HELD'::reservation_status) = (ended_at IS NULL))),
  constraint reservations_line_check CHECK ((line >= 1)),
  constraint reservations_quantity_check CHECK ((quantity >= 1))
);

create table return_items (
  return_id uuid not null,
  line smallint not null,
  sku sku_code not null,
  quantity integer not null,
  amount_minor money_minor not null,
  warehouse_id uuid,
  restocked integer default 0 not null,
  constraint return_items_pkey PRIMARY KEY (return_id, line),
  constraint return_items_check CHECK (((restocked >= 0) AND (restocked <= quantity))),
  constraint return_items_line_check CHECK ((line >= 1)),
  constraint return_items_quantity_check CHECK ((quantity >= 1))
);

create table returns (
  id uuid not null,
  order_id uuid not null,
  status return_status default 'REQUESTED'::return_status not null,
  reason text not null,
  note text default ''::text not null,
  refund_minor money_minor not null,
  refund_id uuid,
  requested_at timestamp with time zone default now() not null,
  decided_at timestamp with time zone,
  received_at timestamp with time zone,
  refunded_at timestamp with time zone,
  merchant_id uuid,
  constraint returns_pkey PRIMARY KEY (id),
  constraint received_before_refunded CHECK (((refunded_at IS NULL) OR (received_at IS NOT NULL))),
  constraint returns_note_check CHECK ((length(note) <= 500)),
  constraint returns_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

create table review_flags (
  review_id uuid not null,
  user_id uuid not null,
  reason text not null,
  note text default ''::text not null,
  at timestamp with time zone default now() not null,
  settled_at timestamp with time zone,
  constraint review_flags_pkey PRIMARY KEY (review_id, user_id),
  constraint review_flags_note_check CHECK ((length(note) <= 500)),
  constraint review_flags_reason_check CHECK ((reason = ANY (ARRAY['spam'::text, 'offensive'::text, 'private-data'::text, 'off-topic'::text, 'fake'::text])))
);

create table review_images (
  id uuid not null,
  review_id uuid not null,
  digest bytea not null,
  is_ready boolean default false not null,
  width smallint,
  height smallint,
  bytes integer,
  created_at timestamp with time zone default now() not null,
  constraint review_images_pkey PRIMARY KEY (id),
  constraint an_image_once UNIQUE (review_id, digest),
  constraint review_images_bytes_check CHECK ((bytes >= 1)),
  constraint review_images_digest_check CHECK ((length(digest) = 32)),
  constraint review_images_height_check CHECK ((height >= 1)),
  constraint review_images_width_check CHECK ((width >= 1)),
  constraint what_is_ready_has_a_size CHECK (((NOT is_ready) OR (num_nulls(width, height, bytes) = 0)))
);

create table review_strikes (
  id uuid not null,
  author_id uuid not null,
  product_id uuid not null,
  is_rejection boolean default true not null,
  at timestamp with time zone default now() not null,
  constraint review_strikes_pkey PRIMARY KEY (id)
);

create table review_votes (
  review_id uuid not null,
  user_id uuid not null,
  is_helpful boolean not null,
  at timestamp with time zone default now() not null,
  constraint review_votes_pkey PRIMARY KEY (review_id, user_id)
);

create table reviews (
  id uuid not null,
  product_id uuid not null,
  author_id uuid not null,
  stars smallint not null,
  title text not null,
  body text not null,
  language text default 'en'::text not null,
  status review_status not null,
  is_verified boolean not null,
  spam_points smallint not null,
  spam_signals jsonb default '[]'::jsonb not null,
  text_hash bytea not null,
  image_count smallint default 0 not null,
  helpful integer default 0 not null,
  unhelpful integer default 0 not null,
  help_balance integer generated always as ((helpful - unhelpful)) stored not null,
  queued_at timestamp with time zone,
  queued_for review_queue_reason,
  decided_at timestamp with time zone,
  decided_by uuid,
  note text default ''::text not null,
  answer text,
  answered_at timestamp with time zone,
  answered_by uuid,
  version integer default 1 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint reviews_pkey PRIMARY KEY (id),
  constraint one_review_a_product UNIQUE (product_id, author_id),
  constraint an_answer_says_when CHECK ((num_nulls(answer, answered_at, answered_by) = ANY (ARRAY[0, 3]))),
  constraint queued_says_why CHECK (((queued_at IS NULL) = (queued_for IS NULL))),
  constraint reviews_answer_check CHECK (((length(answer) >= 1) AND (length(answer) <= 2000))),
  constraint reviews_body_check CHECK (((length(body) >= 1) AND (length(body) <= 5000))),
  constraint reviews_helpful_check CHECK ((helpful >= 0)),
  constraint reviews_image_count_check CHECK ((image_count >= 0)),
  constraint reviews_language_check CHECK ((language ~ '^[a-z]{2}(-[A-Z]{2})?$'::text)),
  constraint reviews_note_check CHECK ((length(note) <= 500)),
  constraint reviews_spam_points_check CHECK ((spam_points >= 0)),
  constraint reviews_spam_signals_check CHECK ((jsonb_typeof(spam_signals) = 'array'::text)),
  constraint reviews_stars_check CHECK (((stars >= 1) AND (stars <= 5))),
  constraint reviews_text_hash_check CHECK ((length(text_hash) = 32)),
  constraint reviews_title_check CHECK (((length(title) >= 1) AND (length(title) <= 120))),
  constraint reviews_unhelpful_check CHECK ((unhelpful >= 0)),
  constraint what_waits_is_queued CHECK (((status <> 'PENDING'::review_status) OR (queued_at IS NOT NULL)))
);

create table risk_flags (
  user_id uuid not null,
  flag text not null,
  at timestamp with time zone default now() not null,
  reason text default ''::text not null,
  expires_at timestamp with time zone,
  constraint risk_flags_pkey PRIMARY KEY (user_id, flag),
  constraint risk_flags_flag_check CHECK ((flag ~ '^[a-z][a-z-]{0,39}$'::text)),
  constraint risk_flags_reason_check CHECK ((length(reason) <= 200))
);

create table schema_migrations (
  version integer not null,
  name text not null,
  checksum character(64) not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (version)
);

create table search_changes (
  id bigint generated always as identity not null,
  product_id uuid not null,
  constraint search_changes_pkey PRIMARY KEY (id)
);

create table search_products (
  product_id uuid not null,
  tier smallint not null,
  quality real not null,
  in_stock boolean not null,
  price_minor bigint not null,
  currency character(3) not null,
  rating_hundredths smallint not null,
  reviews integer not null,
  sold integer not null,
  promoted_until timestamp with time zone,
  created_at timestamp with time zone not null,
  category_id uuid not null,
  brand_id uuid,
  attributes text[] not null,
  document tsvector not null,
  constraint search_products_pkey PRIMARY KEY (product_id)
);

create table search_synonyms (
  id uuid not null,
  terms text[] not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint search_synonyms_pkey PRIMARY KEY (id),
  constraint search_synonyms_terms_check CHECK (((cardinality(terms) >= 2) AND (cardinality(terms) <= 20)))
);

create table search_tiers (
  tier smallint not null,
  from_quality real not null,
  constraint search_tiers_pkey PRIMARY KEY (tier),
  constraint search_tiers_tier_check CHECK (((tier >= 0) AND (tier <= 3)))
);

create table search_totals (
  id boolean default true not null,
  products integer not null,
  facets jsonb not null,
  counted_at timestamp with time zone default now() not null,
  constraint search_totals_pkey PRIMARY KEY (id),
  constraint search_totals_id_check CHECK (id)
);

create table search_words (
  word text not null,
  lexeme text not null,
  products integer not null,
  constraint search_words_pkey PRIMARY KEY (word),
  constraint search_words_word_check CHECK (((length(word) >= 2) AND (length(word) <= 40)))
);

create table segment_rules (
  id uuid default uuidv7() not null,
  rules jsonb not null,
  set_by uuid,
  set_at timestamp with time zone default now() not null,
  constraint segment_rules_pkey PRIMARY KEY (id),
  constraint segment_rules_rules_check CHECK ((jsonb_typeof(rules) = 'object'::text))
);

create table segment_runs (
  is_only boolean default true not null,
  begun_at timestamp with time zone not null,
  done_at timestamp with time zone,
  constraint segment_runs_pkey PRIMARY KEY (is_only),
  constraint segment_runs_is_only_check CHECK (is_only)
);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  client text default ''::text not null,
  address text default ''::text not null,
  created_at timestamp with time zone default now() not null,
  used_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by text,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint an_end_has_a_reason CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint sessions_address_check CHECK ((length(address) <= 64)),
  constraint sessions_client_check CHECK ((length(client) <= 200)),
  constraint sessions_ended_by_check CHECK ((ended_by = ANY (ARRAY['logout'::text, 'reuse'::text, 'password'::text, 'revoked'::text, 'blocked'::text, 'too-many'::text])))
);

create table settlement_progress (
  is_only boolean default true not null,
  settled_through timestamp with time zone not null,
  constraint settlement_progress_pkey PRIMARY KEY (is_only),
  constraint settlement_progress_is_only_check CHECK (is_only)
);

create table settlements (
  transfer_id uuid not null,
  merchant_id uuid,
  order_id uuid not null,
  kind text not null,
  currency currency_code not null,
  amount_minor bigint not null,
  basis_points integer not null,
  fee_minor bigint not null,
  at timestamp with time zone not null,
  payout_id uuid,
  constraint settlements_transfer_id_merchant_id_key UNIQUE NULLS NOT DISTINCT (transfer_id, merchant_id),
  constraint settlements_basis_points_check CHECK (((basis_points >= 0) AND (basis_points <= 10000))),
  constraint settlements_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text]))),
  constraint sign_fits_the_kind CHECK ((((kind = 'payment'::text) AND (amount_minor >= 0) AND (fee_minor >= 0)) OR ((kind = 'refund'::text) AND (amount_minor <= 0) AND (fee_minor <= 0))))
);

create table shipment_events (
  shipment_id uuid not null,
  at timestamp with time zone not null,
  code text not null,
  place text default ''::text not null,
  constraint shipment_events_pkey PRIMARY KEY (shipment_id, at, code),
  constraint shipment_events_code_check CHECK (((length(code) >= 1) AND (length(code) <= 40))),
  constraint shipment_events_place_check CHECK ((length(place) <= 200))
);

create table shipment_items (
  shipment_id uuid not null,
  line smallint not null,
  sku sku_code not null,
  quantity integer not null,
  constraint shipment_items_pkey PRIMARY KEY (shipment_id, line),
  constraint shipment_items_line_check CHECK ((line >= 1)),
  constraint shipment_items_quantity_check CHECK ((quantity >= 1))
);

create table shipments (
  id uuid not null,
  order_id uuid not null,
  number smallint not null,
  merchant_id uuid not null,
  warehouse_id uuid not null,
  status shipment_status default 'PENDING'::shipment_status not null,
  carrier text,
  service text,
  tracking_code text,
  created_at timestamp with time zone default now() not null,
  shipped_at timestamp with time zone,
  delivered_at timestamp with time zone,
  told_delivered_at timestamp with time zone,
  closed_at timestamp with time zone,
  constraint shipments_pkey PRIMARY KEY (id),
  constraint shipments_order_id_number_key UNIQUE (order_id, number),
  constraint shipments_carrier_check CHECK (((length(carrier) >= 1) AND (length(carrier) <= 40))),
  constraint shipments_number_check CHECK ((number >= 1)),
  constraint shipments_service_check CHECK (((length(service) >= 1) AND (length(service) <= 40))),
  constraint shipments_tracking_code_check CHECK (((length(tracking_code) >= 1) AND (length(tracking_code) <= 64))),
  constraint times_fit_the_status CHECK ((((status = ANY (ARRAY['SHIPPED'::shipment_status, 'DELIVERED'::shipment_status])) = (shipped_at IS NOT NULL)) AND ((status = 'DELIVERED'::shipment_status) = (delivered_at IS NOT NULL)))),
  constraint who_carries_it_is_known CHECK ((((carrier IS NULL) = (tracking_code IS NULL)) AND ((status <> ALL (ARRAY['SHIPPED'::shipment_status, 'DELIVERED'::shipment_status])) OR (carrier IS NOT NULL))))
);

create table shopper_segments (
  scope_id uuid not null,
  user_id uuid not null,
  segments text[] not null,
  orders integer not null,
  spent_minor bigint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  computed_at timestamp with time zone not null,
  constraint shopper_segments_pkey PRIMARY KEY (scope_id, user_id),
  constraint shopper_segments_orders_check CHECK ((orders >= 1))
);

create table sold_changes (
  id bigint generated always as identity not null,
  order_id uuid not null,
  status order_status,
  return_id uuid,
  constraint sold_changes_pkey PRIMARY KEY (id),
  constraint a_step_or_a_return CHECK ((num_nulls(status, return_id) = 1))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

create table stock_alerts (
  id uuid not null,
  sku sku_code not null,
  kind stock_alert_kind not null,
  available integer not null,
  opened_at timestamp with time zone default now() not null,
  told_at timestamp with time zone,
  closed_at timestamp with time zone,
  constraint stock_alerts_pkey PRIMARY KEY (id),
  constraint stock_alerts_available_check CHECK ((available >= 0))
);

create table user_identities (
  id uuid not null,
  user_id uuid not null,
  provider text not null,
  issuer text not null,
  subject text not null,
  email citext,
  created_at timestamp with time zone default now() not null,
  used_at timestamp with time zone default now() not null,
  constraint user_identities_pkey PRIMARY KEY (id),
  constraint user_identities_issuer_subject_key UNIQUE (issuer, subject),
  constraint user_identities_email_check CHECK (((length((email)::text) >= 3) AND (length((email)::text) <= 254))),
  constraint user_identities_issuer_check CHECK (((length(issuer) >= 8) AND (length(issuer) <= 500))),
  constraint user_identities_provider_check CHECK ((provider ~ '^[a-z][a-z0-9-]{0,39}$'::text)),
  constraint user_identities_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);

create table users (
  id uuid not null,
  email citext,
  password_hash text,
  name text default ''::text not null,
  role user_role default 'shopper'::user_role not null,
  status user_status default 'active'::user_status not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  password_at timestamp with time zone,
  email_proven_at timestamp with time zone,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_key UNIQUE (email),
  constraint password_needs_email CHECK (((password_hash IS NULL) OR (email IS NOT NULL))),
  constraint users_email_check CHECK (((length((email)::text) >= 3) AND (length((email)::text) <= 254))),
  constraint users_name_check CHECK ((length(name) <= 200))
);

create table variants (
  id uuid not null,
  product_id uuid not null,
  sku sku_code not null,
  title text default ''::text not null,
  attributes jsonb default '{}'::jsonb not null,
  price_minor money_minor not null,
  currency currency_code not null,
  "position" integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  archived_at timestamp with time zone,
  low_stock_at integer default 0 not null,
  constraint variants_pkey PRIMARY KEY (id),
  constraint variants_sku_key UNIQUE (sku),
  constraint variants_attributes_check CHECK ((jsonb_typeof(attributes) = 'object'::text)),
  constraint variants_low_stock_at_check CHECK (((low_stock_at >= 0) AND (low_stock_at <= 1000000))),
  constraint variants_title_check CHECK ((length(title) <= 200))
);

create table vote_changes (
  id bigint generated always as identity not null,
  review_id uuid not null,
  helpful smallint not null,
  unhelpful smallint not null,
  constraint vote_changes_pkey PRIMARY KEY (id),
  constraint vote_changes_helpful_check CHECK (((helpful >= '-1'::integer) AND (helpful <= 1))),
  constraint vote_changes_unhelpful_check CHECK (((unhelpful >= '-1'::integer) AND (unhelpful <= 1)))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=20000);

create table warehouses (
  id uuid not null,
  code slug not null,
  name text not null,
  country character(2) not null,
  latitude double precision not null,
  longitude double precision not null,
  created_at timestamp with time zone default now() not null,
  merchant_id uuid,
  is_active boolean default true not null,
  constraint warehouses_pkey PRIMARY KEY (id),
  constraint warehouses_code_key UNIQUE (code),
  constraint warehouses_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint warehouses_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint warehouses_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint warehouses_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

create table webhook_deliveries (
  id uuid default uuidv7() not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  state webhook_delivery_state default 'waiting'::webhook_delivery_state not null,
  tries smallint default 0 not null,
  due_at timestamp with time zone default now() not null,
  lease_until timestamp with time zone,
  ended_at timestamp with time zone,
  last_try_at timestamp with time zone,
  last_status smallint,
  last_error text,
  last_answer text,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_once UNIQUE (endpoint_id, event_id),
  constraint an_ended_one_says_when CHECK (((state = 'waiting'::webhook_delivery_state) = (ended_at IS NULL))),
  constraint webhook_deliveries_last_answer_check CHECK ((length(last_answer) <= 4096)),
  constraint webhook_deliveries_last_error_check CHECK ((length(last_error) <= 200)),
  constraint webhook_deliveries_tries_check CHECK ((tries >= 0))
) with (autovacuum_vacuum_scale_factor=0.02);

create table webhook_endpoints (
  id uuid not null,
  merchant_id uuid not null,
  url text not null,
  description text default ''::text not null,
  events text[] not null,
  is_enabled boolean default true not null,
  disabled_why text,
  secret_version integer default 1 not null,
  previous_secret_until timestamp with time zone,
  failures integer default 0 not null,
  failing_since timestamp with time zone,
  rest_until timestamp with time zone,
  last_success_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint webhook_endpoints_pkey PRIMARY KEY (id),
  constraint a_disabled_one_says_why CHECK ((is_enabled = (disabled_why IS NULL))),
  constraint failing_says_since_when CHECK (((failures = 0) = (failing_since IS NULL))),
  constraint webhook_endpoints_description_check CHECK ((length(description) <= 200)),
  constraint webhook_endpoints_disabled_why_check CHECK ((disabled_why = ANY (ARRAY['merchant'::text, 'failing'::text]))),
  constraint webhook_endpoints_events_check CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 100))),
  constraint webhook_endpoints_failures_check CHECK ((failures >= 0)),
  constraint webhook_endpoints_secret_version_check CHECK ((secret_version >= 1)),
  constraint webhook_endpoints_url_check CHECK (((length(url) >= 8) AND (length(url) <= 2000)))
);

create table webhook_events (
  provider text not null,
  event_id text not null,
  type text not null,
  provider_ref text,
  received_at timestamp with time zone default now() not null,
  constraint webhook_events_pkey PRIMARY KEY (provider, event_id),
  constraint webhook_events_event_id_check CHECK (((length(event_id) >= 1) AND (length(event_id) <= 255))),
  constraint webhook_events_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 40))),
  constraint webhook_events_provider_ref_check CHECK (((length(provider_ref) >= 1) AND (length(provider_ref) <= 255))),
  constraint webhook_events_type_check CHECK (((length(type) >= 1) AND (length(type) <= 100)))
);

create table wishlist_items (
  user_id uuid not null,
  sku sku_code not null,
  added_at timestamp with time zone default now() not null,
  constraint wishlist_items_pkey PRIMARY KEY (user_id, sku)
);

-- Foreign keys

alter table addresses add constraint addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table api_keys add constraint api_keys_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table categories add constraint categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES categories(id);

alter table commissions add constraint commissions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table demand_sums add constraint demand_sums_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories(id) ON DELETE CASCADE;

alter table draw_chunks add constraint draw_chunks_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES draws(drop_id);

alter table draw_seeds add constraint draw_seeds_drop_id_commit_fkey FOREIGN KEY (drop_id, commit) REFERENCES drops(id, draw_commit);

alter table draws add constraint draws_drop_id_commit_fkey FOREIGN KEY (drop_id, commit) REFERENCES drops(id, draw_commit);

alter table drop_allocations add constraint drop_allocations_drop_id_sku_fkey FOREIGN KEY (drop_id, sku) REFERENCES drop_skus(drop_id, sku);

alter table drop_refusals add constraint drop_refusals_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES drops(id) ON DELETE CASCADE;

alter table drop_reminders add constraint drop_reminders_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES drops(id) ON DELETE CASCADE;

alter table drop_reminders add constraint drop_reminders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table drop_skus add constraint drop_skus_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES drops(id);

alter table drop_skus add constraint drop_skus_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku);

alter table drop_stock add constraint drop_stock_drop_id_sku_fkey FOREIGN KEY (drop_id, sku) REFERENCES drop_skus(drop_id, sku);

alter table drop_stock add constraint drop_stock_sku_warehouse_id_fkey FOREIGN KEY (sku, warehouse_id) REFERENCES inventory(sku, warehouse_id);

alter table drops add constraint drops_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table forecasts add constraint forecasts_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table inventory add constraint inventory_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku);

alter table inventory add constraint inventory_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

alter table inventory_movements add constraint inventory_movements_sku_warehouse_id_fkey FOREIGN KEY (sku, warehouse_id) REFERENCES inventory(sku, warehouse_id);

alter table ledger_entries add constraint ledger_entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger_accounts(id);

alter table ledger_entries add constraint ledger_entries_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES ledger_transfers(id);

alter table merchant_ratings add constraint merchant_ratings_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id) ON DELETE CASCADE;

alter table merchants add constraint merchants_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table payment_methods add constraint payment_methods_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table payouts add constraint payouts_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table preferences add constraint preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table price_bounds add constraint price_bounds_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table price_suggestions add constraint price_suggestions_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table privacy_files add constraint privacy_files_request_id_fkey FOREIGN KEY (request_id) REFERENCES privacy_requests(id) ON DELETE CASCADE;

alter table product_ratings add constraint product_ratings_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE;

alter table product_signals add constraint product_signals_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE;

alter table product_translations add constraint product_translations_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE;

alter table product_views add constraint product_views_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE;

alter table product_views add constraint product_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table products add constraint products_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES brands(id);

alter table products add constraint products_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories(id);

alter table products add constraint products_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table promotion_codes add constraint promotion_codes_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES promotions(id) ON DELETE CASCADE;

alter table promotion_redemptions add constraint promotion_redemptions_code_hash_fkey FOREIGN KEY (code_hash) REFERENCES promotion_codes(hash);

alter table promotion_redemptions add constraint promotion_redemptions_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES promotions(id);

alter table promotion_uses add constraint promotion_uses_promotion_id_fkey FOREIGN KEY (promotion_id) REFERENCES promotions(id) ON DELETE CASCADE;

alter table promotions add constraint promotions_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table push_deliveries add constraint push_deliveries_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES push_subscriptions(id) ON DELETE CASCADE;

alter table push_subscriptions add constraint push_subscriptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id);

alter table recommendation_clicks add constraint recommendation_clicks_experiment_fkey FOREIGN KEY (experiment) REFERENCES recommendation_experiments(name) ON DELETE CASCADE;

alter table recommendation_exposures add constraint recommendation_exposures_experiment_fkey FOREIGN KEY (experiment) REFERENCES recommendation_experiments(name) ON DELETE CASCADE;

alter table recommendation_outcomes add constraint recommendation_outcomes_experiment_fkey FOREIGN KEY (experiment) REFERENCES recommendation_experiments(name) ON DELETE CASCADE;

alter table recommendation_revenue add constraint recommendation_revenue_experiment_fkey FOREIGN KEY (experiment) REFERENCES recommendation_experiments(name) ON DELETE CASCADE;

alter table refresh_tokens add constraint refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE;

alter table refunds add constraint refunds_order_id_payment_id_fkey FOREIGN KEY (order_id, payment_id) REFERENCES payments(order_id, id);

alter table reorder_settings add constraint reorder_settings_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id) ON DELETE CASCADE;

alter table reorder_settings add constraint reorder_settings_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table reservations add constraint reservations_sku_warehouse_id_fkey FOREIGN KEY (sku, warehouse_id) REFERENCES inventory(sku, warehouse_id);

alter table return_items add constraint return_items_return_id_fkey FOREIGN KEY (return_id) REFERENCES returns(id);

alter table return_items add constraint return_items_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

alter table returns add constraint returns_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES refunds(id);

alter table review_flags add constraint review_flags_review_id_fkey FOREIGN KEY (review_id) REFERENCES reviews(id) ON DELETE CASCADE;

alter table review_flags add constraint review_flags_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table review_images add constraint review_images_review_id_fkey FOREIGN KEY (review_id) REFERENCES reviews(id) ON DELETE CASCADE;

alter table review_strikes add constraint review_strikes_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE CASCADE;

alter table review_votes add constraint review_votes_review_id_fkey FOREIGN KEY (review_id) REFERENCES reviews(id) ON DELETE CASCADE;

alter table review_votes add constraint review_votes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table reviews add constraint reviews_author_id_fkey FOREIGN KEY (author_id) REFERENCES users(id);

alter table reviews add constraint reviews_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id) ON DELETE CASCADE;

alter table sessions add constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table settlements add constraint settlements_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table settlements add constraint settlements_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES payouts(id);

alter table settlements add constraint settlements_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES ledger_transfers(id);

alter table shipment_events add constraint shipment_events_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

alter table shipment_items add constraint shipment_items_shipment_id_fkey FOREIGN KEY (shipment_id) REFERENCES shipments(id);

alter table shipments add constraint shipments_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table shipments add constraint shipments_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

alter table shopper_segments add constraint shopper_segments_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table stock_alerts add constraint stock_alerts_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table user_identities add constraint user_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table variants add constraint variants_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

alter table warehouses add constraint warehouses_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table webhook_deliveries add constraint webhook_deliveries_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints(id) ON DELETE CASCADE;

alter table webhook_deliveries add constraint webhook_deliveries_event_id_fkey FOREIGN KEY (event_id) REFERENCES merchant_events(id) ON DELETE CASCADE;

alter table webhook_endpoints add constraint webhook_endpoints_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table wishlist_items add constraint wishlist_items_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku) ON DELETE CASCADE;

alter table wishlist_items add constraint wishlist_items_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

-- Indexes

CREATE INDEX addresses_of_user ON public.addresses USING btree (user_id);

CREATE UNIQUE INDEX one_default_address ON public.addresses USING btree (user_id) WHERE is_default;

CREATE INDEX api_keys_of_merchant ON public.api_keys USING btree (merchant_id, id);

CREATE INDEX audit_log_of_actor ON public.audit_log USING btree (actor_id, id) WHERE (actor_id IS NOT NULL);

CREATE INDEX audit_log_of_id ON public.audit_log USING btree (subject_id);

CREATE INDEX audit_log_of_subject ON public.audit_log USING btree (subject_kind, subject_id, id);

CREATE INDEX brands_by_folded_name ON public.brands USING btree (search_fold(name) text_pattern_ops);

CREATE INDEX carts_by_touch ON public.carts USING btree (updated_at);

CREATE INDEX categories_of_parent ON public.categories USING btree (parent_id);

CREATE INDEX checkouts_due ON public.checkouts USING btree (expires_at) WHERE (status = 'OPEN'::checkout_status);

CREATE INDEX checkouts_of_shopper ON public.checkouts USING btree (shopper_id);

CREATE UNIQUE INDEX one_open_checkout ON public.checkouts USING btree (shopper_id) WHERE (status = 'OPEN'::checkout_status);

CREATE INDEX demand_days_of_day ON public.demand_days USING btree (day);

CREATE INDEX drop_reminders_of_user ON public.drop_reminders USING btree (user_id);

CREATE INDEX drop_reminders_to_tell ON public.drop_reminders USING btree (drop_id) WHERE (told_at IS NULL);

CREATE INDEX drops_of_sku ON public.drop_skus USING btree (sku);

CREATE INDEX drops_of_merchant ON public.drops USING btree (merchant_id, id);

CREATE INDEX drops_to_publish ON public.drops USING btree (id) WHERE ((state <> 'draft'::drop_state) AND (published_revision < revision));

CREATE INDEX drops_to_settle ON public.drops USING btree (id) WHERE ((state = 'ended'::drop_state) AND (settled_at IS NULL));

CREATE INDEX open_drops ON public.drops USING btree (ends_at) WHERE (state = ANY (ARRAY['scheduled'::drop_state, 'paused'::drop_state]));

CREATE INDEX figures_counted_by_age ON public.figures_counted USING btree (counted_at);

CREATE UNIQUE INDEX one_active_fraud_model ON public.fraud_models USING btree (is_active) WHERE is_active;

CREATE INDEX idempotency_keys_due ON public.idempotency_keys USING btree (expires_at);

CREATE INDEX inventory_of_warehouse ON public.inventory USING btree (warehouse_id);

CREATE INDEX movements_of_order ON public.inventory_movements USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX movements_of_stock ON public.inventory_movements USING btree (sku, warehouse_id, id);

CREATE INDEX ledger_entries_of_account ON public.ledger_entries USING btree (account_id);

CREATE INDEX ledger_transfers_by_time ON public.ledger_transfers USING btree (at, id) WHERE (order_id IS NOT NULL);

CREATE INDEX ledger_transfers_of_order ON public.ledger_transfers USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX merchants_by_status ON public.merchants USING btree (status, user_id);

CREATE INDEX notices_by_age ON public.notices USING btree (sent_at);

CREATE INDEX notices_of_user ON public.notices USING btree (user_id);

CREATE INDEX object_removals_due ON public.object_removals USING btree (due_at);

CREATE INDEX order_reviews_decided ON public.order_reviews USING btree (decided_at) WHERE (decision IS NOT NULL);

CREATE INDEX order_reviews_open ON public.order_reviews USING btree (opened_at) WHERE (decision IS NULL);

CREATE INDEX orders_of_drop ON public.orders USING btree (drop_id) WHERE (drop_id IS NOT NULL);

CREATE INDEX orders_of_shopper ON public.orders USING btree (shopper_id, id);

CREATE UNIQUE INDEX one_default_payment_method ON public.payment_methods USING btree (user_id) WHERE is_default;

CREATE INDEX payment_methods_of_user ON public.payment_methods USING btree (user_id);

CREATE UNIQUE INDEX one_kept_payment ON public.payments USING btree (order_id) WHERE (status = ANY (ARRAY['CAPTURED'::payment_status, 'AUTHORIZED'::payment_status]));

CREATE INDEX payments_due ON public.payments USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX payments_of_later_attempts ON public.payments USING btree (id) WHERE (id <> order_id);

CREATE INDEX price_history_of_variant ON public.price_history USING btree (variant_id, "position" DESC);

CREATE INDEX price_suggestions_of_sku ON public.price_suggestions USING btree (sku, made_at);

CREATE UNIQUE INDEX price_suggestions_open ON public.price_suggestions USING btree (sku) WHERE (state = 'open'::price_suggestion_state);

CREATE UNIQUE INDEX one_open_privacy_request ON public.privacy_requests USING btree (user_id, kind) WHERE (state = ANY (ARRAY['waiting'::text, 'working'::text]));

CREATE INDEX privacy_files_due ON public.privacy_requests USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX privacy_requests_due ON public.privacy_requests USING btree (due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'working'::text]));

CREATE INDEX privacy_requests_of_user ON public.privacy_requests USING btree (user_id, id);

CREATE INDEX product_views_of_product ON public.product_views USING btree (product_id);

CREATE INDEX product_views_of_user ON public.product_views USING btree (user_id, viewed_at DESC);

CREATE INDEX active_products_by_price ON public.products USING btree (lowest_price_currency, lowest_price_minor, id) WHERE (status = 'active'::product_status);

CREATE INDEX active_products_by_title ON public.products USING btree (lower((title COLLATE pg_c_utf8)), id) WHERE (status = 'active'::product_status);

CREATE INDEX active_products_newest ON public.products USING btree (id DESC) WHERE (status = 'active'::product_status);

CREATE INDEX active_products_of_category ON public.products USING btree (category_id, id DESC) WHERE (status = 'active'::product_status);

CREATE INDEX products_by_tag ON public.products USING gin (tags);

CREATE INDEX products_of_brand ON public.products USING btree (brand_id, id) WHERE (brand_id IS NOT NULL);

CREATE INDEX products_of_category ON public.products USING btree (category_id, id);

CREATE INDEX products_of_merchant ON public.products USING btree (merchant_id, id);

CREATE INDEX products_withheld ON public.products USING btree (merchant_id) WHERE is_withheld;

CREATE INDEX codes_of_promotion ON public.promotion_codes USING btree (promotion_id, hash);

CREATE UNIQUE INDEX one_use_of_a_code ON public.promotion_redemptions USING btree (code_hash) WHERE ((code_hash IS NOT NULL) AND (state <> 'released'::text));

CREATE INDEX redemptions_due ON public.promotion_redemptions USING btree (until) WHERE (state = 'reserved'::text);

CREATE INDEX redemptions_of_promotion ON public.promotion_redemptions USING btree (promotion_id);

CREATE INDEX redemptions_of_user ON public.promotion_redemptions USING btree (user_id);

CREATE INDEX promotion_uses_of_user ON public.promotion_uses USING btree (user_id);

CREATE INDEX promotions_of_merchant ON public.promotions USING btree (merchant_id, id);

CREATE INDEX promotions_that_apply_by_themselves ON public.promotions USING btree (priority DESC, id) WHERE ((code_kind = 'none'::text) AND (state = 'active'::text));

CREATE INDEX provider_refs_of_payment ON public.provider_refs USING btree (order_id, payment_id);

CREATE INDEX push_deliveries_due ON public.push_deliveries USING btree (due_at) WHERE (state = 'waiting'::push_state);

CREATE INDEX push_deliveries_of_subscription ON public.push_deliveries USING btree (subscription_id);

CREATE INDEX push_deliveries_old ON public.push_deliveries USING btree (until_at);

CREATE UNIQUE INDEX push_subscriptions_endpoint ON public.push_subscriptions USING btree (md5(endpoint));

CREATE INDEX push_subscriptions_of_user ON public.push_subscriptions USING btree (user_id, id);

CREATE INDEX recommendation_clicks_by_age ON public.recommendation_clicks USING btree (clicked_at);

CREATE INDEX recommendation_clicks_of_shopper ON public.recommendation_clicks USING btree (shopper_id, clicked_at);

CREATE UNIQUE INDEX one_running_experiment ON public.recommendation_experiments USING btree ((true)) WHERE (state = 'running'::experiment_state);

CREATE INDEX recommendation_exposures_of_shopper ON public.recommendation_exposures USING btree (shopper_id);

CREATE INDEX recommendation_forgotten_open ON public.recommendation_forgotten USING btree (forgotten_at) WHERE (lists_removed_at IS NULL);

CREATE UNIQUE INDEX one_model_is_served ON public.recommendation_models USING btree (state) WHERE (state = 'served'::recommendation_model_state);

CREATE INDEX recommendation_models_latest ON public.recommendation_models USING btree (started_at DESC);

CREATE INDEX recommendation_orders_done ON public.recommendation_orders USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX recommendation_orders_due ON public.recommendation_orders USING btree (due_at) WHERE (done_at IS NULL);

CREATE INDEX refresh_tokens_of_parent ON public.refresh_tokens USING btree (parent) WHERE (parent IS NOT NULL);

CREATE INDEX refresh_tokens_of_session ON public.refresh_tokens USING btree (session_id);

CREATE INDEX refunds_due ON public.refunds USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX refunds_nobody_does ON public.refunds USING btree (created_at) WHERE ((status = 'PENDING'::refund_status) AND (due_at IS NULL));

CREATE INDEX refunds_of_payment ON public.refunds USING btree (order_id, payment_id);

CREATE UNIQUE INDEX one_reservation_a_place ON public.reservations USING btree (order_id, line, warehouse_id);

CREATE INDEX reservations_due ON public.reservations USING btree (expires_at) WHERE (status = 'HELD'::reservation_status);

CREATE INDEX reservations_of_order ON public.reservations USING btree (order_id);

CREATE UNIQUE INDEX one_open_return ON public.returns USING btree (order_id) WHERE (status = ANY (ARRAY['REQUESTED'::return_status, 'APPROVED'::return_status, 'RECEIVED'::return_status]));

CREATE INDEX returns_of_merchant ON public.returns USING btree (merchant_id, id) WHERE (merchant_id IS NOT NULL);

CREATE INDEX returns_of_order ON public.returns USING btree (order_id, id);

CREATE INDEX returns_to_decide ON public.returns USING btree (id) WHERE (status = ANY (ARRAY['REQUESTED'::return_status, 'APPROVED'::return_status]));

CREATE INDEX review_flags_of_user ON public.review_flags USING btree (user_id);

CREATE INDEX review_images_of_review ON public.review_images USING btree (review_id, id);

CREATE INDEX review_images_unfinished ON public.review_images USING btree (created_at) WHERE (NOT is_ready);

CREATE INDEX review_strikes_of_author ON public.review_strikes USING btree (author_id, at);

CREATE INDEX review_votes_of_user ON public.review_votes USING btree (user_id);

CREATE INDEX reviews_by_help ON public.reviews USING btree (product_id, help_balance DESC, id DESC) WHERE (status = 'PUBLISHED'::review_status);

CREATE INDEX reviews_by_stars ON public.reviews USING btree (product_id, stars, id) WHERE (status = 'PUBLISHED'::review_status);

CREATE INDEX reviews_newest ON public.reviews USING btree (product_id, id DESC) WHERE (status = 'PUBLISHED'::review_status);

CREATE INDEX reviews_of_author ON public.reviews USING btree (author_id, id);

CREATE INDEX reviews_of_text ON public.reviews USING btree (text_hash);

CREATE INDEX reviews_queued ON public.reviews USING btree (queued_at, id) WHERE (queued_at IS NOT NULL);

CREATE INDEX risk_flags_due ON public.risk_flags USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX search_products_0 ON public.search_products USING gin (document) WITH (fastupdate=off) WHERE (tier = 0);

CREATE INDEX search_products_1 ON public.search_products USING gin (document) WITH (fastupdate=off) WHERE (tier = 1);

CREATE INDEX search_products_2 ON public.search_products USING gin (document) WITH (fastupdate=off) WHERE (tier = 2);

CREATE INDEX search_products_3 ON public.search_products USING gin (document) WITH (fastupdate=off) WHERE (tier = 3);

CREATE INDEX search_products_by_age ON public.search_products USING btree (created_at);

CREATE INDEX search_products_by_price ON public.search_products USING btree (price_minor);

CREATE INDEX search_products_by_rating ON public.search_products USING btree (rating_hundredths);

CREATE INDEX search_products_by_sales ON public.search_products USING btree (sold);

CREATE INDEX search_synonyms_of_term ON public.search_synonyms USING gin (terms);

CREATE INDEX search_words_alike ON public.search_words USING gin (word gin_trgm_ops);

CREATE INDEX search_words_by_prefix ON public.search_words USING btree (word text_pattern_ops);

CREATE INDEX search_words_by_shape ON public.search_words USING btree ("left"(word, 1), length(word));

CREATE INDEX search_words_of_lexeme ON public.search_words USING btree (lexeme);

CREATE INDEX sessions_due ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_of_device ON public.sessions USING btree (address, client, user_id) WHERE ((address <> ''::text) AND (client <> ''::text));

CREATE INDEX sessions_of_person ON public.sessions USING btree (user_id);

CREATE INDEX sessions_of_user ON public.sessions USING btree (user_id, id) WHERE (ended_at IS NULL);

CREATE INDEX settlements_of_merchant ON public.settlements USING btree (merchant_id, at);

CREATE INDEX settlements_of_order ON public.settlements USING btree (order_id);

CREATE INDEX settlements_of_payout ON public.settlements USING btree (payout_id) WHERE (payout_id IS NOT NULL);

CREATE INDEX settlements_to_pay_out ON public.settlements USING btree (merchant_id, currency, at) WHERE (payout_id IS NULL);

CREATE UNIQUE INDEX one_parcel_a_tracking_code ON public.shipments USING btree (carrier, tracking_code) WHERE (carrier IS NOT NULL);

CREATE INDEX orders_of_merchant ON public.shipments USING btree (merchant_id, order_id);

CREATE INDEX shipments_of_merchant ON public.shipments USING btree (merchant_id, id);

CREATE INDEX shipments_on_their_way ON public.shipments USING btree (shipped_at) WHERE (status = 'SHIPPED'::shipment_status);

CREATE INDEX shipments_to_close ON public.shipments USING btree (delivered_at) WHERE ((status = 'DELIVERED'::shipment_status) AND (closed_at IS NULL));

CREATE INDEX shipments_to_deliver ON public.shipments USING btree (id) WHERE ((status = 'SHIPPED'::shipment_status) AND (told_delivered_at IS NOT NULL));

CREATE INDEX shopper_segments_of_user ON public.shopper_segments USING btree (user_id);

CREATE UNIQUE INDEX one_open_alert ON public.stock_alerts USING btree (sku, kind) WHERE (closed_at IS NULL);

CREATE INDEX stock_alerts_of_sku ON public.stock_alerts USING btree (sku, id);

CREATE INDEX stock_alerts_to_tell ON public.stock_alerts USING btree (opened_at) WHERE ((told_at IS NULL) AND (closed_at IS NULL));

CREATE INDEX stock_alerts_told ON public.stock_alerts USING btree (sku, kind, told_at) WHERE (told_at IS NOT NULL);

CREATE INDEX user_identities_of_user ON public.user_identities USING btree (user_id);

CREATE INDEX users_by_email_prefix ON public.users USING btree (lower((email)::text) text_pattern_ops) WHERE (email IS NOT NULL);

CREATE INDEX users_by_role ON public.users USING btree (role, id) WHERE (role <> 'shopper'::user_role);

CREATE INDEX users_by_status ON public.users USING btree (status, id) WHERE (status <> 'active'::user_status);

CREATE INDEX variants_by_attribute ON public.variants USING gin (attributes jsonb_path_ops);

CREATE INDEX variants_of_product ON public.variants USING btree (product_id, "position");

CREATE INDEX warehouses_of_merchant ON public.warehouses USING btree (merchant_id, id);

CREATE INDEX webhook_deliveries_dead ON public.webhook_deliveries USING btree (endpoint_id, id) WHERE (state = 'dead'::webhook_delivery_state);

CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (endpoint_id, due_at) WHERE (state = 'waiting'::webhook_delivery_state);

CREATE INDEX webhook_deliveries_of_endpoint ON public.webhook_deliveries USING btree (endpoint_id, id);

CREATE INDEX webhook_deliveries_of_event ON public.webhook_deliveries USING btree (event_id);

CREATE INDEX webhook_deliveries_under_way ON public.webhook_deliveries USING btree (endpoint_id, lease_until) WHERE ((state = 'waiting'::webhook_delivery_state) AND (lease_until IS NOT NULL));

CREATE INDEX webhook_endpoints_of_merchant ON public.webhook_endpoints USING btree (merchant_id, id);

CREATE UNIQUE INDEX webhook_endpoints_url ON public.webhook_endpoints USING btree (merchant_id, md5(url));

CREATE INDEX webhook_events_by_age ON public.webhook_events USING btree (received_at);

CREATE INDEX wishlist_items_of_sku ON public.wishlist_items USING btree (sku);

-- Triggers

CREATE TRIGGER audit_log_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER search_changed_brands AFTER UPDATE ON public.brands REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER categories_stay_a_tree BEFORE INSERT OR UPDATE OF parent_id ON public.categories FOR EACH ROW WHEN ((new.parent_id IS NOT NULL)) EXECUTE FUNCTION refuse_category_circle();

CREATE TRIGGER search_changed_categories AFTER UPDATE ON public.categories REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER commissions_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.commissions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER draw_chunks_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.draw_chunks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER draw_seeds_stay BEFORE DELETE OR UPDATE ON public.draw_seeds FOR EACH ROW EXECUTE FUNCTION keep_draw_seed();

CREATE TRIGGER draws_stay BEFORE DELETE OR UPDATE ON public.draws FOR EACH ROW EXECUTE FUNCTION keep_draw();

CREATE TRIGGER drops_keep_their_commit BEFORE UPDATE ON public.drops FOR EACH ROW EXECUTE FUNCTION keep_commit();

CREATE TRIGGER merchants_are_told_of_drops AFTER UPDATE OF state, settled_at, sold_out_at ON public.drops FOR EACH ROW WHEN (((new.state <> old.state) OR ((new.settled_at IS NOT NULL) AND (old.settled_at IS NULL)) OR ((new.sold_out_at IS NOT NULL) AND (old.sold_out_at IS NULL)))) EXECUTE FUNCTION tell_merchant_of_drop();

CREATE TRIGGER inventory_tells AFTER UPDATE ON public.inventory FOR EACH ROW WHEN (((old.on_hand IS DISTINCT FROM new.on_hand) OR (old.reserved IS DISTINCT FROM new.reserved))) EXECUTE FUNCTION tell_inventory();

CREATE TRIGGER search_changed_availability AFTER UPDATE ON public.inventory FOR EACH ROW WHEN (((old.on_hand > old.reserved) IS DISTINCT FROM (new.on_hand > new.reserved))) EXECUTE FUNCTION note_search_availability();

CREATE TRIGGER search_new_inventory AFTER INSERT ON public.inventory REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER inventory_movements_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.inventory_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER invoices_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_are_posted AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_ledger_entries();

CREATE TRIGGER ledger_entries_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_transfers_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER order_steps_tell_sales AFTER INSERT ON public.order_status_history REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_sold_changes();

CREATE TRIGGER orders_collect_cash AFTER UPDATE ON public.orders FOR EACH ROW WHEN (((new.status = 'DELIVERED'::order_status) AND (old.status <> 'DELIVERED'::order_status))) EXECUTE FUNCTION wake_cash_payment();

CREATE TRIGGER orders_start_pending BEFORE INSERT ON public.orders FOR EACH ROW WHEN (((new.status <> 'PENDING'::order_status) OR (new.step <> 0))) EXECUTE FUNCTION refuse_order_start();

CREATE TRIGGER orders_step_lawfully BEFORE UPDATE ON public.orders FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION apply_order_step();

CREATE TRIGGER payments_keep_first_ref AFTER INSERT ON public.payments FOR EACH ROW WHEN ((new.provider_ref IS NOT NULL)) EXECUTE FUNCTION keep_provider_ref();

CREATE TRIGGER payments_keep_later_ref AFTER UPDATE ON public.payments FOR EACH ROW WHEN (((new.provider_ref IS NOT NULL) AND ((new.provider IS DISTINCT FROM old.provider) OR (new.provider_ref IS DISTINCT FROM old.provider_ref)))) EXECUTE FUNCTION keep_provider_ref();

CREATE TRIGGER merchants_are_told_of_payouts AFTER INSERT ON public.payouts FOR EACH ROW EXECUTE FUNCTION tell_merchant_of_payout();

CREATE TRIGGER payouts_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.payouts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER search_changed_signals AFTER UPDATE ON public.product_signals REFERENCING OLD TABLE AS changed_before NEW TABLE AS changed_after FOR EACH STATEMENT EXECUTE FUNCTION note_search_signals();

CREATE TRIGGER search_new_signals AFTER INSERT ON public.product_signals REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER products_are_published BEFORE INSERT OR UPDATE OF status ON public.products FOR EACH ROW WHEN (((new.status = 'active'::product_status) AND (new.published_at IS NULL))) EXECUTE FUNCTION mark_published();

CREATE TRIGGER products_are_withheld BEFORE INSERT OR UPDATE OF status ON public.products FOR EACH ROW WHEN ((new.status = 'active'::product_status)) EXECUTE FUNCTION withhold_product();

CREATE TRIGGER search_changed_products AFTER UPDATE ON public.products REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER search_gone_products AFTER DELETE ON public.products REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER search_new_products AFTER INSERT ON public.products REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER merchants_are_told_how_returns_go AFTER UPDATE OF status ON public.returns FOR EACH ROW WHEN ((new.status <> old.status)) EXECUTE FUNCTION tell_merchant_of_return();

CREATE TRIGGER merchants_are_told_of_returns AFTER INSERT ON public.returns FOR EACH ROW EXECUTE FUNCTION tell_merchant_of_return();

CREATE TRIGGER returns_step_lawfully BEFORE UPDATE ON public.returns FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND (NOT return_may_step(old.status, new.status)))) EXECUTE FUNCTION refuse_return_step();

CREATE TRIGGER returns_tell_sales AFTER UPDATE ON public.returns FOR EACH ROW WHEN (((old.status <> 'RECEIVED'::return_status) AND (new.status = 'RECEIVED'::return_status))) EXECUTE FUNCTION note_return_arrived();

CREATE TRIGGER review_images_are_counted AFTER DELETE OR UPDATE OF is_ready ON public.review_images FOR EACH ROW EXECUTE FUNCTION count_review_images();

CREATE TRIGGER review_votes_are_counted AFTER INSERT OR DELETE ON public.review_votes FOR EACH ROW EXECUTE FUNCTION note_vote_change();

CREATE TRIGGER review_votes_are_counted_anew AFTER UPDATE ON public.review_votes FOR EACH ROW WHEN ((old.is_helpful <> new.is_helpful)) EXECUTE FUNCTION note_vote_change();

CREATE TRIGGER reviews_are_counted AFTER INSERT ON public.reviews FOR EACH ROW WHEN ((new.status = 'PUBLISHED'::review_status)) EXECUTE FUNCTION note_rating_change();

CREATE TRIGGER reviews_are_counted_anew AFTER UPDATE ON public.reviews FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) OR (old.stars IS DISTINCT FROM new.stars) OR (old.is_verified IS DISTINCT FROM new.is_verified))) EXECUTE FUNCTION note_rating_change();

CREATE TRIGGER reviews_count_no_more AFTER DELETE ON public.reviews FOR EACH ROW WHEN ((old.status = 'PUBLISHED'::review_status)) EXECUTE FUNCTION note_rating_change();

CREATE TRIGGER settlements_keep_what_they_say BEFORE DELETE OR UPDATE ON public.settlements FOR EACH ROW EXECUTE FUNCTION refuse_settlement_change();

CREATE TRIGGER merchants_are_told_of_parcels AFTER UPDATE OF status ON public.shipments FOR EACH ROW WHEN (((new.status <> old.status) AND (new.status = ANY (ARRAY['SHIPPED'::shipment_status, 'DELIVERED'::shipment_status])))) EXECUTE FUNCTION tell_merchant_of_parcel();

CREATE TRIGGER shipments_step_lawfully BEFORE UPDATE ON public.shipments FOR EACH ROW WHEN (((old.status IS DISTINCT FROM new.status) AND (NOT shipment_may_step(old.status, new.status)))) EXECUTE FUNCTION refuse_shipment_step();

CREATE TRIGGER merchants_are_told_of_stock AFTER INSERT ON public.stock_alerts FOR EACH ROW EXECUTE FUNCTION tell_merchant_of_stock();

CREATE TRIGGER search_changed_variants AFTER UPDATE ON public.variants REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER search_gone_variants AFTER DELETE ON public.variants REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER search_new_variants AFTER INSERT ON public.variants REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_search_changes();

CREATE TRIGGER variants_changed AFTER UPDATE ON public.variants REFERENCING OLD TABLE AS changed_before NEW TABLE AS changed_after FOR EACH STATEMENT EXECUTE FUNCTION follow_variants();

CREATE TRIGGER variants_made AFTER INSERT ON public.variants REFERENCING NEW TABLE AS changed_after FOR EACH STATEMENT EXECUTE FUNCTION follow_variants();

CREATE TRIGGER variants_removed AFTER DELETE ON public.variants REFERENCING OLD TABLE AS changed_before FOR EACH STATEMENT EXECUTE FUNCTION follow_variants();

CREATE TRIGGER search_changed_warehouses AFTER UPDATE ON public.warehouses FOR EACH ROW WHEN ((old.is_active IS DISTINCT FROM new.is_active)) EXECUTE FUNCTION note_search_warehouse();

-- Comments

comment on column addresses.area is 'State, province or county.';

comment on column api_keys.prefix is 'How the key begins, to be recognised by its owner.';

comment on column api_keys.hash is 'SHA-256 of the key, of which 256 bits are random; the key itself is told once and never kept.';

comment on column api_keys.used_at is 'About when it was used last, to the hour: no call waits for a row to be written.';

comment on table audit_log is 'Every privileged act. Ids only, nothing personal: a journal cannot be erased from.';

comment on table carts is 'Of accounts; those of guests live in Redis alone. A change is here before it is answered.';

comment on column carts.version is 'Grows with every change, and never begins anew: a cart that was deleted and made again goes on above it.';

comment on column carts.line_count is 'Without what is put aside for later.';

comment on table checkouts is 'The order that comes of it has its id.';

comment on column checkouts.body is 'Lines, address, shipping and amounts as they were shown; store-api/checkout knows its form.';

comment on table cohorts is 'Of those who bought first in one month, how many bought again in another; the nil uuid is all of the store.';

comment on table commissions is 'What the store keeps of a sale: 100 is 1 %. Without a merchant it is everybody''s who has none of their own.';

comment on table demand_days is 'A day is written anew as a whole, so counting it twice changes nothing. Days without demand have no row.';

comment on column demand_days.day is 'The day in UTC on which the order was placed.';

comment on column demand_days.units is 'Of orders of the store that were confirmed, called off later or not.';

comment on column demand_days.drop_units is 'The same of drops.';

comment on column demand_days.unmet_units is 'What shoppers of drops asked for and did not get, as far as it can be told.';

comment on column demand_progress.counted_until is 'All days before it are counted for good.';

comment on column demand_progress.forecast_on is 'The day for which everything was last forecast.';

comment on table demand_sums is 'Of the last weeks, written anew each night: what allocations are proposed from where an article has no past of its own.';

comment on column demand_sums.category_id is 'Null for the whole shop.';

comment on table draw_chunks is 'The public list of entrants and places, sorted by entrant; contracts/draw/chunk.ts knows its form.';

comment on table draw_seeds is 'Secret until the draw: only the worker that draws reads the seed. What is public stands in draws.';

comment on column draws.root is 'Merkle root of the entrants, told before the draw is computed.';

comment on column draws.entrant_roots is 'Roots of the chunks of the list of entrants, 32 bytes each: with one chunk they prove an entrant.';

comment on table drop_allocations is 'What the merchant gave to each region. What regions passed on to each other since is not written here.';

comment on function drop_figure_months(before_month date) is 'Forgets whole months before the given one and says how many that were.';

comment on table drop_refusals is 'Units that shoppers asked for where none were left, each time they asked: kept when Redis forgets the drop.';

comment on table drop_stock is 'units − shipped − returned is the part of inventory.reserved that is promised to the drop.';

comment on column drop_stock.packed is 'Units that are in parcels, on their way or not yet. What can still be packed, or given back to the shelf, is units − packed − returned.';

comment on column drops.revision is 'Grows with each change: a reader never replaces a newer definition by an older one.';

comment on column drops.draw_commit is 'Hash of the seed of the draw, published before the lobby opens.';

comment on column drops.published_revision is 'The newest revision that the edges and regions are known to have; the drops worker sees to it.';

comment on column drops.settled_at is 'When what was not sold went back to the shelves.';

comment on column drops.waiting_regions is 'Regions that do not have the newest revision yet because they cannot be reached.';

comment on column drops.trouble is 'Why the drop cannot be published or settled, in words; null when nothing is in the way.';

comment on column drops.sold_out_at is 'When all of it was sold: nothing was held any more that could have come back.';

comment on table exchange_rates is 'Only to show prices: nothing is charged by them. A rate is valid until the next of its currency begins.';

comment on column exchange_rates.per_reference is 'What one unit of the reference currency is in this one.';

comment on table feature_flags is 'What the operator has switched; a flag without a row is auto: on, and off while the store is overloaded.';

comment on table figure_offsets is 'How far a partition is counted, moved on in the transaction of its sums: what is delivered again adds nothing.';

comment on table figure_shoppers is 'How many different shoppers came so far: HyperLogLog, from which nobody can be read. The nil uuid is the store.';

comment on table figures is 'What does not apply is the nil uuid or an empty text, so that all of it is one key.';

comment on column figures.at is 'The minute that an event happened in, whenever it arrived; of the grain article the hour.';

comment on column figures.grain is 'An order of two merchants is one event of the grain all and one of each of the two. Never added over grains.';

comment on table figures_counted is 'Events of orders and money that are in the sums, for as long as they may come again.';

comment on column forecasts.region is 'Null for all regions together.';

comment on column forecasts.deviation is 'Of the sum of all days up to this one: what safety stock is made of.';

comment on table fraud_models is 'Made by npm run fraud -- train. Without an active one the rules judge alone.';

comment on column fraud_models.model is 'Weights, means and deviations of the features, and the points that a probability gives: commerce/fraud/model.ts.';

comment on column fraud_models.report is 'What it was measured to be on orders later than those that it has learnt from.';

comment on column idempotency_keys.fingerprint is 'Hash of the request: the same key with other content is refused.';

comment on column idempotency_keys.response is 'The first answer; null while the first request is under way.';

comment on table inventory is 'A change tells itself as inventory.updated; `set local dropgate.reason` says why.';

comment on column inventory.reserved is 'The part of on_hand that is promised to somebody: held for an order, or given to a drop.';

comment on column inventory_movements.quantity is 'What on_hand changed by: above zero came in, below zero went out.';

comment on column inventory_movements.transfer_id is 'The same in the two rows of one transfer.';

comment on table ledger_accounts is 'A wallet for each shopper and currency; of each currency what was sold, what came in from outside (funding), through a provider (clearing) and as cash.';

comment on column ledger_accounts.balance_minor is 'What came in less what went out. Accounts that money comes from are below zero: −balance of clearing is what the provider owes or has paid out.';

comment on column ledger_accounts.shard is 'The shop''s own accounts are eight of a kind, and who books takes that of its session: one row of all sales would be waited for (docs/PAYMENTS.md).';

comment on column ledger_transfers.id is 'The id of what caused it, a payment or a refund: the same cause moves money once.';

comment on function make_figure_months(from_month date, months integer) is 'Makes what is missing of the given months and says how many that were.';

comment on function make_month_partitions(from_month date, months integer) is 'Makes what is missing of the given months and says how many partitions that were.';

comment on table merchant_events is 'What happened to a merchant, as their systems are told it; only what one of their endpoints wanted. Ids, no names or addresses.';

comment on column merchant_events.source_id is 'The event it comes from: the same one that comes again is known by it.';

comment on table merchant_ratings is 'Published reviews of what the merchant sells, of those only who bought it.';

comment on table merchants is 'Who asked to sell here. The role of their account is what lets them.';

comment on column merchants.note is 'Why they were declined or suspended, for them to read.';

comment on table notices is 'Mails that the mail server has taken, by the event that asked for them: the same event is mailed once.';

comment on table object_removals is 'What the object store has to forget; written in the transaction that forgets its row.';

comment on table order_addresses is 'Where an order goes, a copy. Apart from orders, so that it can be erased.';

comment on column order_addresses.email is 'Where a guest is told of the order.';

comment on table order_items is 'A copy of the product and its price as they were when the order was placed; the currency is the order''s.';

comment on column order_items.merchant_id is 'Who sells it. Null on orders of a drop: its merchant sells all of it.';

comment on column order_items.discount_minor is 'The part of the order''s discount that belongs to this line; null is none.';

comment on column order_items.tax_minor is 'The part of the order''s tax that belongs to this line; null where tax is inside the price.';

comment on column order_reviews.signals is 'Which signals gave which points: [{"signal": …, "points": …}].';

comment on column order_reviews.facts is 'What was known when it was judged: figures and words, no name and no address. Training reads it again.';

comment on column order_reviews.model is 'What the model said: {"version", "probability", "points", "contributions": [{"feature", "value", "weight"}], "others"}.';

comment on column order_status_history.status is 'The state that this step led to; the one before is in the row before.';

comment on column order_status_history.actor is 'Who did it: the name of a worker, or a role and an id.';

comment on column orders.id is 'A UUIDv7. The order of a drop has the id of its claim.';

comment on column orders.step is 'How many steps the order has made; the number of its latest row in order_status_history.';

comment on column orders.placed_at is 'When the shopper was told that the order is theirs; created_at is when this row was written.';

comment on column orders.claim_key is 'The idempotency key of the claim; the shopper and the key name the claim in its region.';

comment on column orders.risk_score is 'Fraud score, by commerce/fraud: above 40 it is reviewed, above 70 blocked.';

comment on column payment_methods.provider_token is 'The provider''s name for a card. The number of a card is never here.';

comment on table payments is 'One row an attempt; its id is the idempotency key towards the provider, so a repeated try is the same try.';

comment on column payments.id is 'The first attempt has the id of its order, later ones a UUIDv7 of their own.';

comment on column payments.status is 'SURPLUS: the provider took the money although another attempt had already paid the order. To be refunded.';

comment on column payments.kind is 'Null for as long as the shopper has not said how to pay.';

comment on column payments.method_token is 'The provider''s name for the card, as it was when the shopper chose it.';

comment on column payments.action_url is 'Where the shopper has to confirm the payment (3-D Secure), while the provider waits for it.';

comment on column payments.due_at is 'When the payments worker has to look at this payment (again); null when there is nothing to do. It is also the lease of who looks at it now: whoever dies gives it back by the clock.';

comment on table payouts is 'Closed periods, numbered without a gap. Below zero: more went back than was sold.';

comment on column preferences.order_push is 'Only who has subscribed a browser gets any.';

comment on table price_history is 'A row whenever the price of a variant is set or changes. It outlives a variant that is removed.';

comment on column price_suggestions.price_minor is 'The price that it was made for: with another one it is stale.';

comment on table privacy_requests is 'Of accounts, and of guests by the id of their orders; so user_id refers to nothing.';

comment on column privacy_requests.asked_by is 'The person, or who of the support did it for them; null for who runs the store, by the command.';

comment on column privacy_requests.due_at is 'When the privacy worker has to look at it; also the lease of who works on it now.';

comment on column privacy_requests.receipt is 'Of an erasure: which step touched how many rows. Counts only, nothing personal.';

comment on column privacy_requests.expires_at is 'Until when the file of an export is kept.';

comment on table product_ratings is 'Published reviews by stars; verified is how many of them are of who bought it.';

comment on column product_signals.rating_hundredths is 'The mean of the ratings, 100 to 500; 0 where nobody has rated.';

comment on column products.version is 'Grows with every change of the product, its variants and translations; the ETag of HTTP begins with it.';

comment on column products.language is 'Of title and description; others are in product_translations.';

comment on column products.published_at is 'When it was first active. From then on orders may know it: it is archived, never removed.';

comment on column products.lowest_price_minor is 'Of the variants that are sold, kept by a trigger: a list is sorted by it.';

comment on column products.is_withheld is 'On sale but for the suspension of its merchant: a draft until they are reinstated.';

comment on column promotion_codes.hash is 'SHA-256 of the code, which is told once, to who had it made.';

comment on column promotion_codes.ending is 'Its last characters, to speak about it.';

comment on column promotion_redemptions.reference is 'The checkout or order that it belongs to.';

comment on column promotion_redemptions.counted_total is 'Whether it is in promotions.used, and counted_user whether in promotion_uses: what is given back.';

comment on column promotions.merchant_id is 'Whose goods it is for; null for all of the shop.';

comment on column promotions.used is 'Uses that count against total_limit; not counted without one, so that no row is written by every checkout.';

comment on table provider_refs is 'Each reference of a provider belongs to one payment. Kept by a trigger of payments; webhooks find their payment here.';

comment on column push_deliveries.until_at is 'After that nobody wants to hear of it any more.';

comment on table push_subscriptions is 'Browsers that a person wants to be told in. The address is of their push service.';

comment on table recommendation_clicks is 'Kept for as long as an order can come of them.';

comment on table recommendation_events is 'Those that were counted: Kafka may bring one again. Their ids begin with their time.';

comment on column recommendation_experiments.arms is 'Names, shares in percent and weights; the first is the control. They do not change once it runs.';

comment on table recommendation_exposures is 'By shopper, as the arms are given by shopper: what one of them does twice is not two results.';

comment on table recommendation_forgotten is 'Who is in no model from now on. The id belongs to nobody any more.';

comment on table recommendation_models is 'One row a training. Which model is served is said by Redis; the row says what the trainer knows of it.';

comment on column recommendation_models.left_out is 'Interactions beyond what one model may have: the oldest ones.';

comment on column recommendation_models.loss is 'What the last iteration came to: it only falls.';

comment on table recommendation_orders is 'Paid orders, each looked at once, a little later: what was clicked before may arrive after.';

comment on column recommendation_outcomes.shown is 'Lists shown; of one shopper no more than a bounded number.';

comment on column recommendation_outcomes.ordered is 'Orders with a product that was shown or clicked in the day before.';

comment on column recommendation_revenue.revenue_minor is 'Of the lines with such a product, after discounts.';

comment on column refresh_tokens.hash is 'SHA-256 of the token; the token itself is known to its owner only.';

comment on column refresh_tokens.parent is 'Whose exchange made it.';

comment on column refresh_tokens.repeats is 'How often it was exchanged again within the grace.';

comment on column reorder_settings.sku is 'Null for all that has none of its own.';

comment on column reorder_settings.review_days is 'How often the merchant orders: an order lasts that much longer than its lead time.';

comment on column reservations.order_id is 'Of the checkout, and of the order that comes of it: they have the same id.';

comment on column return_items.warehouse_id is 'Where it arrived.';

comment on column return_items.restocked is 'How much of it can be sold again.';

comment on column returns.note is 'What the shop answered.';

comment on column returns.refund_minor is 'What is given back when it has arrived, fixed when it was asked for.';

comment on column returns.merchant_id is 'Who sold all of what comes back, and may decide; null where several did, and the support decides.';

comment on column review_flags.settled_at is 'When a moderator decided about the review: it counts no longer.';

comment on table review_images is 'The bytes are in the object store, named by the id and the size.';

comment on column review_images.digest is 'SHA-256 of what was sent: sent again, it is the same image.';

comment on table review_strikes is 'A row whenever a review was rejected: it outlives the review, which its author may delete.';

comment on column review_strikes.is_rejection is 'False of one that its author took back while it waited: nobody said that it was bad.';

comment on column reviews.is_verified is 'An order of the author with this product has arrived.';

comment on column reviews.spam_signals is 'Which rules gave which points: [{"signal": …, "points": …}].';

comment on column reviews.text_hash is 'SHA-256 of the text without case, spaces and signs: the same text elsewhere has the same.';

comment on column reviews.queued_at is 'Since when it waits for a moderator. What was flagged waits too, and is shown meanwhile.';

comment on column reviews.note is 'Why it was rejected, for its author to read.';

comment on table risk_flags is 'What support or another system knows of a shopper, such as suspicious-device. Guests have flags too.';

comment on column risk_flags.reason is 'Why, in figures: "7 accounts on one device within a day". Empty for one that somebody wrote by hand.';

comment on column risk_flags.expires_at is 'From when on it counts no more; null for one that lasts until it is taken away.';

comment on column search_products.tier is 'Products by quality, the best first: a search that finds many looks no further than it must.';

comment on column search_products.attributes is 'As name=value.';

comment on column search_products.document is 'The words, and beside them what can be filtered by: lexemes that begin with "=", which no text has.';

comment on column search_synonyms.terms is 'Folded: small letters without accents. Each finds what the others find.';

comment on table segment_rules is 'The newest row counts; commerce/segments knows its form and what counts without one.';

comment on table segment_runs is 'When shoppers were last grouped: who begins a night writes it down, so that no other process does the same.';

comment on column sessions.client is 'The User-Agent of the sign-in, to be recognised by its owner.';

comment on table settlement_progress is 'All transfers before it are settled, but for those whose transaction is still open: they are looked for again.';

comment on table settlements is 'The part of each merchant in each transfer of the money ledger; together they are the transfer. Without a merchant it is the store''s own.';

comment on column settlements.fee_minor is 'What the store keeps of it; of a refund what it gives back.';

comment on table shipment_events is 'What the carrier told, or what the merchant did. The same told twice is one row.';

comment on column shipments.told_delivered_at is 'When its carrier says that it arrived: a hint, which the fulfilment worker acts on.';

comment on column shipments.closed_at is 'When the time to return it was over and its order was looked at for the last time.';

comment on function shop_account(wanted ledger_account_kind, money text, through text) is 'The account of the shop of this kind for this session, made when it is first asked for.';

comment on table shopper_segments is 'Of everybody who has bought, by their purchases with one merchant; the nil uuid is all of the store.';

comment on column shopper_segments.spent_minor is 'In the reference currency, by the rates of the night it was computed.';

comment on table sold_changes is 'Orders that were confirmed, cancelled or delivered, and returns that arrived: what was sold, and by whom bought, changes.';

comment on table stock_alerts is 'Open for as long as there is too little. One of a kind for each sku.';

comment on function tell_merchant(merchant uuid, kind text, source uuid, happened timestamp with time zone, data jsonb) is 'In the transaction of what happened: one delivery for each endpoint of the merchant that wants this kind. The same source comes once.';

comment on column user_identities.subject is 'What the provider calls this person, always the same. Mail addresses change hands, so nobody is known by one.';

comment on column user_identities.email is 'As the provider told it last, to be recognised by its owner.';

comment on column users.password_at is 'When the password was changed last; null for one that never was.';

comment on column users.email_proven_at is 'When a provider whose word counts said that the address is its owner''s. Null: nobody ever checked.';

comment on column variants.title is 'What sets the variant apart, for example "Black, 42"; empty when a product has only one.';

comment on column variants.archived_at is 'No longer sold. Its row stays, as orders and stock name its SKU.';

comment on column variants.low_stock_at is 'The merchant is told when no more than this is left over all warehouses; 0 tells only of the last unit.';

comment on table warehouses is 'Latitude and longitude serve the choice of the nearest one.';

comment on column warehouses.merchant_id is 'Whose it is; null where all merchants keep their goods.';

comment on column warehouses.is_active is 'Nothing new is promised from one that is not.';

comment on column webhook_deliveries.lease_until is 'Somebody sends it until then; who dies meanwhile leaves it to the next.';

comment on table webhook_endpoints is 'Where a merchant''s systems are told what happens. Secrets are not kept: they are made from OUTGOING_SECRET, the id and secret_version.';

comment on column webhook_endpoints.failures is 'Tries that failed since the last one that did not.';

comment on column webhook_endpoints.rest_until is 'While it fails it is asked now and then, not by every delivery that is due.';

comment on table webhook_events is 'What providers told, once each. A hint to look, never a truth: the state is asked of the provider.';
