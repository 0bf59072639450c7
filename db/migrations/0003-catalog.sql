create table categories (
  id uuid primary key,
  parent_id uuid references categories (id),
  slug slug not null unique,
  name text not null check (length(name) between 1 and 200),
  position integer not null default 0
);
create index categories_of_parent on categories (parent_id);

-- The categories are a tree: who reads one walks up or down without looking for circles.
create function refuse_category_circle() returns trigger
language plpgsql
as $$
begin
  -- Two moves at once could close a circle that neither of them sees alone.
  perform pg_advisory_xact_lock(hashtext('categories'));
  if exists (
    with recursive above as (
      select new.parent_id as id
      union
      select c.parent_id from categories c join above on c.id = above.id
    )
    select from above where id = new.id
  ) then
    raise exception 'category % cannot be placed below itself', new.id
      using errcode = 'ODC01', hint = 'Choose a parent that is not below this category.';
  end if;
  return new;
end
$$;
create trigger categories_stay_a_tree before insert or update of parent_id on categories
  for each row when (new.parent_id is not null) execute function refuse_category_circle();

create table brands (
  id uuid primary key,
  slug slug not null unique,
  name text not null check (length(name) between 1 and 200)
);

create type product_status as enum ('draft', 'active', 'archived');

create table products (
  id uuid primary key,
  merchant_id uuid not null references users (id),
  category_id uuid not null references categories (id),
  brand_id uuid references brands (id),
  slug slug not null unique,
  title text not null check (length(title) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  specifications jsonb not null default '{}' check (jsonb_typeof(specifications) = 'object'),
  tags text[] not null default '{}',
  images jsonb not null default '[]' check (jsonb_typeof(images) = 'array'),
  status product_status not null default 'draft',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index products_of_merchant on products (merchant_id, id);
create index products_of_category on products (category_id, id);
create index products_of_brand on products (brand_id, id) where brand_id is not null;

create table variants (
  id uuid primary key,
  product_id uuid not null references products (id),
  sku sku_code not null unique,
  title text not null default '' check (length(title) <= 200),
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  price_minor money_minor not null,
  currency currency_code not null,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column variants.title is 'What sets the variant apart, for example "Black, 42"; empty when a product has only one.';
create index variants_of_product on variants (product_id, position);
