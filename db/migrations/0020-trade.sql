-- The trade: who sells, what a checkout sets aside, parcels and what comes back, and what a drop draws from the shelves.

-- Merchants.

create type merchant_status as enum ('applied', 'active', 'declined', 'suspended');

create table merchants (
  user_id uuid primary key references users (id),
  name text not null check (length(name) between 1 and 200),
  legal_name text not null check (length(legal_name) between 1 and 200),
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  tax_number text not null default '' check (length(tax_number) <= 40),
  contact_email citext not null check (length(contact_email) between 3 and 254),
  line1 text not null default '' check (length(line1) <= 200),
  postal_code text not null default '' check (length(postal_code) <= 20),
  city text not null default '' check (length(city) <= 200),
  status merchant_status not null default 'applied',
  applied_at timestamptz not null default now(),
  decided_at timestamptz,
  decided_by uuid,
  note text not null default '' check (length(note) <= 500),
  updated_at timestamptz not null default now(),
  constraint decided_says_when check ((status = 'applied') = (decided_at is null))
);
comment on table merchants is 'Who asked to sell here. The role of their account is what lets them.';
comment on column merchants.note is 'Why they were declined or suspended, for them to read.';
create index merchants_by_status on merchants (status, user_id);

insert into merchants (user_id, name, legal_name, country, contact_email, status, decided_at)
select id, coalesce(nullif(name, ''), email::text), coalesce(nullif(name, ''), email::text), 'US', email, 'active', now()
from users where role = 'merchant' and email is not null;

-- Shelves.

alter table warehouses
  add column merchant_id uuid references users (id),
  add column is_active boolean not null default true;
comment on column warehouses.merchant_id is 'Whose it is; null where all merchants keep their goods.';
comment on column warehouses.is_active is 'Nothing new is promised from one that is not.';

alter table variants add column low_stock_at integer not null default 0 check (low_stock_at between 0 and 1000000);
comment on column variants.low_stock_at is 'The merchant is told when no more than this is left over all warehouses; 0 tells only of the last unit.';

create type stock_alert_kind as enum ('low', 'sold-out');

create table stock_alerts (
  id uuid primary key,
  sku sku_code not null references variants (sku) on delete cascade,
  kind stock_alert_kind not null,
  available integer not null check (available >= 0),
  opened_at timestamptz not null default now(),
  told_at timestamptz,
  closed_at timestamptz
);
comment on table stock_alerts is 'Open for as long as there is too little. One of a kind for each sku.';
create unique index one_open_alert on stock_alerts (sku, kind) where closed_at is null;
create index stock_alerts_of_sku on stock_alerts (sku, id);

alter table inventory_movements alter column id set default uuidv7();
create index movements_of_order on inventory_movements (order_id) where order_id is not null;

-- Checkouts: what a shopper is about to buy, at the prices they were shown, with its units set aside.

create type checkout_status as enum ('OPEN', 'PLACED', 'CANCELLED', 'EXPIRED');

