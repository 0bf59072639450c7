import { Cluster } from 'ioredis';
import { backoffMs } from '../backoff.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import { firstConnection, type RedisConnection } from './redis.ts';

/**
 * Connects to a Redis Cluster by one of its nodes; the client finds the others, and follows slots that move (MOVED, ASK) by
 * itself. Otherwise as connectRedis: nothing waits on a lost connection.
 */
export async function connectRedisCluster(connection: RedisConnection): Promise<Cluster> {
  const { url, name } = connection;
  const { password, username, protocol } = new URL(url);
  const cluster = new Cluster([url], {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: true,
    scaleReads: 'master',
    clusterRetryStrategy: (attempt) =>
      backoffMs(attempt, { minMs: PLATFORM_LIMITS.redisReconnectMinMs, maxMs: PLATFORM_LIMITS.redisReconnectMaxMs }),
    redisOptions: {
      connectionName: name.replaceAll(/[^A-Za-z0-9._:-]/g, '-'),
      connectTimeout: PLATFORM_LIMITS.redisConnectTimeoutMs,
      socketTimeout: PLATFORM_LIMITS.redisAnswerMs,
      keepAlive: PLATFORM_LIMITS.redisAnswerMs,
      autoResendUnfulfilledCommands: false,
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
    },
  });
  await firstConnection(cluster, connection, 'The Redis Cluster');
  return cluster;
}
