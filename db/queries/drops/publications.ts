/** What the drops worker has before it, and what it has done. */
import type { ClientBase, Pool } from 'pg';
import type { StoredDrop } from '../../drop-rows.ts';

type Database = Pool | ClientBase;

async function idsOf(database: Database, name: string, text: string, values: readonly unknown[]): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>({ name, text, values: [...values] });
  return rows.map(({ id }) => id);
}

/** Drops whose newest revision is not everywhere yet: some of them, so that those that keep failing hold nobody up. */
export function findUnpublished(database: Database, limit: number): Promise<string[]> {
  const text = `select id from drops where state <> 'draft' and published_revision < revision order by random() limit $1`;
  return idsOf(database, 'find-unpublished-drops', text, [limit]);
}

/** The end of a drop by its time is a revision like any other: it has to be told. */
export function endOverdue(database: Database, nowMs: number, limit: number): Promise<string[]> {
  const text = `
    update drops set state = 'ended', revision = revision + 1, updated_at = now()
    where id in (
      select id from drops where state in ('scheduled', 'paused') and ends_at <= to_timestamp($1::float8 / 1000)
      order by ends_at limit $2 for no key update skip locked
    )
    returning id`;
  return idsOf(database, 'end-overdue-drops', text, [nowMs, limit]);
}

/** Drops that ended, are published so, and have not given back yet what they did not sell: some of them, likewise. */
export function findUnsettled(database: Database, limit: number): Promise<string[]> {
  const text = `
    select id from drops where state = 'ended' and settled_at is null and published_revision >= revision
    order by random() limit $1`;
  return idsOf(database, 'find-unsettled-drops', text, [limit]);
}

/** A revision that came meanwhile stays to be published. */
export async function notePublished(database: Database, { id, revision }: StoredDrop): Promise<void> {
  await database.query({
    name: 'note-drop-published',
    text: `
      update drops set published_revision = greatest(published_revision, $2), waiting_regions = '{}', trouble = null
      where id = $1`,
    values: [id, revision],
  });
}

/** For its merchant to read. Writes nothing when it is known. */
export async function noteTrouble(
  database: Database,
  dropId: string,
  { regions, trouble }: { readonly regions: readonly string[]; readonly trouble: string | null },
): Promise<void> {
  await database.query({
    name: 'note-drop-trouble',
    text: `
      update drops set waiting_regions = $2, trouble = $3
      where id = $1 and (waiting_regions, trouble) is distinct from ($2::text[], $3::text)`,
    values: [dropId, regions, trouble],
  });
}

/** What Redis must know of a drop that was told to it before, or has been sold from. */
export async function isKnownToHaveBegun(database: Database, dropId: string): Promise<boolean> {
  const { rows } = await database.query<{ begun: boolean }>({
    name: 'has-drop-begun',
    text: `
      select published_revision > 0 or exists (select from orders where drop_id = $1) as begun from drops where id = $1`,
    values: [dropId],
  });
  return rows[0]?.begun ?? false;
}
