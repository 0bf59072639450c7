import { describe, expect, it } from 'vitest';
import { liveDrop, newId, PASS_UNTIL_MS } from '../../test/fixtures/drop.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createClaims } from '../claims.ts';
import { createDrops } from '../drops.ts';
import { stockRebuildBegin } from '../generated/stock-rebuild-begin.ts';
import { type StockSnapshotReply, stockSnapshot } from '../generated/stock-snapshot.ts';
import { stockTransferOut } from '../generated/stock-transfer-out.ts';
import { createHolds } from '../holds.ts';
import { transferIdFor } from '../regions/transfer-id.ts';
import { createTransfers } from '../regions/transfers.ts';
import { createStock, isBalanced } from '../stock.ts';
import { homeIsLost, restoreHome } from './home.ts';
import type { KnownClaim } from './known.ts';
import { type RebuildOptions, rebuildRegions } from './rebuild.ts';

const NOW = 1_800_000_000_000;
const SKU = 'SNEAKER-42';
const redis = useRedis();
const core = useShards(redis);

/** A drop of 10 in eu and 8 in asia; three claims in eu: one held, one sold, one cancelled. */
async function sale() {
  const { shards, keys } = core;
  const clock = { now: () => NOW };
  const drop = liveDrop(NOW, {
    perShopperLimit: 4,
    skus: [{ sku: SKU, title: 'x', price: 1, allocation: { eu: 10, asia: 8 } }],
  });
  const drops = createDrops({ shards, keys });
  await drops.publish(drop);
  const holds = createHolds({ shards, keys });
  const claims = createClaims({ shards, keys, clock, onFailedCall: (error) => silentLog.error(error) });
  const known: KnownClaim[] = [];
  const claim = async (region: string, quantity: number, changes: Partial<KnownClaim> = {}) => {
    const claimId = newId();
    const row = { claimId, key: `k-${claimId}`, shopperId: newId(), sku: SKU, quantity, holdUntilMs: NOW + 1_000 };
    const made = { ...row, ...changes };
    const answer = await claims.claim(drop.id, region, {
      ...{ claimId: made.claimId, key: made.key, shopperId: made.shopperId, sku: made.sku, quantity: made.quantity },
      ...{ holdUntilMs: made.holdUntilMs, passUntilMs: PASS_UNTIL_MS, unitPrice: 4_900, payment: '' },
    });
    const reply = answer.ok ? answer.reply : { reply: answer.code };
    if (reply.reply === 'WON') known.push({ ...made, region, state: 'held' });
    return reply;
  };
  const end = (at: number, state: KnownClaim['state']): string => {
    const one = known[at];
    if (one === undefined) throw new Error('no such claim');
    known[at] = { ...one, state };
    return one.claimId;
  };
  for (const quantity of [1, 2, 3]) await claim('eu', quantity);
  await holds.confirm(drop.id, 'eu', [end(1, 'sold')]);
  await holds.release(drop.id, 'eu', [end(2, 'cancelled')], 'cancelled');

  const relay = (region: string) => shards.home.redis.xtrim(keys.stock(drop.id, region).outbox, 'MAXLEN', 0);
  const lose = (region: string) => shards.home.redis.del(Object.values(keys.stock(drop.id, region)));
  const rebuild = (lost: readonly string[], changes: Partial<RebuildOptions> = {}) =>
    rebuildRegions({
      ...{ shards, keys, drop, lost, rebuildId: newId(), nowMs: NOW },
      claims: known.filter(({ region }) => lost.includes(region)),
      ...changes,
    });
  const snapshot = async (region: string): Promise<StockSnapshotReply> => {
    const shard = shards.region(region);
    if (shard === undefined) throw new Error('no such region');
    return await stockSnapshot(shard.scripts, keys.stock(drop.id, region));
  };
  const ledger = async (region: string) => {
    const one = (await createStock({ shards, keys }).ledger(drop.id, region)).get(SKU);
    expect(one === undefined || isBalanced(one)).toBe(true);
    return one;
  };
  const transfers = createTransfers({ shards, keys });
  return { drop, drops, holds, claim, known, relay, lose, rebuild, snapshot, ledger, transfers };
}

