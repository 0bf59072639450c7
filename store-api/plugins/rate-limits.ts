/**
 * How much one address and one account may ask of all stores together: buckets in Redis. While Redis is away each process
 * counts by itself: a defence must not close the shop, and must not be off either.
 */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import { withDeadline } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { defenceTake } from '../../reservation-core/generated/defence-take.ts';
import { createScriptRunner } from '../../reservation-core/script-runner.ts';
import type { StoreApp } from '../store-app.ts';
import { apiKeyOf, identityOf } from './access.ts';
import { countedAs, createPeerSet } from './addresses.ts';
import { Refusal } from './problems.ts';
import { RUNNING_PATHS } from './web.ts';

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface RateLimits {
  /** Rejects with RATE_LIMITED and how long to wait. `name` says what is counted, `who` for whom. */
  take(name: string, who: string, size: BucketSize, cost?: number): Promise<void>;
  /** No limit holds up who speaks from there, as it is ours. */
  isUnlimited(request: FastifyRequest): boolean;
  /** Whom the address of a request is counted as. */
  addressOf(request: FastifyRequest): string;
}

export interface RateLimitOptions {
  readonly redis: Redis;
  readonly redisPrefix: string;
  readonly clock: Clock;
  readonly unlimited: readonly string[];
  readonly deadlineMs: number;
  readonly log: Logger;
}

/** After a failed call nobody waits for Redis for this long. */
const PAUSE_MS = 1_000;

export function createRateLimits(options: RateLimitOptions): RateLimits {
  const { redis, redisPrefix, clock, unlimited, deadlineMs, log } = options;
  const scripts = createScriptRunner(redis);
  const isOurs = createPeerSet(unlimited);
  const own = createOwnBuckets(clock);
  let pausedUntilMs = 0;

  async function takeOfRedis(key: string, size: BucketSize, cost: number): Promise<number | undefined> {
    const bucket = `${redisPrefix}:{store:limit:${key}}`;
    const call = defenceTake(scripts, { bucket }, { nowMs: clock.now(), cost, ...size });
    const taken = await withDeadline(call, deadlineMs, 'counting a request');
    return taken.reply === 'EMPTY' ? taken.retryAfterMs : undefined;
  }

  async function waitMsFor(key: string, size: BucketSize, cost: number): Promise<number | undefined> {
    if (clock.now() < pausedUntilMs) return own(key, size, cost);
    try {
      return await takeOfRedis(key, { capacity: size.capacity, refillPerSecond: size.refillPerSecond }, cost);
    } catch (error) {
      pausedUntilMs = clock.now() + PAUSE_MS;
      log.warn({ err: error }, 'requests are counted by this process alone');
      return own(key, size, cost);
    }
  }

  return {
    async take(name, who, size, cost = 1) {
      const waitMs = await waitMsFor(`${name}:${digestOf(who)}`, size, cost);
      if (waitMs !== undefined) throw new Refusal('RATE_LIMITED', { retryAfterSeconds: waitMs / 1_000 });
    },
    isUnlimited: (request) => isOurs(request.ip),
    addressOf: (request) => countedAs(request.ip),
  };
}

/** Before it is known who asks: forged tokens are counted as well. */
export function limitAddresses(app: StoreApp, limits: RateLimits): void {
  app.addHook('onRequest', async (request) => {
    if (limits.isUnlimited(request) || RUNNING_PATHS.has(request.url)) return;
    await limits.take('address', limits.addressOf(request), LIMITS.storeRequestsPerAddress);
  });
}

/** After it. */
export function limitAccounts(app: StoreApp, limits: RateLimits): void {
  app.addHook('onRequest', async (request) => {
    const identity = identityOf(request);
    if (identity === undefined || limits.isUnlimited(request)) return;
    const keyId = apiKeyOf(request);
    // First its own, smaller one: a program that runs wild takes less of what its merchant may ask.
    if (keyId !== undefined) await limits.take('api-key', keyId, LIMITS.storeRequestsPerKey);
    await limits.take('account', identity.userId, LIMITS.storeRequestsPerAccount);
  });
}

/** Mail addresses are counted too, and are nobody's business in a key. */
function digestOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}

function createOwnBuckets(clock: Clock): (key: string, size: BucketSize, cost: number) => number | undefined {
  const fullAtMs = new Map<string, number>();
  return (key, { capacity, refillPerSecond }, cost) => {
    const nowMs = clock.now();
    const perTokenMs = 1_000 / refillPerSecond;
    const full = Math.max(fullAtMs.get(key) ?? 0, nowMs) + cost * perTokenMs;
    const waitMs = full - nowMs - capacity * perTokenMs;
    if (waitMs > 0) return Math.ceil(waitMs);
    fullAtMs.delete(key);
    fullAtMs.set(key, full);
    const oldest = fullAtMs.size > LIMITS.addressesCounted ? fullAtMs.keys().next().value : undefined;
    if (oldest !== undefined) fullAtMs.delete(oldest);
    return undefined;
  };
}
