-- What merchants' systems are told, and notices by web push.

create table webhook_endpoints (
  id uuid primary key,
  merchant_id uuid not null references users (id),
  url text not null check (length(url) between 8 and 2000),
  description text not null default '' check (length(description) <= 200),
  events text[] not null check (cardinality(events) between 1 and 100),
  is_enabled boolean not null default true,
  disabled_why text check (disabled_why in ('merchant', 'failing')),
  secret_version integer not null default 1 check (secret_version >= 1),
  previous_secret_until timestamptz,
  failures integer not null default 0 check (failures >= 0),
  failing_since timestamptz,
  rest_until timestamptz,
  last_success_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint a_disabled_one_says_why check (is_enabled = (disabled_why is null)),
  constraint failing_says_since_when check ((failures = 0) = (failing_since is null))
);
comment on table webhook_endpoints is
  'Where a merchant''s systems are told what happens. Secrets are not kept: they are made from OUTGOING_SECRET, the id and secret_version.';
comment on column webhook_endpoints.rest_until is 'While it fails it is asked now and then, not by every delivery that is due.';
comment on column webhook_endpoints.failures is 'Tries that failed since the last one that did not.';
create index webhook_endpoints_of_merchant on webhook_endpoints (merchant_id, id);
-- A call that was made twice makes no second one.
create unique index webhook_endpoints_url on webhook_endpoints (merchant_id, md5(url));

create table merchant_events (
  id uuid primary key default uuidv7(),
  merchant_id uuid not null,
  source_id uuid not null,
  type text not null check (length(type) between 1 and 40),
  at timestamptz not null,
  body text not null check (octet_length(body) <= 65536),
  constraint merchant_events_once unique (source_id, merchant_id, type)
);
comment on table merchant_events is
  'What happened to a merchant, as their systems are told it; only what one of their endpoints wanted. Ids, no names or addresses.';
comment on column merchant_events.source_id is 'The event it comes from: the same one that comes again is known by it.';

create type webhook_delivery_state as enum ('waiting', 'delivered', 'dead');
create table webhook_deliveries (
  id uuid primary key default uuidv7(),
  endpoint_id uuid not null references webhook_endpoints (id) on delete cascade,
  event_id uuid not null references merchant_events (id) on delete cascade,
  state webhook_delivery_state not null default 'waiting',
  tries smallint not null default 0 check (tries >= 0),
  due_at timestamptz not null default now(),
  lease_until timestamptz,
  ended_at timestamptz,
  last_try_at timestamptz,
  last_status smallint,
  last_error text check (length(last_error) <= 200),
  last_answer text check (length(last_answer) <= 4096),
  constraint webhook_deliveries_once unique (endpoint_id, event_id),
  constraint an_ended_one_says_when check ((state = 'waiting') = (ended_at is null))
) with (autovacuum_vacuum_scale_factor = 0.02);
comment on column webhook_deliveries.lease_until is 'Somebody sends it until then; who dies meanwhile leaves it to the next.';
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, due_at) where state = 'waiting';
create index webhook_deliveries_under_way on webhook_deliveries (endpoint_id, lease_until)
  where state = 'waiting' and lease_until is not null;
create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint_id, id);
create index webhook_deliveries_dead on webhook_deliveries (endpoint_id, id) where state = 'dead';
create index webhook_deliveries_of_event on webhook_deliveries (event_id);

create function tell_merchant(merchant uuid, kind text, source uuid, happened timestamptz, data jsonb) returns void
language sql
as $$
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
$$;
comment on function tell_merchant(uuid, text, uuid, timestamptz, jsonb) is
  'In the transaction of what happened: one delivery for each endpoint of the merchant that wants this kind. The same source comes once.';

create function tell_merchant_of_parcel() returns trigger
language plpgsql
as $$
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
$$;
create trigger merchants_are_told_of_parcels after update of status on shipments for each row
  when (new.status <> old.status and new.status in ('SHIPPED', 'DELIVERED')) execute function tell_merchant_of_parcel();

create function tell_merchant_of_return() returns trigger
language plpgsql
as $$
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
$$;
create trigger merchants_are_told_of_returns after insert on returns for each row
  execute function tell_merchant_of_return();
create trigger merchants_are_told_how_returns_go after update of status on returns for each row
  when (new.status <> old.status) execute function tell_merchant_of_return();

create function tell_merchant_of_stock() returns trigger
language plpgsql
as $$
begin
  perform tell_merchant(
    p.merchant_id, 'stock.' || new.kind::text, new.id, clock_timestamp(),
    jsonb_build_object('sku', new.sku, 'productId', p.id, 'available', new.available)
  )
  from variants v join products p on p.id = v.product_id where v.sku = new.sku;
  return null;
end
$$;
create trigger merchants_are_told_of_stock after insert on stock_alerts for each row
  execute function tell_merchant_of_stock();

alter table drops add column sold_out_at timestamptz;
comment on column drops.sold_out_at is 'When all of it was sold: nothing was held any more that could have come back.';

create function tell_merchant_of_drop() returns trigger
language plpgsql
as $$
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
$$;
create trigger merchants_are_told_of_drops after update of state, settled_at, sold_out_at on drops for each row
  when (
    new.state <> old.state
    or (new.settled_at is not null and old.settled_at is null)
    or (new.sold_out_at is not null and old.sold_out_at is null)
  ) execute function tell_merchant_of_drop();

create function tell_merchant_of_payout() returns trigger
language plpgsql
as $$
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
$$;
create trigger merchants_are_told_of_payouts after insert on payouts for each row
  execute function tell_merchant_of_payout();

-- Notices by web push.

alter table preferences
  add column order_push boolean not null default true,
  add column reminder_push boolean not null default true;
comment on column preferences.order_push is 'Only who has subscribed a browser gets any.';

create table push_subscriptions (
  id uuid primary key,
  user_id uuid not null references users (id),
  endpoint text not null check (length(endpoint) between 8 and 2000),
  p256dh text not null check (length(p256dh) between 80 and 100),
  auth text not null check (length(auth) between 20 and 32),
  label text not null default '' check (length(label) <= 100),
  created_at timestamptz not null default now(),
  last_success_at timestamptz
);
comment on table push_subscriptions is 'Browsers that a person wants to be told in. The address is of their push service.';
create unique index push_subscriptions_endpoint on push_subscriptions (md5(endpoint));
create index push_subscriptions_of_user on push_subscriptions (user_id, id);

create type push_state as enum ('waiting', 'sent', 'dead');
create table push_deliveries (
  event_id uuid not null,
  subscription_id uuid not null references push_subscriptions (id) on delete cascade,
  template text not null check (length(template) between 1 and 64),
  body text not null check (octet_length(body) <= 4096),
  state push_state not null default 'waiting',
  tries smallint not null default 0 check (tries >= 0),
  due_at timestamptz not null default now(),
  until_at timestamptz not null,
  lease_until timestamptz,
  last_error text check (length(last_error) <= 200),
  primary key (event_id, subscription_id)
) with (autovacuum_vacuum_scale_factor = 0.02);
comment on column push_deliveries.until_at is 'After that nobody wants to hear of it any more.';
create index push_deliveries_due on push_deliveries (due_at) where state = 'waiting';
create index push_deliveries_of_subscription on push_deliveries (subscription_id);
create index push_deliveries_old on push_deliveries (until_at);

create index drop_reminders_of_user on drop_reminders (user_id);
