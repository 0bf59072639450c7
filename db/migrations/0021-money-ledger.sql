-- Double entry for all money, not only for that of wallets: a captured card goes from the clearing account of its provider
-- to sales, cash at the door from the cash account; what goes back goes the other way.

-- A value that is added to an enum cannot be used in the same transaction, so the type is made anew.
alter table ledger_accounts
  drop constraint a_wallet_has_an_owner,
  drop constraint a_wallet_is_never_overdrawn,
  drop constraint ledger_accounts_kind_owner_id_currency_key;
alter type ledger_account_kind rename to ledger_account_kind_before;
create type ledger_account_kind as enum ('wallet', 'sales', 'funding', 'clearing', 'cash');
alter table ledger_accounts
  alter column kind type ledger_account_kind using kind::text::ledger_account_kind,
  add column provider text check (length(provider) between 1 and 40),
  add column shard smallint not null default 0 check (shard between 0 and 7);
alter table ledger_accounts
  add constraint a_wallet_has_an_owner check ((kind = 'wallet') = (owner_id is not null)),
  add constraint a_wallet_is_never_overdrawn check (kind <> 'wallet' or balance_minor >= 0),
  add constraint clearing_names_its_provider check ((kind = 'clearing') = (provider is not null)),
  add constraint one_account_of_a_kind unique nulls not distinct (kind, owner_id, currency, provider, shard),
  add constraint a_wallet_is_one_account check (kind <> 'wallet' or shard = 0);
drop type ledger_account_kind_before;
comment on table ledger_accounts is
  'A wallet for each shopper and currency; of each currency what was sold, what came in from outside (funding), through a provider (clearing) and as cash.';
comment on column ledger_accounts.balance_minor is
  'What came in less what went out. Accounts that money comes from are below zero: −balance of clearing is what the provider owes or has paid out.';

comment on column ledger_accounts.shard is
  'The shop''s own accounts are eight of a kind, and who books takes that of its session: one row of all sales would be waited for (docs/PAYMENTS.md).';

-- Volatile, so that it sees what another has made in the meantime.
create function shop_account(wanted ledger_account_kind, money text, through text default null) returns uuid
language plpgsql
as $$
declare
  account uuid;
  own_shard smallint := pg_backend_pid() % 8;
begin
  for try in 1 .. 2 loop
    select id into account from ledger_accounts
    where kind = wanted and owner_id is null and currency = money and provider is not distinct from through
      and shard = own_shard;
    exit when account is not null;
    insert into ledger_accounts (id, kind, currency, provider, shard)
    values (uuidv7(), wanted, money, through, own_shard)
    on conflict do nothing;
  end loop;
  return account;
end
$$;
comment on function shop_account is 'The account of the shop of this kind for this session, made when it is first asked for.';

-- As before, but it reads only what is posted, and locks FOR NO KEY UPDATE: the foreign key of the entries has locked
-- their accounts FOR KEY SHARE already, so two transactions with the same account would wait for one another.
create or replace function post_ledger_entries() returns trigger
language plpgsql
as $$
declare
  unbalanced uuid;
begin
  -- Every statement adds nothing to each of its transfers, so all of them together do as well.
  select transfer_id into unbalanced from posted group by transfer_id having sum(amount_minor) <> 0 limit 1;
  if found then
    raise exception 'transfer % does not add up to nothing', unbalanced using errcode = 'ODL01';
  end if;
  -- In the order of the ids, so that two batches with the same accounts meet one another in turn.
  perform from ledger_accounts where id in (select account_id from posted) order by id for no key update;
  update ledger_accounts set balance_minor = balance_minor + moved.amount
  from (select account_id, sum(amount_minor)::bigint as amount from posted group by account_id) as moved
  where id = moved.account_id;
  return null;
end
$$;

-- Captures and refunds from before this migration. Those of wallets have their transfers.
insert into ledger_transfers (id, kind, order_id, at)
select p.id, 'payment', p.order_id, p.captured_at from payments p
where p.captured_at is not null and p.amount_minor > 0 and p.kind is distinct from 'wallet';
insert into ledger_entries (transfer_id, account_id, amount_minor)
select p.id, shop_account('sales', p.currency), p.amount_minor from payments p
where p.captured_at is not null and p.amount_minor > 0 and p.kind is distinct from 'wallet'
union all
select p.id, shop_account('clearing', p.currency, coalesce(p.provider, 'unknown')), -p.amount_minor from payments p
where p.captured_at is not null and p.amount_minor > 0 and p.kind is distinct from 'wallet';

insert into ledger_transfers (id, kind, order_id, at)
select r.id, 'refund', r.order_id, r.done_at
from refunds r join payments p on p.order_id = r.order_id and p.id = r.payment_id
where r.status = 'DONE' and p.kind is distinct from 'wallet';
insert into ledger_entries (transfer_id, account_id, amount_minor)
select r.id, shop_account('sales', p.currency), -r.amount_minor
from refunds r join payments p on p.order_id = r.order_id and p.id = r.payment_id
where r.status = 'DONE' and p.kind is distinct from 'wallet'
union all
select r.id, shop_account('clearing', p.currency, coalesce(p.provider, 'unknown')), r.amount_minor
from refunds r join payments p on p.order_id = r.order_id and p.id = r.payment_id
where r.status = 'DONE' and p.kind is distinct from 'wallet';

-- Cash that is promised counts like money that was taken: a second way to pay is a surplus.
drop index one_captured_payment;
create unique index one_kept_payment on payments (order_id) where status in ('CAPTURED', 'AUTHORIZED');

-- Cash is taken where the parcel is handed over; the payments worker writes it down.
create function wake_cash_payment() returns trigger
language plpgsql
as $$
begin
  update payments set due_at = now(), updated_at = now()
  where order_id = new.id and kind = 'cod' and status = 'AUTHORIZED';
  return null;
end
$$;
create trigger orders_collect_cash after update on orders
  for each row when (new.status = 'DELIVERED' and old.status <> 'DELIVERED') execute function wake_cash_payment();
