import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { deliverOrder } from '../../test/fixtures/delivered-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type Sold, sell } from '../../test/fixtures/goods.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { foldChanges, type RatingsWork } from './ratings.ts';

const database = useDatabase();
const clock = { now: () => Date.now() };

async function foldAll(kind: RatingsWork, limit = 1_000): Promise<void> {
  while ((await foldChanges(kind, { database: database.pool, clock, nextId: createIdSource(clock), limit })) > 0);
}

async function person(): Promise<string> {
  const id = newId();
  await database.pool.query('insert into users (id, email) values ($1, $2)', [id, `${id}@people.example`]);
  return id;
}

async function write(productId: string, authorId: string, stars: number, isVerified: boolean, status = 'PUBLISHED') {
  await database.pool.query(
    `insert into reviews (id, product_id, author_id, stars, title, body, status, is_verified, spam_points, text_hash, queued_at, queued_for)
     values ($1, $2, $3, $4, 'T', 'B', $5::review_status, $6, 0, sha256('x'),
       case when $5 = 'PENDING' then now() end, case when $5 = 'PENDING' then 'spam' end::review_queue_reason)
     on conflict (product_id, author_id) do update set stars = $4, is_verified = $6, status = $5::review_status,
       queued_at = excluded.queued_at, queued_for = excluded.queued_for`,
    [newId(), productId, authorId, stars, status, isVerified],
  );
}

/** The sums as they are kept, and as a scan of all reviews finds them. */
async function sumsOf(table: 'product_ratings' | 'merchant_ratings') {
  const key = table === 'product_ratings' ? 'product_id' : 'merchant_id';
  const scope = table === 'product_ratings' ? 'true' : 'r.is_verified';
  const { rows } = await database.pool.query<{ kept: string | null; scanned: string | null }>(`
    with scanned as (
      select p.${key === 'product_id' ? 'id' : 'merchant_id'} as key,
        array[count(*) filter (where stars = 1), count(*) filter (where stars = 2), count(*) filter (where stars = 3),
          count(*) filter (where stars = 4), count(*) filter (where stars = 5)]::int[] as stars
      from reviews r join products p on p.id = r.product_id where r.status = 'PUBLISHED' and ${scope} group by 1
    ), kept as (
      select ${key} as key, array[stars_1, stars_2, stars_3, stars_4, stars_5] as stars from ${table}
    )
    select coalesce(kept.stars, '{0,0,0,0,0}')::text as kept, coalesce(scanned.stars, '{0,0,0,0,0}')::text as scanned
    from kept full join scanned using (key)`);
  return rows;
}

const act = fc.record({
  product: fc.nat(2),
  author: fc.nat(5),
  stars: fc.integer({ min: 1, max: 5 }),
  isVerified: fc.boolean(),
  what: fc.constantFrom('PUBLISHED', 'PUBLISHED', 'PUBLISHED', 'PENDING', 'REJECTED', 'remove', 'verify', 'fold'),
  batch: fc.integer({ min: 1, max: 4 }),
});
const acts = fc.array(act, { maxLength: 40 });
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

async function play(
  { product, author, stars, isVerified, what, batch }: Act,
  products: readonly Sold[],
  authors: readonly string[],
): Promise<void> {
  const of = [products[product]?.productId ?? '', authors[author] ?? ''] as const;
  const where = 'where product_id = $1 and author_id = $2';
  if (what === 'fold') await foldAll('ratings', batch);
  else if (what === 'remove') await database.pool.query(`delete from reviews ${where}`, [...of]);
  else if (what === 'verify') await database.pool.query(`update reviews set is_verified = true ${where}`, [...of]);
  else await write(...of, stars, isVerified, what);
}

describe('ratings that are added up', () => {
  it('are what a scan of all reviews finds, whatever people do and however they are folded', async () => {
    const merchantId = newId();
    const products = [await sell(database.pool, { merchantId }), await sell(database.pool, { merchantId })];
    products.push(await sell(database.pool));
    const authors = await Promise.all(Array.from({ length: 6 }, person));
    await fc.assert(
      fc.asyncProperty(acts, async (history) => {
        for (const act of history) await play(act, products, authors);
        await foldAll('ratings', 3);
        for (const table of ['product_ratings', 'merchant_ratings'] as const) {
          for (const { kept, scanned } of await sumsOf(table)) expect(kept).toBe(scanned);
        }
      }),
      { numRuns: 25 },
    );
    const { rows } = await database.pool.query(`
      select s.reviews, s.rating_hundredths as kept,
        coalesce(round(100 * avg(r.stars)), 0)::int as mean, count(r.id)::int as count
      from product_signals s left join reviews r on r.product_id = s.product_id and r.status = 'PUBLISHED'
      group by s.product_id`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { reviews, kept, mean, count } of rows) expect([reviews, kept]).toEqual([count, mean]);
  });

  it('are folded once by several workers at once, and told to the stores that show them', async () => {
    const { productId } = await sell(database.pool);
    const authors = await Promise.all(Array.from({ length: 12 }, person));
    await Promise.all(authors.map((author, at) => write(productId, author, 1 + (at % 5), true)));
    await database.pool.query('delete from outbox');
    const all = await Promise.all(Array.from({ length: 4 }, () => foldAll('ratings', 2)));
    expect(all).toHaveLength(4);
    await foldAll('ratings');
    const kept = await database.pool.query('select * from product_ratings where product_id = $1', [productId]);
    expect(kept.rows[0]).toMatchObject({ stars_1: 3, stars_2: 3, stars_3: 2, stars_4: 2, stars_5: 2, verified: 12 });
    const { rows } = await database.pool.query<{ payload: string }>(
      `select payload from outbox where topic = 'cache.invalidate' and key = $1`,
      [productId],
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.parse(rows[0]?.payload ?? '{}').data).toMatchObject({ kind: 'product' });
  });

  it('hold up nobody: two write of the same product while a third has not committed', async () => {
    const { productId } = await sell(database.pool);
    const [first, second] = [await person(), await person()];
    await withTransaction(database.pool, async (client) => {
      await client.query(
        `insert into reviews (id, product_id, author_id, stars, title, body, status, is_verified, spam_points, text_hash)
         values ($1, $2, $3, 5, 'T', 'B', 'PUBLISHED', true, 0, sha256('x'))`,
        [newId(), productId, first],
      );
      await write(productId, second, 4, true);
      await foldAll('ratings');
    });
    await foldAll('ratings');
    const kept = await database.pool.query('select * from product_ratings where product_id = $1', [productId]);
    expect(kept.rows[0]).toMatchObject({ stars_4: 1, stars_5: 1 });
  });
});

