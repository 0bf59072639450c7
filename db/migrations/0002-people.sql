create type user_role as enum ('shopper', 'merchant', 'admin', 'support');
create type user_status as enum ('active', 'blocked', 'erased');

create table users (
  id uuid primary key,
  -- Guests have neither; who signs in through another provider has no password.
  email citext unique check (length(email) between 3 and 254),
  password_hash text,
  name text not null default '' check (length(name) <= 200),
  role user_role not null default 'shopper',
  status user_status not null default 'active',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint password_needs_email check (password_hash is null or email is not null)
);

create table addresses (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  recipient text not null check (length(recipient) between 1 and 200),
  line1 text not null check (length(line1) between 1 and 200),
  line2 text not null default '' check (length(line2) <= 200),
  city text not null check (length(city) between 1 and 200),
  area text not null default '' check (length(area) <= 200),
  postal_code text not null default '' check (length(postal_code) <= 20),
  country char(2) not null check (country ~ '^[A-Z]{2}$'),
  phone text not null default '' check (length(phone) <= 40),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column addresses.area is 'State, province or county.';
create index addresses_of_user on addresses (user_id);
create unique index one_default_address on addresses (user_id) where is_default;
