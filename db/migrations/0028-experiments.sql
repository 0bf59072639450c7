-- Which way of recommending sells more: experiments, and what came of each of their arms.

create type experiment_state as enum ('draft', 'running', 'stopped');

create table recommendation_experiments (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  state experiment_state not null default 'draft',
  arms jsonb not null check (jsonb_typeof(arms) = 'array'),
  note text not null default '' check (length(note) <= 500),
  created_at timestamptz not null default now(),
  created_by uuid,
  started_at timestamptz,
  stopped_at timestamptz,
  constraint times_fit_the_state check (
    (state = 'draft') = (started_at is null) and (state = 'stopped') = (stopped_at is not null)
  )
);
comment on column recommendation_experiments.arms is 'Names, shares in percent and weights; the first is the control. They do not change once it runs.';
-- Two at once would each be measured by what the other did.
create unique index one_running_experiment on recommendation_experiments ((true)) where state = 'running';

create table recommendation_outcomes (
  experiment text not null references recommendation_experiments (name) on delete cascade,
  arm text not null check (length(arm) between 1 and 31),
  day date not null,
  shown bigint not null default 0 check (shown >= 0),
  clicked bigint not null default 0 check (clicked >= 0),
  ordered bigint not null default 0 check (ordered >= 0),
  primary key (experiment, arm, day)
);
comment on column recommendation_outcomes.shown is 'Lists shown; of one shopper no more than a bounded number.';
comment on column recommendation_outcomes.ordered is 'Orders with a product that was shown or clicked in the day before.';

create table recommendation_revenue (
  experiment text not null references recommendation_experiments (name) on delete cascade,
  arm text not null check (length(arm) between 1 and 31),
  day date not null,
  currency currency_code not null,
  revenue_minor bigint not null check (revenue_minor >= 0),
  primary key (experiment, arm, day, currency)
);
comment on column recommendation_revenue.revenue_minor is 'Of the lines with such a product, after discounts.';

create table recommendation_exposures (
  experiment text not null references recommendation_experiments (name) on delete cascade,
  shopper_id uuid not null,
  arm text not null check (length(arm) between 1 and 31),
  shown integer not null default 0 check (shown >= 0),
  clicked integer not null default 0 check (clicked >= 0),
  ordered integer not null default 0 check (ordered >= 0),
  primary key (experiment, shopper_id)
);
comment on table recommendation_exposures is 'By shopper, as the arms are given by shopper: what one of them does twice is not two results.';
create index recommendation_exposures_of_shopper on recommendation_exposures (shopper_id);

create table recommendation_clicks (
  experiment text not null references recommendation_experiments (name) on delete cascade,
  shopper_id uuid not null,
  product_id uuid not null,
  arm text not null check (length(arm) between 1 and 31),
  clicked_at timestamptz not null,
  primary key (experiment, shopper_id, product_id)
);
comment on table recommendation_clicks is 'Kept for as long as an order can come of them.';
create index recommendation_clicks_of_shopper on recommendation_clicks (shopper_id, clicked_at);
create index recommendation_clicks_by_age on recommendation_clicks (clicked_at);

create table recommendation_events (
  event_id uuid primary key
);
comment on table recommendation_events is 'Those that were counted: Kafka may bring one again. Their ids begin with their time.';

create table recommendation_orders (
  order_id uuid primary key,
  due_at timestamptz not null,
  done_at timestamptz
);
comment on table recommendation_orders is 'Paid orders, each looked at once, a little later: what was clicked before may arrive after.';
create index recommendation_orders_due on recommendation_orders (due_at) where done_at is null;
create index recommendation_orders_done on recommendation_orders (done_at) where done_at is not null;
