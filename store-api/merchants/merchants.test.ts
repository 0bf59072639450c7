import { describe, expect, it } from 'vitest';
import { productBody } from '../../test/fixtures/catalog.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const body = { name: 'Clay & Co', legalName: 'Clay and Company Ltd', country: 'GB', contactEmail: 'shop@clay.example' };
const apply = (token: string, changes = {}) =>
  store.call('POST', '/api/v1/seller/application', { token, body: { ...body, ...changes } });
const decide = (token: string, id: string, decision: string, note?: string) =>
  store.call('POST', `/api/v1/admin/merchants/${id}/${decision}`, { token, body: note === undefined ? {} : { note } });
const profile = (token: string) => store.call('GET', '/api/v1/seller/profile', { token });

async function tokenOf(userId: string, role: 'shopper' | 'merchant') {
  return (await store.tokens.issue({ userId, kind: 'user', role })).accessToken;
}

async function rows(text: string, ...values: unknown[]) {
  return (await store.database.pool.query(text, values)).rows;
}

async function mailsTo(userId: string): Promise<unknown[]> {
  const found = await rows(
    `select payload from outbox where topic = 'notification.email' and key = $1 order by position`,
    userId,
  );
  return found.map(({ payload }) => JSON.parse(payload).data);
}

async function merchant() {
  const [{ userId, token }, admin] = [await store.person(), await store.person('admin')];
  await apply(token);
  expect((await decide(admin.token, userId, 'approve')).status).toBe(200);
  return { userId, admin, token: await tokenOf(userId, 'merchant') };
}

describe('somebody who wants to sell', () => {
  it('applies once, is let in, and is told', async () => {
    const [person, admin] = [await store.person(), await store.person('admin')];
    expect((await profile(person.token)).status).toBe(404);
    const applied = await apply(person.token);
    expect(applied.status, applied.text).toBe(201);
    expect(applied.body).toMatchObject({
      ...body,
      id: person.userId,
      status: 'applied',
      taxNumber: '',
      decidedAt: null,
    });
    expect(valueAt((await apply(person.token)).body, 'code')).toBe('APPLIED_ALREADY');

    const waiting = await store.call('GET', '/api/v1/admin/merchants?status=applied', { token: admin.token });
    expect(listAt(waiting.body, 'items').map((one) => textAt(one, 'id'))).toContain(person.userId);
    const approved = await decide(admin.token, person.userId, 'approve');
    expect(approved.body).toMatchObject({ status: 'active' });
    expect(await rows('select role from users where id = $1', person.userId)).toEqual([{ role: 'merchant' }]);
    expect(await mailsTo(person.userId)).toMatchObject([
      { template: 'merchant-decision', values: { decision: 'approve', name: body.name } },
    ]);
    expect(await rows('select action, actor_id from audit_log where subject_id = $1', person.userId)).toEqual([
      { action: 'merchant.approved', actor_id: admin.userId },
    ]);
    expect(valueAt((await decide(admin.token, person.userId, 'approve')).body, 'code')).toBe('STEP_REFUSED');
  });

  it('is declined with a reason, may read it and may ask again', async () => {
    const [person, admin] = [await store.person(), await store.person('admin')];
    await apply(person.token);
    expect((await decide(admin.token, person.userId, 'decline')).status).toBe(400);
    expect((await decide(admin.token, person.userId, 'decline', 'No tax number.')).status).toBe(200);
    expect((await profile(person.token)).body).toMatchObject({ status: 'declined', note: 'No tax number.' });
    const again = await apply(person.token, { taxNumber: 'GB1' });
    expect(again.body, again.text).toMatchObject({ status: 'applied', note: '', taxNumber: 'GB1' });
  });

  it('gives the first answer to the same key, and is refused without what is needed', async () => {
    const { token } = await store.person();
    const headers = { 'idempotency-key': newId() };
    const first = await store.call('POST', '/api/v1/seller/application', { token, body, headers });
    const second = await store.call('POST', '/api/v1/seller/application', { token, body, headers });
    expect([second.status, second.body]).toEqual([201, first.body]);
    for (const wrong of [{ country: 'Britain' }, { contactEmail: 'nobody' }, { name: '' }, { isActive: true }]) {
      expect((await apply((await store.person()).token, wrong)).status).toBe(400);
    }
    expect((await apply((await store.person('admin')).token)).status).toBe(403);
  });

  it('is not decided about by support, nor by a token of an admin who is none any more', async () => {
    const [person, support, former] = [
      await store.person(),
      await store.person('support'),
      await store.person('admin'),
    ];
    await apply(person.token);
    expect((await decide(support.token, person.userId, 'approve')).status).toBe(403);
    await rows(`update users set role = 'shopper' where id = $1`, former.userId);
    expect((await decide(former.token, person.userId, 'approve')).status).toBe(403);
    expect((await decide((await store.person('admin')).token, newId(), 'approve')).status).toBe(404);
  });
});

