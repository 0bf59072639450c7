import { describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

let offsetMs = 0;
const store = useStore({ clock: { ...systemClock, now: () => systemClock.now() + offsetMs } });
const pool = () => store.database.pool;
const api = '/api/v1';

describe('asking about one’s data', () => {
  it('is answered with the same request while it is open, and not more often than twice', async () => {
    const person = await store.person();
    const ask = () => store.call('POST', `${api}/me/export`, { token: person.token });
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect([first.status, second.status, third.status]).toEqual([202, 202, 429]);
    expect(valueAt(second.body, 'id')).toBe(valueAt(first.body, 'id'));
    const url = `${api}/me/privacy-requests/${textAt(first.body, 'id')}/file`;
    expect((await store.call('GET', url, { token: person.token })).status).toBe(404);
    expect((await store.call('POST', `${api}/me/export`, await store.guest())).status).toBe(403);
  });

  it('asks an account without a password to have signed in just now', async () => {
    const { userId } = await store.person();
    const sessionId = newId();
    const started = new Date(Date.now() - LIFETIMES.freshSignInMs + 60_000);
    const text = `insert into sessions (id, user_id, created_at, expires_at) values ($1, $2, $3, now() + interval '7 days')`;
    await pool().query(text, [sessionId, userId, started]);
    const issue = { userId, kind: 'user', role: 'shopper' } as const;
    const { accessToken: token } = await store.tokens.issue({ ...issue, sessionId });
    const { accessToken: without } = await store.tokens.issue(issue);
    const erase = (of: string) => store.call('POST', `${api}/me/erase`, { token: of, body: {} });
    expect((await erase(without)).status).toBe(401);
    offsetMs += 120_000;
    expect(valueAt((await erase(token)).body, 'detail')).toContain('Sign in again');
    offsetMs -= 120_000;
    const asked = await erase(token);
    expect(asked.body, asked.text).toMatchObject({ kind: 'erasure', state: 'waiting' });
    expect(numberAt(asked.body, 'dueAt') - numberAt(asked.body, 'askedAt')).toBe(LIFETIMES.erasureGraceMs);
    expect(valueAt((await store.call('DELETE', `${api}/me/erase`, { token })).body, 'state')).toBe('withdrawn');
    expect((await store.call('DELETE', `${api}/me/erase`, { token })).status).toBe(404);
  });
});

describe('the support', () => {
  it('asks for a guest by the shopper of their order, and never gets the file', async () => {
    const support = await store.person('support');
    const shopperId = newId();
    const warehouse = await openWarehouse(pool());
    const merchantId = (await store.person('merchant')).userId;
    const goods = await stockGoods(pool(), { merchantId, shelves: { [warehouse]: 1 } });
    const orderId = await confirmOrder(pool(), { shopperId, lines: [{ ...goods, from: { [warehouse]: 1 } }] });
    const ask = (id: string, kind: string) =>
      store.call('POST', `${api}/users/${id}/privacy-requests`, { token: support.token, body: { kind } });
    expect((await ask(newId(), 'export')).status).toBe(404);
    // Whether it was an order of the store, or of a drop, which does not say that it was a guest.
    const made = await ask(shopperId, 'export');
    expect(made.status, made.text).toBe(202);
    const blocked = await ask(shopperId, 'erasure');
    expect([blocked.status, valueAt(blocked.body, 'code')]).toEqual([409, 'ERASURE_BLOCKED']);
    expect(valueAt(blocked.body, 'detail')).toContain(orderId);
    expect((await ask(support.userId, 'erasure')).status).toBe(403);
    expect((await ask(shopperId, 'everything')).status).toBe(400);
    const url = `${api}/me/privacy-requests/${textAt(made.body, 'id')}/file`;
    await pool().query(
      `update privacy_requests set state = 'done', due_at = null, done_at = now(), expires_at = now() + interval '1 day'
       where id = $1`,
      [valueAt(made.body, 'id')],
    );
    expect((await store.call('GET', url, support)).status).toBe(404);
    const list = await store.call('GET', `${api}/users/${shopperId}/privacy-requests`, { token: support.token });
    expect(valueAt(list.body, 'items')).toMatchObject([
      { id: valueAt(made.body, 'id'), kind: 'export', state: 'done' },
    ]);
  });
});
