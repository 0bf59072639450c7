import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { newId } from '../fixtures/drop.ts';
import { type Method, useStore } from '../fixtures/store.ts';
import { foundAt, listAt, shapedAt, textAt, valueAt } from '../fixtures/told.ts';

const store = useStore();
const home = { recipient: 'Ada', line1: '1 Analytical Way', city: 'London', country: 'GB' };
const card = { kind: 'card', token: 'pm_1NqX2LkdIwHu7ix', brand: 'visa', last4: '4242' };

/** Calls as one person. */
async function shopper(role: Parameters<typeof store.person>[0] = 'shopper') {
  const person = await store.person(role);
  const as = (method: Method, path: string, body?: unknown) =>
    store.call(method, `/api/v1${path}`, { token: person.token, body });
  return { ...person, as };
}

const Kept = Type.Array(Type.Object({ id: Type.String(), isDefault: Type.Boolean() }));
const defaultsOf = (answered: unknown) =>
  shapedAt(Kept, answered, 'items')
    .filter(({ isDefault }) => isDefault)
    .map(({ id }) => id);

describe('addresses', () => {
  it('have one default, whatever is added, replaced or deleted', async () => {
    const { as } = await shopper();
    const first = (await as('POST', '/me/addresses', home)).body;
    const second = (await as('POST', '/me/addresses', { ...home, city: 'Leeds', isDefault: true })).body;
    expect([valueAt(first, 'isDefault'), valueAt(second, 'isDefault')]).toEqual([true, true]);
    const list = async () => (await as('GET', '/me/addresses')).body;
    expect(defaultsOf(await list())).toEqual([valueAt(second, 'id')]);
    const replaced = await as('PUT', `/me/addresses/${textAt(second, 'id')}`, {
      ...home,
      city: 'York',
      isDefault: false,
    });
    expect(replaced.body).toMatchObject({ city: 'York', isDefault: true, line2: '' });
    expect((await as('DELETE', `/me/addresses/${textAt(second, 'id')}`)).status).toBe(204);
    expect(defaultsOf(await list())).toEqual([valueAt(first, 'id')]);
    expect((await as('GET', `/me/addresses/${textAt(second, 'id')}`)).status).toBe(404);
    expect((await as('PUT', `/me/addresses/${newId()}`, home)).status).toBe(404);
  });

  it('have one default after many changes at once, and are as many as one may have', async () => {
    const { as } = await shopper();
    const made = await Promise.all(
      Array.from({ length: LIMITS.addressesPerUser + 5 }, () =>
        as('POST', '/me/addresses', { ...home, isDefault: true }),
      ),
    );
    expect(made.filter(({ status }) => status === 201)).toHaveLength(LIMITS.addressesPerUser);
    expect(made.filter(({ body }) => foundAt(body, 'code') === 'TOO_MANY')).toHaveLength(5);
    expect(defaultsOf((await as('GET', '/me/addresses')).body)).toHaveLength(1);
  });

  it('are refused when they are none', async () => {
    const { as } = await shopper();
    for (const wrong of [
      { country: 'gb' },
      { city: '' },
      { line1: 'a\nb' },
      { unknown: 1 },
      { recipient: 'x'.repeat(201) },
    ]) {
      expect((await as('POST', '/me/addresses', { ...home, ...wrong })).body, JSON.stringify(wrong)).toMatchObject({
        code: 'INVALID',
      });
    }
  });
});

describe('saved ways to pay', () => {
  it('are shown without their token, and have one default', async () => {
    const { as } = await shopper();
    const saved = await as('POST', '/me/payment-methods', card);
    expect(saved.body).toEqual({ id: expect.any(String), kind: 'card', brand: 'visa', last4: '4242', isDefault: true });
    const wallet = (await as('POST', '/me/payment-methods', { kind: 'wallet' })).body;
    expect((await as('PUT', `/me/payment-methods/${textAt(wallet, 'id')}/default`)).status).toBe(204);
    expect((await as('PUT', `/me/payment-methods/${newId()}/default`)).status).toBe(404);
    const list = async () => (await as('GET', '/me/payment-methods')).body;
    expect(defaultsOf(await list())).toEqual([valueAt(wallet, 'id')]);
    expect((await as('DELETE', `/me/payment-methods/${textAt(wallet, 'id')}`)).status).toBe(204);
    expect(defaultsOf(await list())).toEqual([valueAt(saved.body, 'id')]);
  });

  it('are never the number of a card, in whichever field it stands', async () => {
    const { as } = await shopper();
    const numbers = [
      '4242424242424242',
      '4242 4242 4242 4242',
      '3782-822463-10005',
      4242424242424242,
      '４２４２４２４２４２４２４２４２',
    ];
    for (const number of numbers) {
      for (const field of ['token', 'brand', 'last4', 'number', 'kind']) {
        const answer = await as('POST', '/me/payment-methods', { ...card, [field]: number });
        expect(answer.body, `${field}: ${number}`).toMatchObject({ code: 'CARD_NUMBER', status: 422 });
        expect(answer.text).not.toMatch(/4242|3782/);
      }
    }
    expect(
      valueAt((await as('POST', '/me/payment-methods', { ...card, nested: { deep: [numbers[0]] } })).body, 'code'),
    ).toBe('CARD_NUMBER');
    expect(valueAt((await as('GET', '/me/payment-methods')).body, 'items')).toEqual([]);
  });
});

