-- What is counted, what merchants are owed, and groups of shoppers.

-- Sums of analytics.event. Nobody's id is a key here: how many rows there are is bounded by the things that are sold.
create table figures (
  at timestamptz not null,
  grain text not null check (grain in ('all', 'merchant', 'article')),
  name text not null check (length(name) between 1 and 64),
  merchant_id uuid not null,
  product_id uuid not null,
  sku text not null check (length(sku) <= 64),
  drop_id uuid not null,
  region text not null check (length(region) <= 32),
  currency text not null check (length(currency) <= 3),
  events bigint not null,
  units bigint not null,
  amount_minor bigint not null,
  primary key (grain, merchant_id, name, at, product_id, sku, drop_id, region, currency)
) partition by range (at);
comment on table figures is 'What does not apply is the nil uuid or an empty text, so that all of it is one key.';
comment on column figures.at is 'The minute that an event happened in, whenever it arrived; of the grain article the hour.';
comment on column figures.grain is 'An order of two merchants is one event of the grain all and one of each of the two. Never added over grains.';

create function make_figure_months(from_month date, months integer) returns integer
language plpgsql
as $$
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
$$;
comment on function make_figure_months is 'Makes what is missing of the given months and says how many that were.';

create function drop_figure_months(before_month date) returns integer
language plpgsql
as $$
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
$$;
comment on function drop_figure_months is 'Forgets whole months before the given one and says how many that were.';

select make_figure_months((now() at time zone 'utc' - interval '1 month')::date, 14);

create table figure_offsets (
  topic text not null check (length(topic) between 1 and 249),
  partition integer not null check (partition >= 0),
  next_offset bigint not null check (next_offset >= 0),
  updated_at timestamptz not null default now(),
  primary key (topic, partition)
);
comment on table figure_offsets is 'How far a partition is counted, moved on in the transaction of its sums: what is delivered again adds nothing.';

-- The outbox publishes again after a crash: the same event is then at two offsets.
create table figures_counted (
  event_id uuid primary key,
  counted_at timestamptz not null default now()
);
comment on table figures_counted is 'Events of orders and money that are in the sums, for as long as they may come again.';
create index figures_counted_by_age on figures_counted (counted_at);

-- Where the sums are kept elsewhere: batches on their way there, sent with their id until they are taken.
create table figure_batches (
  id uuid primary key,
  rows jsonb not null check (jsonb_typeof(rows) = 'array'),
  made_at timestamptz not null default now()
);

create table figure_shoppers (
  day date not null,
  stage text not null check (stage in ('viewed', 'cart', 'checkout', 'placed', 'paid')),
  merchant_id uuid not null,
  sketch bytea not null check (length(sketch) = 4096),
  primary key (merchant_id, day, stage)
);
comment on table figure_shoppers is 'How many different shoppers came so far: HyperLogLog, from which nobody can be read. The nil uuid is the store.';

-- What merchants are owed.

create table commissions (
  id uuid primary key default uuidv7(),
  merchant_id uuid references users (id),
  basis_points integer not null check (basis_points between 0 and 10000),
  valid_from timestamptz not null,
  set_by uuid,
  set_at timestamptz not null default now(),
  unique nulls not distinct (merchant_id, valid_from)
);
comment on table commissions is 'What the store keeps of a sale: 100 is 1 %. Without a merchant it is everybody''s who has none of their own.';
create trigger commissions_only_grow before update or delete or truncate on commissions
  for each statement execute function refuse_change();
insert into commissions (merchant_id, basis_points, valid_from) values (null, 1000, '2000-01-01 00:00:00+00');

create table payouts (
  id uuid primary key,
  merchant_id uuid not null references users (id),
  currency currency_code not null,
  number integer not null check (number >= 1),
  from_at timestamptz not null,
  until_at timestamptz not null,
  sales_minor bigint not null check (sales_minor >= 0),
  refunds_minor bigint not null check (refunds_minor >= 0),
  fees_minor bigint not null,
  net_minor bigint not null,
  lines integer not null check (lines >= 1),
  closed_at timestamptz not null default now(),
  closed_by uuid not null,
  unique (merchant_id, currency, number),
  unique (merchant_id, currency, until_at),
  constraint net_adds_up check (net_minor = sales_minor - refunds_minor - fees_minor),
  constraint period_has_a_length check (from_at < until_at)
);
comment on table payouts is 'Closed periods, numbered without a gap. Below zero: more went back than was sold.';
create trigger payouts_only_grow before update or delete or truncate on payouts
  for each statement execute function refuse_change();

