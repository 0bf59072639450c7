-- The kinds of values that every later table is made of.

create extension if not exists citext;

-- Money is integer minor units beside a currency; a negative amount is always a mistake here.
create domain money_minor as bigint check (value >= 0);
create domain currency_code as char(3) check (value ~ '^[A-Z]{3}$');
create domain sku_code as text check (value ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');
create domain slug as text check (value ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(value) <= 200);
create domain region_code as text check (value ~ '^[a-z][a-z0-9-]{0,30}[a-z0-9]$');

-- A journal is only ever added to: what happened is corrected by a further row.
create function refuse_change() returns trigger
language plpgsql
as $$
begin
  raise exception '% is a journal: rows are added, never changed or removed', tg_table_name
    using errcode = 'ODJ01', hint = 'Add a row that corrects the earlier one.';
end
$$;
