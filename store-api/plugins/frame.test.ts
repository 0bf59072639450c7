import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { valueAt } from '../../test/fixtures/told.ts';

let nowMs = Date.now();
const store = useStore({
  clock: { now: () => nowMs },
  web: {
    origins: ['https://shop.example'],
    trustedProxies: ['127.0.0.1'],
    // What Redis answers late on a busy machine is still what all stores have counted.
    countDeadlineMs: 60_000,
    overload: { eventLoopDelayMs: 600_000, heapBytes: 0 },
  },
});
const drops = (headers: Record<string, string>, from?: string) =>
  store.call('GET', '/api/v1/drops', { headers, ...(from === undefined ? {} : { from }) });

/**
 * So many that the bucket is empty, whatever fills up meanwhile: the clock stands still. Not all at once: what waits too long
 * for Redis is counted by the store alone.
 */
const AT_ONCE = 25;
const burst = async (count: number, call: () => Promise<{ readonly status: number }>): Promise<number[]> => {
  const statuses: number[] = [];
  while (statuses.length < count) {
    const calls = Array.from({ length: Math.min(AT_ONCE, count - statuses.length) }, call);
    statuses.push(...(await Promise.all(calls)).map(({ status }) => status));
  }
  return statuses;
};

describe('the frame of the store', () => {
  it('limits an address over all stores, tells when to come back, and leaves its own alone', async () => {
    const { capacity } = LIMITS.storeRequestsPerAddress;
    const flood = { 'x-forwarded-for': '203.0.113.5' };
    const statuses = await burst(capacity + 10, () => drops(flood));
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
    const refused = await drops(flood);
    expect(valueAt(refused.body, 'code')).toBe('RATE_LIMITED');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await drops({ 'x-forwarded-for': '203.0.113.6' })).status).toBe(200);
    expect((await drops({})).status).toBe(200);
    expect((await store.call('GET', '/health', { headers: flood })).status).toBe(200);
    const keys = await store.redis.keys(`${store.redisPrefix}*`);
    expect(keys.some((key) => key.includes('store:limit:address'))).toBe(true);
    nowMs += 1_000;
    expect((await drops(flood)).status).toBe(200);
  });

  it('counts what lies and what is forged by where it comes from', async () => {
    // Whoever is no proxy of ours does not say who they are.
    const { capacity } = LIMITS.storeRequestsPerAddress;
    const lied = await burst(capacity + 1, () => drops({ 'x-forwarded-for': `10.0.0.${nowMs % 250}` }, '198.51.100.1'));
    expect(lied.filter((status) => status === 429)).toHaveLength(1);
    const forged = { from: '198.51.100.2', token: 'a.b.c' };
    const statuses = await burst(capacity + 1, () => store.call('GET', '/api/v1/me', forged));
    expect([...new Set(statuses)].sort()).toEqual([401, 429]);
  });

  it('limits an account, wherever it speaks from', async () => {
    const { token } = await store.person();
    const { capacity } = LIMITS.storeRequestsPerAccount;
    let at = 0;
    const statuses = await burst(capacity + 5, () => {
      at += 1;
      return store.call('GET', '/api/v1/me', { token, from: `192.0.2.${at % 200}` });
    });
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('lets only the pages of its origins read what it answers', async () => {
    const ours = await drops({ origin: 'https://shop.example' });
    expect(ours.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect((await drops({ origin: 'https://evil.example' })).headers['access-control-allow-origin']).toBeUndefined();
    const preflight = await store.app.inject({
      method: 'OPTIONS',
      url: '/api/v1/me',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'PATCH' },
    });
    expect([preflight.statusCode, preflight.headers['access-control-allow-methods']]).toEqual([
      204,
      expect.stringContaining('PATCH'),
    ]);
  });

  it('has the headers that browsers want to see, and the id of the request', async () => {
    const { headers } = await drops({ 'x-request-id': 'from-a-proxy-1' });
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-request-id': 'from-a-proxy-1' });
    expect((await drops({ 'x-request-id': 'a b' })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a store without Redis', () => {
  it('goes on, and counts by itself', async () => {
    const { capacity } = LIMITS.storeRequestsPerAddress;
    store.redis.disconnect();
    const statuses = await burst(capacity + 3, () => drops({ 'x-forwarded-for': '203.0.113.77' }));
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(capacity);
  });
});
