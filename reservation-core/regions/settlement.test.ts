import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { liveDrop } from '../../test/fixtures/drop.ts';
import { useShards } from '../../test/fixtures/shards.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createDrops } from '../drops.ts';
import { stockTransferIn } from '../generated/stock-transfer-in.ts';
import { stockTransferOut } from '../generated/stock-transfer-out.ts';
import { rebuildRegions } from '../rebuild/rebuild.ts';
import { createStock, isBalanced } from '../stock.ts';
import { createRebalancer } from './rebalancer.ts';
import { readJournal } from './region-state.ts';
import { createSettlements, settlementsOf, unforgotten } from './settlement.ts';
import { transferIdFor } from './transfer-id.ts';
import { createTransfers, type Transfer } from './transfers.ts';

const NOW = 1_800_000_000_000;
const SKU = 'SNEAKER-42';
const core = useShards(useRedis());
const never = new AbortController().signal;

async function setup() {
  const { shards, keys } = core;
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const nextId = createIdSource(clock);
  const skus = [{ sku: SKU, title: 'x', price: 1, allocation: { eu: 5_000, asia: 100 } }];
  const drop = liveDrop(NOW, { skus });
  await createDrops({ shards, keys }).publish(drop);
  const transfers = createTransfers({ shards, keys });
  const make = (units = 1): Transfer => {
    clock.nowMs += 1;
    return { transferId: nextId(), sku: SKU, units, fromRegion: 'eu', toRegion: 'asia' };
  };
  const { scripts } = shards.home;
  const at = (region: string) => keys.stock(drop.id, region);
  return {
    drop,
    make,
    transfers,
    settlements: createSettlements({ shards, keys }),
    send: (transfer: Transfer) => stockTransferOut(scripts, at(transfer.fromRegion), transfer),
    receive: (transfer: Transfer) => stockTransferIn(scripts, at(transfer.toRegion), transfer),
    async move(count: number): Promise<Transfer[]> {
      const made = Array.from({ length: count }, () => make());
      for (const transfer of made) expect(await transfers.move(drop.id, transfer)).toBe('MOVED');
      return made;
    },
    rebalancer: createRebalancer({ shards, keys, transfers, nextId, clock }),
    async journal(region: string) {
      const look = await readJournal({ shards, keys }, drop.id, region);
      if (look.state === 'gone') throw look.error;
      return look.journal;
    },
    async ledger(region: string) {
      const one = (await createStock({ shards, keys }).ledger(drop.id, region)).get(SKU);
      expect(one !== undefined && isBalanced(one)).toBe(true);
      return one;
    },
    lose: (region: string) => shards.home.redis.del(Object.values(at(region))),
    rebuild(lost: string[]) {
      clock.nowMs += 1;
      return rebuildRegions({ shards, keys, drop, lost, claims: [], rebuildId: nextId(), nowMs: NOW });
    },
  };
}

