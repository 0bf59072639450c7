-- Reviews with their images, votes and flags, and what is added up from them and from sales: by events, never by scanning.

create type review_status as enum ('PENDING', 'PUBLISHED', 'REJECTED');
create type review_queue_reason as enum ('spam', 'flags');

create table reviews (
  id uuid primary key,
  product_id uuid not null references products (id) on delete cascade,
  author_id uuid not null references users (id),
  stars smallint not null check (stars between 1 and 5),
  title text not null check (length(title) between 1 and 120),
  body text not null check (length(body) between 1 and 5000),
  language text not null default 'en' check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  status review_status not null,
  is_verified boolean not null,
  spam_points smallint not null check (spam_points >= 0),
  spam_signals jsonb not null default '[]' check (jsonb_typeof(spam_signals) = 'array'),
  text_hash bytea not null check (length(text_hash) = 32),
  image_count smallint not null default 0 check (image_count >= 0),
  helpful integer not null default 0 check (helpful >= 0),
  unhelpful integer not null default 0 check (unhelpful >= 0),
  help_balance integer not null generated always as (helpful - unhelpful) stored,
  queued_at timestamptz,
  queued_for review_queue_reason,
  decided_at timestamptz,
  decided_by uuid,
  note text not null default '' check (length(note) <= 500),
  answer text check (length(answer) between 1 and 2000),
  answered_at timestamptz,
  answered_by uuid,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint one_review_a_product unique (product_id, author_id),
  constraint queued_says_why check ((queued_at is null) = (queued_for is null)),
  constraint what_waits_is_queued check (status <> 'PENDING' or queued_at is not null),
  constraint an_answer_says_when check (num_nulls(answer, answered_at, answered_by) in (0, 3))
);
comment on column reviews.is_verified is 'An order of the author with this product has arrived.';
comment on column reviews.spam_signals is 'Which rules gave which points: [{"signal": …, "points": …}].';
comment on column reviews.text_hash is 'SHA-256 of the text without case, spaces and signs: the same text elsewhere has the same.';
comment on column reviews.queued_at is 'Since when it waits for a moderator. What was flagged waits too, and is shown meanwhile.';
comment on column reviews.note is 'Why it was rejected, for its author to read.';
create index reviews_newest on reviews (product_id, id desc) where status = 'PUBLISHED';
create index reviews_by_help on reviews (product_id, help_balance desc, id desc) where status = 'PUBLISHED';
create index reviews_by_stars on reviews (product_id, stars, id) where status = 'PUBLISHED';
create index reviews_of_author on reviews (author_id, id);
create index reviews_queued on reviews (queued_at, id) where queued_at is not null;
create index reviews_of_text on reviews (text_hash);

create table review_strikes (
  id uuid primary key,
  author_id uuid not null references users (id) on delete cascade,
  product_id uuid not null,
  is_rejection boolean not null default true,
  at timestamptz not null default now()
);
comment on table review_strikes is 'A row whenever a review was rejected: it outlives the review, which its author may delete.';
comment on column review_strikes.is_rejection is 'False of one that its author took back while it waited: nobody said that it was bad.';
create index review_strikes_of_author on review_strikes (author_id, at);

