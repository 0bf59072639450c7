-- Orders, what belongs to them, and their months. Why an order has the id of its claim, why there is no second unique
-- index and no default partition: docs/decisions/0002-an-order-carries-its-claims-id.md.
-- No foreign keys from the other three tables to orders either: one of them costs 38 us a row, because a partitioned
-- table is checked by a query for each row. The one statement that writes an order writes all of its rows.

create type order_source as enum ('drop', 'store');
create type order_status as enum (
  'PENDING', 'REVIEW', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED',
  'CANCELLED', 'REFUND_PENDING', 'REFUNDED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED'
);
create type payment_status as enum ('PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELLED', 'SURPLUS');

create table orders (
  id uuid primary key,
  source order_source not null,
  drop_id uuid,
  region region_code,
  -- No foreign key: a guest is known by a token alone and has no row in users.
  shopper_id uuid not null,
  status order_status not null default 'PENDING',
  step smallint not null default 0,
  currency currency_code not null,
  items_minor money_minor not null,
  discount_minor money_minor not null default 0,
  tax_minor money_minor not null default 0,
  shipping_minor money_minor not null default 0,
  total_minor money_minor not null,
  placed_at timestamptz not null,
  hold_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint total_adds_up check (total_minor = items_minor - discount_minor + tax_minor + shipping_minor),
  constraint source_fits check (
    (source = 'drop') = (drop_id is not null) and (source = 'drop') = (region is not null)
  )
) partition by range (id);
comment on column orders.id is 'A UUIDv7. The order of a drop has the id of its claim.';
comment on column orders.step is 'How many steps the order has made; the number of its latest row in order_status_history.';
comment on column orders.placed_at is 'When the shopper was told that the order is theirs; created_at is when this row was written.';
create index orders_of_shopper on orders (shopper_id, id);
create index orders_of_drop on orders (drop_id) where drop_id is not null;

create table order_items (
  order_id uuid not null,
  line smallint not null check (line >= 1),
  sku sku_code not null,
  title text not null check (length(title) between 1 and 200),
  attributes jsonb not null default '{}',
  quantity integer not null check (quantity >= 1),
  unit_price_minor money_minor not null,
  primary key (order_id, line)
) partition by range (order_id);
comment on table order_items is 'A copy of the product and its price as they were when the order was placed; the currency is the order''s.';

create table order_status_history (
  order_id uuid not null,
  step smallint not null,
  status order_status not null,
  reason text not null default '' check (length(reason) <= 200),
  actor text not null check (length(actor) between 1 and 100),
  at timestamptz not null,
  primary key (order_id, step)
) partition by range (order_id);
comment on column order_status_history.status is 'The state that this step led to; the one before is in the row before.';
comment on column order_status_history.actor is 'Who did it: the name of a worker, or a role and an id.';