describe('a region that has lost its data', () => {
  it('answers PAUSED, and after a rebuild everything as before', async () => {
    const { drop, claim, known, lose, rebuild, snapshot, holds } = await sale();
    const before = await snapshot('eu');
    expect(before).toMatchObject({
      state: 'scheduled',
      holds: 3,
      shoppers: 3,
      skus: [SKU],
      counts: [10, 0, 0, 7, 1, 2],
    });
    await lose('eu');
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
    expect(await snapshot('eu')).toMatchObject({ state: '', skus: [], counts: [] });

    expect(await rebuild(['eu'])).toMatchObject({ reply: 'REBUILT' });
    expect(await snapshot('eu')).toEqual({ ...before, outbox: 0 });
    for (const { claimId, holdUntilMs, key, shopperId, quantity } of [...known]) {
      const replayed = { reply: 'REPLAYED', claimId, holdUntilMs };
      expect(await claim('eu', quantity, { key, shopperId })).toMatchObject(replayed);
      expect(await claim('eu', quantity + 1, { key, shopperId })).toEqual({ reply: 'KEY_REUSED' });
    }
    const [held, sold, cancelled] = known.map(({ claimId }) => claimId);
    if (held === undefined || sold === undefined || cancelled === undefined) throw new Error('too few claims');
    expect(await holds.confirm(drop.id, 'eu', [held, sold, cancelled])).toEqual([
      { reply: 'CONFIRMED' },
      { reply: 'ALREADY', endedAs: 'sold' },
      { reply: 'ALREADY', endedAs: 'cancelled' },
    ]);
  });

  it('sells exactly what is left, and counts towards limits what was claimed before', async () => {
    const { claim, known, lose, rebuild, ledger } = await sale();
    await lose('eu');
    await rebuild(['eu']);
    const [first] = known;
    if (first === undefined) throw new Error('no claims');
    expect(await claim('eu', 4, { shopperId: first.shopperId })).toEqual({ reply: 'LIMIT_REACHED' });
    for (let left = 7; left > 0; left -= 1) expect(await claim('eu', 1)).toMatchObject({ reply: 'WON' });
    expect(await claim('eu', 1)).toMatchObject({ reply: 'SOLD_OUT' });
    expect(await ledger('eu')).toMatchObject({ allocated: 10, available: 0, held: 8, sold: 2 });
  });

  it('is not given its units a second time by publishing the drop again, before or after the rebuild', async () => {
    const { drop, drops, claim, lose, rebuild, ledger } = await sale();
    await lose('eu');
    await drops.publish({ ...drop, revision: 2 });
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
    expect(await ledger('eu')).toBeUndefined();
    await rebuild(['eu']);
    await drops.publish({ ...drop, revision: 3 });
    expect(await ledger('eu')).toMatchObject({ allocated: 10, available: 7 });
  });

  it('gets back what others remember of transfers, arrived or not', async () => {
    const { drop, lose, rebuild, ledger, transfers } = await sale();
    const move = (transferId: string, fromRegion: string, toRegion: string, units: number) =>
      transfers.move(drop.id, { transferId, sku: SKU, units, fromRegion, toRegion });
    await move('1', 'eu', 'asia', 3);
    await move('2', 'asia', 'eu', 1);
    const open = { transferId: '3', sku: SKU, units: 2, fromRegion: 'asia', toRegion: 'eu' };
    const { shards, keys } = core;
    await shards.home.redis.hset(keys.stock(drop.id, 'asia').journal, '3', `out|open|${SKU}|2|eu`);
    await shards.home.redis.hincrby(keys.stock(drop.id, 'asia').stock, `${SKU}:available`, -2);
    await shards.home.redis.hincrby(keys.stock(drop.id, 'asia').stock, `${SKU}:out`, 2);
    await lose('eu');
    expect(await rebuild(['eu'])).toMatchObject({ reply: 'REBUILT' });
    const back = { allocated: 10, in: 3, out: 3, available: 7, held: 1, sold: 2 };
    expect(await ledger('eu')).toEqual(back);
    expect(await transfers.open(drop.id, 'asia')).toEqual([open]);
    await transfers.finish(drop.id, open);
    expect(await ledger('eu')).toEqual(back);
    expect(await transfers.open(drop.id, 'asia')).toEqual([]);
  });

  it('balances with the others that were lost together with it', async () => {
    const { drop, claim, lose, rebuild, ledger, transfers } = await sale();
    await transfers.move(drop.id, { transferId: '1', sku: SKU, units: 7, fromRegion: 'eu', toRegion: 'asia' });
    for (let units = 15; units >= 4; units -= 4) await claim('asia', 4);
    await lose('eu');
    await lose('asia');
    expect(await rebuild(['eu', 'asia'])).toMatchObject({ reply: 'REBUILT' });
    const [eu, asia] = [await ledger('eu'), await ledger('asia')];
    expect(eu).toMatchObject({ allocated: 10, held: 1, sold: 2 });
    expect(asia).toMatchObject({ allocated: 8, in: 4, held: 12, available: 0 });
    expect((eu?.available ?? 0) + (asia?.available ?? 0)).toBe(3);
  });
});

