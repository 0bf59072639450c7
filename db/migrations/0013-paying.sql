-- How orders are paid: the ways of a shopper to pay, the work that is due on a payment, refunds, what providers told.

create type payment_kind as enum ('card', 'wallet', 'cod');
create type refund_status as enum ('PENDING', 'DONE', 'REFUSED');
create type review_decision as enum ('approved', 'rejected');

create table payment_methods (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  kind payment_kind not null,
  provider_token text check (length(provider_token) between 1 and 255),
  brand text check (length(brand) between 1 and 40),
  last4 character(4) check (last4 ~ '^[0-9]{4}$'),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  constraint a_card_is_known_by_its_token check ((kind = 'card') = (provider_token is not null))
);
comment on column payment_methods.provider_token is 'The provider''s name for a card. The number of a card is never here.';
create index payment_methods_of_user on payment_methods (user_id);
create unique index one_default_payment_method on payment_methods (user_id) where is_default;

alter table payments
  add column kind payment_kind,
  add column method_token text check (length(method_token) between 1 and 255),
  add column action_url text check (length(action_url) between 1 and 2000),
  add column due_at timestamptz,
  add column tries smallint not null default 0 check (tries >= 0);
comment on column payments.kind is 'Null for as long as the shopper has not said how to pay.';
comment on column payments.method_token is 'The provider''s name for the card, as it was when the shopper chose it.';
comment on column payments.action_url is 'Where the shopper has to confirm the payment (3-D Secure), while the provider waits for it.';
comment on column payments.due_at is
  'When the payments worker has to look at this payment (again); null when there is nothing to do. It is also the lease of who looks at it now: whoever dies gives it back by the clock.';
create index payments_due on payments (due_at) where due_at is not null;

alter table orders add column risk_score smallint check (risk_score >= 0);
comment on column orders.risk_score is 'Fraud score, by commerce/fraud: above 40 it is reviewed, above 70 blocked.';

create table order_reviews (
  order_id uuid primary key,
  score smallint not null check (score >= 0),
  signals jsonb not null check (jsonb_typeof(signals) = 'array'),
  opened_at timestamptz not null default now(),
  decision review_decision,
  decided_by text check (length(decided_by) between 1 and 100),
  decided_at timestamptz,
  constraint decided_whole_or_not_at_all check (num_nulls(decision, decided_by, decided_at) in (0, 3))
);
comment on column order_reviews.signals is 'Which signals gave which points: [{"signal": …, "points": …}].';
create index order_reviews_open on order_reviews (opened_at) where decision is null;

create table risk_flags (
  user_id uuid not null,
  flag text not null check (flag ~ '^[a-z][a-z-]{0,39}$'),
  at timestamptz not null default now(),
  primary key (user_id, flag)
);
comment on table risk_flags is 'What support or another system knows of a shopper, such as suspicious-device. Guests have flags too.';

-- One row a refund; its id is the idempotency key towards the provider.
create table refunds (
  id uuid primary key,
  order_id uuid not null,
  payment_id uuid not null,
  amount_minor money_minor not null check (amount_minor > 0),
  reason text not null check (length(reason) between 1 and 200),
  status refund_status not null default 'PENDING',
  provider_ref text check (length(provider_ref) between 1 and 255),
  failure text check (length(failure) <= 200),
  created_at timestamptz not null default now(),
  done_at timestamptz,
  due_at timestamptz default now(),
  tries smallint not null default 0 check (tries >= 0),
  foreign key (order_id, payment_id) references payments (order_id, id),
  constraint done_says_when check ((status = 'DONE') = (done_at is not null))
);
create index refunds_of_payment on refunds (order_id, payment_id);
create index refunds_due on refunds (due_at) where due_at is not null;

