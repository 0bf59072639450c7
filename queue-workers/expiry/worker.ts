import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createHolds } from '../../reservation-core/holds.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Worker } from '../worker.ts';
import { createDueTimes } from './due-times.ts';
import { startRetirement } from './retirement.ts';
import { startSweeper } from './sweeper.ts';

/** One sweeper for each region. */
export const expiryWorker = {
  name: 'expiry',
  variables: ['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY'],
  async start({ config, env, clock, log, metrics, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'expiry', log, mode, durability });
    onStop('expiry: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `expiry: ${check.name}` });

    const keys = createKeys(config.REDIS_PREFIX);
    const drops = createDrops({ shards, keys });
    const holds = createHolds({ shards, keys });
    const retirement = startRetirement({ shards, keys, drops, clock, log });
    onStop('expiry: retirement', () => retirement.stop());
    const labels = ['region'] as const;
    const expired = metrics.counter({
      name: 'dropgate_expiry_holds_total',
      help: 'Holds ended at their time.',
      labels,
    });
    const lag = metrics.histogram({
      name: 'dropgate_expiry_lag_seconds',
      help: 'From the time of the longest overdue hold of a batch to its end.',
      labels,
    });
    const behind = metrics.gauge({
      name: 'dropgate_expiry_behind_seconds',
      help: 'How long the longest overdue hold has been waiting for its end.',
      labels,
    });
    const failures = metrics.counter({ name: 'dropgate_expiry_failures_total', help: 'Tries that failed.', labels });

    for (const region of config.REGIONS) {
      const redis = shards.region(region)?.redis;
      if (redis === undefined) continue;
      const sweeper = startSweeper({
        region,
        holds,
        dueTimes: createDueTimes(redis, keys, region),
        dropIds: () => drops.ids(),
        clock,
        log,
        metrics: {
          expired(count, lagMs) {
            expired.inc({ region }, count);
            lag.observe({ region }, lagMs / 1_000);
          },
          behind: (lagMs) => behind.set({ region }, lagMs / 1_000),
          failed: () => failures.inc({ region }),
        },
      });
      onStop(`expiry of ${region}`, () => sweeper.stop());
    }
  },
} satisfies Worker<'REDIS_URL' | 'REDIS_PREFIX' | 'REGIONS' | 'REDIS_MODE' | 'CLAIM_DURABILITY'>;
