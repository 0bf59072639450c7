/** limits: what this machine does with nothing of ours around. Each part is what one scenario is measured against. */
import { type Measured, measure } from '../core/measurements.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { joinAudits } from '../report/audit.ts';
import { median, round, spread } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { Scenario } from '../scenario.ts';

const ROUNDS = 3;

export const limits: Scenario = {
  name: 'limits',
  about: 'the bare parts: fsync of this disk, the least Lua sale on Redis',
  async run(context) {
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    const runs: Measured[] = [];
    for (let at = 1; at <= ROUNDS; at += 1) {
      context.progress(`bare claims, run ${at} of ${ROUNDS}`);
      runs.push(await measure(context, { driver: 'bare', seconds: context.seconds }));
    }
    const speeds = runs.map(({ claimsPerSecond }) => claimsPerSecond);
    return {
      settings: { seconds: context.seconds, rounds: ROUNDS },
      metrics: {},
      limits: { fsyncMs, bareClaimsPerSecond: round(median(speeds)), bareSpread: round(spread(speeds), 2) },
      ratios: {},
      curves: {},
      audit: joinAudits(runs.map(({ audit }) => audit)),
      servers: { redis: runs[0]?.redisVersion ?? 'unknown' },
      tables: [
        tableOf(
          'Runs',
          runs.map((run) => ({
            'claims/s': round(run.claimsPerSecond),
            'p50 ms': round(run.p50Ms, 2),
            'p99 ms': round(run.p99Ms, 2),
            'Redis cores': round(run.redis, 2),
            'generator cores': round(run.generators, 2),
          })),
        ),
      ],
      notes: [],
    };
  },
};
