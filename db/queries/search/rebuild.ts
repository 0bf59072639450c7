/**
 * Indexes the whole catalog at once: for a first filling, or after a change of what search_rows makes. Searches go on
 * until the moment the new rows take the place of the old ones; that last step is one transaction.
 */
import type { Pool, PoolClient } from 'pg';
import { countTotals } from './totals.ts';

export interface RebuildOptions {
  /** Connections that make rows at the same time. */
  readonly connections: number;
  tell?(step: string): void;
}

const BATCH = 5_000;
/** Below this, every search looks at everything: the tiers only spare work where there are many. */
const TIERS_FROM = 20_000;
/** Shares of the catalog that are in the first tier, in the first two, in the first three. */
const SHARES = [0.02, 0.1, 0.3] as const;

/** Says how many products are on sale. */
export async function rebuildSearch(database: Pool, options: RebuildOptions): Promise<number> {
  const tell = options.tell ?? (() => undefined);
  const client = await database.connect();
  try {
    await client.query('set statement_timeout = 0');
    // The indexer waits meanwhile; what changes stays in its queue and is applied after.
    await client.query(`select pg_advisory_lock(hashtext('search-index'))`);
    tell('tiers');
    await setTiers(client);
    await client.query('drop table if exists search_staging');
    await client.query('create unlogged table search_staging (like search_products)');
    await fillStaging(database, client, options.connections, tell);
    tell('taking the new rows in place of the old ones');
    const count = await takeOver(client);
    tell('words');
    await client.query(WORDS);
    tell('facets of the whole catalog');
    await countTotals(client);
    await client.query('analyze search_products, search_words');
    return count;
  } finally {
    await client.query('reset statement_timeout').catch(() => undefined);
    // The lock goes with the connection.
    client.release(true);
  }
}

async function setTiers(client: PoolClient): Promise<void> {
  await client.query('delete from search_tiers');
  await client.query(
    `insert into search_tiers (tier, from_quality)
     select tier - 1, case when tier = 4 then -1 else percentile[tier] end
     from (
       select array_agg(1) as one, percentile_cont($1::float8[]) within group (order by quality) as percentile, count(*) as products
       from (
         select search_quality(coalesce(s.rating_hundredths, 0), coalesce(s.reviews, 0), coalesce(s.sold, 0)) as quality
         from products p left join product_signals s on s.product_id = p.id where p.status = 'active'
       ) as qualities
     ) as counted, generate_series(1, 4) as tier
     where products >= $2`,
    [SHARES.map((share) => 1 - share), TIERS_FROM],
  );
}

async function fillStaging(
  database: Pool,
  client: PoolClient,
  connections: number,
  tell: (step: string) => void,
): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  let done = 0;
  // Each worker takes the next stretch of ids when it is free: asking for the stretch is cheap, making its rows is not.
  const next = async (): Promise<readonly string[]> => {
    const { rows } = await client.query<{ id: string }>('select id from products where id > $1 order by id limit $2', [
      after,
      BATCH,
    ]);
    after = rows.at(-1)?.id ?? after;
    return rows.map(({ id }) => id);
  };
  let turn: Promise<readonly string[]> = Promise.resolve([]);
  const take = () => {
    turn = turn.then(next);
    return turn;
  };
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let ids = await take(); ids.length > 0; ids = await take()) {
        await database.query('insert into search_staging select * from search_rows($1)', [ids]);
        done += ids.length;
        tell(`rows of ${done} products`);
      }
    }),
  );
}

async function takeOver(client: PoolClient): Promise<number> {
  await client.query('begin');
  try {
    await client.query(`set local maintenance_work_mem = '256MB'`);
    await client.query('truncate search_products');
    for (const tier of TIERS) await client.query(`drop index if exists search_products_${tier}`);
    // In the order of their quality, so that what is looked at together lies together.
    const { rowCount } = await client.query(
      'insert into search_products select * from search_staging order by tier, quality desc',
    );
    for (const tier of TIERS) {
      await client.query(
        `create index search_products_${tier} on search_products using gin (document) with (fastupdate = off) where tier = ${tier}`,
      );
    }
    await client.query('drop table search_staging');
    await client.query('commit');
    return rowCount ?? 0;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

const TIERS = [0, 1, 2, 3] as const;

/** Words with digits are model numbers: as many as products, and nobody wants to be told another one. */
const WORDS = `
  with counted as (
    select word, ndoc from ts_stat($$
      select to_tsvector('simple', search_fold(p.title || ' ' || array_to_string(p.tags, ' '))) from products p where status = 'active'
    $$)
    union all
    select word, ndoc from ts_stat($$select to_tsvector('simple', search_fold(name)) from brands$$)
    union all
    select word, ndoc from ts_stat($$select to_tsvector('simple', search_fold(name)) from categories$$)
    union all
    select word, ndoc from ts_stat($$
      select to_tsvector('simple', replace(array_to_string(attributes, ' '), '=', ' ')) from search_products where tier = 0
    $$)
    union all
    select word, ndoc from ts_stat($$
      select to_tsvector('simple', search_fold(left(p.description, 4000)))
      from products p where status = 'active' and id in (select product_id from search_products where tier = 0)
    $$)
  ), words as (
    select word, max(ndoc)::int as products from counted
    where length(word) between 2 and 40 and word !~ '[0-9]' group by word
  ), cleared as (
    delete from search_words w where not exists (select from words where words.word = w.word)
  )
  insert into search_words (word, lexeme, products)
  select word, (ts_lexize('english_stem', word))[1], products from words
  where (ts_lexize('english_stem', word))[1] is not null
  on conflict (word) do update set products = excluded.products`;
