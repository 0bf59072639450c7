import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { stockClaim } from '../../reservation-core/generated/stock-claim.ts';
import { createHolds, type Holds } from '../../reservation-core/holds.ts';
import { createStock, isBalanced } from '../../reservation-core/stock.ts';
import { liveDrop, newId, PASS_UNTIL_MS } from '../../test/fixtures/drop.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createDueTimes } from './due-times.ts';
import { startSweeper } from './sweeper.ts';

const SKU = 'SNEAKER-42';
const UNITS = 5_000;
const core = useShards(useRedis());

async function newDrop() {
  const { shards, keys } = core;
  const drop = liveDrop(Date.now(), {
    skus: [{ sku: SKU, title: 'Sneaker 42', price: 1, allocation: { eu: UNITS } }],
  });
  await createDrops({ shards, keys }).publish(drop);
  const stock = createStock({ shards, keys });
  return {
    id: drop.id,
    async hold(count: number, holdUntilMs: number): Promise<string[]> {
      const claimIds = Array.from({ length: count }, newId);
      for (let at = 0; at < count; at += LIMITS.claimBatch) {
        const rows = claimIds.slice(at, at + LIMITS.claimBatch).map((claimId) => ({
          key: claimId,
          shopperId: newId(),
          sku: SKU,
          quantity: 1,
          claimId,
          holdUntilMs,
          passUntilMs: PASS_UNTIL_MS,
          unitPrice: 4_900,
          payment: '',
        }));
        await stockClaim(shards.home.scripts, keys.stock(drop.id, 'eu'), { nowMs: Date.now() }, rows);
      }
      return claimIds;
    },
    async ledger() {
      const ledger = (await stock.ledger(drop.id, 'eu')).get(SKU);
      if (ledger === undefined) throw new Error('no ledger');
      expect(isBalanced(ledger)).toBe(true);
      return ledger;
    },
  };
}

function sweep(dropIds: () => Promise<readonly string[]>, changes: { holds?: Pick<Holds, 'expire'> } = {}) {
  const { shards, keys } = core;
  const seen = { expired: 0, mostAtOnce: 0, lagMs: [] as number[], failed: 0, behindMs: -1 };
  const sweeper = startSweeper({
    region: 'eu',
    holds: changes.holds ?? createHolds({ shards, keys }),
    dueTimes: createDueTimes(shards.home.redis, keys, 'eu'),
    dropIds,
    clock: systemClock,
    log: silentLog,
    metrics: {
      expired(count, lagMs) {
        seen.expired += count;
        seen.mostAtOnce = Math.max(seen.mostAtOnce, count);
        seen.lagMs.push(lagMs);
      },
      behind: (lagMs) => {
        seen.behindMs = lagMs;
      },
      failed: () => {
        seen.failed += 1;
      },
    },
  });
  return { seen, stop: () => sweeper.stop() };
}

const withinMs = 15_000;

describe('a sweeper', () => {
  it('ends holds at their time and not before, of every drop, in bounded batches', async () => {
    const [many, few] = [await newDrop(), await newDrop()];
    const soonMs = Date.now() + 1_500;
    await many.hold(600, soonMs);
    await few.hold(1, soonMs);
    await few.hold(2, Date.now() + 3_600_000);
    const { seen, stop } = sweep(async () => [many.id, few.id]);
    await eventually(() => seen.expired === 601, { withinMs });
    expect(Date.now()).toBeGreaterThanOrEqual(soonMs);
    await eventually(() => seen.behindMs === 0, { withinMs });
    await stop();
    expect(await many.ledger()).toMatchObject({ available: UNITS, held: 0 });
    expect(await few.ledger()).toMatchObject({ available: UNITS - 2, held: 2 });
    expect(seen.mostAtOnce).toBeGreaterThanOrEqual(LIMITS.expireBatch);
    expect(seen.mostAtOnce).toBeLessThan(LIMITS.expireBatch + LIMITS.claimBatch);
    expect(Math.min(...seen.lagMs)).toBeGreaterThanOrEqual(0);
    expect(seen.failed).toBe(0);
  });

  it('ends each hold once, whoever sweeps and however many are paid at the same moment', async () => {
    const drop = await newDrop();
    const claimIds = await drop.hold(3_000, Date.now());
    const holds = createHolds(core);
    const sweepers = [1, 2, 3].map(() => sweep(async () => [drop.id]));
    let [confirmed, tooLate] = [0, 0];
    for (let at = 0; at < claimIds.length; at += 50) {
      const answers = await holds.confirm(drop.id, 'eu', claimIds.slice(-at - 50, -at || undefined));
      for (const answer of answers) {
        if (answer.reply === 'CONFIRMED') confirmed += 1;
        else expect(answer).toEqual({ reply: 'ALREADY', endedAs: 'expired' });
        if (answer.reply === 'ALREADY') tooLate += 1;
      }
    }
    await eventually(async () => (await drop.ledger()).held === 0, { withinMs });
    await Promise.all(sweepers.map(({ stop }) => stop()));
    expect(confirmed + tooLate).toBe(3_000);
    expect(confirmed).toBeGreaterThan(0);
    expect(sweepers.reduce((sum, { seen }) => sum + seen.expired, 0)).toBe(tooLate);
    expect(await drop.ledger()).toMatchObject({ sold: confirmed, available: UNITS - confirmed });
  });

  it('goes on after Redis failed, and without a new list of drops', async () => {
    const drop = await newDrop();
    await drop.hold(1, Date.now());
    const real = createHolds(core);
    let tries = 0;
    const holds: Pick<Holds, 'expire'> = {
      async expire(dropId, region, nowMs) {
        tries += 1;
        if (tries <= 4) throw new Error('Redis is not there');
        return await real.expire(dropId, region, nowMs);
      },
    };
    let lists = 0;
    const dropIds = async () => {
      lists += 1;
      if (lists > 1) throw new Error('the home shard is not there');
      return [drop.id];
    };
    const { seen, stop } = sweep(dropIds, { holds });
    await eventually(() => seen.expired === 1, { withinMs });
    await drop.hold(1, Date.now() + 1_200);
    await eventually(() => seen.expired === 2, { withinMs });
    await stop();
    expect(seen.failed).toBeGreaterThanOrEqual(3);
    expect(lists).toBeGreaterThan(1);
  });
});
