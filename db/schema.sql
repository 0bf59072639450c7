-- The schema as all migrations together make it. Written by `npm run migrate -- --dump`, compared by a test; never edited.
-- The month partitions of orders and of what belongs to them are left out: make_month_partitions makes them.

set check_function_bodies = false;

-- Extensions

create extension if not exists citext;

-- Kinds of values

create domain currency_code as character(3) constraint currency_code_check CHECK ((VALUE ~ '^[A-Z]{3}$'::text));

create domain money_minor as bigint constraint money_minor_check CHECK ((VALUE >= 0));

create domain region_code as text constraint region_code_check CHECK (((VALUE ~ '^[a-z][a-z0-9-]*[a-z0-9]$'::text) AND (length(VALUE) <= 32)));

create domain sku_code as text constraint sku_code_check CHECK (((VALUE ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'::text) AND (length(VALUE) <= 64)));

create domain slug as text constraint slug_check CHECK (((VALUE ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(VALUE) <= 200)));

create type drop_challenge as enum ('off', 'auto', 'always');

create type drop_mode as enum ('lottery', 'fifo');

create type drop_state as enum ('draft', 'scheduled', 'paused', 'ended');

create type ledger_account_kind as enum ('wallet', 'sales', 'funding');

create type ledger_transfer_kind as enum ('payment', 'refund', 'top-up', 'withdrawal');

create type movement_kind as enum ('in', 'out', 'transfer', 'adjust');

create type order_source as enum ('drop', 'store');

create type order_status as enum ('PENDING', 'REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'CANCELLED', 'REFUND_PENDING', 'REFUNDED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED');

create type payment_kind as enum ('card', 'wallet', 'cod');

create type payment_status as enum ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELLED', 'SURPLUS');

create type product_status as enum ('draft', 'active', 'archived');

create type refund_status as enum ('PENDING', 'DONE', 'REFUSED');

create type reservation_status as enum ('HELD', 'SOLD', 'RELEASED');

create type review_decision as enum ('approved', 'rejected');

create type user_role as enum ('shopper', 'merchant', 'admin', 'support');

create type user_status as enum ('active', 'blocked', 'erased');

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

CREATE OR REPLACE FUNCTION public.first_id_of_month(month date)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((lpad(to_hex(((EXTRACT(epoch FROM date_trunc('month'::text, (month)::timestamp without time zone)) * (1000)::numeric))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;

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

CREATE OR REPLACE FUNCTION public.order_may_step(before order_status, after order_status)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE before WHEN 'PENDING'::order_status THEN (after = ANY (ARRAY['CONFIRMED'::order_status, 'REVIEW'::order_status, 'CANCELLED'::order_status])) WHEN 'REVIEW'::order_status THEN (after = ANY (ARRAY['CONFIRMED'::order_status, 'CANCELLED'::order_status])) WHEN 'CONFIRMED'::order_status THEN (after = ANY (ARRAY['PROCESSING'::order_status, 'CANCELLED'::order_status])) WHEN 'PROCESSING'::order_status THEN (after = 'SHIPPED'::order_status) WHEN 'SHIPPED'::order_status THEN (after = 'DELIVERED'::order_status) WHEN 'DELIVERED'::order_status THEN (after = ANY (ARRAY['COMPLETED'::order_status, 'RETURN_REQUESTED'::order_status])) WHEN 'CANCELLED'::order_status THEN (after = 'REFUND_PENDING'::order_status) WHEN 'REFUND_PENDING'::order_status THEN (after = 'REFUNDED'::order_status) WHEN 'RETURN_REQUESTED'::order_status THEN (after = 'RETURN_APPROVED'::order_status) WHEN 'RETURN_APPROVED'::order_status THEN (after = 'RETURN_RECEIVED'::order_status) WHEN 'RETURN_RECEIVED'::order_status THEN (after = 'REFUNDED'::order_status) ELSE false END;

CREATE OR REPLACE FUNCTION public.post_ledger_entries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  unbalanced uuid;
begin
  select transfer_id into unbalanced from ledger_entries
  where transfer_id in (select transfer_id from posted)
  group by transfer_id having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'transfer % does not add up to nothing', unbalanced using errcode = 'ODL01';
  end if;
  -- In the order of the ids, so that two batches with the same accounts meet one another in turn.
  perform from ledger_accounts where id in (select account_id from posted) order by id for update;
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
  constraint drops_revision_check CHECK ((revision >= 1)),
  constraint drops_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200))),
  constraint only_a_lottery_commits CHECK (((draw_commit IS NULL) OR (mode = 'lottery'::drop_mode))),
  constraint times_in_order CHECK (((lobby_opens_at <= starts_at) AND (starts_at < ends_at)))
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
  id uuid not null,
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

create table ledger_accounts (
  id uuid not null,
  kind ledger_account_kind not null,
  owner_id uuid,
  currency currency_code not null,
  balance_minor bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  constraint ledger_accounts_pkey PRIMARY KEY (id),
  constraint ledger_accounts_kind_owner_id_currency_key UNIQUE NULLS NOT DISTINCT (kind, owner_id, currency),
  constraint a_wallet_has_an_owner CHECK (((kind = 'wallet'::ledger_account_kind) = (owner_id IS NOT NULL))),
  constraint a_wallet_is_never_overdrawn CHECK (((kind <> 'wallet'::ledger_account_kind) OR (balance_minor >= 0)))
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

create table notices (
  event_id uuid not null,
  user_id uuid not null,
  template text not null,
  sent_at timestamp with time zone default now() not null,
  constraint notices_pkey PRIMARY KEY (event_id),
  constraint notices_template_check CHECK (((length(template) >= 1) AND (length(template) <= 64)))
);

create table order_items (
  order_id uuid not null,
  line smallint not null,
  sku sku_code not null,
  title text not null,
  attributes jsonb default '{}'::jsonb not null,
  quantity integer not null,
  unit_price_minor money_minor not null,
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
  constraint order_reviews_pkey PRIMARY KEY (order_id),
  constraint decided_whole_or_not_at_all CHECK ((num_nulls(decision, decided_by, decided_at) = ANY (ARRAY[0, 3]))),
  constraint order_reviews_decided_by_check CHECK (((length(decided_by) >= 1) AND (length(decided_by) <= 100))),
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
  constraint orders_pkey PRIMARY KEY (id),
  constraint orders_claim_key_check CHECK (((claim_key ~ '^[A-Za-z0-9._:-]+$'::text) AND (length(claim_key) <= 64))),
  constraint orders_risk_score_check CHECK ((risk_score >= 0)),
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

create table preferences (
  user_id uuid not null,
  language text default 'en'::text not null,
  currency currency_code,
  order_mails boolean default true not null,
  reminder_mails boolean default true not null,
  updated_at timestamp with time zone default now() not null,
  constraint preferences_pkey PRIMARY KEY (user_id),
  constraint preferences_language_check CHECK ((language ~ '^[a-z]{2}(-[A-Z]{2})?$'::text))
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
  constraint products_pkey PRIMARY KEY (id),
  constraint products_slug_key UNIQUE (slug),
  constraint products_description_check CHECK ((length(description) <= 20000)),
  constraint products_images_check CHECK ((jsonb_typeof(images) = 'array'::text)),
  constraint products_specifications_check CHECK ((jsonb_typeof(specifications) = 'object'::text)),
  constraint products_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);

create table provider_refs (
  provider text not null,
  provider_ref text not null,
  order_id uuid not null,
  payment_id uuid not null,
  constraint provider_refs_pkey PRIMARY KEY (provider, provider_ref)
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

create table replayed_letters (
  topic text not null,
  partition integer not null,
  letter_offset bigint not null,
  replayed_at timestamp with time zone default now() not null,
  constraint replayed_letters_pkey PRIMARY KEY (topic, partition, letter_offset)
);

create table reservations (
  id uuid not null,
  order_id uuid not null,
  sku sku_code not null,
  warehouse_id uuid not null,
  quantity integer not null,
  status reservation_status default 'HELD'::reservation_status not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint reservations_pkey PRIMARY KEY (id),
  constraint ended_says_when CHECK (((status = 'HELD'::reservation_status) = (ended_at IS NULL))),
  constraint reservations_quantity_check CHECK ((quantity >= 1))
);

create table risk_flags (
  user_id uuid not null,
  flag text not null,
  at timestamp with time zone default now() not null,
  constraint risk_flags_pkey PRIMARY KEY (user_id, flag),
  constraint risk_flags_flag_check CHECK ((flag ~ '^[a-z][a-z-]{0,39}$'::text))
);

create table schema_migrations (
  version integer not null,
  name text not null,
  checksum character(64) not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (version)
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
  constraint variants_pkey PRIMARY KEY (id),
  constraint variants_sku_key UNIQUE (sku),
  constraint variants_attributes_check CHECK ((jsonb_typeof(attributes) = 'object'::text)),
  constraint variants_title_check CHECK ((length(title) <= 200))
);

create table warehouses (
  id uuid not null,
  code slug not null,
  name text not null,
  country character(2) not null,
  latitude double precision not null,
  longitude double precision not null,
  created_at timestamp with time zone default now() not null,
  constraint warehouses_pkey PRIMARY KEY (id),
  constraint warehouses_code_key UNIQUE (code),
  constraint warehouses_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
  constraint warehouses_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint warehouses_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint warehouses_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
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

-- Foreign keys

alter table addresses add constraint addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table categories add constraint categories_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES categories(id);

alter table draw_chunks add constraint draw_chunks_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES draws(drop_id);

alter table draw_seeds add constraint draw_seeds_drop_id_commit_fkey FOREIGN KEY (drop_id, commit) REFERENCES drops(id, draw_commit);

alter table draws add constraint draws_drop_id_commit_fkey FOREIGN KEY (drop_id, commit) REFERENCES drops(id, draw_commit);

alter table drop_allocations add constraint drop_allocations_drop_id_sku_fkey FOREIGN KEY (drop_id, sku) REFERENCES drop_skus(drop_id, sku);

alter table drop_reminders add constraint drop_reminders_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES drops(id) ON DELETE CASCADE;

alter table drop_reminders add constraint drop_reminders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table drop_skus add constraint drop_skus_drop_id_fkey FOREIGN KEY (drop_id) REFERENCES drops(id);

alter table drop_skus add constraint drop_skus_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku);

alter table drops add constraint drops_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table inventory add constraint inventory_sku_fkey FOREIGN KEY (sku) REFERENCES variants(sku);

alter table inventory add constraint inventory_warehouse_id_fkey FOREIGN KEY (warehouse_id) REFERENCES warehouses(id);

alter table inventory_movements add constraint inventory_movements_sku_warehouse_id_fkey FOREIGN KEY (sku, warehouse_id) REFERENCES inventory(sku, warehouse_id);

alter table ledger_entries add constraint ledger_entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES ledger_accounts(id);

alter table ledger_entries add constraint ledger_entries_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES ledger_transfers(id);

alter table payment_methods add constraint payment_methods_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table preferences add constraint preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

alter table products add constraint products_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES brands(id);

alter table products add constraint products_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories(id);

alter table products add constraint products_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES users(id);

alter table refunds add constraint refunds_order_id_payment_id_fkey FOREIGN KEY (order_id, payment_id) REFERENCES payments(order_id, id);

alter table reservations add constraint reservations_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id);

alter table reservations add constraint reservations_sku_warehouse_id_fkey FOREIGN KEY (sku, warehouse_id) REFERENCES inventory(sku, warehouse_id);

alter table variants add constraint variants_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id);

-- Indexes

CREATE INDEX addresses_of_user ON public.addresses USING btree (user_id);

CREATE UNIQUE INDEX one_default_address ON public.addresses USING btree (user_id) WHERE is_default;

CREATE INDEX audit_log_of_actor ON public.audit_log USING btree (actor_id, id) WHERE (actor_id IS NOT NULL);

CREATE INDEX audit_log_of_subject ON public.audit_log USING btree (subject_kind, subject_id, id);

CREATE INDEX categories_of_parent ON public.categories USING btree (parent_id);

CREATE INDEX drop_reminders_to_tell ON public.drop_reminders USING btree (drop_id) WHERE (told_at IS NULL);

CREATE INDEX drops_of_sku ON public.drop_skus USING btree (sku);

CREATE INDEX drops_of_merchant ON public.drops USING btree (merchant_id, id);

CREATE INDEX open_drops ON public.drops USING btree (ends_at) WHERE (state = ANY (ARRAY['scheduled'::drop_state, 'paused'::drop_state]));

CREATE INDEX idempotency_keys_due ON public.idempotency_keys USING btree (expires_at);

CREATE INDEX inventory_of_warehouse ON public.inventory USING btree (warehouse_id);

CREATE INDEX movements_of_stock ON public.inventory_movements USING btree (sku, warehouse_id, id);

CREATE INDEX ledger_entries_of_account ON public.ledger_entries USING btree (account_id);

CREATE INDEX ledger_transfers_of_order ON public.ledger_transfers USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX notices_by_age ON public.notices USING btree (sent_at);

CREATE INDEX order_reviews_open ON public.order_reviews USING btree (opened_at) WHERE (decision IS NULL);

CREATE INDEX orders_of_drop ON public.orders USING btree (drop_id) WHERE (drop_id IS NOT NULL);

CREATE INDEX orders_of_shopper ON public.orders USING btree (shopper_id, id);

CREATE UNIQUE INDEX one_default_payment_method ON public.payment_methods USING btree (user_id) WHERE is_default;

CREATE INDEX payment_methods_of_user ON public.payment_methods USING btree (user_id);

CREATE UNIQUE INDEX one_captured_payment ON public.payments USING btree (order_id) WHERE (status = 'CAPTURED'::payment_status);

CREATE INDEX payments_due ON public.payments USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX payments_of_later_attempts ON public.payments USING btree (id) WHERE (id <> order_id);

CREATE INDEX products_of_brand ON public.products USING btree (brand_id, id) WHERE (brand_id IS NOT NULL);

CREATE INDEX products_of_category ON public.products USING btree (category_id, id);

CREATE INDEX products_of_merchant ON public.products USING btree (merchant_id, id);

CREATE INDEX provider_refs_of_payment ON public.provider_refs USING btree (order_id, payment_id);

CREATE INDEX refunds_due ON public.refunds USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX refunds_nobody_does ON public.refunds USING btree (created_at) WHERE ((status = 'PENDING'::refund_status) AND (due_at IS NULL));

CREATE INDEX refunds_of_payment ON public.refunds USING btree (order_id, payment_id);

CREATE INDEX reservations_due ON public.reservations USING btree (expires_at) WHERE (status = 'HELD'::reservation_status);

CREATE INDEX reservations_of_order ON public.reservations USING btree (order_id);

CREATE INDEX variants_of_product ON public.variants USING btree (product_id, "position");

CREATE INDEX webhook_events_by_age ON public.webhook_events USING btree (received_at);

-- Triggers

CREATE TRIGGER audit_log_only_grows BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER categories_stay_a_tree BEFORE INSERT OR UPDATE OF parent_id ON public.categories FOR EACH ROW WHEN ((new.parent_id IS NOT NULL)) EXECUTE FUNCTION refuse_category_circle();

CREATE TRIGGER draw_chunks_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.draw_chunks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER draw_seeds_stay BEFORE DELETE OR UPDATE ON public.draw_seeds FOR EACH ROW EXECUTE FUNCTION keep_draw_seed();

CREATE TRIGGER draws_stay BEFORE DELETE OR UPDATE ON public.draws FOR EACH ROW EXECUTE FUNCTION keep_draw();

CREATE TRIGGER drops_keep_their_commit BEFORE UPDATE ON public.drops FOR EACH ROW EXECUTE FUNCTION keep_commit();

CREATE TRIGGER inventory_tells AFTER UPDATE ON public.inventory FOR EACH ROW WHEN (((old.on_hand IS DISTINCT FROM new.on_hand) OR (old.reserved IS DISTINCT FROM new.reserved))) EXECUTE FUNCTION tell_inventory();

CREATE TRIGGER inventory_movements_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.inventory_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_are_posted AFTER INSERT ON public.ledger_entries REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION post_ledger_entries();

CREATE TRIGGER ledger_entries_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_transfers_only_grow BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER orders_start_pending BEFORE INSERT ON public.orders FOR EACH ROW WHEN (((new.status <> 'PENDING'::order_status) OR (new.step <> 0))) EXECUTE FUNCTION refuse_order_start();

CREATE TRIGGER orders_step_lawfully BEFORE UPDATE ON public.orders FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION apply_order_step();

CREATE TRIGGER payments_keep_first_ref AFTER INSERT ON public.payments FOR EACH ROW WHEN ((new.provider_ref IS NOT NULL)) EXECUTE FUNCTION keep_provider_ref();

CREATE TRIGGER payments_keep_later_ref AFTER UPDATE ON public.payments FOR EACH ROW WHEN (((new.provider_ref IS NOT NULL) AND ((new.provider IS DISTINCT FROM old.provider) OR (new.provider_ref IS DISTINCT FROM old.provider_ref)))) EXECUTE FUNCTION keep_provider_ref();

-- Comments

comment on column addresses.area is 'State, province or county.';

comment on table audit_log is 'Every privileged act. Ids only, nothing personal: a journal cannot be erased from.';

comment on table draw_chunks is 'The public list of entrants and places, sorted by entrant; contracts/draw/chunk.ts knows its form.';

comment on table draw_seeds is 'Secret until the draw: only the worker that draws reads the seed. What is public stands in draws.';

comment on column draws.root is 'Merkle root of the entrants, told before the draw is computed.';

comment on column draws.entrant_roots is 'Roots of the chunks of the list of entrants, 32 bytes each: with one chunk they prove an entrant.';

comment on table drop_allocations is 'What the merchant gave to each region. What regions passed on to each other since is not written here.';

comment on column drops.revision is 'Grows with each change: a reader never replaces a newer definition by an older one.';

comment on column drops.draw_commit is 'Hash of the seed of the draw, published before the lobby opens.';

comment on column idempotency_keys.fingerprint is 'Hash of the request: the same key with other content is refused.';

comment on column idempotency_keys.response is 'The first answer; null while the first request is under way.';

comment on table inventory is 'A change tells itself as inventory.updated; `set local dropgate.reason` says why.';

comment on column inventory.reserved is 'The part of on_hand that is promised to somebody: held for an order, or given to a drop.';

comment on column inventory_movements.quantity is 'What on_hand changed by: above zero came in, below zero went out.';

comment on column inventory_movements.transfer_id is 'The same in the two rows of one transfer.';

comment on table ledger_accounts is 'A wallet for each shopper and currency; of each currency one account of what was sold and one of what came in from outside.';

comment on column ledger_transfers.id is 'The id of what caused it, a payment or a refund: the same cause moves money once.';

comment on function make_month_partitions(from_month date, months integer) is 'Makes what is missing of the given months and says how many partitions that were.';

comment on table notices is 'Mails that the mail server has taken, by the event that asked for them: the same event is mailed once.';

comment on table order_items is 'A copy of the product and its price as they were when the order was placed; the currency is the order''s.';

comment on column order_reviews.signals is 'Which signals gave which points: [{"signal": …, "points": …}].';

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

comment on table provider_refs is 'Each reference of a provider belongs to one payment. Kept by a trigger of payments; webhooks find their payment here.';

comment on table risk_flags is 'What support or another system knows of a shopper, such as suspicious-device. Guests have flags too.';

comment on column variants.title is 'What sets the variant apart, for example "Black, 42"; empty when a product has only one.';

comment on table warehouses is 'Latitude and longitude serve the choice of the nearest one.';

comment on table webhook_events is 'What providers told, once each. A hint to look, never a truth: the state is asked of the provider.';
