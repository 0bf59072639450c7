create type drop_mode as enum ('lottery', 'fifo');
create type drop_state as enum ('draft', 'scheduled', 'paused', 'ended');
create type drop_challenge as enum ('off', 'auto', 'always');

-- Whether a drop is in its lobby or live follows from its state and the clock; nothing has to be written at that moment.
create table drops (
  id uuid primary key,
  merchant_id uuid not null references users (id),
  revision integer not null default 1 check (revision >= 1),
  title text not null check (length(title) between 1 and 200),
  currency currency_code not null,
  mode drop_mode not null,
  state drop_state not null default 'draft',
  lobby_opens_at timestamptz not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  per_shopper_limit integer not null check (per_shopper_limit >= 1),
  hold_seconds integer not null check (hold_seconds >= 1),
  pass_seconds integer not null check (pass_seconds >= 1),
  admissions_per_second integer not null check (admissions_per_second >= 1),
  max_active_passes integer not null check (max_active_passes >= 1),
  lanes jsonb not null check (jsonb_typeof(lanes) = 'array' and jsonb_array_length(lanes) >= 1),
  challenge drop_challenge not null default 'auto',
  draw_commit char(64) check (draw_commit ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint times_in_order check (lobby_opens_at <= starts_at and starts_at < ends_at),
  constraint only_a_lottery_commits check (draw_commit is null or mode = 'lottery')
);
comment on column drops.revision is 'Grows with each change: a reader never replaces a newer definition by an older one.';
comment on column drops.draw_commit is 'Hash of the seed of the draw, published before the lobby opens.';
create index drops_of_merchant on drops (merchant_id, id);
create index open_drops on drops (ends_at) where state in ('scheduled', 'paused');

create table drop_skus (
  drop_id uuid not null references drops (id),
  sku sku_code not null references variants (sku),
  title text not null check (length(title) between 1 and 200),
  price_minor money_minor not null,
  position integer not null,
  primary key (drop_id, sku)
);
create index drops_of_sku on drop_skus (sku);

create table drop_allocations (
  drop_id uuid not null,
  sku sku_code not null,
  region region_code not null,
  units integer not null check (units >= 0),
  primary key (drop_id, sku, region),
  foreign key (drop_id, sku) references drop_skus (drop_id, sku)
);
comment on table drop_allocations is 'What the merchant gave to each region. What regions passed on to each other since is not written here.';
