-- What was asked for by day, what is expected of it, and what follows for shelves and prices.

create table demand_days (
  sku sku_code not null,
  region region_code not null,
  day date not null,
  units integer not null default 0 check (units >= 0),
  drop_units integer not null default 0 check (drop_units >= 0),
  unmet_units integer not null default 0 check (unmet_units >= 0),
  primary key (sku, region, day)
);
comment on table demand_days is
  'A day is written anew as a whole, so counting it twice changes nothing. Days without demand have no row.';
comment on column demand_days.day is 'The day in UTC on which the order was placed.';
comment on column demand_days.units is 'Of orders of the store that were confirmed, called off later or not.';
comment on column demand_days.drop_units is 'The same of drops.';
comment on column demand_days.unmet_units is 'What shoppers of drops asked for and did not get, as far as it can be told.';
create index demand_days_of_day on demand_days (day);

create table drop_refusals (
  drop_id uuid not null references drops on delete cascade,
  region region_code not null,
  sku sku_code not null,
  units integer not null check (units >= 0),
  updated_at timestamptz not null default now(),
  primary key (drop_id, region, sku)
);
comment on table drop_refusals is
  'Units that shoppers asked for where none were left, each time they asked: kept when Redis forgets the drop.';

create table demand_sums (
  category_id uuid references categories on delete cascade,
  region region_code not null,
  units bigint not null check (units >= 0),
  drop_units bigint not null check (drop_units >= 0),
  unmet_units bigint not null check (unmet_units >= 0),
  constraint demand_of_category_and_region unique nulls not distinct (category_id, region)
);
comment on table demand_sums is
  'Of the last weeks, written anew each night: what allocations are proposed from where an article has no past of its own.';
comment on column demand_sums.category_id is 'Null for the whole shop.';

create table demand_progress (
  id boolean primary key default true check (id),
  counted_until date not null,
  forecast_on date,
  suggested_on date
);
comment on column demand_progress.counted_until is 'All days before it are counted for good.';
comment on column demand_progress.forecast_on is 'The day for which everything was last forecast.';

create table forecasts (
  sku sku_code not null references variants (sku) on delete cascade,
  region region_code,
  model text not null check (model in ('holt-winters', 'smoothing', 'croston', 'tsb', 'category', 'none')),
  parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
  from_day date not null,
  mean real[] not null,
  low real[] not null,
  high real[] not null,
  deviation real[] not null,
  coverage real not null check (coverage > 0 and coverage < 1),
  days_seen integer not null check (days_seen >= 0),
  units_seen bigint not null check (units_seen >= 0),
  made_at timestamptz not null,
  constraint forecast_of_sku_and_region unique nulls not distinct (sku, region),
  constraint a_figure_for_each_day check (
    cardinality(mean) >= 1 and cardinality(mean) <= 366 and cardinality(low) = cardinality(mean)
    and cardinality(high) = cardinality(mean) and cardinality(deviation) = cardinality(mean)
  )
);
comment on column forecasts.region is 'Null for all regions together.';
comment on column forecasts.deviation is 'Of the sum of all days up to this one: what safety stock is made of.';

create table reorder_settings (
  merchant_id uuid not null references users on delete cascade,
  sku sku_code references variants (sku) on delete cascade,
  lead_days integer not null check (lead_days between 1 and 180),
  review_days integer not null check (review_days between 1 and 90),
  service_level real not null check (service_level >= 0.5 and service_level <= 0.999),
  pack_units integer not null default 1 check (pack_units between 1 and 1000000),
  updated_at timestamptz not null default now(),
  constraint settings_of_merchant_and_sku unique nulls not distinct (merchant_id, sku)
);
comment on column reorder_settings.sku is 'Null for all that has none of its own.';
comment on column reorder_settings.review_days is 'How often the merchant orders: an order lasts that much longer than its lead time.';

create table price_bounds (
  sku sku_code primary key references variants (sku) on delete cascade,
  floor_minor money_minor not null,
  ceiling_minor money_minor not null,
  cost_minor money_minor,
  currency currency_code not null,
  updated_at timestamptz not null default now(),
  constraint floor_below_ceiling check (floor_minor <= ceiling_minor),
  constraint floor_covers_cost check (cost_minor is null or floor_minor >= cost_minor)
);

create type price_suggestion_state as enum ('open', 'accepted', 'dismissed', 'superseded');

create table price_suggestions (
  id uuid primary key,
  sku sku_code not null references variants (sku) on delete cascade,
  state price_suggestion_state not null default 'open',
  price_minor money_minor not null,
  suggested_minor money_minor not null,
  floor_minor money_minor not null,
  ceiling_minor money_minor not null,
  currency currency_code not null,
  why jsonb not null check (jsonb_typeof(why) = 'object'),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  decided_at timestamptz,
  constraint within_floor_and_ceiling check (suggested_minor between floor_minor and ceiling_minor),
  constraint decided_says_when check ((state = 'open') = (decided_at is null)),
  constraint expires_after_it_was_made check (expires_at > made_at)
);
comment on column price_suggestions.price_minor is 'The price that it was made for: with another one it is stale.';
create unique index price_suggestions_open on price_suggestions (sku) where state = 'open';
create index price_suggestions_of_sku on price_suggestions (sku, made_at);