describe('a journal that became long', () => {
  it('is short after a round, whatever comes late is answered as before, and a rebuild still knows what moved', {
    timeout: 60_000,
  }, async () => {
    const { drop, move, make, send, receive, rebalancer, journal, ledger, lose, rebuild, transfers } = await setup();
    const made = await move(LIMITS.transfersKept + 1);
    const [first, last] = [made[0] ?? make(), made.at(-1) ?? make()];
    expect(await rebalancer.round(drop, never)).toMatchObject({ failures: [] });
    for (const region of ['eu', 'asia']) expect(await journal(region)).toMatchObject({ entries: 0 });

    const before = { eu: await ledger('eu'), asia: await ledger('asia') };
    expect(before.asia).toMatchObject({ in: made.length, available: 100 + made.length });
    for (const late of [first, last]) {
      expect(await receive(late)).toEqual({ reply: 'REPLAYED' });
      expect(await send(late)).toEqual({ reply: 'STALE' });
      await transfers.finish(drop.id, late);
    }
    expect({ eu: await ledger('eu'), asia: await ledger('asia') }).toEqual(before);

    for (const lost of ['asia', 'eu', 'asia']) {
      await lose(lost);
      expect(await rebuild([lost])).toMatchObject({ reply: 'REBUILT' });
      expect({ eu: await ledger('eu'), asia: await ledger('asia') }).toEqual(before);
      for (const late of [first, last]) expect(await receive(late)).toEqual({ reply: 'REPLAYED' });
      expect(await rebalancer.round(drop, never)).toMatchObject({ failures: [], open: [] });
    }
    const { marks } = await journal('eu');
    const later = { ...make(3), transferId: transferIdFor(marks.out.get('asia'), make().transferId) };
    expect(await transfers.move(drop.id, { ...later, transferId: make().transferId })).toBe('STALE');
    expect(await transfers.move(drop.id, later)).toBe('MOVED');
    expect(await ledger('asia')).toMatchObject({ in: made.length + 3 });
  });

  it('keeps what is still open, and all that came after it', async () => {
    const { drop, move, make, send, receive, settlements, journal, transfers } = await setup();
    await move(3);
    const open = make();
    await send(open);
    const later = await move(2);
    const journals = async () =>
      new Map([
        ['eu', await journal('eu')],
        ['asia', await journal('asia')],
      ]);
    const [settlement] = settlementsOf(await journals(), 0);
    if (settlement === undefined) throw new Error('nothing to settle');
    expect(settlement.upToId < open.transferId).toBe(true);
    const tooFar = { ...settlement, upToId: later[0]?.transferId ?? '' };
    expect(await settlements.settle(drop.id, tooFar)).toBe(false);
    expect(await settlements.settle(drop.id, settlement)).toBe(true);
    expect(await journal('eu')).toMatchObject({ entries: 3, open: [open] });
    // Whoever settled died here; the next one finds it, and only once.
    expect(unforgotten(await journals())).toEqual([settlement]);
    await settlements.forget(drop.id, settlement);
    await settlements.forget(drop.id, settlement);
    expect(unforgotten(await journals())).toEqual([]);
    expect(await journal('asia')).toMatchObject({ entries: 2 });
    expect(await receive(open)).toEqual({ reply: 'RECEIVED' });
    expect(await receive(open)).toEqual({ reply: 'REPLAYED' });
    await transfers.finish(drop.id, open);
    expect(await journal('eu')).toMatchObject({ open: [] });
  });

  it('is settled while other leaders move, settle and forget at the same time: no unit is lost or doubled', {
    timeout: 60_000,
  }, async () => {
    const { drop, make, transfers, settlements, journal, ledger } = await setup();
    const settleAll = async () => {
      const journals = new Map([
        ['eu', await journal('eu')],
        ['asia', await journal('asia')],
      ]);
      for (const one of [...settlementsOf(journals, 0), ...unforgotten(journals)]) {
        if (await settlements.settle(drop.id, one)) await settlements.forget(drop.id, one);
      }
    };
    let moved = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      const there = Array.from({ length: 5 }, () => make());
      const back = { ...make(2), fromRegion: 'asia', toRegion: 'eu' };
      const results = await Promise.all([
        ...[...there, back].map((transfer) => transfers.move(drop.id, transfer)),
        ...there.map((transfer) => transfers.move(drop.id, transfer)),
        settleAll().then(() => 'SETTLED'),
        settleAll().then(() => 'SETTLED'),
      ]);
      moved += results.slice(0, 6).filter((result) => result === 'MOVED').length;
    }
    expect(moved).toBeGreaterThan(100);
    const [eu, asia] = [await ledger('eu'), await ledger('asia')];
    expect(asia?.in).toBe(eu?.out);
    expect(eu?.in).toBe(asia?.out);
    expect((eu?.available ?? 0) + (asia?.available ?? 0)).toBe(5_100);
    await settleAll();
    expect((await journal('eu')).entries).toBe(0);
    expect((await journal('asia')).entries).toBe(0);
  });
});
