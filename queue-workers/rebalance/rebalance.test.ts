import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { stockClaim } from '../../reservation-core/generated/stock-claim.ts';
import { createRebalancer } from '../../reservation-core/regions/rebalancer.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { liveDrop, newId, PASS_UNTIL_MS } from '../../test/fixtures/drop.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createLeadership } from '../leadership.ts';
import { startRebalance } from './rebalance.ts';

const SKU = 'SNEAKER-42';
const redis = useRedis();
const core = useShards(redis);
const withinMs = 15_000;

function startOne(name: string) {
  const { shards, keys } = core;
  const seen = { name, leads: false, moved: 0, failed: 0, rounds: 0 };
  const leadership = createLeadership({
    redis: shards.home.redis,
    key: keys.rebalanceLeader,
    lockMs: 1_000,
    onLost: () => undefined,
  });
  const transfers = createTransfers({ shards, keys });
  const rebalance = startRebalance({
    leadership,
    rebalancer: createRebalancer({ shards, keys, transfers, nextId: createIdSource(systemClock), clock: systemClock }),
    drops: createDrops({ shards, keys }),
    clock: systemClock,
    log: silentLog,
    everyMs: 50,
    metrics: {
      leads: (leads) => {
        seen.leads = leads;
        seen.rounds += 1;
      },
      moved: (units) => {
        seen.moved += units;
      },
      finished: () => undefined,
      open: () => undefined,
      failed: () => {
        seen.failed += 1;
      },
    },
  });
  return { seen, stop: () => rebalance.stop() };
}

async function claim(dropId: string): Promise<string | undefined> {
  const claimId = newId();
  const row = { key: claimId, shopperId: newId(), sku: SKU, quantity: 1, claimId, unitPrice: 4_900, payment: '' };
  const at = core.keys.stock(dropId, 'eu');
  const nowMs = Date.now();
  const [answer] = await stockClaim(core.shards.home.scripts, at, { nowMs }, [
    { ...row, holdUntilMs: nowMs + 600_000, passUntilMs: PASS_UNTIL_MS },
  ]);
  return answer?.reply;
}

describe('workers that rebalance', () => {
  it('lead one at a time; the next one brings stock to where it is sold out', async () => {
    const drop = liveDrop(Date.now(), {
      skus: [{ sku: SKU, title: 'Sneaker 42', price: 1, allocation: { eu: 1, asia: 500 } }],
    });
    await createDrops(core).publish(drop);
    const workers = [startOne('one'), startOne('two')];
    const leaders = () => workers.filter(({ seen }) => seen.leads);
    await eventually(() => leaders().length === 1 && workers.every(({ seen }) => seen.rounds > 5), { withinMs });
    const [first] = leaders();
    await first?.stop();
    await eventually(() => leaders().length === 1 && leaders()[0] !== first, { withinMs });

    expect(await claim(drop.id)).toBe('WON');
    expect(await claim(drop.id)).toBe('SOLD_OUT');
    await eventually(async () => (await claim(drop.id)) === 'WON', { withinMs });
    const [second] = leaders();
    await second?.stop();
    expect(second?.seen.moved).toBeGreaterThan(0);
    expect(first?.seen.moved).toBe(0);
    expect(workers.map(({ seen }) => seen.failed)).toEqual([0, 0]);
  });
});
