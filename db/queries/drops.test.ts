import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { makeMerchant } from '../../test/db/make-merchant.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { publishedDefinition, type StoredDrop } from '../drop-rows.ts';
import { findDrop } from './find-drop.ts';
import { insertDrop } from './insert-drop.ts';
import { listDrops } from './list-drops.ts';

const database = useDatabase();
let nowMs = Date.now();
/** Each id a millisecond after the one before, so that their order is known. */
const newId = createIdSource({
  now: () => {
    nowMs += 1;
    return nowMs;
  },
});

function dropOf(merchantId: string, skus: [string, string], given: Partial<StoredDrop> = {}): StoredDrop {
  return {
    id: newId(),
    merchantId,
    revision: 1,
    title: 'A drop',
    currency: 'USD',
    skus: [
      { sku: skus[1], title: 'Two', price: 99_999_999_999, allocation: { eu: 5, 'us-east': 7 } },
      { sku: skus[0], title: 'One', price: 0, allocation: {} },
    ],
    mode: 'lottery',
    state: 'scheduled',
    lobbyOpensAt: 1_790_000_000_001,
    startsAt: 1_790_000_100_002,
    endsAt: 1_790_000_200_003,
    perShopperLimit: 2,
    holdSeconds: 900,
    passSeconds: 300,
    admission: { perSecond: 200, maxActive: 1_000 },
    lanes: [{ name: 'everyone', weight: 1, tier: 'standard' }],
    challenge: 'auto',
    commit: 'ab'.repeat(32),
    ...given,
  };
}

describe('a drop', () => {
  it('comes back as it was written', async () => {
    const { merchantId, skus } = await makeMerchant(database.pool);
    const drop = dropOf(merchantId, skus);
    expect(await insertDrop(database.pool, drop)).toBe(true);
    expect(await findDrop(database.pool, drop.id)).toEqual(drop);
  });

  it('is written once: a second one of its id changes nothing', async () => {
    const { merchantId, skus } = await makeMerchant(database.pool);
    const drop = dropOf(merchantId, skus);
    await insertDrop(database.pool, drop);
    expect(await insertDrop(database.pool, { ...drop, title: 'Another', skus: [] })).toBe(false);
    expect(await findDrop(database.pool, drop.id)).toEqual(drop);
  });

  it('is not there under an unknown id', async () => {
    expect(await findDrop(database.pool, newId())).toBeUndefined();
  });

  it('of an unknown item, or with times out of order, is refused whole', async () => {
    const { merchantId, skus } = await makeMerchant(database.pool);
    const unknown = dropOf(merchantId, ['NO-SUCH', skus[0]]);
    await expect(insertDrop(database.pool, unknown)).rejects.toThrow('drop_skus_sku_fkey');
    const backwards = dropOf(merchantId, skus, { endsAt: 1 });
    await expect(insertDrop(database.pool, backwards)).rejects.toThrow('times_in_order');
    expect(await findDrop(database.pool, unknown.id)).toBeUndefined();
  });

  it('is known to shoppers only when it is no draft', async () => {
    const { merchantId, skus } = await makeMerchant(database.pool);
    const { merchantId: _, ...definition } = dropOf(merchantId, skus);
    expect(publishedDefinition({ ...definition, merchantId })).toEqual(definition);
    expect(publishedDefinition({ ...definition, merchantId, state: 'draft' })).toBeUndefined();
  });
});

describe('listDrops', () => {
  it('gives the newest first, page by page, of the wanted states and merchant', async () => {
    const mine = await makeMerchant(database.pool);
    const theirs = await makeMerchant(database.pool);
    const states = ['draft', 'scheduled', 'paused', 'ended', 'scheduled'] as const;
    const drops = states.map((state) => dropOf(mine.merchantId, mine.skus, { state }));
    for (const drop of [...drops, dropOf(theirs.merchantId, theirs.skus)]) await insertDrop(database.pool, drop);
    const filter = { states: ['scheduled', 'paused'] as const, merchantId: mine.merchantId, limit: 2 };
    const first = await listDrops(database.pool, filter);
    expect(first).toEqual([drops[4], drops[2]]);
    const second = await listDrops(database.pool, { ...filter, before: first[1]?.id ?? '' });
    expect(second).toEqual([drops[1]]);
    const everyone = await listDrops(database.pool, { states: ['scheduled'], limit: 100 });
    expect(everyone.map((drop) => drop.merchantId)).toContain(theirs.merchantId);
  });
});
