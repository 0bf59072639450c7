/**
 * Token buckets in the memory of this process. A bucket is one number, the moment at which it will be full again
 * (GCRA): it needs no refilling by a timer, and one that nobody has drawn from is not kept at all.
 */
export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export type Taken =
  | { readonly ok: true; readonly used: number }
  | { readonly ok: false; readonly retryAfterMs: number; readonly used: number };

/** One bucket whose owner keeps it, for what ends with its owner anyway, such as a socket. */
export interface Bucket {
  fullAtMs: number;
}

export function takeFrom(bucket: Bucket, size: BucketSize, cost: number, nowMs: number): Taken {
  const { capacity, refillPerSecond } = size;
  const used = usedOf(bucket, size, nowMs);
  const missing = used + cost - capacity;
  if (missing > 0) return { ok: false, used, retryAfterMs: Math.ceil((missing * 1_000) / refillPerSecond) };
  bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs) + (cost * 1_000) / refillPerSecond;
  return { ok: true, used: used + cost };
}

export function usedOf(bucket: Bucket | undefined, size: BucketSize, nowMs: number): number {
  return (Math.max(0, (bucket?.fullAtMs ?? 0) - nowMs) * size.refillPerSecond) / 1_000;
}

export interface BucketMap<B extends Bucket> {
  of(key: string): B;
  /** As it is, without making one or counting this as asking for it. */
  peek(key: string): B | undefined;
}

/**
 * Buckets by key, in two generations of which the older one is forgotten when the younger is full: those that were asked
 * for lately stay, and there are never more than `entries`. (Forgetting one at a time from the front of a Map costs a walk
 * over all that were forgotten before: 50 µs at 100,000 entries.) Who can come from so many addresses gets past this
 * bucket, not past the memory of the process.
 */
export function createBucketMap<B extends Bucket>(entries: number, make: () => B): BucketMap<B> {
  let young = new Map<string, B>();
  let old = new Map<string, B>();
  return {
    of(key) {
      const known = young.get(key);
      if (known !== undefined) return known;
      if (young.size >= entries / 2) {
        old = young;
        young = new Map();
      }
      const bucket = old.get(key) ?? make();
      young.set(key, bucket);
      return bucket;
    },
    peek: (key) => young.get(key) ?? old.get(key),
  };
}

export interface Buckets {
  take(key: string, cost: number, nowMs: number): Taken;
}

export function createBuckets(size: BucketSize, entries: number): Buckets {
  const buckets = createBucketMap<Bucket>(entries, () => ({ fullAtMs: 0 }));
  return { take: (key, cost, nowMs) => takeFrom(buckets.of(key), size, cost, nowMs) };
}
