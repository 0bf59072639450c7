import { type Cluster, Redis as SingleRedis } from 'ioredis';
import { backoffMs } from '../backoff.ts';
import { withDeadline } from '../deadline.ts';
import { PlatformError } from '../errors.ts';
import type { Check } from '../health.ts';
import { PLATFORM_LIMITS } from '../limits.ts';
import type { Logger } from '../logging/logger.ts';
import { addressOf } from './address.ts';

/** One server, or a cluster that is used like one (redis-cluster.ts): the keys of one call then share a slot. */
export type Redis = SingleRedis | Cluster;

export interface RedisConnection {
  readonly url: string;
  /** As `CLIENT LIST` shows it. */
  readonly name: string;
  readonly log: Logger;
  /** How long the first connection may take, tries included. */
  readonly firstConnectionMs?: number;
  /**
   * With `false`, a server that is not there is no failure: after `firstConnectionMs` the connection is handed out as one
   * that is lost, and comes when the server does. A refusal, such as that of a wrong password, stays a failure.
   */
  readonly required?: boolean;
}

/**
 * Connects, and keeps connecting with a capped back-off when the connection is lost.
 *
 * Nothing waits on a lost connection: a command fails at once while there is none (no offline queue, so nothing grows),
 * and one that was under way when it broke is rejected, not sent again: only its caller knows whether it may run twice.
 * A connection that is open but silent (a cut cable, a stopped server) is given up after `redisAnswerMs`; therefore a
 * blocking command (XREAD BLOCK …) has to block for less, and on a connection of its own.
 */
export async function connectRedis(connection: RedisConnection): Promise<SingleRedis> {
  const { url, name } = connection;
  const redis = new SingleRedis(url, {
    connectionName: name.replaceAll(/[^A-Za-z0-9._:-]/g, '-'),
    lazyConnect: true,
    connectTimeout: PLATFORM_LIMITS.redisConnectTimeoutMs,
    socketTimeout: PLATFORM_LIMITS.redisAnswerMs,
    keepAlive: PLATFORM_LIMITS.redisAnswerMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    enableReadyCheck: true,
    maxLoadingRetryTime: PLATFORM_LIMITS.redisLoadingPollMs,
    // After a failover the old primary refuses writes: the address has to be looked up again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    retryStrategy: (attempt) =>
      backoffMs(attempt, { minMs: PLATFORM_LIMITS.redisReconnectMinMs, maxMs: PLATFORM_LIMITS.redisReconnectMaxMs }),
  });
  await firstConnection(redis, connection, 'Redis');
  return redis;
}

/** Resolves with a connection, or without one where none is required; disconnects when it rejects. */
export async function firstConnection(redis: Redis, connection: RedisConnection, what: string): Promise<void> {
  const { url, log, required = true } = connection;
  const { redisFirstConnectionMs, redisOptionalConnectionMs } = PLATFORM_LIMITS;
  const { firstConnectionMs = required ? redisFirstConnectionMs : redisOptionalConnectionMs } = connection;
  const state = watch(redis, log, addressOf(url));
  try {
    await withDeadline(firstReady(redis), firstConnectionMs, 'connecting');
  } catch (error) {
    const cause = state.lastError() ?? error;
    const retryable = !isRefusal(cause);
    if (retryable && !required) {
      state.isMissing();
      return;
    }
    redis.disconnect();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('REDIS_UNREACHABLE', `${what} at ${addressOf(url)} cannot be used: ${why}`, {
      retryable,
      cause,
    });
  }
}

export function redisCheck(redis: Redis, name = 'redis'): Check {
  return {
    name,
    async check() {
      if (redis.status !== 'ready') throw notConnected();
      await redis.ping();
    },
  };
}

/** For a call that is not even tried: nothing has been done, and the same may be asked again. */
export function notConnected(): PlatformError {
  return new PlatformError('REDIS_UNREACHABLE', 'there is no connection to it now', { retryable: true });
}

/** Lets what is under way be answered, but not for ever. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') {
    redis.disconnect();
    return;
  }
  const ended = new Promise<void>((resolve) => redis.once('end', resolve));
  try {
    await withDeadline(Promise.all([redis.quit(), ended]), PLATFORM_LIMITS.redisCloseMs, 'closing Redis');
  } catch (error) {
    // Lost meanwhile: closed is what it was to be.
    if (redis.status === 'ready') throw error;
  } finally {
    redis.disconnect();
  }
}

/** Tries until there is a connection. A wrong password does not get better by trying again. */
async function firstReady(redis: Redis): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    redis.on('error', (error: Error) => {
      if (isRefusal(error)) reject(error);
    });
    // Each failed try is told by the 'error' event; the next one follows by itself.
    redis.connect().catch(() => undefined);
  });
}

function isRefusal(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password|DB index))/.test(text);
}

interface Watch {
  lastError(): Error | undefined;
  /** It was never there: told as one that was lost. */
  isMissing(): void;
}

/** One line when the connection is lost and one when it is back, however many tries lie between. */
function watch(redis: Redis, log: Logger, where: string): Watch {
  let lastError: Error | undefined;
  let wasReady = false;
  let lostAtMs: number | undefined;
  redis.on('error', (error: Error) => {
    lastError = error;
  });
  redis.on('ready', () => {
    if (lostAtMs !== undefined) {
      log.info({ redis: where, downMs: Math.round(performance.now() - lostAtMs) }, 'connection to Redis is back');
    }
    wasReady = true;
    lostAtMs = undefined;
    lastError = undefined;
  });
  redis.on('reconnecting', () => {
    if (!wasReady || lostAtMs !== undefined) return;
    lostAtMs = performance.now();
    log.warn({ redis: where, err: lastError }, 'connection to Redis lost, reconnecting');
  });
  return {
    lastError: () => lastError,
    isMissing() {
      lostAtMs = performance.now();
      log.warn({ redis: where, err: lastError }, 'Redis cannot be reached: going on without it, connecting meanwhile');
    },
  };
}
