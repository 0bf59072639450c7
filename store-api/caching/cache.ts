/**
 * A cache of two layers before a load: the memory of this process, then Redis. However many ask for an entry at once, it
 * is loaded once: within a process they share one promise, among processes one holds a lock. What is nearly too old is
 * loaded anew while the old is still handed out, so that nobody waits for what many ask for.
 */
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { createMemory } from './memory.ts';
import type { Entry, SharedCache } from './shared.ts';

export interface Cache<T> {
  /** Undefined for what there is not; that is not remembered. */
  get(id: string): Promise<T | undefined>;
  /** Forgets entries, here and in Redis. */
  invalidate(ids: readonly string[]): Promise<void>;
  /** Forgets all that this process has in memory. */
  forget(): void;
}

export interface CacheOptions<T> {
  readonly clock: Clock;
  readonly log: Logger;
  readonly shared: SharedCache<T>;
  /** How long an entry may be shown: short while nobody would tell of a change. */
  ttlMs(): number;
  load(id: string): Promise<T | undefined>;
}

export function createCache<T>(options: CacheOptions<T>): Cache<T> {
  const { clock, log, shared, ttlMs, load } = options;
  const memory = createMemory<Entry<T>>(LIMITS.cacheEntries);
  const loading = new Map<string, Promise<Entry<T> | undefined>>();
  const isFresh = (entry: Entry<T>): boolean => clock.now() - entry.loadedAtMs < ttlMs();
  const isNearlyOld = (entry: Entry<T>): boolean => clock.now() - entry.loadedAtMs > ttlMs() * INTERVALS.cacheEarlyPart;

  async function loadOnce(id: string, age: string | undefined): Promise<Entry<T> | undefined> {
    const loadedAtMs = clock.now();
    try {
      const value = await load(id);
      const entry = value === undefined ? undefined : { value, loadedAtMs };
      if (age !== undefined && entry !== undefined) await shared.keep(id, age, entry);
      return entry;
    } finally {
      if (age !== undefined) await shared.unlock(id, age);
    }
  }

  async function fetch(id: string, isRefresh: boolean): Promise<Entry<T> | undefined> {
    const looked = await shared.look(id);
    if (looked === undefined) return await loadOnce(id, undefined);
    const isGood = looked.entry !== undefined && isFresh(looked.entry) && !(isRefresh && isNearlyOld(looked.entry));
    if (isGood) return looked.entry;
    if (await shared.lock(id, looked.age)) return await loadOnce(id, looked.age);
    // Somebody else refreshes it: what there is serves until they are done.
    if (isRefresh) return looked.entry;
    return (await shared.await(id, isFresh)) ?? (await loadOnce(id, looked.age));
  }

  /** One fetch of an entry at a time. One that began before an invalidation is answered, and not remembered. */
  function fetchShared(id: string, isRefresh: boolean): Promise<Entry<T> | undefined> {
    const underWay = loading.get(id);
    if (underWay !== undefined) return underWay;
    const fetching = fetch(id, isRefresh)
      .then((entry) => {
        if (loading.get(id) === fetching && entry !== undefined) memory.set(id, entry);
        return entry;
      })
      .finally(() => {
        if (loading.get(id) === fetching) loading.delete(id);
      });
    loading.set(id, fetching);
    return fetching;
  }

  function forget(): void {
    memory.clear();
    loading.clear();
  }

  return {
    async get(id) {
      const known = memory.get(id);
      if (known === undefined || !isFresh(known)) return (await fetchShared(id, false))?.value;
      if (isNearlyOld(known) && !loading.has(id)) {
        fetchShared(id, true).catch((error: unknown) => log.debug({ err: error }, 'a cache entry was not refreshed'));
      }
      return known.value;
    },
    async invalidate(ids) {
      const drop = (): void => {
        for (const id of ids) {
          memory.delete(id);
          loading.delete(id);
        }
      };
      drop();
      await shared.invalidate(ids);
      // What was read from Redis in between is older than the change.
      drop();
    },
    forget,
  };
}