describe('a merchant', () => {
  it('changes how they are reached, not what was looked at', async () => {
    const { token } = await merchant();
    const change = (changes: object) => store.call('PATCH', '/api/v1/seller/profile', { token, body: changes });
    expect((await change({ city: 'Leeds', name: 'Clay' })).body).toMatchObject({ city: 'Leeds', name: 'Clay' });
    expect((await profile(token)).body).toMatchObject({ city: 'Leeds' });
    const fixed = await change({ legalName: 'Somebody Else Ltd' });
    expect([fixed.status, valueAt(fixed.body, 'detail')]).toEqual([403, expect.stringContaining('legalName')]);
    expect((await change({})).status).toBe(400);
  });

  it('shows and sells nothing while suspended, and the same as before afterwards', async () => {
    const { userId, token, admin } = await merchant();
    const categoryId = newId();
    await rows('insert into categories (id, slug, name) values ($1, $2, $3)', categoryId, `c-${categoryId}`, 'Mugs');
    const shop = { merchantId: userId, token, categoryId, categorySlug: '' };
    const make = async (status: string) =>
      (await store.call('POST', '/api/v1/products', { token, body: productBody(shop, { status }) })).body;
    const [shown, draft] = [await make('active'), await make('draft')];
    const statusOf = async (id: string) => (await store.call('GET', `/api/v1/products/${id}`)).status;
    expect([await statusOf(textAt(shown, 'id')), await statusOf(textAt(draft, 'id'))]).toEqual([200, 404]);

    expect((await decide(admin.token, userId, 'suspend', 'Parcels were empty.')).status).toBe(200);
    expect(await statusOf(textAt(shown, 'id'))).toBe(404);
    // A token from before is good for minutes.
    const { id: _id, ...content } = { ...productBody(shop), id: textAt(draft, 'id') };
    const { variants: _variants, ...update } = content;
    const sneaked = await store.call('PUT', `/api/v1/products/${textAt(draft, 'id')}`, {
      ...{ token, headers: { 'if-match': '*' }, body: { ...update, brandId: null, language: 'en' } },
    });
    expect(sneaked.body, sneaked.text).toMatchObject({ status: 'draft' });
    expect(await statusOf(textAt(draft, 'id'))).toBe(404);
    expect(await rows('select role from users where id = $1', userId)).toEqual([{ role: 'shopper' }]);
    expect((await profile(await tokenOf(userId, 'shopper'))).body).toMatchObject({
      status: 'suspended',
      note: 'Parcels were empty.',
    });

    expect((await decide(admin.token, userId, 'reinstate')).status).toBe(200);
    expect(await statusOf(textAt(shown, 'id'))).toBe(200);
    expect(await rows('select role from users where id = $1', userId)).toEqual([{ role: 'merchant' }]);
  });

  it('by the hand of an admin has a row as well', async () => {
    const [person, admin] = [await store.person(), await store.person('admin')];
    const made = await store.call('PUT', `/api/v1/users/${person.userId}/role`, {
      token: admin.token,
      body: { role: 'merchant' },
    });
    expect(made.status, made.text).toBe(200);
    expect((await profile(await tokenOf(person.userId, 'merchant'))).body).toMatchObject({ status: 'active' });
    const back = await store.call('PUT', `/api/v1/users/${person.userId}/role`, {
      ...{ token: admin.token, body: { role: 'shopper' } },
    });
    expect([back.status, valueAt(back.body, 'detail')]).toEqual([409, expect.stringContaining('suspend')]);
  });
});
