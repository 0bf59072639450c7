-- A session is one sign-in on one device. Its refresh tokens follow each other: each is exchanged once for the next.
create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  client text not null default '' check (length(client) <= 200),
  address text not null default '' check (length(address) <= 64),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text check (ended_by in ('logout', 'reuse', 'password', 'revoked', 'blocked', 'too-many')),
  constraint an_end_has_a_reason check ((ended_at is null) = (ended_by is null))
);
comment on column sessions.client is 'The User-Agent of the sign-in, to be recognised by its owner.';
create index sessions_of_user on sessions (user_id, id) where ended_at is null;
create index sessions_due on sessions (expires_at);

create table refresh_tokens (
  hash bytea primary key check (length(hash) = 32),
  session_id uuid not null references sessions (id) on delete cascade,
  parent bytea,
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  repeats smallint not null default 0 check (repeats >= 0)
);
comment on column refresh_tokens.hash is 'SHA-256 of the token; the token itself is known to its owner only.';
comment on column refresh_tokens.parent is 'Whose exchange made it.';
comment on column refresh_tokens.repeats is 'How often it was exchanged again within the grace.';
create index refresh_tokens_of_session on refresh_tokens (session_id);
create index refresh_tokens_of_parent on refresh_tokens (parent) where parent is not null;

alter table users add column password_at timestamptz;
comment on column users.password_at is 'When the password was changed last; null for one that never was.';

-- Who is looked for by the beginning of a mail address, and the newest of a role or status.
create index users_by_role on users (role, id) where role <> 'shopper';
create index users_by_status on users (status, id) where status <> 'active';
create index users_by_email_prefix on users (lower(email::text) text_pattern_ops) where email is not null;
