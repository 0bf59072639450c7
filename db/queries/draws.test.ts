import { describe, expect, it } from 'vitest';
import { commitOf } from '../../contracts/draw/algorithm.ts';
import { makeMerchant } from '../../test/db/make-merchant.ts';
import { publishLottery } from '../../test/db/publish-lottery.ts';
import { liveDrop } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { createDraw } from './create-draw.ts';
import { findDrawChunkOf, findDrawChunks, findDrawRoots } from './find-draw-chunk.ts';
import { findDrawSeed } from './find-draw-seed.ts';
import { findFairness } from './find-fairness.ts';
import { insertDrop } from './insert-drop.ts';
import { storeDraw } from './store-draw.ts';
import { tellDrawRoot } from './tell-draw-root.ts';

const database = useDatabase();
const seed = Buffer.alloc(32, 1);
const hash = (byte: number): Buffer => Buffer.alloc(32, byte);

const lottery = () => publishLottery({ database: database.pool, seed, startsInMs: 60_000 });
const rootOf = (dropId: string, root = hash(2)) => ({
  ...{ dropId, commit: commitOf(seed), algorithm: 'test', iterations: 1_000, entrants: 3, root },
});

async function store(dropId: string, changes: Partial<Parameters<typeof storeDraw>[1]> = {}): Promise<boolean> {
  const client = await database.pool.connect();
  const chunks = [
    { firstEntrant: Buffer.alloc(16, 1), data: Buffer.from('one') },
    { firstEntrant: Buffer.alloc(16, 5), data: Buffer.from('two') },
  ];
  try {
    return await storeDraw(client, {
      ...{ dropId, seed, entrantRoots: hash(3), placeRoots: hash(4), placesRoot: hash(5), chunks, ...changes },
    });
  } finally {
    client.release();
  }
}

async function makeDraft(): Promise<string> {
  const { merchantId, skus } = await makeMerchant(database.pool);
  const { id, ...drop } = liveDrop(Date.now(), { mode: 'lottery', currency: 'USD' });
  const item = { sku: skus[0], title: 'One', price: 1, allocation: {} };
  await insertDrop(database.pool, { ...drop, id, merchantId, state: 'draft', skus: [item] });
  return id;
}

const query = (text: string, dropId: string) => database.pool.query(text, [dropId]);

describe('the seed of a draw', () => {
  it('is committed to while the drop is a draft, once, and then it can be published', async () => {
    const dropId = await makeDraft();
    const publish = `update drops set state = 'scheduled' where id = $1`;
    await expect(query(publish, dropId)).rejects.toThrow('a_published_lottery_has_committed');
    expect(await createDraw(database.pool, { dropId, seed })).toBe(true);
    expect(await createDraw(database.pool, { dropId, seed })).toBe(false);
    expect(await createDraw(database.pool, { dropId, seed: hash(9) })).toBe(false);
    await query(publish, dropId);
    expect(await findDrawSeed(database.pool, dropId)).toMatchObject({ seed, commit: commitOf(seed) });
    expect(await findFairness(database.pool, dropId)).toMatchObject({ commit: commitOf(seed), closed: null });
  });

  it('is that of a lottery only, and nothing of a draft is public', async () => {
    const { merchantId, skus } = await makeMerchant(database.pool);
    const fifo = liveDrop(Date.now(), { currency: 'USD' });
    const item = { sku: skus[0], title: 'One', price: 1, allocation: {} };
    await insertDrop(database.pool, { ...fifo, merchantId, skus: [item] });
    expect(await createDraw(database.pool, { dropId: fifo.id, seed })).toBe(false);
    expect(await findFairness(database.pool, fifo.id)).toBeUndefined();
    const draft = await makeDraft();
    await createDraw(database.pool, { dropId: draft, seed });
    expect(await findFairness(database.pool, draft)).toBeUndefined();
  });

  it.each([
    ['another commit', `update drops set draw_commit = repeat('0', 64) where id = $1`],
    ['no commit', 'update drops set draw_commit = null where id = $1'],
    ['another mode', `update drops set mode = 'fifo', draw_commit = null where id = $1`],
    ['a draft again', `update drops set state = 'draft' where id = $1`],
    ['another seed', `update draw_seeds set seed = decode(repeat('00', 32), 'hex') where drop_id = $1`],
    ['other iterations', 'update draw_seeds set iterations = 1 where drop_id = $1'],
    ['no seed', 'delete from draw_seeds where drop_id = $1'],
  ])('stays as it was published: the database refuses %s', async (_, change) => {
    const { id } = await lottery();
    await expect(query(change, id)).rejects.toThrow(/commit|draw/);
    await query('update drops set revision = revision + 1 where id = $1', id);
  });

  it('is one whose hash is the commit', async () => {
    const dropId = await makeDraft();
    await query(`update drops set draw_commit = repeat('0', 64) where id = $1`, dropId);
    expect(await createDraw(database.pool, { dropId, seed })).toBe(false);
    const wrong = `insert into draw_seeds (drop_id, seed, commit, iterations)
      values ($1, decode(repeat('01', 32), 'hex'), repeat('0', 64), 1)`;
    await expect(query(wrong, dropId)).rejects.toThrow('commit_is_of_the_seed');
  });
});

describe('a draw', () => {
  it('has one root, told before anything else is known', async () => {
    const { id } = await lottery();
    const tellers = [hash(2), hash(7), hash(8)].map((root) => tellDrawRoot(database.pool, rootOf(id, root)));
    const told = await Promise.all(tellers);
    expect(new Set(told.map(({ root }) => root.toString('hex'))).size).toBe(1);
    expect(told[0]).toMatchObject({ entrants: 3, isDrawn: false });
    expect((await findFairness(database.pool, id))?.closed).toMatchObject({ root: told[0]?.root, drawn: null });
    expect(await findDrawRoots(database.pool, id)).toBeUndefined();
  });

  it('is stored once, whole, and with the seed that was committed to', async () => {
    const { id } = await lottery();
    expect(await store(id)).toBe(false);
    await tellDrawRoot(database.pool, rootOf(id));
    await expect(store(id, { seed: hash(9) })).rejects.toThrow('the_seed_is_the_one_committed_to');
    expect(await store(id)).toBe(true);
    expect(await store(id)).toBe(false);
    expect(await tellDrawRoot(database.pool, rootOf(id, hash(8)))).toMatchObject({ root: hash(2), isDrawn: true });
    expect((await findFairness(database.pool, id))?.closed?.drawn).toMatchObject({ seed, placesRoot: hash(5) });
    expect(await findDrawRoots(database.pool, id)).toEqual({ entrantRoots: hash(3), placeRoots: hash(4) });
    expect((await findDrawChunks(database.pool, id, { from: 1, count: 9 })).map(({ chunk }) => chunk)).toEqual([1]);
    const chunkOf = async (byte: number) => (await findDrawChunkOf(database.pool, id, Buffer.alloc(16, byte)))?.chunk;
    expect([await chunkOf(0), await chunkOf(1), await chunkOf(4), await chunkOf(5), await chunkOf(255)]).toEqual([
      ...[undefined, 0, 0, 1, 1],
    ]);
    for (const change of [
      `update draws set root = decode(repeat('00', 32), 'hex') where drop_id = $1`,
      'update draws set drawn_at = now() where drop_id = $1',
      'delete from draws where drop_id = $1',
      `update draw_chunks set data = '' where drop_id = $1`,
      'delete from draw_chunks where drop_id = $1',
    ]) {
      await expect(query(change, id)).rejects.toThrow(/told once|journal/);
    }
  });
});
