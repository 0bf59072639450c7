-- What keeps a drop from being where it should be, for its merchant to read.

alter table drops
  add column waiting_regions text[] not null default '{}',
  add column trouble text check (length(trouble) between 1 and 500);
comment on column drops.waiting_regions is 'Regions that do not have the newest revision yet because they cannot be reached.';
comment on column drops.trouble is 'Why the drop cannot be published or settled, in words; null when nothing is in the way.';
