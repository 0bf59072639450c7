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
  const used = (Math.max(0, bucket.fullAtMs - nowMs) * refillPerSecond) / 1_000;
  const missing = used + cost - capacity;
  if (missing > 0) return { ok: false, used, retryAfterMs: Math.ceil((missing * 1_000) / refillPerSecond) };
  bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs) + (cost * 1_000) / refillPerSecond;
  return { ok: true, used: used + cost };
}

export interface Buckets {
  take(key: string, cost: number, nowMs: number): Taken;
  used(key: string, nowMs: number): number;
  /** Somebody else knows that so much has been used: at least that much is counted here from now on. */
  learn(key: string, used: number, nowMs: number): void;
  readonly size: number;
}

/**
 * Buckets by key. Beyond `entries` the one that was not asked for longest is forgotten: who can come from so many
 * addresses gets past this bucket, not past the memory of the process.
 */
export function createBuckets(size: BucketSize, entries: number): Buckets {
  const buckets = new Map<string, Bucket>();
  function bucketOf(key: string): Bucket {
    const bucket = buckets.get(key) ?? { fullAtMs: 0 };
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > entries) {
      const oldest = buckets.keys().next();
      if (!oldest.done) buckets.delete(oldest.value);
    }
    return bucket;
  }
  return {
    take: (key, cost, nowMs) => takeFrom(bucketOf(key), size, cost, nowMs),
    used: (key, nowMs) => (Math.max(0, (buckets.get(key)?.fullAtMs ?? 0) - nowMs) * size.refillPerSecond) / 1_000,
    learn(key, used, nowMs) {
      const bucket = bucketOf(key);
      bucket.fullAtMs = Math.max(bucket.fullAtMs, nowMs + (used * 1_000) / size.refillPerSecond);
    },
    get size() {
      return buckets.size;
    },
  };
}
