/** Stock that moves between regions while everything that can go wrong does: crashes, races, regions that vanish. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DropDefinition } from '../../contracts/drop.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createClaims } from '../../reservation-core/claims.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { stockTransferIn } from '../../reservation-core/generated/stock-transfer-in.ts';
import { stockTransferOut } from '../../reservation-core/generated/stock-transfer-out.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { rebuildRegions } from '../../reservation-core/rebuild/rebuild.ts';
import { createRebalancer } from '../../reservation-core/regions/rebalancer.ts';
import { transferIdFor } from '../../reservation-core/regions/transfer-id.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { connectShards, type Shards } from '../../reservation-core/shards.ts';
import { createStock, isBalanced, type StockLedger } from '../../reservation-core/stock.ts';
import { liveDrop, newId, PASS_UNTIL_MS } from '../fixtures/drop.ts';
import { silentLog, useShards } from '../fixtures/shards.ts';
import { eventually } from '../servers/eventually.ts';
import { useOwnRedis } from '../servers/own-redis.ts';
import { useRedis } from '../servers/redis.ts';

const NOW = 1_800_000_000_000;
const SKU = 'SNEAKER-42';
const redis = useRedis();
const core = useShards(redis);
const ownRedis = useOwnRedis();
const never = new AbortController().signal;

async function setup(allocation: Record<string, number>, changes: Partial<DropDefinition> = {}, shards = core.shards) {
  const { keys } = core;
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const skus = [{ sku: SKU, title: 'Sneaker 42', price: 4_900, allocation }];
  const drop = liveDrop(NOW, { skus, startsAt: NOW - 1_000, perShopperLimit: 1_000, ...changes });
  const given = Object.values(allocation).reduce((sum, units) => sum + units, 0);
  await createDrops({ shards, keys }).publish(drop);
  const claims = createClaims({ shards, keys, clock, onFailedCall: () => undefined });
  const transfers = createTransfers({ shards, keys });
  const stock = createStock({ shards, keys });
  const ledger = async (region: string): Promise<StockLedger> => {
    const found = (await stock.ledger(drop.id, region)).get(SKU);
    if (found === undefined) throw new Error(`${region} has no ledger`);
    expect(isBalanced(found)).toBe(true);
    return found;
  };
  return {
    drop,
    clock,
    transfers,
    ledger,
    holds: createHolds({ shards, keys }),
    newRebalancer: (by = transfers) =>
      createRebalancer({ shards, keys, transfers: by, nextId: createIdSource(clock), clock }),
    async claim(region: string, quantity = 1, holdUntilMs = NOW + 600_000) {
      const claimId = newId();
      const row = {
        key: claimId,
        shopperId: newId(),
        sku: SKU,
        quantity,
        claimId,
        holdUntilMs,
        passUntilMs: PASS_UNTIL_MS,
        unitPrice: 4_900,
        payment: '',
      };
      const answer = await claims.claim(drop.id, region, row);
      return { claimId, reply: answer.ok ? answer.reply.reply : answer.code };
    },
    /** Units for sale; fails unless all that was given is there once. */
    async wholeStock(onTheWay = 0) {
      const ledgers = await Promise.all(Object.keys(allocation).map(ledger));
      const sum = (count: keyof StockLedger) => ledgers.reduce((total, one) => total + one[count], 0);
      expect(sum('available') + sum('held') + sum('sold') + onTheWay).toBe(given);
      expect(sum('out') - sum('in')).toBe(onTheWay);
      return sum('available');
    },
  };
}

