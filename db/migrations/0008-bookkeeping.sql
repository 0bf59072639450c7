-- Events leave in the transaction that caused them: who takes a row deletes it and commits once Kafka has it, so the
-- table holds only what is still to be sent.
create table outbox (
  position bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  payload text not null,
  at timestamptz not null default now()
) with (
  -- A queue: rows come and go by the thousand each second, and what is dead in front slows down every take.
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);

create table idempotency_keys (
  scope text not null check (length(scope) between 1 and 100),
  key text not null check (length(key) between 1 and 64),
  fingerprint text not null check (length(fingerprint) <= 64),
  response jsonb,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (scope, key)
);
comment on column idempotency_keys.fingerprint is 'Hash of the request: the same key with other content is refused.';
comment on column idempotency_keys.response is 'The first answer; null while the first request is under way.';
create index idempotency_keys_due on idempotency_keys (expires_at);

create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  actor_id uuid,
  actor_role user_role,
  action text not null check (length(action) between 1 and 100),
  subject_kind text not null check (length(subject_kind) between 1 and 40),
  subject_id text not null check (length(subject_id) between 1 and 100),
  detail jsonb not null default '{}'
);
comment on table audit_log is 'Every privileged act. Ids only, nothing personal: a journal cannot be erased from.';
create index audit_log_of_subject on audit_log (subject_kind, subject_id, id);
create index audit_log_of_actor on audit_log (actor_id, id) where actor_id is not null;
create trigger audit_log_only_grows before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