describe('a rebuild', () => {
  it('leaves a live region alone, and one whose outbox is not relayed', async () => {
    const { claim, rebuild, snapshot, relay, drop } = await sale();
    const before = await snapshot('eu');
    expect(await rebuild(['eu'])).toMatchObject({
      reply: 'REFUSED',
      problems: [expect.stringContaining('has its terms')],
    });
    expect(await snapshot('eu')).toEqual(before);
    await core.shards.home.redis.del(core.keys.stock(drop.id, 'eu').terms);
    expect(await rebuild(['eu'])).toMatchObject({ problems: [expect.stringContaining('not in Kafka yet')] });
    expect(await snapshot('eu')).toMatchObject({ holds: 3 });
    await relay('eu');
    expect(await rebuild(['eu'])).toMatchObject({ reply: 'REBUILT' });
    expect(await claim('eu', 1)).toMatchObject({ reply: 'WON' });
  });

  it('opens nothing when there are more claims than units', async () => {
    const { claim, known, lose, rebuild } = await sale();
    const [first] = known;
    if (first === undefined) throw new Error('no claims');
    await lose('eu');
    const claims = [...known, { ...first, claimId: newId(), quantity: 8 }];
    expect(await rebuild(['eu'], { claims })).toMatchObject({ problems: [expect.stringContaining('1 units more')] });
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
  });

  it('sells and lends nothing while it is under way, and can be done again after it died', async () => {
    const { drop, claim, lose, rebuild, ledger, transfers, known } = await sale();
    const { shards, keys } = core;
    await lose('eu');
    const at = keys.stock(drop.id, 'eu');
    const rebuildId = newId();
    await stockRebuildBegin(shards.home.scripts, at, { rebuildId }, [{ sku: SKU, units: 10 }]);
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
    const out = { transferId: '1', sku: SKU, units: 1, fromRegion: 'eu', toRegion: 'asia' };
    expect(await transfers.move(drop.id, out)).toBe('SHORT');
    expect(await rebuild(['eu'])).toMatchObject({ reply: 'REBUILT' });
    expect(await ledger('eu')).toMatchObject({ available: 7, held: 1, sold: 2 });
    expect(known).toHaveLength(3);
  });

  it('gives way to one that began later', async () => {
    const { drop, lose, rebuild, ledger, claim } = await sale();
    const { shards, keys } = core;
    await lose('eu');
    let later: unknown;
    const onProgress = () => {
      later ??= stockRebuildBegin(shards.home.scripts, keys.stock(drop.id, 'eu'), { rebuildId: newId() }, []);
    };
    expect(await rebuild(['eu'], { onProgress })).toMatchObject({ reply: 'REFUSED' });
    await later;
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
    expect(await rebuild(['eu'])).toMatchObject({ reply: 'REBUILT' });
    expect(await ledger('eu')).toMatchObject({ available: 7 });
  });

  it('stops when units move between regions meanwhile', async () => {
    const { drop, lose, rebuild, claim } = await sale();
    const { shards, keys } = core;
    await lose('eu');
    let late: unknown;
    const onProgress = () => {
      late ??= shards.home.redis.hset(keys.stock(drop.id, 'asia').journal, '9', `in|${SKU}|2|eu`);
    };
    expect(await rebuild(['eu'], { onProgress })).toEqual({ reply: 'MOVED_MEANWHILE' });
    await late;
    expect(await claim('eu', 1)).toEqual({ reply: 'PAUSED' });
  });

  /** It had read what is open before the loss, and goes on whenever it likes: no lock could hold it. */
  it('is not undone by a leader that was stopped with a transfer of the lost region in hand', async () => {
    for (const wakes of ['while it is under way', 'when it is done'] as const) {
      const { drop, lose, rebuild, ledger, transfers } = await sale();
      const { shards, keys } = core;
      const inHand = { transferId: newId(), sku: SKU, units: 3, fromRegion: 'eu', toRegion: 'asia' };
      await stockTransferOut(shards.home.scripts, keys.stock(drop.id, 'eu'), inHand);
      expect(await transfers.open(drop.id, 'eu')).toEqual([inHand]);
      await lose('eu');
      let woken: Promise<void> | undefined;
      const wake = () => {
        woken ??= transfers.finish(drop.id, inHand);
      };
      const onProgress = wakes === 'while it is under way' ? wake : () => undefined;
      expect(await rebuild(['eu'], { onProgress })).toMatchObject({ reply: 'REBUILT' });
      wake();
      await woken;
      expect(await ledger('eu')).toMatchObject({ in: 0, out: 0, available: 7, held: 1, sold: 2 });
      expect(await ledger('asia')).toMatchObject({ in: 0, available: 8 });
      // The ways between the two are open for what is new, and closed for what is older than the rebuild.
      const mark = await shards.home.redis.hget(keys.stock(drop.id, 'eu').journal, 'mark|out|asia');
      const later = { ...inHand, transferId: transferIdFor(mark ?? undefined, newId()) };
      expect(await transfers.move(drop.id, later)).toBe('MOVED');
      expect(await transfers.move(drop.id, { ...inHand, units: 1 })).toBe('STALE');
      expect(await ledger('asia')).toMatchObject({ in: 3, available: 11 });
    }
  });

  it('tells the outbox of holds that it found to have ended', async () => {
    const { drop, known, lose, rebuild, snapshot } = await sale();
    const [first] = known;
    if (first === undefined) throw new Error('no claims');
    await lose('eu');
    const resold = { ...first, claimId: newId(), key: newId(), shopperId: newId(), quantity: 8 };
    const claims = [{ ...first, holdUntilMs: NOW }, ...known.slice(1), resold];
    expect(await rebuild(['eu'], { claims })).toMatchObject({ reply: 'REBUILT' });
    expect(await snapshot('eu')).toMatchObject({ counts: [10, 0, 0, 0, 8, 2], holds: 4, outbox: 1 });
    const [entry] = await core.shards.home.redis.xrange(core.keys.stock(drop.id, 'eu').outbox, '-', '+');
    expect(entry?.[1]).toEqual(['released', `${first.claimId}|${SKU}|1|${first.shopperId}|expired`]);
  });
});

describe('the home', () => {
  it('comes back with its definition, and with the region of everybody who has claimed', async () => {
    const { drop, drops, known } = await sale();
    const { shards, keys } = core;
    expect(await homeIsLost(core, drop.id)).toBe(false);
    await shards.home.redis.del(Object.values(keys.line(drop.id)));
    await shards.home.redis.srem(keys.drops, drop.id);
    expect(await homeIsLost(core, drop.id)).toBe(true);
    const regions = new Map(known.map(({ shopperId, region }) => [shopperId, region]));
    await restoreHome({ shards, keys, drop, regions });
    expect(await homeIsLost(core, drop.id)).toBe(false);
    expect(await drops.find(drop.id)).toEqual(drop);
    expect(await drops.ids()).toContain(drop.id);
    expect(await shards.home.redis.hget(keys.line(drop.id).places, known[0]?.shopperId ?? '')).toBe('0|eu');
  });
});
