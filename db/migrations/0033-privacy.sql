-- What somebody asked about their own data: a copy of it (export), or that it goes (erasure). A worker does both.
create table privacy_requests (
  id uuid primary key,
  user_id uuid not null,
  kind text not null check (kind in ('export', 'erasure')),
  state text not null default 'waiting'
    check (state in ('waiting', 'working', 'done', 'refused', 'withdrawn', 'failed')),
  asked_by uuid,
  asked_at timestamptz not null,
  due_at timestamptz,
  tries smallint not null default 0 check (tries >= 0),
  refusal text check (length(refusal) between 1 and 500),
  receipt jsonb not null default '{}' check (jsonb_typeof(receipt) = 'object'),
  done_at timestamptz,
  expires_at timestamptz,
  constraint only_what_is_open_is_due check ((state in ('waiting', 'working')) = (due_at is not null)),
  constraint an_end_says_when check ((state in ('waiting', 'working')) = (done_at is null)),
  constraint a_refusal_has_a_reason check ((state = 'refused') = (refusal is not null))
);
comment on table privacy_requests is 'Of accounts, and of guests by the id of their orders; so user_id refers to nothing.';
comment on column privacy_requests.asked_by is 'The person, or who of the support did it for them; null for who runs the store, by the command.';
comment on column privacy_requests.due_at is 'When the privacy worker has to look at it; also the lease of who works on it now.';
comment on column privacy_requests.receipt is 'Of an erasure: which step touched how many rows. Counts only, nothing personal.';
comment on column privacy_requests.expires_at is 'Until when the file of an export is kept.';
create unique index one_open_privacy_request on privacy_requests (user_id, kind) where state in ('waiting', 'working');
create index privacy_requests_of_user on privacy_requests (user_id, id);
create index privacy_requests_due on privacy_requests (due_at) where state in ('waiting', 'working');
create index privacy_files_due on privacy_requests (expires_at) where expires_at is not null;

-- The file of an export, in pieces: it is never in memory as a whole.
create table privacy_files (
  request_id uuid not null references privacy_requests on delete cascade,
  piece integer not null check (piece >= 0),
  data bytea not null,
  primary key (request_id, piece)
);
-- Packed already.
alter table privacy_files alter column data set storage external;

-- A merchant's programs sign in with these.
create table api_keys (
  id uuid primary key,
  merchant_id uuid not null references users,
  name text not null check (length(name) between 1 and 100),
  prefix text not null check (length(prefix) <= 16),
  hash bytea not null unique check (length(hash) = 32),
  scopes text[] not null check (cardinality(scopes) between 1 and 20),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
comment on column api_keys.prefix is 'How the key begins, to be recognised by its owner.';
comment on column api_keys.hash is 'SHA-256 of the key, of which 256 bits are random; the key itself is told once and never kept.';
comment on column api_keys.used_at is 'About when it was used last, to the hour: no call waits for a row to be written.';
create index api_keys_of_merchant on api_keys (merchant_id, id);

-- Everything of one person is found without reading everybody's.
create index sessions_of_person on sessions (user_id);
create index notices_of_user on notices (user_id);
create index checkouts_of_shopper on checkouts (shopper_id);
create index redemptions_of_user on promotion_redemptions (user_id);
create index audit_log_of_id on audit_log (subject_id);
