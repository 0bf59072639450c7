/**
 * The part of a cache that all processes share, in Redis. It may be away: then nothing is found and nothing kept, and each
 * process goes on with its own memory.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIFETIMES } from '../../contracts/limits.ts';
import type { Redis } from '../../platform/connections/redis.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type CacheKeys, cacheKeys } from './keys.ts';

export interface Entry<T> {
  readonly value: T;
  readonly loadedAtMs: number;
}

export interface Looked<T> {
  readonly entry: Entry<T> | undefined;
  readonly age: string;
}

export interface SharedCache<T> {
  /** Undefined when Redis is away. */
  look(id: string): Promise<Looked<T> | undefined>;
  keep(id: string, age: string, entry: Entry<T>): Promise<void>;
  /** True for the one who shall load. */
  lock(id: string, age: string): Promise<boolean>;
  unlock(id: string, age: string): Promise<void>;
  /** What another process loads, or undefined when it takes too long. */
  await(id: string, isFresh: (entry: Entry<T>) => boolean): Promise<Entry<T> | undefined>;
  invalidate(ids: readonly string[]): Promise<void>;
}

export interface SharedCacheOptions<T> {
  readonly redis: Redis;
  readonly prefix: string;
  readonly kind: string;
  readonly log: Logger;
  /** Of what another version of this code wrote nothing is known. */
  isValue(value: unknown): value is T;
}

const FIRST_AGE = '0';

export function createSharedCache<T>(options: SharedCacheOptions<T>): SharedCache<T> {
  const { redis, prefix, kind, log, isValue } = options;
  const keysOf = (id: string): CacheKeys => cacheKeys(prefix, kind, id);

  /** A cache that cannot be reached is no failure of the request. */
  async function orNothing<R>(work: () => Promise<R>): Promise<R | undefined> {
    if (redis.status !== 'ready') return undefined;
    try {
      return await work();
    } catch (error) {
      log.debug({ err: error, kind }, 'the cache in Redis did not answer');
      return undefined;
    }
  }

  const look = (id: string): Promise<Looked<T> | undefined> =>
    orNothing(async () => {
      const { value, age } = keysOf(id);
      const [text, now] = await redis.mget(value, age);
      return { entry: decode(text ?? null, now ?? FIRST_AGE, isValue), age: now ?? FIRST_AGE };
    });

  return {
    look,
    async keep(id, age, entry) {
      await orNothing(() => redis.set(keysOf(id).value, encode(age, entry), 'PX', LIFETIMES.cacheMs));
    },
    async lock(id, age) {
      const answer = await orNothing(() => redis.set(keysOf(id).lock(age), '1', 'PX', INTERVALS.cacheLoadMs, 'NX'));
      return answer === 'OK';
    },
    async unlock(id, age) {
      await orNothing(() => redis.del(keysOf(id).lock(age)));
    },
    async await(id, isFresh) {
      const deadline = performance.now() + INTERVALS.cacheLoadMs;
      while (performance.now() < deadline) {
        await delay(INTERVALS.cacheWaitMs);
        const looked = await look(id);
        if (looked === undefined) return undefined;
        if (looked.entry !== undefined && isFresh(looked.entry)) return looked.entry;
      }
      return undefined;
    },
    async invalidate(ids) {
      await orNothing(() =>
        Promise.all(
          ids.map(async (id) => {
            const { age } = keysOf(id);
            await redis.multi().incr(age).pexpire(age, LIFETIMES.cacheAgesMs).exec();
          }),
        ),
      );
    },
  };
}

function encode(age: string, { value, loadedAtMs }: Entry<unknown>): string {
  return JSON.stringify({ age, loadedAtMs, value });
}

function decode<T>(text: string | null, age: string, isValue: (value: unknown) => value is T): Entry<T> | undefined {
  if (text === null) return undefined;
  const kept: unknown = JSON.parse(text);
  if (typeof kept !== 'object' || kept === null || !('age' in kept) || !('loadedAtMs' in kept) || !('value' in kept)) {
    return undefined;
  }
  const { value, loadedAtMs } = kept;
  if (kept.age !== age || typeof loadedAtMs !== 'number' || !isValue(value)) return undefined;
  return { value, loadedAtMs };
}
