/** The least that could be called a sale: the bare script on Redis, with a disk as it is and as many clouds have it, and behind the bare edge. */
import { type Asked, measure } from '../core/measurements.ts';
import { runEdge } from '../edge/run.ts';
import type { CpuUse } from '../machine/cpu-use.ts';
import type { BenchContext } from '../scenario.ts';
import type { Part } from './part.ts';

const CLAIM_SOCKETS = 1_000;
const CLOUD_FSYNC_MS = 2;
const US_PER_MS = 1_000;
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
      const slowerDiskUs = Math.max(0, Math.round((CLOUD_FSYNC_MS - fsyncMs) * US_PER_MS));
      const run = await measure(context, { ...bare(seconds), slowerDiskUs });
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
      return { figures, cpu: cpuOf({ ...run, server: run.edge }, seconds), latencies, audit };
    },
  };
}

const bare = (seconds: number): Asked => ({ driver: 'bare', seconds });

interface Cores {
  readonly generators: number;
  readonly busiestGenerator: number;
  readonly redis: number;
  readonly server?: number;
  readonly others?: number;
}

function cpuOf({ generators, busiestGenerator, redis, server = 0, others = 0 }: Cores, seconds: number): CpuUse {
  const wallMs = seconds * MS_PER_SECOND;
  return {
    ms: { generator: generators * wallMs, server: (server + redis) * wallMs },
    busiestMs: { generator: busiestGenerator * wallMs, server: Math.max(server, redis) * wallMs },
    ...{ wallMs, othersMs: others * wallMs },
  };
}
