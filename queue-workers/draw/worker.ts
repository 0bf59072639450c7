import { INTERVALS } from '../../contracts/limits.ts';
import { connectPostgres, postgresCheck } from '../../platform/connections/postgres.ts';
import { createDraw } from '../../reservation-core/draw.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards } from '../../reservation-core/shards.ts';
import { createLeadership } from '../leadership.ts';
import type { Worker } from '../worker.ts';
import { createComputation } from './computation.ts';
import { startDraws } from './draws.ts';

const STEP_BUCKETS_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

export const drawWorker = {
  name: 'draw',
  variables: ['REDIS_URL', 'REDIS_PREFIX', 'REDIS_MODE', 'DATABASE_URL'],
  async start({ config, clock, log, metrics, onStop, addCheck }) {
    const { REDIS_URL: homeUrl, REDIS_MODE: mode, DATABASE_URL: url } = config;
    // The line of a drop lives on its home shard: no region is needed here.
    const shards = await connectShards({ homeUrl, regionUrls: new Map(), name: 'draw', log, mode });
    onStop('draw: redis', () => shards.close());
    for (const check of shards.checks) addCheck({ ...check, name: `draw: ${check.name}` });
    const database = connectPostgres({ url, max: 2, name: 'draw', log });
    onStop('draw: postgres', () => database.end());
    addCheck(postgresCheck(database, 'draw: postgres'));

    const keys = createKeys(config.REDIS_PREFIX);
    const leader = metrics.gauge({ name: 'dropgate_draw_leader', help: '1 in the process that draws.' });
    const entrants = metrics.counter({ name: 'dropgate_draw_entrants_total', help: 'Entrants that were drawn.' });
    const failures = metrics.counter({ name: 'dropgate_draw_failures_total', help: 'Draws that failed.' });
    const seconds = metrics.histogram({
      name: 'dropgate_draw_seconds',
      help: 'How long a step of a draw took.',
      labels: ['step'],
      buckets: STEP_BUCKETS_SECONDS,
    });

    const draws = startDraws({
      leadership: createLeadership({
        redis: shards.home.redis,
        key: keys.drawLeader,
        lockMs: INTERVALS.drawLockMs,
        onLost: (error) => log.warn({ err: error }, 'the lead of the draw was lost'),
      }),
      drops: createDrops({ shards, keys }),
      draw: createDraw({ shards, keys }),
      database,
      computation: createComputation(),
      clock,
      log,
      step: (step, tookMs) => {
        seconds.observe({ step }, tookMs / 1_000);
        log.debug({ step, tookMs: Math.round(tookMs) }, 'a step of the draw');
      },
      metrics: {
        leads: (isLeader) => leader.set(isLeader ? 1 : 0),
        drawn: (drawn) => entrants.inc(drawn.entrants),
        failed: () => failures.inc(),
      },
    });
    onStop('draw', () => draws.stop());
  },
} satisfies Worker<'REDIS_URL' | 'REDIS_PREFIX' | 'REDIS_MODE' | 'DATABASE_URL'>;
