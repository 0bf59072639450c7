create type reservation_status as enum ('HELD', 'SOLD', 'RELEASED');

-- What a checkout of the store holds for a quarter of an hour. The holds of drops live in Redis.
create table reservations (
  id uuid primary key,
  order_id uuid not null references orders (id),
  sku sku_code not null,
  warehouse_id uuid not null,
  quantity integer not null check (quantity >= 1),
  status reservation_status not null default 'HELD',
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  foreign key (sku, warehouse_id) references inventory (sku, warehouse_id),
  constraint ended_says_when check ((status = 'HELD') = (ended_at is null))
);
create index reservations_of_order on reservations (order_id);
create index reservations_due on reservations (expires_at) where status = 'HELD';