create table webhook_events (
  provider text not null check (length(provider) between 1 and 40),
  event_id text not null check (length(event_id) between 1 and 255),
  type text not null check (length(type) between 1 and 100),
  provider_ref text check (length(provider_ref) between 1 and 255),
  received_at timestamptz not null default now(),
  primary key (provider, event_id)
);
comment on table webhook_events is 'What providers told, once each. A hint to look, never a truth: the state is asked of the provider.';
create index webhook_events_by_age on webhook_events (received_at);

-- Wallets: double entry. Every transfer adds up to nothing, and a balance is the sum of its entries, both by triggers.

create type ledger_account_kind as enum ('wallet', 'sales', 'funding');
create type ledger_transfer_kind as enum ('payment', 'refund', 'top-up', 'withdrawal');

create table ledger_accounts (
  id uuid primary key,
  kind ledger_account_kind not null,
  owner_id uuid,
  currency currency_code not null,
  balance_minor bigint not null default 0,
  created_at timestamptz not null default now(),
  constraint a_wallet_has_an_owner check ((kind = 'wallet') = (owner_id is not null)),
  constraint a_wallet_is_never_overdrawn check (kind <> 'wallet' or balance_minor >= 0),
  unique nulls not distinct (kind, owner_id, currency)
);
comment on table ledger_accounts is 'A wallet for each shopper and currency; of each currency one account of what was sold and one of what came in from outside.';

create table ledger_transfers (
  id uuid primary key,
  kind ledger_transfer_kind not null,
  order_id uuid,
  at timestamptz not null default now()
);
comment on column ledger_transfers.id is 'The id of what caused it, a payment or a refund: the same cause moves money once.';
create index ledger_transfers_of_order on ledger_transfers (order_id) where order_id is not null;

create table ledger_entries (
  transfer_id uuid not null references ledger_transfers,
  account_id uuid not null references ledger_accounts,
  amount_minor bigint not null check (amount_minor <> 0),
  primary key (transfer_id, account_id)
);
create index ledger_entries_of_account on ledger_entries (account_id);

create function post_ledger_entries() returns trigger
language plpgsql
as $$
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
$$;
create trigger ledger_entries_are_posted after insert on ledger_entries
  referencing new table as posted for each statement execute function post_ledger_entries();
create trigger ledger_entries_only_grow before update or delete or truncate on ledger_entries
  for each statement execute function refuse_change();
create trigger ledger_transfers_only_grow before update or delete or truncate on ledger_transfers
  for each statement execute function refuse_change();

-- Notices.

create table preferences (
  user_id uuid primary key references users on delete cascade,
  language text not null default 'en' check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  currency currency_code,
  order_mails boolean not null default true,
  reminder_mails boolean not null default true,
  updated_at timestamptz not null default now()
);

create table drop_reminders (
  drop_id uuid not null references drops on delete cascade,
  user_id uuid not null references users on delete cascade,
  created_at timestamptz not null default now(),
  told_at timestamptz,
  primary key (drop_id, user_id)
);
create index drop_reminders_to_tell on drop_reminders (drop_id) where told_at is null;

create table notices (
  event_id uuid primary key,
  user_id uuid not null,
  template text not null check (length(template) between 1 and 64),
  sent_at timestamptz not null default now()
);
comment on table notices is 'Mails that the mail server has taken, by the event that asked for them: the same event is mailed once.';
create index notices_by_age on notices (sent_at);

-- Dead letters that were sent back to where they came from.
create table replayed_letters (
  topic text not null,
  partition integer not null,
  letter_offset bigint not null,
  replayed_at timestamptz not null default now(),
  primary key (topic, partition, letter_offset)
);

-- Stock on shelves tells of itself, whoever moves it.
create function tell_inventory() returns trigger
language plpgsql
as $$
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
$$;
create trigger inventory_tells after update on inventory
  for each row when ((old.on_hand, old.reserved) is distinct from (new.on_hand, new.reserved)) execute function tell_inventory();
comment on table inventory is 'A change tells itself as inventory.updated; `set local dropgate.reason` says why.';