create table review_votes (
  review_id uuid not null references reviews (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  is_helpful boolean not null,
  at timestamptz not null default now(),
  primary key (review_id, user_id)
);
create index review_votes_of_user on review_votes (user_id);

create table review_flags (
  review_id uuid not null references reviews (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  reason text not null check (reason in ('spam', 'offensive', 'private-data', 'off-topic', 'fake')),
  note text not null default '' check (length(note) <= 500),
  at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (review_id, user_id)
);
comment on column review_flags.settled_at is 'When a moderator decided about the review: it counts no longer.';
create index review_flags_of_user on review_flags (user_id);

-- Images. The row is written before the bytes and says ready after them, so that what a crash leaves is known.
create table review_images (
  id uuid primary key,
  review_id uuid not null references reviews (id) on delete cascade,
  digest bytea not null check (length(digest) = 32),
  is_ready boolean not null default false,
  width smallint check (width >= 1),
  height smallint check (height >= 1),
  bytes integer check (bytes >= 1),
  created_at timestamptz not null default now(),
  constraint what_is_ready_has_a_size check (not is_ready or num_nulls(width, height, bytes) = 0),
  constraint an_image_once unique (review_id, digest)
);
comment on table review_images is 'The bytes are in the object store, named by the id and the size.';
comment on column review_images.digest is 'SHA-256 of what was sent: sent again, it is the same image.';
create index review_images_of_review on review_images (review_id, id);
create index review_images_unfinished on review_images (created_at) where not is_ready;

create table object_removals (
  key text primary key check (length(key) between 1 and 200),
  due_at timestamptz not null default now(),
  tries smallint not null default 0 check (tries >= 0)
);
comment on table object_removals is 'What the object store has to forget; written in the transaction that forgets its row.';
create index object_removals_due on object_removals (due_at);

create function count_review_images() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' then
    -- What is still being uploaded may arrive after this: it is removed when no upload can be under way any more.
    insert into object_removals (key, due_at)
    select 'reviews/' || old.id || '/' || size || '.webp',
      now() + case when old.is_ready then interval '0' else interval '5 minutes' end
    from unnest(array['small', 'large']) as size
    on conflict do nothing;
  end if;
  if (tg_op = 'UPDATE' and new.is_ready and not old.is_ready) then
    update reviews set image_count = image_count + 1 where id = new.review_id;
  elsif (tg_op = 'DELETE' and old.is_ready) then
    update reviews set image_count = image_count - 1 where id = old.review_id;
  end if;
  return null;
end
$$;
create trigger review_images_are_counted after update of is_ready or delete on review_images
  for each row execute function count_review_images();

-- What is added up. The rows below are only ever added, so that nobody who writes a review of a popular product waits for
-- another; one worker at a time takes them in order and folds them into the sums.
create table rating_changes (
  id bigint generated always as identity primary key,
  product_id uuid not null,
  stars smallint not null check (stars between 1 and 5),
  delta smallint not null check (delta in (-1, 1)),
  is_verified boolean not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

create table vote_changes (
  id bigint generated always as identity primary key,
  review_id uuid not null,
  helpful smallint not null check (helpful between -1 and 1),
  unhelpful smallint not null check (unhelpful between -1 and 1)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

create table sold_changes (
  id bigint generated always as identity primary key,
  order_id uuid not null,
  status order_status,
  return_id uuid,
  constraint a_step_or_a_return check (num_nulls(status, return_id) = 1)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);
comment on table sold_changes is 'Orders that were confirmed, cancelled or delivered, and returns that arrived: what was sold, and by whom bought, changes.';

create table product_ratings (
  product_id uuid primary key references products (id) on delete cascade,
  stars_1 integer not null default 0 check (stars_1 >= 0),
  stars_2 integer not null default 0 check (stars_2 >= 0),
  stars_3 integer not null default 0 check (stars_3 >= 0),
  stars_4 integer not null default 0 check (stars_4 >= 0),
  stars_5 integer not null default 0 check (stars_5 >= 0),
  verified integer not null default 0 check (verified >= 0),
  updated_at timestamptz not null default now()
);
comment on table product_ratings is 'Published reviews by stars; verified is how many of them are of who bought it.';

create table merchant_ratings (
  merchant_id uuid primary key references users (id) on delete cascade,
  stars_1 integer not null default 0 check (stars_1 >= 0),
  stars_2 integer not null default 0 check (stars_2 >= 0),
  stars_3 integer not null default 0 check (stars_3 >= 0),
  stars_4 integer not null default 0 check (stars_4 >= 0),
  stars_5 integer not null default 0 check (stars_5 >= 0),
  updated_at timestamptz not null default now()
);
comment on table merchant_ratings is 'Published reviews of what the merchant sells, of those only who bought it.';

create function note_rating_change() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'INSERT' and old.status = 'PUBLISHED' then
    insert into rating_changes (product_id, stars, delta, is_verified)
    values (old.product_id, old.stars, -1, old.is_verified);
  end if;
  if tg_op <> 'DELETE' and new.status = 'PUBLISHED' then
    insert into rating_changes (product_id, stars, delta, is_verified)
    values (new.product_id, new.stars, 1, new.is_verified);
  end if;
  return null;
end
$$;
create trigger reviews_are_counted after insert on reviews
  for each row when (new.status = 'PUBLISHED') execute function note_rating_change();
create trigger reviews_are_counted_anew after update on reviews
  for each row when (
    old.status is distinct from new.status or old.stars is distinct from new.stars
    or old.is_verified is distinct from new.is_verified
  )
  execute function note_rating_change();
create trigger reviews_count_no_more after delete on reviews
  for each row when (old.status = 'PUBLISHED') execute function note_rating_change();

create function note_vote_change() returns trigger
language plpgsql
as $$
begin
  if tg_op <> 'INSERT' then
    insert into vote_changes (review_id, helpful, unhelpful)
    values (old.review_id, -(old.is_helpful)::int, -(not old.is_helpful)::int);
  end if;
  if tg_op <> 'DELETE' then
    insert into vote_changes (review_id, helpful, unhelpful)
    values (new.review_id, new.is_helpful::int, (not new.is_helpful)::int);
  end if;
  return null;
end
$$;
create trigger review_votes_are_counted after insert or delete on review_votes
  for each row execute function note_vote_change();
create trigger review_votes_are_counted_anew after update on review_votes
  for each row when (old.is_helpful <> new.is_helpful) execute function note_vote_change();

-- By statement: a sale confirms orders by the hundred.
create function note_sold_changes() returns trigger
language plpgsql
as $$
begin
  insert into sold_changes (order_id, status)
  select order_id, status from added where status in ('CONFIRMED', 'CANCELLED', 'DELIVERED') order by order_id, step;
  return null;
end
$$;
create trigger order_steps_tell_sales after insert on order_status_history
  referencing new table as added for each statement execute function note_sold_changes();

create function note_return_arrived() returns trigger
language plpgsql
as $$
begin
  insert into sold_changes (order_id, return_id) values (new.order_id, new.id);
  return null;
end
$$;
create trigger returns_tell_sales after update on returns
  for each row when (old.status <> 'RECEIVED' and new.status = 'RECEIVED') execute function note_return_arrived();

-- What was sold before this.
insert into sold_changes (order_id, status)
select order_id, status from order_status_history where status in ('CONFIRMED', 'CANCELLED') order by order_id, step;
insert into sold_changes (order_id, return_id) select order_id, id from returns where received_at is not null;

-- Each sale changes a signal, and indexing a product anew is far more work than a sale may cause: of what was sold only a
-- change that moves the product in an order by sales counts (an eighth of a doubling, as search_rows has it).
drop trigger search_changed_signals on product_signals;
create function note_search_signals() returns trigger
language plpgsql
as $$
begin
  if coalesce(current_setting('dropgate.search_quiet', true), '') = 'on' then return null; end if;
  insert into search_changes (product_id)
  select product_id from changed_after a join changed_before b using (product_id)
  where (a.rating_hundredths, a.reviews, a.promoted_until, floor(8 * log(2, a.sold + 1)))
    is distinct from (b.rating_hundredths, b.reviews, b.promoted_until, floor(8 * log(2, b.sold + 1)));
  return null;
end
$$;
create trigger search_changed_signals after update on product_signals
  referencing new table as changed_after old table as changed_before for each statement execute function note_search_signals();
