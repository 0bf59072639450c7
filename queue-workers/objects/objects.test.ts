import { describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../contracts/limits.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { createMemoryObjects } from '../../test/fixtures/objects.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { workOnObjects } from './objects.ts';

const database = useDatabase();
const objects = createMemoryObjects();
const options = () => ({ database: database.pool, objects, clock: { now: () => Date.now() }, log: silentLog });

const keysOf = (id: string) => [`reviews/${id}/small.webp`, `reviews/${id}/large.webp`];

/** A picture of a review, with its bytes in the store. */
async function keep(given: { readonly isReady: boolean; readonly ageMs?: number }) {
  const { productId } = await sell(database.pool);
  const [reviewId, authorId, id] = [newId(), newId(), newId()];
  await database.pool.query('insert into users (id) values ($1)', [authorId]);
  await database.pool.query(
    `insert into reviews (id, product_id, author_id, stars, title, body, status, is_verified, spam_points, text_hash)
     values ($1, $2, $3, 5, 'T', 'B', 'PUBLISHED', false, 0, sha256('x'))`,
    [reviewId, productId, authorId],
  );
  await database.pool.query(
    `insert into review_images (id, review_id, digest, is_ready, width, height, bytes, created_at)
     values ($1, $2, sha256('x'), $3, 1, 1, 1, now() - $4::float8 * interval '1 millisecond')`,
    [id, reviewId, given.isReady, given.ageMs ?? 0],
  );
  for (const key of keysOf(id)) await objects.put(key, Buffer.of(1), { contentType: 'image/webp' });
  return { id, reviewId };
}

const isKept = (id: string) => keysOf(id).map((key) => objects.kept.has(key));
const isNamed = async (id: string) =>
  (await database.pool.query('select from object_removals where key = any ($1)', [keysOf(id)])).rowCount;

describe('objects that nothing names any more', () => {
  it('are removed with their review, and no others are', async () => {
    const [gone, stays] = [await keep({ isReady: true }), await keep({ isReady: true })];
    await database.pool.query('delete from reviews where id = $1', [gone.reviewId]);
    expect(await workOnObjects('removed', options())).toBe(2);
    expect([isKept(gone.id), isKept(stays.id)]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(await isNamed(gone.id)).toBe(0);
  });

  it('of an upload that broke off are removed when it cannot end any more, not before', async () => {
    const [late, young] = [
      await keep({ isReady: false, ageMs: LIFETIMES.uploadMs + 1_000 }),
      await keep({ isReady: false, ageMs: LIFETIMES.uploadMs / 2 }),
    ];
    expect(await workOnObjects('abandoned', options())).toBe(1);
    // Its bytes may be on their way all the same: they are removed some minutes later.
    await workOnObjects('removed', options());
    expect(isKept(late.id)).toEqual([true, true]);
    await database.pool.query(`update object_removals set due_at = now()`);
    await workOnObjects('removed', options());
    expect([isKept(late.id), isKept(young.id)]).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('are tried again later where the store does not give them up, and hold up nobody', async () => {
    const { id, reviewId } = await keep({ isReady: true });
    await database.pool.query('delete from reviews where id = $1', [reviewId]);
    objects.failure = new Error('away');
    expect(await workOnObjects('removed', options())).toBe(2);
    objects.failure = undefined;
    expect(await isNamed(id)).toBe(2);
    expect(await workOnObjects('removed', options())).toBe(0);
    await database.pool.query('update object_removals set due_at = now()');
    const both = await Promise.all([workOnObjects('removed', options()), workOnObjects('removed', options())]);
    expect(both.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect([isKept(id), await isNamed(id)]).toEqual([[false, false], 0]);
  });
});
