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
  /** Those of them that there are, by what they were asked for: what no cache has is loaded at once. */
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
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
  /** Without it, several are loaded one by one. */
  loadMany?(ids: readonly string[]): Promise<ReadonlyMap<string, T>>;
}

export function createCache<T>(options: CacheOptions<T>): Cache<T> {
  const { clock, log, shared, ttlMs, load, loadMany } = options;
  const memory = createMemory<Entry<T>>(LIMITS.cacheEntries);
  const loading = new Map<string, Promise<Entry<T> | undefined>>();
  // What was read before an invalidation is answered, and not remembered after it.
  let invalidations = 0;
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

  /** No locks: however many are missing, each who asks loads them in one go. */
  async function fetchMany(ids: readonly string[]): Promise<ReadonlyMap<string, T>> {
    if (loadMany === undefined) {
      const got = await Promise.all(ids.map(async (id) => [id, (await fetchShared(id, false))?.value] as const));
      return new Map(got.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])));
    }
    const before = invalidations;
    const found = new Map<string, T>();
    const take = (id: string, entry: Entry<T>, age?: string): void => {
      found.set(id, entry.value);
      if (invalidations === before) memory.set(id, entry);
      // Not waited for: Redis writes it to its disk before it answers, and who asked has it already.
      if (age !== undefined) void shared.keep(id, age, entry);
    };
    const looked = await Promise.all(ids.map(async (id) => ({ id, looked: await shared.look(id) })));
    for (const { id, looked: at } of looked) if (at?.entry !== undefined && isFresh(at.entry)) take(id, at.entry);
    const missing = looked.filter(({ id }) => !found.has(id));
    if (missing.length === 0) return found;
    const loadedAtMs = clock.now();
    const loaded = await loadMany(missing.map(({ id }) => id));
    for (const { id, looked: at } of missing) {
      const value = loaded.get(id);
      if (value !== undefined) take(id, { value, loadedAtMs }, at?.age);
    }
    return found;
  }

  function forget(): void {
    invalidations += 1;
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
    async getMany(ids) {
      const found = new Map<string, T>();
      for (const id of ids) {
        const known = memory.get(id);
        if (known !== undefined && isFresh(known)) found.set(id, known.value);
      }
      const missing = [...new Set(ids)].filter((id) => !found.has(id));
      if (missing.length > 0) for (const [id, value] of await fetchMany(missing)) found.set(id, value);
      return found;
    },
    async invalidate(ids) {
      const drop = (): void => {
        invalidations += 1;
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
