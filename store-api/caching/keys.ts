/** Every Redis key of the store's caches. The braces keep the keys of one entry in one slot of a cluster. */
export interface CacheKeys {
  readonly value: string;
  /** Counts the invalidations of the entry: what was loaded before one is not taken for what is true after it. */
  readonly age: string;
  /** Held by who loads the entry, so that all others wait for one load. Named by the age: an older load holds up no newer. */
  lock(age: string): string;
}

export function cacheKeys(prefix: string, kind: string, id: string): CacheKeys {
  const entry = `${prefix}:cache:{${kind}:${id}}`;
  return { value: `${entry}:value`, age: `${entry}:age`, lock: (age) => `${entry}:lock:${age}` };
}
