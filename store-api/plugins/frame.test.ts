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

const AT_ONCE = 100;
/**
 * Calls until one is refused, and answers with how many were served before. The clock of the store stands still, but Redis
 * forgets a bucket by its own clock once it would be full again: on a busy machine more are served than fit one bucket.
 */
async function untilRefused(capacity: number, call: () => Promise<{ readonly status: number }>): Promise<number> {
  let served = 0;
  for (let round = 0; round < 20 * (capacity / AT_ONCE); round += 1) {
    const statuses = (await Promise.all(Array.from({ length: AT_ONCE }, call))).map(({ status }) => status);
    served += statuses.filter((status) => status !== 429).length;
    if (statuses.includes(429)) return served;
  }
  throw new Error(`${served} calls were served, and none was refused.`);
}

describe('the frame of the store', () => {
  it('limits an address over all stores, tells when to come back, and leaves its own alone', async () => {
    const { capacity } = LIMITS.storeRequestsPerAddress;
    const flood = { 'x-forwarded-for': '203.0.113.5' };
    expect(await untilRefused(capacity, () => drops(flood))).toBeGreaterThanOrEqual(capacity);
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
    let at = 0;
    const lie = () => {
      at += 1;
      return drops({ 'x-forwarded-for': `10.0.0.${at % 250}` }, '198.51.100.1');
    };
    expect(await untilRefused(capacity, lie)).toBeGreaterThanOrEqual(capacity);
    const forge = async () => {
      const answer = await store.call('GET', '/api/v1/me', { from: '198.51.100.2', token: 'a.b.c' });
      expect([401, 429]).toContain(answer.status);
      return answer;
    };
    expect(await untilRefused(capacity, forge)).toBeGreaterThanOrEqual(capacity);
  });

  it('limits an account, wherever it speaks from', async () => {
    const { token } = await store.person();
    const { capacity } = LIMITS.storeRequestsPerAccount;
    let at = 0;
    const served = await untilRefused(capacity, () => {
      at += 1;
      return store.call('GET', '/api/v1/me', { token, from: `192.0.2.${at % 200}` });
    });
    expect(served).toBeGreaterThanOrEqual(capacity);
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
    const calls = Array.from({ length: capacity + 3 }, () => drops({ 'x-forwarded-for': '203.0.113.77' }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    expect(statuses.filter((status) => status === 200)).toHaveLength(capacity);
  });
});