create table payments (
  order_id uuid not null,
  id uuid not null,
  status payment_status not null default 'PENDING',
  provider text check (length(provider) between 1 and 40),
  provider_ref text check (length(provider_ref) between 1 and 255),
  currency currency_code not null,
  amount_minor money_minor not null,
  refunded_minor money_minor not null default 0,
  failure text check (length(failure) <= 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  captured_at timestamptz,
  primary key (order_id, id),
  constraint refunds_stay_within check (refunded_minor <= amount_minor),
  constraint only_what_was_taken_is_refunded check (refunded_minor = 0 or captured_at is not null),
  constraint captured_says_when check ((status in ('CAPTURED', 'SURPLUS')) = (captured_at is not null)),
  constraint provider_ref_names_provider check (provider_ref is null or provider is not null)
) partition by range (order_id);
comment on table payments is 'One row an attempt; its id is the idempotency key towards the provider, so a repeated try is the same try.';
comment on column payments.id is 'The first attempt has the id of its order, later ones a UUIDv7 of their own.';
comment on column payments.status is 'SURPLUS: the provider took the money although another attempt had already paid the order. To be refunded.';
create unique index one_captured_payment on payments (order_id) where status = 'CAPTURED';
-- A first attempt is found by the primary key, because its id says its order; so this index costs the intake nothing.
create index payments_of_later_attempts on payments (id) where id <> order_id;

-- A unique index on payments would have to hold the order id as well and so allow one reference for two orders.
create table provider_refs (
  provider text not null,
  provider_ref text not null,
  order_id uuid not null,
  payment_id uuid not null,
  primary key (provider, provider_ref)
);
comment on table provider_refs is 'Each reference of a provider belongs to one payment. Kept by a trigger of payments; webhooks find their payment here.';
create index provider_refs_of_payment on provider_refs (order_id, payment_id);

create function keep_provider_ref() returns trigger
language plpgsql
as $$
begin
  insert into provider_refs (provider, provider_ref, order_id, payment_id)
  values (new.provider, new.provider_ref, new.order_id, new.id);
  return null;
end
$$;
create trigger payments_keep_first_ref after insert on payments
  for each row when (new.provider_ref is not null) execute function keep_provider_ref();
create trigger payments_keep_later_ref after update on payments
  for each row when (
    new.provider_ref is not null
    and (new.provider, new.provider_ref) is distinct from (old.provider, old.provider_ref)
  ) execute function keep_provider_ref();

-- The table of steps; its twin for the code is commerce/orders/states.ts, and a test compares the two.
create function order_may_step(before order_status, after order_status) returns boolean
language sql immutable strict parallel safe
return case before
  when 'PENDING' then after in ('CONFIRMED', 'REVIEW', 'CANCELLED')
  when 'REVIEW' then after in ('CONFIRMED', 'CANCELLED')
  when 'CONFIRMED' then after in ('PROCESSING', 'CANCELLED')
  when 'PROCESSING' then after = 'SHIPPED'
  when 'SHIPPED' then after = 'DELIVERED'
  when 'DELIVERED' then after in ('COMPLETED', 'RETURN_REQUESTED')
  when 'CANCELLED' then after = 'REFUND_PENDING'
  when 'REFUND_PENDING' then after = 'REFUNDED'
  when 'RETURN_REQUESTED' then after = 'RETURN_APPROVED'
  when 'RETURN_APPROVED' then after = 'RETURN_RECEIVED'
  when 'RETURN_RECEIVED' then after = 'REFUNDED'
  else false
end;

create function apply_order_step() returns trigger
language plpgsql
as $$
begin
  if not order_may_step(old.status, new.status) then
    raise exception 'an order may not step from % to %', old.status, new.status
      using errcode = 'ODS01', detail = format('Order %s.', old.id), constraint = 'order_may_step', table = 'orders';
  end if;
  new.step := old.step + 1;
  return new;
end
$$;
create trigger orders_step_lawfully before update on orders
  for each row when (old.status is distinct from new.status) execute function apply_order_step();

create function refuse_order_start() returns trigger
language plpgsql
as $$
begin
  raise exception 'an order starts as PENDING at step 0, not as % at step %', new.status, new.step
    using errcode = 'ODS02', detail = format('Order %s.', new.id), constraint = 'order_may_step', table = 'orders';
end
$$;
create trigger orders_start_pending before insert on orders
  for each row when (new.status <> 'PENDING' or new.step <> 0) execute function refuse_order_start();

-- The month of a row is the time inside the id of its order: the first 48 bits are epoch milliseconds.
create function first_id_of_month(month date) returns uuid
language sql immutable strict parallel safe
return (
  lpad(to_hex((extract(epoch from date_trunc('month', month::timestamp)) * 1000)::bigint), 12, '0') || repeat('0', 20)
)::uuid;

create function make_month_partitions(from_month date, months integer) returns integer
language plpgsql
as $$
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
      execute format('create table %I (like %I including defaults including constraints)', child, parent);
      execute format(
        'alter table %I attach partition %I for values from (%L) to (%L)',
        parent, child, first_id_of_month(month), first_id_of_month((month + interval '1 month')::date)
      );
      made := made + 1;
    end loop;
  end loop;
  return made;
end
$$;
comment on function make_month_partitions is 'Makes what is missing of the given months and says how many partitions that were.';

select make_month_partitions((now() at time zone 'utc' - interval '1 month')::date, 14);
