import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { loadRegionRedisUrls } from '../../platform/config/load.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { createLine } from '../../reservation-core/line.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import type { Worker } from '../worker.ts';
import { createLiveThings } from './live-things.ts';
import { startPrivacy } from './privacy.ts';
import { startPrivacyPruning } from './pruning.ts';

export const privacyWorker = {
  name: 'privacy',
  variables: ['DATABASE_URL', 'REDIS_URL', 'REDIS_PREFIX', 'REGIONS', 'REDIS_MODE'],
  async start({ config, env, log, clock, metrics, onStop, addCheck }) {
    const database = connectPostgres({
      ...{ url: config.DATABASE_URL, max: 3, name: 'privacy', log },
      statementTimeoutMs: LIMITS.privacyStatementMs,
    });
    onStop('privacy: postgres', () => database.end());
    addCheck(postgresCheck(database, 'privacy: postgres'));
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, REDIS_PREFIX: prefix } = config;
    const regionUrls = loadRegionRedisUrls(env, config.REGIONS, homeUrl);
    const shards = await connectShards({ homeUrl, regionUrls, name: 'privacy', log, mode });
    onStop('privacy: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `privacy: ${check.name}` });

    const keys = createKeys(prefix);
    const line = createLine({
      ...{ shards, keys, clock, edge: 'privacy' },
      onFailedCall: (error) => log.warn({ err: error }, 'a place in a line could not be given up'),
    });
    const live = createLiveThings({ shards, keys, drops: createDrops({ shards, keys }), line, prefix });
    const ended = metrics.counter({
      name: 'dropgate_privacy_requests_total',
      help: 'Exports and erasures that ended, by how.',
      labels: ['kind', 'state'],
    });
    const failures = metrics.counter({
      name: 'dropgate_privacy_failures_total',
      help: 'Tries that failed.',
      labels: ['kind'],
    });
    const removed = metrics.counter({
      name: 'dropgate_privacy_pruned_total',
      help: 'What was kept for its time and is gone.',
      labels: ['kind'],
    });
    const pruning = startPrivacyPruning({
      ...{ database, clock, log },
      pruned: (kind, count) => removed.inc({ kind }, count),
    });
    onStop('privacy: pruning', () => pruning.stop());
    const privacy = startPrivacy({
      ...{ database, live, clock, log, everyMs: INTERVALS.privacyEveryMs },
      metrics: {
        ended: (kind, state) => ended.inc({ kind, state }),
        failed: (kind) => failures.inc({ kind }),
      },
    });
    onStop('privacy', () => privacy.stop());
  },
} satisfies Worker<'DATABASE_URL' | 'REDIS_URL' | 'REDIS_PREFIX' | 'REGIONS' | 'REDIS_MODE'>;