describe('a region that is sold out', () => {
  it('gets stock from one where nobody buys, and the next claim there wins', async () => {
    const { drop, claim, newRebalancer, wholeStock } = await setup({ eu: 3, asia: 50 });
    for (let unit = 0; unit < 3; unit++) expect((await claim('eu')).reply).toBe('WON');
    expect((await claim('eu')).reply).toBe('SOLD_OUT');
    const round = await newRebalancer().round(drop, never);
    expect(round).toMatchObject({ finished: [], open: [], gone: [], empty: [], failures: [] });
    expect(round.moved).toMatchObject([{ sku: SKU, fromRegion: 'asia', toRegion: 'eu', units: 25 }]);
    expect((await claim('eu')).reply).toBe('WON');
    expect(await wholeStock()).toBe(49);
  });

  it('gets stock even when it never had any, because shoppers were refused there', async () => {
    const { drop, claim, clock, newRebalancer, wholeStock } = await setup({ eu: 0, asia: 50 });
    for (let shopper = 0; shopper < 5; shopper++) expect((await claim('eu', 2)).reply).toBe('SOLD_OUT');
    const rebalancer = newRebalancer();
    await eventually(
      async () => {
        clock.nowMs += 1_000;
        return (await rebalancer.round(drop, never)).moved.length > 0;
      },
      { withinMs: 10_000, everyMs: 100 },
    );
    expect((await claim('eu', 2)).reply).toBe('WON');
    expect(await wholeStock()).toBe(48);
  });

  it('gets what came back from holds that ended elsewhere', async () => {
    const { drop, claim, clock, holds, newRebalancer, wholeStock } = await setup({ eu: 2, asia: 2 });
    const rebalancer = newRebalancer();
    for (let unit = 0; unit < 2; unit++) {
      await claim('eu');
      await claim('asia', 1, NOW + 1_000);
    }
    expect((await rebalancer.round(drop, never)).moved).toEqual([]);
    clock.nowMs = NOW + 120_000;
    await holds.expire(drop.id, 'asia', clock.nowMs);
    // Nobody has bought in asia for two minutes, and the stock is there again: it is eu that asks for it.
    await rebalancer.round(drop, never);
    clock.nowMs = NOW + 180_000;
    await rebalancer.round(drop, never);
    expect((await claim('eu')).reply).toBe('WON');
    expect(await wholeStock()).toBe(1);
  });

  it('gets nothing while the drop is paused or over, which ends what was begun', async () => {
    for (const changes of [{ state: 'paused' }, { endsAt: NOW }] as const) {
      const { drop, claim, clock, newRebalancer, transfers, ledger, wholeStock } = await setup({ eu: 1, asia: 50 });
      await claim('eu');
      const begun = { transferId: newId(), sku: SKU, units: 7, fromRegion: 'asia', toRegion: 'eu' };
      await sendOnly(drop.id, begun);
      expect(await wholeStock(7)).toBe(43);
      const round = await newRebalancer().round({ ...drop, ...changes }, never);
      expect(round).toMatchObject({ finished: [begun], moved: [], open: [], failures: [] });
      expect(await ledger('eu')).toMatchObject({ available: 7 });
      expect(await wholeStock()).toBe(50);
      expect(await transfers.open(drop.id, 'asia')).toEqual([]);
      clock.nowMs += 1_000;
    }
  });
});

describe('a rebalancer that died', () => {
  it('after the first step, and after the second, is finished by the next one', async () => {
    const { drop, ledger, newRebalancer, wholeStock } = await setup({ eu: 10, asia: 50 });
    const sent = { transferId: newId(), sku: SKU, units: 7, fromRegion: 'asia', toRegion: 'eu' };
    const arrived = { ...sent, transferId: newId(), units: 5 };
    for (const transfer of [sent, arrived]) await sendOnly(drop.id, transfer);
    await stockTransferIn(core.shards.home.scripts, core.keys.stock(drop.id, 'eu'), arrived);
    expect(await wholeStock(7)).toBe(53);
    const round = await newRebalancer().round(drop, never);
    expect(round.finished).toHaveLength(2);
    expect(round.finished).toEqual(expect.arrayContaining([sent, arrived]));
    expect(await ledger('eu')).toMatchObject({ in: 12, available: 22 });
    expect(await wholeStock()).toBe(60);
    expect((await newRebalancer().round(drop, never)).finished).toEqual([]);
  });

  it('begins no new step once it has lost the lead', async () => {
    const { drop, claim, newRebalancer, wholeStock } = await setup({ eu: 1, asia: 50 });
    await claim('eu');
    expect((await newRebalancer().round(drop, AbortSignal.abort())).moved).toEqual([]);
    expect(await wholeStock()).toBe(50);
  });
});