create table settlements (
  transfer_id uuid not null references ledger_transfers (id),
  merchant_id uuid references users (id),
  order_id uuid not null,
  kind text not null check (kind in ('payment', 'refund')),
  currency currency_code not null,
  amount_minor bigint not null,
  basis_points integer not null check (basis_points between 0 and 10000),
  fee_minor bigint not null,
  at timestamptz not null,
  payout_id uuid references payouts (id),
  unique nulls not distinct (transfer_id, merchant_id),
  constraint sign_fits_the_kind check (
    (kind = 'payment' and amount_minor >= 0 and fee_minor >= 0) or (kind = 'refund' and amount_minor <= 0 and fee_minor <= 0)
  )
);
comment on table settlements is 'The part of each merchant in each transfer of the money ledger; together they are the transfer. Without a merchant it is the store''s own.';
comment on column settlements.fee_minor is 'What the store keeps of it; of a refund what it gives back.';
create index settlements_of_merchant on settlements (merchant_id, at);
create index settlements_of_order on settlements (order_id);
create index settlements_to_pay_out on settlements (merchant_id, currency, at) where payout_id is null;
create index settlements_of_payout on settlements (payout_id) where payout_id is not null;

create function refuse_settlement_change() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' or old.payout_id is not null
    or (to_jsonb(new) - 'payout_id') is distinct from (to_jsonb(old) - 'payout_id') then
    raise exception 'a settlement only ever gets its payout, once'
      using errcode = 'ODJ01', detail = format('Transfer %s.', old.transfer_id);
  end if;
  return new;
end
$$;
create trigger settlements_keep_what_they_say before update or delete on settlements
  for each row execute function refuse_settlement_change();

create index ledger_transfers_by_time on ledger_transfers (at, id) where order_id is not null;

create table settlement_progress (
  is_only boolean primary key default true check (is_only),
  settled_through timestamptz not null
);
comment on table settlement_progress is 'All transfers before it are settled, but for those whose transaction is still open: they are looked for again.';
insert into settlement_progress (settled_through) values ('2000-01-01 00:00:00+00');

-- Groups of shoppers.

create table segment_rules (
  id uuid primary key default uuidv7(),
  rules jsonb not null check (jsonb_typeof(rules) = 'object'),
  set_by uuid,
  set_at timestamptz not null default now()
);
comment on table segment_rules is 'The newest row counts; commerce/segments knows its form and what counts without one.';

create table shopper_segments (
  scope_id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  segments text[] not null,
  orders integer not null check (orders >= 1),
  spent_minor bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  computed_at timestamptz not null,
  primary key (scope_id, user_id)
);
comment on table shopper_segments is 'Of everybody who has bought, by their purchases with one merchant; the nil uuid is all of the store.';
comment on column shopper_segments.spent_minor is 'In the reference currency, by the rates of the night it was computed.';
create index shopper_segments_of_user on shopper_segments (user_id);

create table cohorts (
  scope_id uuid not null,
  first_month date not null,
  month date not null,
  shoppers integer not null check (shoppers >= 0),
  orders integer not null check (orders >= 0),
  computed_at timestamptz not null,
  primary key (scope_id, first_month, month)
);
comment on table cohorts is 'Of those who bought first in one month, how many bought again in another; the nil uuid is all of the store.';

create table segment_runs (
  is_only boolean primary key default true check (is_only),
  begun_at timestamptz not null,
  done_at timestamptz
);
comment on table segment_runs is 'When shoppers were last grouped: who begins a night writes it down, so that no other process does the same.';
insert into segment_runs (begun_at) values ('2000-01-01 00:00:00+00');
