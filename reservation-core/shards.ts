/** Which Redis holds what: the home shard has the lines and the list of drops, each region's shard has its stock. */
import { DropgateError } from '../contracts/errors.ts';
import { closeRedis, connectRedis, notConnected, type Redis, redisCheck } from '../platform/connections/redis.ts';
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
  /** Regions whose Redis is not connected now: every call to them fails at once. */
  missing(): readonly string[];
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
  /** Whether a process without the home has nothing to do, unless given; one that can wait for it says false. */
  readonly needsHome?: boolean;
  /** Whether the addresses are those of single servers, unless given, or of nodes of a cluster. */
  readonly mode?: 'single' | 'cluster';
}

/**
 * Regions that share an address share a connection. The home has to be there; a region that is not is connected to when
 * it comes: one that is gone must not keep the others from selling.
 */
export async function connectShards(options: ShardOptions): Promise<Shards> {
  const { homeUrl, regionUrls } = options;
  refuseContradiction(options);
  const urls = [...new Set([homeUrl, ...regionUrls.values()])];
  const pending = urls.map((url) => connectShard(url, options));
  const settled = await Promise.allSettled(pending);
  const byUrl = new Map<string, Shard>();
  settled.forEach((result, at) => {
    if (result.status === 'fulfilled') byUrl.set(urls[at] ?? '', result.value);
  });
  const close = async (): Promise<void> => {
    await Promise.all([...byUrl.values()].map(({ redis }) => closeRedis(redis)));
  };
  const home = byUrl.get(homeUrl);
  const failed = settled.find((result) => result.status === 'rejected');
  if (home === undefined || failed !== undefined) {
    await close();
    throw failed?.reason;
  }
  const region = (name: string): Shard | undefined => byUrl.get(regionUrls.get(name) ?? '');
  const regions = [...regionUrls.keys()];
  return {
    home,
    regions,
    region,
    missing: () => regions.filter((name) => region(name)?.redis.status !== 'ready'),
    checks: [...byUrl].map(([url, { redis }]) => checkOf(url, redis, options)),
    close,
  };
}

/** For callers to whom an unknown region is a mistake of their own. */
export function requireRegion(shards: Shards, region: string): Shard {
  const shard = shards.region(region);
  if (shard === undefined) throw new DropgateError('UNKNOWN_REGION', `REGIONS does not have ${region}.`);
  return shard;
}

/** Without the Redis of a region only its shoppers have to wait: a process is ready for all others. */
function checkOf(url: string, redis: Redis, { homeUrl, regionUrls, needsHome = true }: ShardOptions): Check {
  if (url === homeUrl) return { ...redisCheck(redis), needed: needsHome };
  const regions = [...regionUrls].flatMap(([region, at]) => (at === url ? [region] : []));
  return { ...redisCheck(redis, `redis of ${regions.join(', ')}`), needed: false };
}

function refuseContradiction({ durability, mode }: ShardOptions): void {
  if (durability === 'replicated' && mode === 'cluster') {
    throw new DropgateError(
      'INVALID',
      'CLAIM_DURABILITY=replicated needs REDIS_MODE=single: in a cluster, WAIT has no key that says which node it is for. ' +
        'Set CLAIM_DURABILITY=fsync, or give each region a Redis of its own (docs/DURABILITY.md).',
    );
  }
}

async function connectShard(url: string, options: ShardOptions): Promise<Shard> {
  const { homeUrl, name, log, durability = 'fsync', mode = 'single', needsHome = true } = options;
  const connection = { url, name, log, required: needsHome && url === homeUrl };
  const redis = await (mode === 'cluster' ? connectRedisCluster(connection) : connectRedis(connection));
  const runner = durability === 'replicated' ? createReplicatedRunner(redis) : createScriptRunner(redis);
  return { redis, scripts: createConnectedRunner(redis, runner) };
}

/** Without a connection a script is not even sent, and its caller learns that it may ask again. */
function createConnectedRunner(redis: Redis, runner: ScriptRunner): ScriptRunner {
  return {
    run(script, keys, argv) {
      if (redis.status !== 'ready') return Promise.reject(notConnected());
      return runner.run(script, keys, argv);
    },
  };
}
