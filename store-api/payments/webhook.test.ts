import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProviders } from '../../commerce/payments/providers.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { placeOrder } from '../../test/db/place-order.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { createStore } from '../app.ts';
import type { StoreApp } from '../services.ts';

const database = useDatabase();
const home = useRedisConnection();
const secret = 'whsec_of_this_test_only';
const stripe = new Stripe('sk_test_none');
const providers = createProviders({
  PAYMENT_API_URL: 'http://127.0.0.1:1',
  PAYMENT_API_KEY: 'sk_test_of_this_test',
  PAYMENT_WEBHOOK_SECRET: secret,
  PAYMENT_FALLBACK_API_URL: '',
  PAYMENT_FALLBACK_API_KEY: '',
  PAYMENT_FALLBACK_WEBHOOK_SECRET: '',
  PAYMENT_CONCURRENCY: 1,
  PAYMENT_RETURN_URL: 'http://127.0.0.1/',
});
let store: StoreApp;

beforeAll(async () => {
  store = await createStore({
    database: database.pool,
    redis: home.redis,
    redisPrefix: home.redisPrefix,
    accessTokens: createAccessTokens({ secret: 'a secret of thirty-two characters', clock: systemClock }),
    nextId: createIdSource(systemClock),
    clock: systemClock,
    readiness: async () => ({ ready: true, checks: [] }),
    providers,
    log: silentLog,
    // Two cores that run everybody's tests are no overload of this store.
    web: { overload: { eventLoopDelayMs: 600_000, heapBytes: 0 } },
  });
});
afterAll(async () => {
  await store.close();
  providers.close();
});

async function waitingPayment(status = 'PENDING'): Promise<{ orderId: string; ref: string }> {
  const orderId = await placeOrder(database.pool);
  const ref = `pi_${orderId}`;
  await database.pool.query(
    `insert into payments (order_id, id, currency, amount_minor, kind, provider, provider_ref, status, due_at)
     values ($1, $1, 'USD', 100, 'card', 'stripe', $2, $3, null)`,
    [orderId, ref, status],
  );
  return { orderId, ref };
}

function event(ref: string, type = 'payment_intent.succeeded', id = `evt_${ref}_${type}`): string {
  return JSON.stringify({ id, object: 'event', type, data: { object: { id: ref, object: 'payment_intent' } } });
}

async function deliver(payload: string, changes: { signedWith?: string; provider?: string; signature?: string } = {}) {
  const header = stripe.webhooks.generateTestHeaderString({ payload, secret: changes.signedWith ?? secret });
  return await store.inject({
    method: 'POST',
    url: `/api/v1/payments/webhooks/${changes.provider ?? 'stripe'}`,
    headers: { 'content-type': 'application/json', 'stripe-signature': changes.signature ?? header },
    payload,
  });
}

async function paymentOf(orderId: string): Promise<{ due: boolean; status: string }> {
  const { rows } = await database.pool.query(
    'select due_at is not null as due, status from payments where order_id = $1',
    [orderId],
  );
  return rows[0];
}

describe('a webhook', () => {
  it('makes its payment due, once, whatever the number and the order of its deliveries', async () => {
    const { orderId, ref } = await waitingPayment();
    const types = ['payment_intent.requires_action', 'payment_intent.succeeded'];
    for (const type of types.toReversed()) expect((await deliver(event(ref, type))).statusCode).toBe(200);
    expect(await paymentOf(orderId)).toEqual({ due: true, status: 'PENDING' });
    await database.pool.query('update payments set due_at = null where order_id = $1', [orderId]);
    for (const type of [...types, ...types, ...types]) expect((await deliver(event(ref, type))).statusCode).toBe(200);
    expect(await paymentOf(orderId)).toEqual({ due: false, status: 'PENDING' });
    const { rows } = await database.pool.query('select type from webhook_events where provider_ref = $1', [ref]);
    expect(rows).toHaveLength(2);
  });

  it('opens a payment again that was given up, when it says that money was taken', async () => {
    const { orderId, ref } = await waitingPayment('CANCELLED');
    await deliver(event(ref, 'payment_intent.canceled'));
    expect(await paymentOf(orderId)).toEqual({ due: false, status: 'CANCELLED' });
    await deliver(event(ref));
    expect(await paymentOf(orderId)).toEqual({ due: true, status: 'PENDING' });
  });

  it('of no payment that we know is kept and harms nobody', async () => {
    expect((await deliver(event('pi_of_somebody_else'))).json()).toEqual({ received: true });
  });

  it.each([
    ['another secret', { signedWith: 'whsec_of_another' }],
    ['no signature', { signature: '' }],
    ['a signature that is none', { signature: 't=1,v1=00' }],
  ])('with %s is refused, and changes nothing', async (_what, changes) => {
    const { orderId, ref } = await waitingPayment();
    const answer = await deliver(event(ref), changes);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'INVALID']);
    expect(await paymentOf(orderId)).toEqual({ due: false, status: 'PENDING' });
  });

  it('whose bytes were changed is refused', async () => {
    const { ref } = await waitingPayment();
    const header = stripe.webhooks.generateTestHeaderString({ payload: event(ref), secret });
    expect((await deliver(`${event(ref)} `, { signature: header })).statusCode).toBe(400);
  });

  it('of a provider that is not configured finds nobody, one that is too large is refused', async () => {
    expect((await deliver(event('pi_1'), { provider: 'paypal' })).statusCode).toBe(404);
    expect((await deliver('x'.repeat(LIMITS.httpBodyBytes + 1))).statusCode).toBe(413);
  });
});
