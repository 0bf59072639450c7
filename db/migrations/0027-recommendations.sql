-- The models of recommendations: how each was made, and how far the one under way is. Their lists are in Redis.

create type recommendation_model_state as enum ('reading', 'training', 'writing', 'served', 'replaced', 'failed');

create table recommendation_models (
  version uuid primary key,
  state recommendation_model_state not null default 'reading',
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  users integer not null default 0 check (users >= 0),
  products integer not null default 0 check (products >= 0),
  interactions integer not null default 0 check (interactions >= 0),
  left_out bigint not null default 0 check (left_out >= 0),
  iteration smallint not null default 0 check (iteration >= 0),
  iterations smallint not null check (iterations >= 1),
  loss double precision,
  lists integer not null default 0 check (lists >= 0),
  peak_bytes bigint not null default 0 check (peak_bytes >= 0),
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  failure text check (length(failure) <= 500),
  constraint an_end_is_an_end check ((state in ('served', 'replaced', 'failed')) = (ended_at is not null)),
  constraint a_failure_says_why check ((state = 'failed') = (failure is not null))
);
comment on table recommendation_models is 'One row a training. Which model is served is said by Redis; the row says what the trainer knows of it.';
comment on column recommendation_models.left_out is 'Interactions beyond what one model may have: the oldest ones.';
comment on column recommendation_models.loss is 'What the last iteration came to: it only falls.';
create index recommendation_models_latest on recommendation_models (started_at desc);
create unique index one_model_is_served on recommendation_models (state) where state = 'served';

-- Orders outlive a person who was erased, as tax law wants it, but nobody is to learn from them whom they were like.
create table recommendation_forgotten (
  user_id uuid primary key,
  forgotten_at timestamptz not null default now(),
  lists_removed_at timestamptz
);
comment on table recommendation_forgotten is 'Who is in no model from now on. The id belongs to nobody any more.';
create index recommendation_forgotten_open on recommendation_forgotten (forgotten_at) where lists_removed_at is null;
