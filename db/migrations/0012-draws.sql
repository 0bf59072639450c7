-- The draw of a lottery drop. Its seed is made and committed to before shoppers can see the drop, and shown after the draw;
-- the root of the list of entrants is told in between. No step can be taken back.

alter table drops
  add constraint drops_id_draw_commit_key unique (id, draw_commit),
  add constraint a_published_lottery_has_committed check (mode <> 'lottery' or state = 'draft' or draw_commit is not null);

create table draw_seeds (
  drop_id uuid primary key,
  seed bytea not null check (octet_length(seed) = 32),
  commit char(64) not null,
  iterations integer not null check (iterations >= 1),
  created_at timestamptz not null default now(),
  foreign key (drop_id, commit) references drops (id, draw_commit),
  constraint commit_is_of_the_seed check (commit = encode(sha256(seed), 'hex'))
);
comment on table draw_seeds is 'Secret until the draw: only the worker that draws reads the seed. What is public stands in draws.';

create table draws (
  drop_id uuid primary key,
  commit char(64) not null,
  algorithm text not null check (length(algorithm) between 1 and 40),
  iterations integer not null check (iterations >= 1),
  entrants integer not null check (entrants >= 0),
  root bytea not null check (octet_length(root) = 32),
  told_at timestamptz not null default now(),
  seed bytea,
  entrant_roots bytea,
  place_roots bytea,
  places_root bytea check (octet_length(places_root) = 32),
  drawn_at timestamptz,
  foreign key (drop_id, commit) references drops (id, draw_commit),
  constraint drawn_whole_or_not_at_all check (num_nulls(seed, entrant_roots, place_roots, places_root, drawn_at) in (0, 5)),
  constraint the_seed_is_the_one_committed_to check (commit = encode(sha256(seed), 'hex'))
);
comment on column draws.root is 'Merkle root of the entrants, told before the draw is computed.';
comment on column draws.entrant_roots is 'Roots of the chunks of the list of entrants, 32 bytes each: with one chunk they prove an entrant.';

create table draw_chunks (
  drop_id uuid not null references draws (drop_id),
  chunk integer not null check (chunk >= 0),
  first_entrant bytea not null check (octet_length(first_entrant) = 16),
  data bytea not null,
  primary key (drop_id, chunk),
  unique (drop_id, first_entrant)
);
comment on table draw_chunks is 'The public list of entrants and places, sorted by entrant; contracts/draw/chunk.ts knows its form.';
create trigger draw_chunks_only_grow before update or delete or truncate on draw_chunks
  for each statement execute function refuse_change();

create function keep_commit() returns trigger
language plpgsql
as $$
begin
  if old.state <> 'draft' and 'lottery' in (old.mode, new.mode)
    and (new.draw_commit, new.mode) is distinct from (old.draw_commit, old.mode) then
    raise exception 'the draw of a published drop is committed to: neither its commit nor its mode changes'
      using errcode = 'ODD01';
  end if;
  if old.state <> 'draft' and new.state = 'draft' and old.mode = 'lottery' then
    raise exception 'a published lottery does not become a draft again: its draw is committed to' using errcode = 'ODD01';
  end if;
  return new;
end
$$;
create trigger drops_keep_their_commit before update on drops for each row execute function keep_commit();

create function keep_draw_seed() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' or exists (select from drops where id = old.drop_id and state <> 'draft') then
    raise exception 'the seed of a draw is never changed, and removed only while its drop is a draft' using errcode = 'ODD02';
  end if;
  return old;
end
$$;
create trigger draw_seeds_stay before update or delete on draw_seeds for each row execute function keep_draw_seed();

create function keep_draw() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' or old.drawn_at is not null
    or (new.drop_id, new.commit, new.algorithm, new.iterations, new.entrants, new.root, new.told_at)
      is distinct from (old.drop_id, old.commit, old.algorithm, old.iterations, old.entrants, old.root, old.told_at) then
    raise exception 'a draw is told once: its root before, its places after' using errcode = 'ODD03';
  end if;
  return new;
end
$$;
create trigger draws_stay before update or delete on draws for each row execute function keep_draw();
