/** The least that could be called a sale: the bare script on Redis, with a disk as it is and as many clouds have it, and behind the bare edge. */
import { type Asked, type Measured, measure } from '../core/measurements.ts';
import { runEdge } from '../edge/run.ts';
import type { CpuUse } from '../machine/cpu-use.ts';
import { CLOUD_FSYNC_MS, slowerDiskUs } from '../machine/fsync-time.ts';
import type { BenchContext } from '../scenario.ts';
import type { Part } from './part.ts';

const CLAIM_SOCKETS = 1_000;
const MS_PER_SECOND = 1_000;

export function claims(context: BenchContext): Part {
  return {
    name: 'Redis, batched script, every write synced',
    digits: { bareP50Ms: 2, bareP99Ms: 2, bareRedisUsPerClaim: 1 },
    async run(seconds) {
      const run = await measure(context, bare(seconds));
      const figures = {
        bareClaimsPerSecond: run.claimsPerSecond,
        bareP50Ms: run.p50Ms,
        bareP99Ms: run.p99Ms,
        bareRedisUsPerClaim: (run.redis / run.claimsPerSecond) * 1e6,
      };
      return {
        figures,
        cpu: cpuOf(run, seconds),
        latencies: run.latencies,
        audit: run.audit,
        redisVersion: run.redisVersion,
      };
    },
  };
}

export function claimsOnSlowDisk(context: BenchContext, fsyncMs: number): Part {
  return {
    name: `Redis, ${CLOUD_FSYNC_MS} ms an fsync`,
    async run(seconds) {
      const run = await measure(context, { ...bare(seconds), slowerDiskUs: slowerDiskUs(fsyncMs) });
      const figures = { bareClaimsPerSecondAt2MsFsync: run.claimsPerSecond };
      return { figures, cpu: cpuOf(run, seconds), latencies: run.latencies, audit: run.audit };
    },
  };
}

export function decisions(context: BenchContext, soldOut: boolean): Part {
  return {
    name: soldOut ? 'bare edge, sold out' : 'bare edge, all winning',
    async run(seconds) {
      const run = await runEdge(context, { side: 'bare', kafka: '', seconds, sockets: CLAIM_SOCKETS, soldOut });
      const { decisionsPerSecond, latencies, audit } = run;
      const figures = soldOut
        ? { bareSoldOutPerSecond: decisionsPerSecond }
        : { bareDecisionsPerSecond: decisionsPerSecond };
      return { figures, cpu: asServer(run.cpu), latencies, audit };
    },
  };
}

const bare = (seconds: number): Asked => ({ driver: 'bare', seconds });

/** Redis alone serves. What others used meanwhile is not in such a run. */
function cpuOf({ generators, busiestGenerator, redis }: Measured, seconds: number): CpuUse {
  const wallMs = seconds * MS_PER_SECOND;
  return {
    ms: { generator: generators * wallMs, server: redis * wallMs },
    busiestMs: { generator: busiestGenerator * wallMs, server: redis * wallMs },
    ...{ wallMs, othersMs: 0 },
  };
}

/** The bare edge and the Redis behind it serve together. */
function asServer({ ms, busiestMs, ...rest }: CpuUse): CpuUse {
  const { edge = 0, redis = 0 } = ms;
  const busiest = Math.max(busiestMs['edge'] ?? 0, busiestMs['redis'] ?? 0);
  return {
    ms: { generator: ms['generator'] ?? 0, server: edge + redis },
    busiestMs: { generator: busiestMs['generator'] ?? 0, server: busiest },
    ...rest,
  };
}
