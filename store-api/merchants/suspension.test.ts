/** What a suspension stops that was under way: drops that are scheduled, checkouts that are open, money that is given back. */
import { expect, it } from 'vitest';
import { checkOut, fillCart, order, stock } from '../../test/fixtures/checkout.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { dropForm, openSeller } from '../../test/fixtures/seller-drops.ts';
import { TEST_REGIONS } from '../../test/fixtures/shards.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore({ regions: TEST_REGIONS });
const rows = async (text: string, ...values: unknown[]) => (await store.database.pool.query(text, values)).rows;
const post = (path: string, token: string, body?: object) =>
  store.call('POST', `/api/v1${path}`, { token, headers: { 'idempotency-key': newId() }, body });

async function letIn(merchantId: string): Promise<void> {
  await rows(
    `insert into merchants (user_id, name, legal_name, country, contact_email, status, decided_at)
     values ($1, 'Clay', 'Clay Ltd', 'GB', 'clay@people.example', 'active', now())`,
    merchantId,
  );
}

const suspend = async (merchantId: string) => {
  const admin = await store.person('admin');
  const answer = await post(`/admin/merchants/${merchantId}/suspend`, admin.token, { note: 'Parcels were empty.' });
  expect(answer.status, answer.text).toBe(200);
  return admin;
};

it('pauses scheduled drops, and nobody resumes them for a merchant who is suspended', async () => {
  const { merchantId, token, sku } = await openSeller(store);
  await letIn(merchantId);
  const [scheduled, draft] = await Promise.all(
    [dropForm(sku, { allocation: { eu: 10 } }), dropForm(sku)].map((form) => post('/seller/drops', token, form)),
  );
  const id = textAt(scheduled?.body, 'id');
  expect((await post(`/seller/drops/${id}/schedule`, token)).status).toBe(200);
  const [before] = await rows('select revision from drops where id = $1', id);
  const admin = await suspend(merchantId);
  const [after] = await rows('select state, revision from drops where id = $1', id);
  expect(after).toEqual({ state: 'paused', revision: before.revision + 1 });
  // Tokens from before are good for minutes.
  for (const [path, of] of [
    ['resume', id],
    ['schedule', valueAt(draft?.body, 'id')],
  ]) {
    const late = await post(`/seller/drops/${of}/${path}`, token);
    expect([path, late.status, valueAt(late.body, 'code')]).toEqual([path, 403, 'FORBIDDEN']);
  }
  const byAdmin = await post(`/seller/drops/${id}/resume`, admin.token);
  expect([byAdmin.status, valueAt(byAdmin.body, 'code')]).toEqual([409, 'DROP_STATE']);
  expect((await post(`/seller/drops/${textAt(draft?.body, 'id')}/schedule`, admin.token)).status).toBe(422);
  expect((await post(`/admin/merchants/${merchantId}/reinstate`, admin.token, {})).status).toBe(200);
  expect((await post(`/seller/drops/${id}/resume`, admin.token)).body).toMatchObject({ state: 'scheduled' });
});

it('races with a drop that is being scheduled: afterwards none is', async () => {
  const sellers = await Promise.all(Array.from({ length: 5 }, () => openSeller(store)));
  await Promise.all(
    sellers.map(async ({ merchantId, token, sku }) => {
      await letIn(merchantId);
      const { body } = await post('/seller/drops', token, dropForm(sku, { allocation: { eu: 10 } }));
      await Promise.all([post(`/seller/drops/${textAt(body, 'id')}/schedule`, token), suspend(merchantId)]);
    }),
  );
  const ids = sellers.map(({ merchantId }) => merchantId);
  expect(await rows(`select state from drops where merchant_id = any ($1) and state = 'scheduled'`, ids)).toEqual([]);
});

it('lets no order be made of a checkout with their goods', async () => {
  const { sku, merchantId } = await stock(store);
  await letIn(merchantId);
  const who = await store.person();
  await fillCart(store, who, sku);
  const id = textAt((await checkOut(store, who)).body, 'id');
  await suspend(merchantId);
  const placed = await order(store, who, id);
  expect([placed.status, valueAt(placed.body, 'code'), valueAt(placed.body, 'detail')]).toEqual([
    409,
    'ITEM_UNAVAILABLE',
    sku,
  ]);
  const given = await store.call('DELETE', `/api/v1/checkouts/${id}`, { token: who.token });
  expect(given.status).toBe(204);
});

it('takes the right to give money back at once', async () => {
  const { userId, token } = await store.person('merchant');
  await letIn(userId);
  await suspend(userId);
  const refund = await post(`/payments/${newId()}/refund`, token, { reason: 'a friend' });
  expect([refund.status, valueAt(refund.body, 'code')]).toEqual([403, 'FORBIDDEN']);
});
