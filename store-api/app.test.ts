import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../contracts/ids.ts';
import { insertDropOrders } from '../db/queries/insert-drop-orders.ts';
import { systemClock } from '../platform/clock.ts';
import { withTransaction } from '../platform/connections/postgres.ts';
import { createAccessTokens } from '../platform/tokens/access-token.ts';
import { newId } from '../test/fixtures/drop.ts';
import { silentLog } from '../test/fixtures/shards.ts';
import { useDatabase } from '../test/servers/database.ts';
import { useRedisConnection } from '../test/servers/redis-connection.ts';
import { createStore } from './app.ts';
import type { StoreApp } from './services.ts';

const database = useDatabase();
const home = useRedisConnection();
const tokens = createAccessTokens({ secret: 'a secret of at least 32 characters', clock: systemClock });
let ready = true;
let store: StoreApp;

beforeAll(async () => {
  store = await createStore({
    providers: { byName: () => undefined },
    database: database.pool,
    redis: home.redis,
    redisPrefix: home.redisPrefix,
    accessTokens: tokens,
    nextId: createIdSource(systemClock),
    clock: systemClock,
    readiness: async () => ({ ready, checks: [{ name: 'postgres', ok: ready }] }),
    log: silentLog,
  });
});
afterAll(() => store.close());

const get = (url: string, token?: string) =>
  store.inject({
    method: 'GET',
    url,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });

async function tokenOf(userId: string): Promise<string> {
  return (await tokens.issue({ userId, kind: 'user', role: 'shopper' })).accessToken;
}

describe('the store', () => {
  it('gives a guest a token of their own', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => store.inject({ method: 'POST', url: '/api/v1/auth/guest' })));
    expect(one?.statusCode).toBe(201);
    const first = await tokens.verify(one?.json().accessToken);
    expect(first).toMatchObject({ kind: 'guest', role: 'shopper' });
    expect(first?.userId).not.toBe((await tokens.verify(two?.json().accessToken))?.userId);
  });

  it('lists no drops before there are any, and refuses what is no query', async () => {
    expect((await get('/api/v1/drops')).json()).toEqual({ items: [], nextCursor: null });
    const refused = await get('/api/v1/drops?limit=1000');
    expect(refused.statusCode).toBe(400);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ code: 'INVALID', status: 400 });
    expect((await get(`/api/v1/drops/${newId()}`)).json()).toMatchObject({ code: 'DROP_NOT_FOUND', status: 404 });
    expect((await get('/api/v1/drops/1')).json()).toMatchObject({ code: 'INVALID' });
    expect((await get('/nowhere')).json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('shows an order to its owner and to nobody else', async () => {
    const [orderId, shopperId, dropId] = [newId(), newId(), newId()];
    const order = {
      claimId: orderId,
      claimKey: 'k',
      dropId,
      region: 'eu',
      shopperId,
      sku: 'S-1',
      productTitle: 'Sneaker',
    };
    const sold = {
      quantity: 2,
      unitPriceMinor: 4_900,
      currency: 'EUR',
      claimedAtMs: Date.now(),
      holdUntilMs: Date.now(),
    };
    await withTransaction(database.pool, (client) => insertDropOrders(client, [{ ...order, ...sold, event: '{}' }]));

    const own = await get(`/api/v1/orders/${orderId}`, await tokenOf(shopperId));
    expect(own.json()).toMatchObject({
      id: orderId,
      status: 'PENDING',
      total: 9_800,
      items: [{ sku: 'S-1', quantity: 2 }],
    });
    expect((await get(`/api/v1/orders/${orderId}`, await tokenOf(newId()))).statusCode).toBe(404);
    expect((await get(`/api/v1/orders/${orderId}`)).json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    expect((await get(`/api/v1/orders/${orderId}`, 'a.b.c')).statusCode).toBe(401);
    expect((await get(`/api/v1/orders/${newId()}`, await tokenOf(shopperId))).statusCode).toBe(404);
  });

  it('says whether it is ready, and describes itself', async () => {
    expect((await get('/health')).json()).toEqual({ alive: true });
    expect((await get('/ready')).statusCode).toBe(200);
    ready = false;
    expect((await get('/ready')).json()).toEqual({ ready: false, checks: [{ name: 'postgres', ok: false }] });
    const document = (await get('/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/v1/drops', '/api/v1/orders/{id}']));
  });
});