describe('votes', () => {
  it('are added to their review, changed and taken back, and those of a review that is gone are forgotten', async () => {
    const { productId } = await sell(database.pool);
    await write(productId, await person(), 5, true);
    const found = await database.pool.query('select id from reviews where product_id = $1', [productId]);
    const reviewId = found.rows[0].id;
    const voters = await Promise.all(Array.from({ length: 5 }, person));
    const sums = async () => {
      await foldAll('votes', 2);
      const { rows } = await database.pool.query('select helpful, unhelpful from reviews where id = $1', [reviewId]);
      return rows[0];
    };
    for (const voter of voters) {
      await database.pool.query('insert into review_votes values ($1, $2, true)', [reviewId, voter]);
    }
    expect(await sums()).toEqual({ helpful: 5, unhelpful: 0 });
    await database.pool.query('update review_votes set is_helpful = false where user_id = any ($1)', [voters.slice(3)]);
    await database.pool.query('delete from review_votes where user_id = $1', [voters[0]]);
    expect(await sums()).toEqual({ helpful: 2, unhelpful: 2 });
    await database.pool.query('delete from reviews where id = $1', [reviewId]);
    expect(await sums()).toBeUndefined();
  });
});

describe('what was sold', () => {
  it('counts confirmed orders, less cancelled ones and what came back, and marks who got theirs', async () => {
    const { pool } = database;
    const warehouse = await openWarehouse(pool);
    const merchantId = newId();
    const goods = await stockGoods(pool, { merchantId, shelves: { [warehouse]: 50 } });
    const line = (units: number) => [{ ...goods, from: { [warehouse]: units } }];
    const sold = async () => {
      await foldAll('sold', 2);
      const { rows } = await pool.query(
        'select sold from product_signals join variants using (product_id) where sku = $1',
        [goods.sku],
      );
      return rows[0]?.sold;
    };
    const [buyer, other] = [await person(), await person()];
    await confirmOrder(pool, { shopperId: buyer, lines: line(3) });
    expect(await sold()).toBe(3);
    const cancelled = await confirmOrder(pool, { shopperId: buyer, lines: line(4) });
    expect(await sold()).toBe(7);
    await pool.query(
      `with moved as (update orders set status = 'CANCELLED' where id = $1 returning id, step)
       insert into order_status_history (order_id, step, status, actor, at) select id, step, 'CANCELLED', 'test', now() from moved`,
      [cancelled],
    );
    expect(await sold()).toBe(3);

    const product = await pool.query('select product_id from variants where sku = $1', [goods.sku]);
    const { product_id: productId } = product.rows[0];
    await write(productId, buyer, 5, false);
    await write(productId, other, 4, false);
    const orderId = await deliverOrder(pool, { shopperId: buyer, lines: line(5) });
    expect(await sold()).toBe(8);
    const verified = await pool.query('select author_id from reviews where product_id = $1 and is_verified', [
      productId,
    ]);
    expect(verified.rows).toEqual([{ author_id: buyer }]);

    const returnId = newId();
    await pool.query(
      `insert into returns (id, order_id, status, reason, refund_minor) values ($1, $2, 'REQUESTED', 'r', 0)`,
      [returnId, orderId],
    );
    await pool.query(
      `insert into return_items (return_id, line, sku, quantity, amount_minor) values ($1, 1, $2, 2, 0)`,
      [returnId, goods.sku],
    );
    await pool.query(`update returns set status = 'APPROVED', decided_at = now() where id = $1`, [returnId]);
    expect(await sold()).toBe(8);
    await pool.query(`update returns set status = 'RECEIVED', received_at = now() where id = $1`, [returnId]);
    expect(await sold()).toBe(6);
  });

  it('indexes a product anew only where an order by sales would have it elsewhere', async () => {
    const { productId } = await sell(database.pool);
    await database.pool.query('insert into product_signals (product_id, sold) values ($1, 1000)', [productId]);
    const changes = async (sold: number) => {
      await database.pool.query('delete from search_changes');
      await database.pool.query('update product_signals set sold = $2 where product_id = $1', [productId, sold]);
      return (await database.pool.query('select from search_changes')).rowCount;
    };
    expect(await changes(1_001)).toBe(0);
    expect(await changes(2_000)).toBe(1);
  });
});
