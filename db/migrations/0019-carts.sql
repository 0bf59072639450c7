-- Carts of accounts, wishlists, and promotions with their codes.

create table carts (
  user_id uuid primary key,
  version bigint not null check (version >= 1),
  body text not null check (octet_length(body) <= 65536),
  line_count smallint not null check (line_count >= 0),
  first_sku sku_code,
  updated_at timestamptz not null,
  reminded_at timestamptz,
  constraint a_line_has_a_sku check ((line_count > 0) = (first_sku is not null))
) with (fillfactor = 70);
comment on table carts is 'Of accounts; those of guests live in Redis alone. A change is here before it is answered.';
comment on column carts.version is 'Grows with every change, and never begins anew: a cart that was deleted and made again goes on above it.';
comment on column carts.line_count is 'Without what is put aside for later.';
create index carts_by_touch on carts (updated_at);

create table wishlist_items (
  user_id uuid not null references users (id) on delete cascade,
  sku sku_code not null references variants (sku) on delete cascade,
  added_at timestamptz not null default now(),
  primary key (user_id, sku)
);
create index wishlist_items_of_sku on wishlist_items (sku);

create table promotions (
  id uuid primary key,
  merchant_id uuid references users (id),
  title text not null check (length(title) between 1 and 200),
  benefit jsonb not null check (jsonb_typeof(benefit) = 'object'),
  conditions jsonb not null default '{}' check (jsonb_typeof(conditions) = 'object'),
  stacking text not null check (stacking in ('stack', 'priority', 'best', 'exclusive')),
  priority integer not null default 0,
  code_kind text not null check (code_kind in ('none', 'shared', 'single')),
  code text unique check (code ~ '^[A-Z0-9]{3,32}$'),
  starts_at timestamptz,
  ends_at timestamptz,
  total_limit integer check (total_limit >= 1),
  per_user_limit integer check (per_user_limit >= 1),
  used integer not null default 0 check (used >= 0),
  state text not null default 'active' check (state in ('active', 'paused', 'ended')),
  version integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint only_a_shared_code_is_kept check ((code_kind = 'shared') = (code is not null)),
  constraint starts_before_it_ends check (starts_at < ends_at),
  constraint used_within_its_limit check (used <= total_limit)
);
comment on column promotions.merchant_id is 'Whose goods it is for; null for all of the shop.';
comment on column promotions.used is 'Uses that count against total_limit; not counted without one, so that no row is written by every checkout.';
create index promotions_of_merchant on promotions (merchant_id, id);
create index promotions_that_apply_by_themselves on promotions (priority desc, id) where code_kind = 'none' and state = 'active';

create table promotion_codes (
  hash bytea primary key check (length(hash) = 32),
  promotion_id uuid not null references promotions (id) on delete cascade,
  batch_id uuid not null,
  ending text not null check (length(ending) <= 4),
  made_at timestamptz not null default now()
);
comment on column promotion_codes.hash is 'SHA-256 of the code, which is told once, to who had it made.';
comment on column promotion_codes.ending is 'Its last characters, to speak about it.';
create index codes_of_promotion on promotion_codes (promotion_id, hash);

create table promotion_uses (
  promotion_id uuid not null references promotions (id) on delete cascade,
  user_id uuid not null,
  uses integer not null check (uses >= 0),
  primary key (promotion_id, user_id)
);
create index promotion_uses_of_user on promotion_uses (user_id);

create table promotion_redemptions (
  reference uuid not null,
  promotion_id uuid not null references promotions (id),
  user_id uuid not null,
  code_hash bytea references promotion_codes (hash),
  discount_minor money_minor not null,
  currency currency_code not null,
  state text not null check (state in ('reserved', 'committed', 'released')),
  counted_total boolean not null,
  counted_user boolean not null,
  at timestamptz not null,
  until timestamptz,
  primary key (reference, promotion_id),
  constraint reserved_until_when check ((state = 'reserved') = (until is not null))
);
comment on column promotion_redemptions.reference is 'The checkout or order that it belongs to.';
comment on column promotion_redemptions.counted_total is 'Whether it is in promotions.used, and counted_user whether in promotion_uses: what is given back.';
-- A code is used once, whatever the code that uses it does.
create unique index one_use_of_a_code on promotion_redemptions (code_hash) where code_hash is not null and state <> 'released';
create index redemptions_of_promotion on promotion_redemptions (promotion_id);
create index redemptions_due on promotion_redemptions (until) where state = 'reserved';
