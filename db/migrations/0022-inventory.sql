-- What merchants are told about their stock, and what happens to the goods of one who is suspended.

create index stock_alerts_to_tell on stock_alerts (opened_at) where told_at is null and closed_at is null;
create index stock_alerts_told on stock_alerts (sku, kind, told_at) where told_at is not null;
create index warehouses_of_merchant on warehouses (merchant_id, id);

alter table products add column is_withheld boolean not null default false;
comment on column products.is_withheld is
  'On sale but for the suspension of its merchant: a draft until they are reinstated.';
create index products_withheld on products (merchant_id) where is_withheld;

-- Whoever writes it, and with whatever token from before the suspension: nothing of a suspended merchant is on sale.
create function withhold_product() returns trigger
language plpgsql
as $$
begin
  if exists (select from merchants where user_id = new.merchant_id and status = 'suspended') then
    new.status := 'draft';
    new.is_withheld := true;
  else
    new.is_withheld := false;
  end if;
  return new;
end
$$;
create trigger products_are_withheld before insert or update of status on products
  for each row when (new.status = 'active') execute function withhold_product();
