-- What tells suspicious orders apart, why each was judged as it was, and sign-in at other providers.

create table fraud_models (
  version integer generated always as identity primary key,
  trained_at timestamptz not null default now(),
  is_active boolean not null default false,
  model jsonb not null check (jsonb_typeof(model) = 'object'),
  report jsonb not null check (jsonb_typeof(report) = 'object')
);
comment on table fraud_models is 'Made by npm run fraud -- train. Without an active one the rules judge alone.';
comment on column fraud_models.model is 'Weights, means and deviations of the features, and the points that a probability gives: commerce/fraud/model.ts.';
comment on column fraud_models.report is 'What it was measured to be on orders later than those that it has learnt from.';
create unique index one_active_fraud_model on fraud_models (is_active) where is_active;

alter table order_reviews
  add column facts jsonb check (jsonb_typeof(facts) = 'object'),
  add column model jsonb check (jsonb_typeof(model) = 'object');
comment on column order_reviews.facts is 'What was known when it was judged: figures and words, no name and no address. Training reads it again.';
comment on column order_reviews.model is 'What the model said: {"version", "probability", "points", "contributions": [{"feature", "value", "weight"}], "others"}.';
create index order_reviews_decided on order_reviews (decided_at) where decision is not null;

alter table risk_flags
  add column reason text not null default '' check (length(reason) <= 200),
  add column expires_at timestamptz;
comment on column risk_flags.reason is 'Why, in figures: "7 accounts on one device within a day". Empty for one that somebody wrote by hand.';
comment on column risk_flags.expires_at is 'From when on it counts no more; null for one that lasts until it is taken away.';
create index risk_flags_due on risk_flags (expires_at) where expires_at is not null;

-- Which accounts one device has signed in to. Without an address or a name nothing is the same device.
create index sessions_of_device on sessions (address, client, user_id) where address <> '' and client <> '';

-- A person at another provider, and whose account that is.
create table user_identities (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  provider text not null check (provider ~ '^[a-z][a-z0-9-]{0,39}$'),
  issuer text not null check (length(issuer) between 8 and 500),
  subject text not null check (length(subject) between 1 and 255),
  email citext check (length(email) between 3 and 254),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  unique (issuer, subject)
);
comment on column user_identities.subject is 'What the provider calls this person, always the same. Mail addresses change hands, so nobody is known by one.';
comment on column user_identities.email is 'As the provider told it last, to be recognised by its owner.';
create index user_identities_of_user on user_identities (user_id);

alter table users add column email_proven_at timestamptz;
comment on column users.email_proven_at is 'When a provider whose word counts said that the address is its owner''s. Null: nobody ever checked.';
