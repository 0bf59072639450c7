create table warehouses (
  id uuid primary key,
  code slug not null unique,
  name text not null check (length(name) between 1 and 200),
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  created_at timestamptz not null default now()
);
comment on table warehouses is 'Latitude and longitude serve the choice of the nearest one.';

create table inventory (
  sku sku_code not null references variants (sku),
  warehouse_id uuid not null references warehouses (id),
  on_hand integer not null default 0 check (on_hand >= 0),
  reserved integer not null default 0 check (reserved >= 0),
  updated_at timestamptz not null default now(),
  primary key (sku, warehouse_id),
  constraint reserved_is_on_hand check (reserved <= on_hand)
);
comment on column inventory.reserved is 'The part of on_hand that is promised to somebody: held for an order, or given to a drop.';
create index inventory_of_warehouse on inventory (warehouse_id);

create type movement_kind as enum ('in', 'out', 'transfer', 'adjust');

create table inventory_movements (
  id uuid primary key,
  sku sku_code not null,
  warehouse_id uuid not null,
  kind movement_kind not null,
  quantity integer not null check (quantity <> 0),
  reason text not null check (length(reason) between 1 and 200),
  transfer_id uuid,
  order_id uuid,
  drop_id uuid,
  actor_id uuid,
  at timestamptz not null default now(),
  foreign key (sku, warehouse_id) references inventory (sku, warehouse_id),
  constraint direction_fits_kind check (
    (kind <> 'in' or quantity > 0) and (kind <> 'out' or quantity < 0)
  ),
  constraint transfer_names_its_pair check ((kind = 'transfer') = (transfer_id is not null))
);
comment on column inventory_movements.quantity is 'What on_hand changed by: above zero came in, below zero went out.';
comment on column inventory_movements.transfer_id is 'The same in the two rows of one transfer.';
create index movements_of_stock on inventory_movements (sku, warehouse_id, id);
create trigger inventory_movements_only_grow before update or delete or truncate on inventory_movements
  for each statement execute function refuse_change();
