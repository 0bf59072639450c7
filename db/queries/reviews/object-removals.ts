import type { Pool } from 'pg';
import { INTERVALS, LIFETIMES } from '../../../contracts/limits.ts';

/** Uploads that will not end any more: their rows go, and what the store may have of them is written down to be removed. */
export async function abandonUploads(database: Pool, limit: number): Promise<number> {
  const { rowCount } = await database.query({
    name: 'abandon-uploads',
    text: `
      delete from review_images where id in (
        select id from review_images
        where not is_ready and created_at < now() - $1::float8 * interval '1 millisecond' order by created_at limit $2
      ) and not is_ready`,
    values: [LIFETIMES.uploadMs, limit],
  });
  return rowCount ?? 0;
}

/**
 * What has to go now. The next try is written before this one, so that nobody else tries at the same time, and whoever dies
 * in the middle, or is refused by the store, comes back to it.
 */
export async function takeRemovals(database: Pool, limit: number): Promise<readonly string[]> {
  const { rows } = await database.query<{ key: string }>({
    name: 'take-removals',
    text: `
      update object_removals set tries = least(tries + 1, 1000),
        due_at = now() + least($2::float8 * power(2, least(tries, 20)), $3::float8) * interval '1 millisecond'
      where key in (
        select key from object_removals where due_at <= now() order by due_at limit $1 for update skip locked
      ) returning key`,
    values: [limit, INTERVALS.objectRetryMs, INTERVALS.objectRetryMostMs],
  });
  return rows.map(({ key }) => key);
}

export async function endRemovals(database: Pool, keys: readonly string[]): Promise<void> {
  await database.query({
    name: 'end-removals',
    text: 'delete from object_removals where key = any ($1::text[])',
    values: [keys],
  });
}
