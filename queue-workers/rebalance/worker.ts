import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { createRebalancer } from '../../reservation-core/regions/rebalancer.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { startRebalance } from './rebalance.ts';

export const rebalanceWorker = {
  name: 'rebalance',
  variables: ['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'],
  async start({ config, env, clock, log, metrics, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'rebalance', log, mode, durability });
    onStop('rebalance: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `rebalance: ${check.name}` });

    const keys = createKeys(config.REDIS_PREFIX);
    const leader = metrics.gauge({ name: 'dropgate_rebalance_leader', help: '1 in the process that leads.' });
    const moved = metrics.counter({ name: 'dropgate_rebalance_units_total', help: 'Units moved between regions.' });
    const finished = metrics.counter({
      name: 'dropgate_rebalance_finished_total',
      help: 'Transfers that were found open and were finished.',
    });
    const open = metrics.gauge({
      name: 'dropgate_rebalance_open_transfers',
      help: 'Transfers that cannot arrive because a region is not there.',
    });
    const failures = metrics.counter({ name: 'dropgate_rebalance_failures_total', help: 'Steps that failed.' });

    const rebalance = startRebalance({
      leadership: createLeadership({
        redis: shards.home.redis,
        key: keys.rebalanceLeader,
        lockMs: INTERVALS.rebalanceLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead was lost'),
      }),
      rebalancer: createRebalancer({
        shards,
        keys,
        transfers: createTransfers({ shards, keys }),
        nextId: createIdSource(clock),
        clock,
      }),
      drops: createDrops({ shards, keys }),
      clock,
      log,
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        moved: (units) => moved.inc(units),
        finished: (transfers) => finished.inc(transfers),
        open: (transfers) => open.set(transfers),
        failed: () => failures.inc(),
      },
    });
    onStop('rebalance', () => rebalance.stop());
  },
} satisfies Worker<'REDIS_URL' | 'REDIS_PREFIX' | 'REGIONS' | 'REDIS_MODE' | 'CLAIM_DURABILITY'>;
