import { INTERVALS } from '../../contracts/limits.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { startDropsWork } from './drops.ts';

export const dropsWorker = {
  name: 'drops',
  variables: ['REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE', 'CLAIM_DURABILITY', 'DATABASE_URL'],
  async start({ config, env, clock, log, metrics, onStop, addCheck }) {
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, config.REDIS_URL);
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, CLAIM_DURABILITY: durability, DATABASE_URL: url } = config;
    const shards = await connectShards({ homeUrl, regionUrls, name: 'drops', log, mode, durability });
    onStop('drops: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `drops: ${check.name}` });
    const database = connectPostgres({ url, max: 2, name: 'drops', log });
    onStop('drops: postgres', () => database.end());
    addCheck(postgresCheck(database, 'drops: postgres'));

    const keys = createKeys(config.REDIS_PREFIX);
    const leader = metrics.gauge({ name: 'dropgate_drops_leader', help: '1 in the process that leads.' });
    const published = metrics.counter({ name: 'dropgate_drops_published_total', help: 'Revisions published.' });
    const ended = metrics.counter({ name: 'dropgate_drops_ended_total', help: 'Drops that ended by their time.' });
    const settled = metrics.counter({ name: 'dropgate_drops_settled_total', help: 'Drops whose books were closed.' });
    const returned = metrics.counter({
      name: 'dropgate_drops_returned_units_total',
      help: 'Units that went back to the shelves.',
    });
    const failures = metrics.counter({
      name: 'dropgate_drops_failures_total',
      help: 'Tries that failed, by what was tried.',
      labels: ['work'],
    });
    const work = startDropsWork({
      leadership: createLeadership({
        redis: shards.home.redis,
        key: keys.dropsLeader,
        lockMs: INTERVALS.dropsLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead of the drops was lost'),
      }),
      drops: createDrops({ shards, keys }),
      ...{ database, shards, keys, clock, log },
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        published: () => published.inc(),
        ended: (drops) => ended.inc(drops),
        settled(units) {
          settled.inc();
          returned.inc(units);
        },
        failed: (of) => failures.inc({ work: of }),
      },
    });
    onStop('drops', () => work.stop());
  },
} satisfies Worker<'REDIS_URL' | 'REDIS_PREFIX' | 'REGIONS' | 'REDIS_MODE' | 'CLAIM_DURABILITY' | 'DATABASE_URL'>;
