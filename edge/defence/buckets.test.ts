import { describe, expect, it } from 'vitest';
import { createBucketMap, createBuckets, takeFrom } from './buckets.ts';

const SIZE = { capacity: 3, refillPerSecond: 2 };

describe('a bucket', () => {
  it('gives what it has, says when there is more, and fills up no further than its capacity', () => {
    const bucket = { fullAtMs: 0 };
    const take = (nowMs: number, cost = 1) => takeFrom(bucket, SIZE, cost, nowMs);
    expect([take(1_000), take(1_000), take(1_000)].every(({ ok }) => ok)).toBe(true);
    expect(take(1_000)).toEqual({ ok: false, used: 3, retryAfterMs: 500 });
    expect(take(1_499)).toMatchObject({ ok: false, retryAfterMs: 1 });
    expect(take(1_500)).toEqual({ ok: true, used: 3 });
    expect(take(1_000_000, 3)).toEqual({ ok: true, used: 3 });
    expect(take(1_000_000, 3)).toEqual({ ok: false, used: 3, retryAfterMs: 1_500 });
  });

  it('does not charge for what it refuses', () => {
    const bucket = { fullAtMs: 0 };
    takeFrom(bucket, SIZE, 3, 0);
    for (let at = 0; at < 100; at += 1) takeFrom(bucket, SIZE, 1, 0);
    expect(takeFrom(bucket, SIZE, 1, 500).ok).toBe(true);
  });
});

describe('buckets by key', () => {
  it('are one for each key', () => {
    const buckets = createBuckets(SIZE, 10);
    expect(buckets.take('a', 3, 0).ok).toBe(true);
    expect(buckets.take('a', 1, 0).ok).toBe(false);
    expect(buckets.take('b', 3, 0).ok).toBe(true);
  });

  it('are no more than they may be: those not asked for lately are forgotten', () => {
    let made = 0;
    const buckets = createBucketMap(4, () => {
      made += 1;
      return { fullAtMs: made };
    });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'd', 'a', 'e', 'a']) buckets.of(key);
    expect(made).toBe(5);
    expect(['a', 'b', 'c', 'd', 'e'].filter((key) => buckets.peek(key) !== undefined)).toEqual(['a', 'd', 'e']);
  });
});