create table checkouts (
  id uuid primary key,
  shopper_id uuid not null,
  is_guest boolean not null,
  tier text check (length(tier) <= 40),
  status checkout_status not null default 'OPEN',
  currency currency_code not null,
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table checkouts is 'The order that comes of it has its id.';
comment on column checkouts.body is 'Lines, address, shipping and amounts as they were shown; store-api/checkout knows its form.';
create unique index one_open_checkout on checkouts (shopper_id) where status = 'OPEN';
create index checkouts_due on checkouts (expires_at) where status = 'OPEN';

-- A reservation is made by a checkout, before there is an order.
alter table reservations drop constraint reservations_order_id_fkey;
comment on column reservations.order_id is 'Of the checkout, and of the order that comes of it: they have the same id.';
alter table reservations add column line smallint not null default 1 check (line >= 1);
alter table reservations alter column id set default uuidv7();
create unique index one_reservation_a_place on reservations (order_id, line, warehouse_id);

-- What an order of the store needs beyond what one of a drop has.

alter table orders add column is_guest boolean, add column shipping_option text check (length(shipping_option) <= 40);
alter table order_items
  add column merchant_id uuid,
  add column product_id uuid,
  add column discount_minor money_minor,
  add column tax_minor money_minor;
comment on column order_items.merchant_id is 'Who sells it. Null on orders of a drop: its merchant sells all of it.';
comment on column order_items.discount_minor is 'The part of the order''s discount that belongs to this line; null is none.';
comment on column order_items.tax_minor is 'The part of the order''s tax that belongs to this line; null where tax is inside the price.';

create table order_addresses (
  order_id uuid primary key,
  recipient text not null check (length(recipient) between 1 and 200),
  line1 text not null check (length(line1) between 1 and 200),
  line2 text not null default '' check (length(line2) <= 200),
  city text not null check (length(city) between 1 and 200),
  area text not null default '' check (length(area) <= 200),
  postal_code text not null default '' check (length(postal_code) <= 20),
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  phone text not null default '' check (length(phone) <= 40),
  email citext check (length(email) between 3 and 254),
  updated_at timestamptz not null default now()
);
comment on table order_addresses is 'Where an order goes, a copy. Apart from orders, so that it can be erased.';
comment on column order_addresses.email is 'Where a guest is told of the order.';

-- Parcels: one for each merchant and warehouse of an order.

create type shipment_status as enum ('PENDING', 'SHIPPED', 'DELIVERED', 'CANCELLED');

create table shipments (
  id uuid primary key,
  order_id uuid not null,
  number smallint not null check (number >= 1),
  merchant_id uuid not null references users (id),
  warehouse_id uuid not null references warehouses (id),
  status shipment_status not null default 'PENDING',
  carrier text check (length(carrier) between 1 and 40),
  service text check (length(service) between 1 and 40),
  tracking_code text check (length(tracking_code) between 1 and 64),
  created_at timestamptz not null default now(),
  shipped_at timestamptz,
  delivered_at timestamptz,
  unique (order_id, number),
  constraint who_carries_it_is_known check (
    (carrier is null) = (tracking_code is null) and (status not in ('SHIPPED', 'DELIVERED') or carrier is not null)
  ),
  constraint times_fit_the_status check (
    (status in ('SHIPPED', 'DELIVERED')) = (shipped_at is not null) and (status = 'DELIVERED') = (delivered_at is not null)
  )
);
create index shipments_of_merchant on shipments (merchant_id, id);
create index shipments_on_their_way on shipments (shipped_at) where status = 'SHIPPED';
create unique index one_parcel_a_tracking_code on shipments (carrier, tracking_code) where carrier is not null;

create table shipment_items (
  shipment_id uuid not null references shipments (id),
  line smallint not null check (line >= 1),
  sku sku_code not null,
  quantity integer not null check (quantity >= 1),
  primary key (shipment_id, line)
);

create table shipment_events (
  shipment_id uuid not null references shipments (id),
  at timestamptz not null,
  code text not null check (length(code) between 1 and 40),
  place text not null default '' check (length(place) <= 200),
  primary key (shipment_id, at, code)
);
comment on table shipment_events is 'What the carrier told, or what the merchant did. The same told twice is one row.';

create function shipment_may_step(before shipment_status, after shipment_status) returns boolean
language sql immutable strict parallel safe
return case before
  when 'PENDING' then after in ('SHIPPED', 'CANCELLED')
  when 'SHIPPED' then after = 'DELIVERED'
  else false
end;

create function refuse_shipment_step() returns trigger
language plpgsql
as $$
begin
  raise exception 'a parcel may not step from % to %', old.status, new.status
    using errcode = 'ODS03', detail = format('Parcel %s.', old.id), table = 'shipments';
end
$$;
create trigger shipments_step_lawfully before update on shipments
  for each row when (old.status is distinct from new.status and not shipment_may_step(old.status, new.status))
  execute function refuse_shipment_step();

-- Returns.

create type return_status as enum ('REQUESTED', 'APPROVED', 'DECLINED', 'RECEIVED', 'REFUNDED');

create table returns (
  id uuid primary key,
  order_id uuid not null,
  status return_status not null default 'REQUESTED',
  reason text not null check (length(reason) between 1 and 500),
  note text not null default '' check (length(note) <= 500),
  refund_minor money_minor not null,
  refund_id uuid references refunds (id),
  requested_at timestamptz not null default now(),
  decided_at timestamptz,
  received_at timestamptz,
  refunded_at timestamptz,
  constraint received_before_refunded check (refunded_at is null or received_at is not null)
);
comment on column returns.refund_minor is 'What is given back when it has arrived, fixed when it was asked for.';
comment on column returns.note is 'What the shop answered.';
create unique index one_open_return on returns (order_id) where status in ('REQUESTED', 'APPROVED', 'RECEIVED');
create index returns_of_order on returns (order_id, id);

create table return_items (
  return_id uuid not null references returns (id),
  line smallint not null check (line >= 1),
  sku sku_code not null,
  quantity integer not null check (quantity >= 1),
  amount_minor money_minor not null,
  warehouse_id uuid references warehouses (id),
  restocked integer not null default 0 check (restocked between 0 and quantity),
  primary key (return_id, line)
);
comment on column return_items.warehouse_id is 'Where it arrived.';
comment on column return_items.restocked is 'How much of it can be sold again.';

create function return_may_step(before return_status, after return_status) returns boolean
language sql immutable strict parallel safe
return case before
  when 'REQUESTED' then after in ('APPROVED', 'DECLINED')
  when 'APPROVED' then after = 'RECEIVED'
  when 'RECEIVED' then after = 'REFUNDED'
  else false
end;

create function refuse_return_step() returns trigger
language plpgsql
as $$
begin
  raise exception 'a return may not step from % to %', old.status, new.status
    using errcode = 'ODS04', detail = format('Return %s.', old.id), table = 'returns';
end
$$;
create trigger returns_step_lawfully before update on returns
  for each row when (old.status is distinct from new.status and not return_may_step(old.status, new.status))
  execute function refuse_return_step();

-- Invoices: numbered without a gap, by year.

create table invoice_numbers (
  year smallint primary key,
  last integer not null check (last >= 0)
);

create table invoices (
  order_id uuid primary key,
  number text not null unique check (number ~ '^[0-9]{4}-[0-9]+$'),
  issued_at timestamptz not null default now()
);
create trigger invoices_only_grow before update or delete or truncate on invoices
  for each statement execute function refuse_change();

-- What a drop draws from the shelves when it is scheduled, and gives back at its end.

create table drop_stock (
  drop_id uuid not null,
  sku sku_code not null,
  warehouse_id uuid not null,
  units integer not null check (units >= 1),
  shipped integer not null default 0 check (shipped >= 0),
  returned integer not null default 0 check (returned >= 0),
  primary key (drop_id, sku, warehouse_id),
  foreign key (drop_id, sku) references drop_skus (drop_id, sku),
  foreign key (sku, warehouse_id) references inventory (sku, warehouse_id),
  constraint no_more_than_was_drawn check (shipped + returned <= units)
);
comment on table drop_stock is 'units − shipped − returned is the part of inventory.reserved that is promised to the drop.';

alter table drops
  add column published_revision integer not null default 0 check (published_revision >= 0),
  add column settled_at timestamptz;
comment on column drops.published_revision is 'The newest revision that the edges and regions are known to have; the drops worker sees to it.';
comment on column drops.settled_at is 'When what was not sold went back to the shelves.';
create index drops_to_publish on drops (id) where state <> 'draft' and published_revision < revision;
create index drops_to_settle on drops (id) where state = 'ended' and settled_at is null;

-- Switches of the operator.

create type flag_state as enum ('on', 'off', 'auto');

create table feature_flags (
  name text primary key check (name ~ '^[a-z][a-z-]{0,39}$'),
  state flag_state not null,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
comment on table feature_flags is 'What the operator has switched; a flag without a row is auto: on, and off while the store is overloaded.';

-- A return that is declined leaves the order where it was (docs/decisions/0008-a-declined-return.md).
create or replace function order_may_step(before order_status, after order_status) returns boolean
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
  when 'RETURN_REQUESTED' then after in ('RETURN_APPROVED', 'DELIVERED')
  when 'RETURN_APPROVED' then after = 'RETURN_RECEIVED'
  when 'RETURN_RECEIVED' then after = 'REFUNDED'
  else false
end;
