/**
 * Takes changes from the queue and brings the rows of their products in step, in one transaction: what is cut short is
 * still in the queue. One indexer at a time: with two, the one that read a product earlier could write it later.
 */
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../../../platform/connections/postgres.ts';

/** Says how many changes were taken; undefined where another one is at it. */
export async function indexChanges(
  database: Pool,
  most: number,
  /** Another index that follows this one. Where it fails, this one is in step, and the changes are in the queue again. */
  follow?: (client: PoolClient, productIds: readonly string[]) => Promise<void>,
): Promise<number | undefined> {
  let failure: unknown;
  const taken = await withTransaction(database, async (client) => {
    const lock = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(hashtext('search-index')) as mine`,
    );
    if (lock.rows[0]?.mine !== true) return undefined;
    const { rows } = await client.query<{ product_id: string }>(
      `delete from search_changes where id in (select id from search_changes order by id limit $1) returning product_id`,
      [most],
    );
    if (rows.length === 0) return 0;
    const ids = [...new Set(rows.map((row) => row.product_id))].sort();
    // A later statement than the one that took the changes: it sees everything that they tell of.
    await client.query('select search_index($1)', [ids]);
    await client.query(NEW_WORDS, [ids]);
    await follow?.(client, ids).catch(async (error: unknown) => {
      failure = error;
      await client.query('insert into search_changes (product_id) select unnest($1::uuid[])', [ids]);
    });
    return rows.length;
  });
  if (failure !== undefined) throw failure;
  return taken;
}

const NEW_WORDS = `
  with words as (
    select distinct word from products p
      left join brands b on b.id = p.brand_id
      join categories c on c.id = p.category_id,
      unnest(tsvector_to_array(to_tsvector('simple', search_fold(
        p.title || ' ' || left(p.description, 4000) || ' ' || array_to_string(p.tags, ' ') || ' ' || coalesce(b.name, '') || ' ' || c.name
      )))) word
    where p.id = any ($1) and p.status = 'active' and length(word) between 2 and 40 and word !~ '[0-9]'
  )
  insert into search_words (word, lexeme, products)
  select word, (ts_lexize('english_stem', word))[1], 1 from words where (ts_lexize('english_stem', word))[1] is not null
  on conflict do nothing`;
