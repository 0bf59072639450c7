/** Keys of calls that change a cart: what is kept of them, and in which commit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { type Method, useStore } from '../../test/fixtures/store.ts';
import { listAt, valueAt } from '../../test/fixtures/told.ts';
import { createStore } from '../app.ts';
import type { StoreApp } from '../services.ts';

const store = useStore();
const db = () => store.database.pool;
/** Another process of the store: it knows nothing of the turns of this one. */
let other: StoreApp;

beforeAll(async () => {
  other = await createStore({
    ...{ providers: { byName: () => undefined }, database: db(), redis: store.redis, redisPrefix: store.redisPrefix },
    ...{ accessTokens: store.tokens, nextId: createIdSource(systemClock), clock: systemClock, log: silentLog },
    readiness: async () => ({ ready: true, checks: [] }),
  });
  await other.ready();
});
afterAll(() => other.close());

interface Asked {
  readonly token: string;
  readonly key: string;
  readonly body?: object;
}

async function callAt(app: StoreApp, method: Method, path: string, { token, key, body }: Asked) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key, ...json };
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const answer = await app.inject({ method, url: `/api/v1${path}`, headers, ...payload });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<unknown>() };
}
const call = (method: Method, path: string, asked: Asked) => callAt(store.app, method, path, asked);
const itemsOf = (body: unknown) =>
  listAt(body, 'items').map((item) => [valueAt(item, 'sku'), valueAt(item, 'quantity')]);

describe('the key of a change', () => {
  it('is kept in the commit of the change of an account', async () => {
    const { token, userId } = await store.person();
    const { sku } = await sell(db());
    const key = newId();
    const commits = async () => {
      const { rows } = await db().query(
        `select c.xmin = k.xmin as together from carts c, idempotency_keys k where c.user_id = $1 and k.key = $2`,
        [userId, key],
      );
      return rows;
    };
    const first = await call('POST', '/cart/items', { token, key, body: { sku, quantity: 2 } });
    expect(await commits()).toEqual([{ together: true }]);
    await call('PUT', `/cart/items/${sku}`, { token, key: newId(), body: { quantity: 9 } });
    const again = await call('POST', '/cart/items', { token, key, body: { quantity: 2, sku } });
    expect(again).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' }, body: first.body });
    const reused = await call('POST', '/cart/items', { token, key, body: { sku, quantity: 3 } });
    expect([reused.status, valueAt(reused.body, 'code')]).toEqual([422, 'KEY_REUSED']);
    const cart = await store.call('GET', '/api/v1/cart', { token });
    expect(itemsOf(cart.body)).toEqual([[sku, 9]]);
  });

  it('that cannot be kept leaves the cart as it was', async () => {
    const { token, userId } = await store.person();
    const { sku } = await sell(db());
    await call('POST', '/cart/items', { token, key: newId(), body: { sku, quantity: 1 } });
    const key = newId();
    await db().query(
      `create function refuse_key() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$;
       create trigger refuse_key before insert on idempotency_keys
         for each row when (new.key = '${key}') execute function refuse_key()`,
    );
    const body = { sku, quantity: 5 };
    expect((await call('POST', '/cart/items', { token, key, body })).status).toBe(500);
    await db().query('drop trigger refuse_key on idempotency_keys; drop function refuse_key()');
    const { rows } = await db().query(
      `select body::json #>> '{lines,0,quantity}' as units from carts where user_id = $1`,
      [userId],
    );
    expect(rows).toEqual([{ units: '1' }]);
    expect(itemsOf((await call('POST', '/cart/items', { token, key, body })).body)).toEqual([[sku, 6]]);
  });

  it.each(['person', 'guest'] as const)('counts once, of a %s at two processes at the same time', async (kind) => {
    const { token } = await store[kind]();
    const { sku } = await sell(db());
    const key = newId();
    const at = (app: StoreApp) => callAt(app, 'POST', '/cart/items', { token, key, body: { sku, quantity: 3 } });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, one) => at(one % 2 === 0 ? store.app : other)));
    const again = await at(other);
    expect(again).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } });
    expect(itemsOf(again.body)).toEqual([[sku, 3]]);
    for (const { status, body } of answers) {
      if (status === 200) expect(body).toEqual(again.body);
      else expect([status, valueAt(body, 'code')]).toEqual([409, 'KEY_IN_USE']);
    }
    expect(itemsOf((await store.call('GET', '/api/v1/cart', { token })).body)).toEqual([[sku, 3]]);
  });

  it('gives the first answer, also where the cart has another version now, or nothing had to be changed', async () => {
    const { token } = await store.person();
    const { sku } = await sell(db());
    const [adding, removing] = [newId(), newId()];
    const added = await call('POST', '/cart/items', { token, key: adding, body: { sku, quantity: 1, version: 0 } });
    expect(added.status).toBe(200);
    const repeated = await call('POST', '/cart/items', { token, key: adding, body: { sku, quantity: 1, version: 0 } });
    expect(repeated).toMatchObject({ status: 200, body: added.body });
    const at = Date.now() - 60_000;
    const late = await call('PUT', `/cart/items/${sku}`, { token, key: removing, body: { quantity: 7, at } });
    expect(late.body).toMatchObject({ outdated: true });
    const lateAgain = await call('PUT', `/cart/items/${sku}`, { token, key: removing, body: { quantity: 7, at } });
    expect(lateAgain).toMatchObject({ headers: { 'idempotent-replayed': 'true' }, body: late.body });
  });

  it('of a change that was refused is free again', async () => {
    const { token } = await store.person();
    const key = newId();
    const body = { sku: 'NO-SUCH', quantity: 1 };
    expect((await call('POST', '/cart/items', { token, key, body })).status).toBe(404);
    const { rowCount } = await db().query('select from idempotency_keys where key = $1', [key]);
    expect(rowCount).toBe(0);
  });

  it('makes support change somebody’s cart once, and one key change one cart', async () => {
    const [support, one, two] = [await store.person('support'), await store.person(), await store.person()];
    const { sku } = await sell(db());
    const key = newId();
    const add = (app: StoreApp, userId: string) =>
      callAt(app, 'POST', `/cart/${userId}/items`, { token: support.token, key, body: { sku, quantity: 1 } });
    const answers = await Promise.all([add(store.app, one.userId), add(other, two.userId)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [done, undone] = answers[0]?.status === 200 ? [one, two] : [two, one];
    expect(await add(store.app, done.userId)).toMatchObject({ headers: { 'idempotent-replayed': 'true' } });
    expect((await add(store.app, undone.userId)).status).toBe(422);
    expect(itemsOf((await store.call('GET', '/api/v1/cart', { token: undone.token })).body)).toEqual([]);
    const acts = await db().query(`select from audit_log where action = 'cart.change' and subject_id = $1`, [
      done.userId,
    ]);
    expect(acts.rowCount).toBe(1);
  });
});