describe('a journal that cannot be settled', () => {
  it('has a bound: beyond it its region neither gives nor gets, and the reason is told', {
    timeout: 60_000,
  }, async () => {
    const { drop, claim, newRebalancer, transfers } = await setup({ eu: 1, asia: 50, 'us-east': 20_000 });
    await claim('eu');
    const { shards, keys } = core;
    const content = Object.fromEntries(
      Array.from({ length: LIMITS.transfersRemembered }, () => [newId(), `out|open|${SKU}|1|nowhere`]),
    );
    await shards.home.redis.hset(keys.stock(drop.id, 'us-east').journal, content);
    const round = await newRebalancer().round(drop, never);
    expect(round.moved).toMatchObject([{ fromRegion: 'asia', toRegion: 'eu', units: 15 }]);
    expect(round.failures).toMatchObject([{ what: 'the journal of us-east' }]);
    expect(round.open).toHaveLength(LIMITS.transfersRemembered);
    expect(await transfers.open(drop.id, 'asia')).toEqual([]);
  });
});

describe('rebalancers that race', () => {
  it('lose no unit and double none, while shoppers claim and holds end', { timeout: 60_000 }, async () => {
    const { drop, claim, clock, holds, newRebalancer, wholeStock, transfers } = await setup({
      eu: 20,
      asia: 2_000,
      'us-east': 300,
    });
    const rebalancers = Array.from({ length: 4 }, newRebalancer);
    let moved = 0;
    for (let turn = 0; turn < 25; turn++) {
      clock.nowMs += 1_000;
      const rounds = rebalancers.map((rebalancer) => rebalancer.round(drop, never));
      const bought = Array.from({ length: 40 }, (_, at) =>
        claim(at % 8 === 0 ? 'us-east' : 'eu', 1 + (at % 3), clock.nowMs + (at % 2 === 0 ? 2_000 : 600_000)),
      );
      const ended = ['eu', 'us-east'].map((region) => holds.expire(drop.id, region, clock.nowMs));
      for (const round of await Promise.all(rounds)) {
        expect(round.failures).toEqual([]);
        moved += round.moved.length;
      }
      await Promise.all([...bought, ...ended]);
    }
    expect(moved).toBeGreaterThan(4);
    expect(await wholeStock()).toBeGreaterThanOrEqual(0);
    for (const region of ['eu', 'asia', 'us-east']) expect(await transfers.open(drop.id, region)).toEqual([]);
  });
});

describe('a region that is lost and rebuilt while leaders go on', () => {
  it('gets back what is its own: no unit is lost or doubled, whatever was on its way', {
    timeout: 120_000,
  }, async () => {
    const { drop, claim, clock, newRebalancer, wholeStock, transfers, ledger } = await setup({ eu: 50, asia: 3_000 });
    const { shards, keys } = core;
    const slowly = createTransfers({ shards: slowed(shards), keys });
    const rebalancers = [newRebalancer(slowly), newRebalancer(slowly)];
    const nextId = createIdSource(clock);
    for (let turn = 0; turn < 60; turn++) {
      clock.nowMs += 1_000;
      const back = { transferId: nextId(), sku: SKU, units: 2, fromRegion: 'eu', toRegion: 'asia' };
      const mark = await shards.home.redis.hget(keys.stock(drop.id, 'asia').journal, 'mark|out|eu');
      const transferId = transferIdFor(mark ?? undefined, nextId());
      const there = { ...back, transferId, units: 20, fromRegion: 'asia', toRegion: 'eu' };
      await Promise.all(Array.from({ length: 10 }, () => claim('eu', 1)));
      const going = [
        ...rebalancers.map((rebalancer) => rebalancer.round(drop, never)),
        ...[there, back].map((transfer) => slowly.move(drop.id, transfer)),
      ];
      const lose = () => shards.home.redis.del(Object.values(keys.stock(drop.id, 'asia')));
      const rebuild = async (): Promise<void> => {
        clock.nowMs += 1;
        const given = { shards, keys, drop, lost: ['asia'], claims: [], nowMs: clock.nowMs };
        const { reply } = await rebuildRegions({ ...given, rebuildId: nextId() });
        if (reply !== 'REBUILT') await rebuild();
      };
      // At another moment of what is going on each time.
      for (let step = 0; step < turn % 20; step++) await shards.home.redis.ping();
      await lose();
      await rebuild();
      await Promise.allSettled(going);
      // What is still open arrives: nobody begins anything new.
      await newRebalancer().round({ ...drop, state: 'ended' }, never);
      for (const region of ['eu', 'asia']) expect(await transfers.open(drop.id, region)).toEqual([]);
      await wholeStock();
    }
    expect((await ledger('eu')).held).toBeGreaterThan(20);
  });
});