describe('preferences', () => {
  it('are those of a new shopper until they are changed, one by one', async () => {
    const { as } = await shopper();
    const untouched = {
      ...{ language: 'en', currency: null, orderMails: true, reminderMails: true },
      ...{ orderPush: true, reminderPush: true },
    };
    expect((await as('GET', '/me/preferences')).body).toEqual(untouched);
    await as('PATCH', '/me/preferences', { currency: 'EUR' });
    const changed = await as('PATCH', '/me/preferences', { reminderMails: false, language: 'de-AT' });
    expect(changed.body).toEqual({ ...untouched, language: 'de-AT', currency: 'EUR', reminderMails: false });
    const silent = await as('PATCH', '/me/preferences', { orderPush: false });
    expect(silent.body).toMatchObject({ orderMails: true, orderPush: false, reminderPush: true });
    expect(valueAt((await as('PATCH', '/me/preferences', { currency: null })).body, 'currency')).toBeNull();
    expect((await as('PATCH', '/me/preferences', { language: 'German' })).status).toBe(400);
    expect((await as('PATCH', '/me/preferences', {})).status).toBe(400);
  });
});

describe('people, for those with a role', () => {
  it('are found, blocked, let in again and given roles, and the journal has each act', async () => {
    const [admin, person] = [await shopper('admin'), await shopper()];
    const found = await admin.as('GET', `/users?email=${person.userId}`);
    expect(listAt(found.body, 'items').map((one) => textAt(one, 'id'))).toEqual([person.userId]);
    expect(valueAt((await admin.as('PUT', `/users/${person.userId}/block`, { reason: 'fraud' })).body, 'status')).toBe(
      'blocked',
    );
    expect(valueAt((await admin.as('PUT', `/users/${person.userId}/unblock`, {})).body, 'status')).toBe('active');
    expect(valueAt((await admin.as('PUT', `/users/${person.userId}/role`, { role: 'merchant' })).body, 'role')).toBe(
      'merchant',
    );
    const journal = await admin.as('GET', `/audit-log?actorId=${admin.userId}&subjectId=${person.userId}`);
    const acts = listAt(journal.body, 'items').map((one) => [textAt(one, 'action'), valueAt(one, 'detail')]);
    expect(acts).toEqual([
      ['user.role-changed', { role: 'merchant' }],
      ['user.unblocked', {}],
      ['user.blocked', { reason: 'fraud' }],
    ]);
    expect(valueAt((await admin.as('GET', '/audit-log?limit=1')).body, 'nextCursor')).not.toBeNull();
  });

  it('are left alone by support where they are no shoppers, and by everybody where they are oneself', async () => {
    const [support, admin, person] = [await shopper('support'), await shopper('admin'), await shopper()];
    expect((await support.as('PUT', `/users/${person.userId}/block`, {})).status).toBe(200);
    expect((await support.as('PUT', `/users/${admin.userId}/block`, {})).status).toBe(403);
    expect((await support.as('PUT', `/users/${person.userId}/role`, { role: 'admin' })).status).toBe(403);
    expect((await admin.as('PUT', `/users/${admin.userId}/role`, { role: 'shopper' })).status).toBe(403);
    expect((await admin.as('PUT', `/users/${newId()}/block`, {})).status).toBe(404);
    const { rows } = await store.database.pool.query(
      `select count(*)::int as acts from audit_log where subject_id = $1`,
      [admin.userId],
    );
    expect(rows).toEqual([{ acts: 0 }]);
  });

  it('cannot act with a role that was taken from them, although their token still says it', async () => {
    const [admin, person] = [await shopper('admin'), await shopper()];
    await store.database.pool.query(`update users set role = 'shopper' where id = $1`, [admin.userId]);
    expect((await admin.as('PUT', `/users/${person.userId}/block`, {})).status).toBe(403);
    expect((await admin.as('GET', '/users')).status).toBe(403);
  });
});
