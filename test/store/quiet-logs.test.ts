/** A whole journey with every line of the logs caught: nothing in them says who it was, or lets anybody in. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Charge } from '../../commerce/payments/provider.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLogger } from '../../platform/logging/logger.ts';
import { startPrivacy } from '../../queue-workers/privacy/privacy.ts';
import { stock } from '../fixtures/checkout.ts';
import { newId } from '../fixtures/drop.ts';
import { useRunningPayments } from '../fixtures/running-payments.ts';
import { scriptedProvider } from '../fixtures/scripted-provider.ts';
import { useShards } from '../fixtures/shards.ts';
import { type Call, type Method, useStore } from '../fixtures/store.ts';
import { textAt } from '../fixtures/told.ts';
import { eventually } from '../servers/eventually.ts';
import { useRedis } from '../servers/redis.ts';

const lines: string[] = [];
const log = createLogger({ name: 'test', level: 'trace', destination: { write: (line) => void lines.push(line) } });
const store = useStore({ log });
const startPayments = useRunningPayments({ database: store.database, core: useShards(useRedis()) });
const ended: { stop(): Promise<void> }[] = [];
afterAll(() => Promise.all(ended.map((one) => one.stop())));

const PERSON = {
  ...{ name: 'Wilhelmina Quastenflosse', email: 'wilhelmina@quastenflosse.example', password: 'tulips for the lemurs' },
  ...{ street: 'Lemurengasse 17', phone: '+49 30 5550199', card: 'pm_card_quasten', badCard: 'pm_bad_quasten' },
} as const;
const address = {
  ...{ recipient: PERSON.name, line1: PERSON.street, city: 'Wien', postalCode: '1010', country: 'AT' },
  phone: PERSON.phone,
};
const secrets: string[] = [];

async function call(method: Method, path: string, given: Call = {}) {
  const headers = { 'idempotency-key': newId(), ...given.headers };
  return await store.call(method, `/api/v1${path}`, { ...given, headers });
}

async function shop(token: string, card: string): Promise<string> {
  const { sku } = await stock(store);
  await call('POST', '/cart/items', { token, body: { sku, quantity: 1 } });
  const checkout = await call('POST', '/cart/checkout', { token, body: { address } });
  const body = { checkoutId: textAt(checkout.body, 'id'), paymentMethod: { kind: 'card', token: card } };
  const placed = await call('POST', '/orders', { token, body });
  expect(placed.status, placed.text).toBe(201);
  return textAt(checkout.body, 'id');
}

async function paymentState(id: string): Promise<string> {
  const { rows } = await store.database.pool.query('select status from payments where order_id = $1', [id]);
  return rows[0]?.status;
}

async function register(): Promise<string> {
  const { email, password, name } = PERSON;
  const registered = await call('POST', '/auth/register', { body: { email, password, name } });
  expect(registered.status, registered.text).toBe(201);
  await call('POST', '/auth/register', { body: { email, password, name } });
  await call('POST', '/auth/login', { body: { email, password: `${password}!` } });
  const told = (await call('POST', '/auth/login', { body: { email, password } })).body;
  const accessToken = textAt(told, 'accessToken');
  const refreshToken = textAt(told, 'refreshToken');
  await call('POST', '/auth/refresh', { body: { refreshToken } });
  secrets.push(
    accessToken,
    refreshToken,
    textAt(registered.body, 'accessToken'),
    textAt(registered.body, 'refreshToken'),
  );
  return accessToken;
}

describe('the logs of a store and its workers', () => {
  it('say nothing of who buys, declines, mistypes, and breaks things', async () => {
    const provider = {
      ...scriptedProvider('stripe'),
      charge: async ({ paymentId, methodToken }: Charge) =>
        methodToken === PERSON.badCard
          ? ({ state: 'declined', ref: `pi_${paymentId}`, reason: 'card_declined' } as const)
          : ({ state: 'captured', ref: `pi_${paymentId}` } as const),
    };
    startPayments([provider], { log });
    const privacy = startPrivacy({
      ...{ database: store.database.pool, live: undefined, clock: systemClock, log, everyMs: 20 },
      metrics: { ended: () => undefined, failed: () => undefined },
    });
    ended.push(privacy);

    const token = await register();
    await call('POST', '/me/addresses', { token, body: address });
    await call('GET', `/search/products?q=${encodeURIComponent(PERSON.name)}`, { token });
    const paid = await shop(token, PERSON.card);
    await eventually(async () => (await paymentState(paid)) === 'CAPTURED', { withinMs: 10_000 });
    const declined = await shop(token, PERSON.badCard);
    await eventually(async () => (await paymentState(declined)) === 'FAILED', { withinMs: 10_000 });
    const copy = await call('POST', '/me/export', { token });
    const url = `/me/privacy-requests/${textAt(copy.body, 'id')}/file`;
    await eventually(async () => (await call('GET', url, { token })).status === 200, { withinMs: 10_000 });

    // Addresses that lead nowhere, forms that are none, and a key in the wrong place.
    await call('GET', `/people/${encodeURIComponent(PERSON.email)}?phone=${encodeURIComponent(PERSON.phone)}`, {
      token,
    });
    await call('GET', `/orders/${encodeURIComponent(PERSON.name)}`, { token });
    await call('POST', '/me/addresses', { token, body: { ...address, country: PERSON.name, [PERSON.street]: 1 } });
    await call('PUT', '/me/password', { token, body: { password: PERSON.password } });
    await call('POST', '/me/addresses', { token, body: `{"recipient": "${PERSON.name}", "line1": "${PERSON.street}"` });
    const key = `dgk_${'Q'.repeat(43)}`;
    secrets.push(key, 'Q'.repeat(20));
    await call('GET', `/seller/orders?key=${key}`, { token: key });

    // The database refuses, with the row in what it says; then it breaks in the middle of a call.
    const { pool } = store.database;
    await pool.query('alter table addresses add constraint closed check (false) not valid');
    expect((await call('POST', '/me/addresses', { token, body: address })).status).toBe(400);
    await pool.query('alter table addresses drop constraint closed');
    await pool.query('alter table addresses rename column recipient to recipients');
    expect((await call('POST', '/me/addresses', { token, body: address })).status).toBe(500);
    await pool.query('alter table addresses rename column recipients to recipient');

    const text = lines.join('\n').toLowerCase();
    const words = [...Object.values(PERSON), 'quastenflosse', 'lemurengasse', '5550199', ...secrets];
    expect(words.filter((word) => text.includes(word.toLowerCase()))).toEqual([]);
    expect(words.filter((word) => text.includes(encodeURIComponent(word).toLowerCase()))).toEqual([]);
    // There was something to look through.
    expect(text).toContain('a request failed');
    expect(text).toContain('the database refused');
    process.stdout.write(
      `quiet logs: ${lines.length} lines, ${text.length} characters, ${words.length} words looked for\n`,
    );
  });
});