describe('a region whose Redis dies', () => {
  it('neither gives nor gets; what was on its way to it arrives once it is back', { timeout: 60_000 }, async () => {
    const shards = await connectOwnAsia();
    const { drop, claim, ledger, newRebalancer, wholeStock } = await setup(
      { eu: 2, asia: 100, 'us-east': 40 },
      {},
      shards,
    );
    await claim('eu', 2);
    const onItsWay = { transferId: newId(), sku: SKU, units: 9, fromRegion: 'us-east', toRegion: 'asia' };
    await sendOnly(drop.id, onItsWay);
    await ownRedis.kill();
    const rebalancer = newRebalancer();
    const without = await rebalancer.round(drop, never);
    expect(without.gone.map(({ what }) => what)).toEqual(['asia']);
    expect(without).toMatchObject({ open: [onItsWay], finished: [] });
    expect(without.moved).toMatchObject([{ fromRegion: 'us-east', toRegion: 'eu', units: 16 }]);
    expect((await claim('eu')).reply).toBe('WON');

    await ownRedis.restart();
    const finished = await eventually(
      async () => {
        const { finished: found } = await rebalancer.round(drop, never);
        return found.length > 0 && found;
      },
      { withinMs: 20_000 },
    );
    expect(finished).toEqual([onItsWay]);
    expect(await ledger('asia')).toMatchObject({ in: 9, available: 109 });
    expect(await wholeStock()).toBe(139);
    await shards.close();
  });

  it('that comes back without its data gets nothing until it is rebuilt', { timeout: 60_000 }, async () => {
    const shards = await connectOwnAsia();
    const { drop, claim, newRebalancer } = await setup({ eu: 2, asia: 100, 'us-east': 40 }, {}, shards);
    await claim('eu', 2);
    const onItsWay = { transferId: newId(), sku: SKU, units: 9, fromRegion: 'us-east', toRegion: 'asia' };
    await sendOnly(drop.id, onItsWay);
    await shards.region('asia')?.redis.flushall();
    const round = await newRebalancer().round(drop, never);
    expect(round).toMatchObject({ empty: ['asia'], gone: [], open: [onItsWay], failures: [] });
    expect(round.moved).toMatchObject([{ fromRegion: 'us-east', toRegion: 'eu' }]);
    expect(await shards.region('asia')?.redis.dbsize()).toBe(0);
    await shards.close();
  });
});

/** Only the first of the two steps: what a crash right after it leaves. */
async function sendOnly(
  dropId: string,
  transfer: { transferId: string; sku: string; units: number; fromRegion: string; toRegion: string },
): Promise<void> {
  const sent = await stockTransferOut(core.shards.home.scripts, core.keys.stock(dropId, transfer.fromRegion), transfer);
  expect(sent).toEqual({ reply: 'SENT' });
}

/** Each step of a transfer comes up to 15 ms late: its region may have been lost and rebuilt meanwhile. */
function slowed(shards: Shards): Shards {
  let late = 0;
  const region = (name: string) => {
    const shard = shards.region(name);
    if (shard === undefined) return undefined;
    const run: typeof shard.scripts.run = async (...call) => {
      late = (late + 7) % 16;
      await delay(late);
      return await shard.scripts.run(...call);
    };
    return { ...shard, scripts: { run } };
  };
  return { ...shards, region };
}

function connectOwnAsia(): Promise<Shards> {
  const regionUrls = new Map([
    ['eu', redis.url],
    ['asia', ownRedis.url],
    ['us-east', redis.url],
  ]);
  return connectShards({ homeUrl: redis.url, regionUrls, name: 'test', log: silentLog });
}
