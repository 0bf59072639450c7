/** Which Redis holds what: the home shard has the lines and the list of drops, each region's shard has its stock. */
import { DropgateError } from '../contracts/errors.ts';
import { closeRedis, connectRedis, type Redis, redisCheck } from '../platform/connections/redis.ts';
import { connectRedisCluster } from '../platform/connections/redis-cluster.ts';
import type { Check } from '../platform/health.ts';
import type { Logger } from '../platform/logging/logger.ts';
import { createReplicatedRunner, type Durability } from './replicated-runner.ts';
import { createScriptRunner, type ScriptRunner } from './script-runner.ts';

export interface Shard {
  readonly redis: Redis;
  readonly scripts: ScriptRunner;
}

export interface Shards {
  readonly home: Shard;
  readonly regions: readonly string[];
  /** Undefined for a region that this installation does not have. */
  region(name: string): Shard | undefined;
  readonly checks: readonly Check[];
  close(): Promise<void>;
}

export interface ShardOptions {
  readonly homeUrl: string;
  readonly regionUrls: ReadonlyMap<string, string>;
  readonly name: string;
  readonly log: Logger;
  /** What a claim waits for before it is answered; docs/DURABILITY.md. */
  readonly durability?: Durability;
  /** Whether the addresses are those of single servers, unless given, or of nodes of a cluster. */
  readonly mode?: 'single' | 'cluster';
}

/** Regions that share an address share a connection. */
export async function connectShards(options: ShardOptions): Promise<Shards> {
  const { homeUrl, regionUrls } = options;
  const byUrl = new Map<string, Promise<Shard>>();
  const shardAt = (url: string): Promise<Shard> => {
    const known = byUrl.get(url) ?? connectShard(url, options);
    byUrl.set(url, known);
    return known;
  };
  const home = shardAt(homeUrl);
  const pending = [...regionUrls].map(async ([region, url]) => [region, await shardAt(url)] as const);
  const settled = await Promise.allSettled([home, ...pending]);
  const failed = settled.find((result) => result.status === 'rejected');
  const close = (): Promise<void> => closeAll([...byUrl.values()]);
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  const regions = new Map(await Promise.all(pending));
  const shards = await Promise.all(byUrl.values());
  return {
    home: await home,
    regions: [...regionUrls.keys()],
    region: (region) => regions.get(region),
    checks: shards.map((shard, at) => redisCheck(shard.redis, at === 0 ? 'redis' : `redis-${at}`)),
    close,
  };
}

/** For callers to whom an unknown region is a mistake of their own. */
export function requireRegion(shards: Shards, region: string): Shard {
  const shard = shards.region(region);
  if (shard === undefined) throw new DropgateError('UNKNOWN_REGION', `REGIONS does not have ${region}.`);
  return shard;
}

async function connectShard(url: string, options: ShardOptions): Promise<Shard> {
  const { name, log, durability = 'fsync', mode = 'single' } = options;
  if (mode === 'single') {
    const redis = await connectRedis({ url, name, log });
    return { redis, scripts: durability === 'replicated' ? createReplicatedRunner(redis) : createScriptRunner(redis) };
  }
  if (durability === 'replicated') {
    throw new DropgateError('INVALID', 'CLAIM_DURABILITY=replicated is for REDIS_MODE=single: WAIT has no slot.');
  }
  const redis = await connectRedisCluster({ url, name, log });
  return { redis, scripts: createScriptRunner(redis) };
}

async function closeAll(pending: readonly Promise<Shard>[]): Promise<void> {
  const settled = await Promise.allSettled(pending);
  await Promise.all(
    settled.map((result) => (result.status === 'fulfilled' ? closeRedis(result.value.redis) : undefined)),
  );
}
