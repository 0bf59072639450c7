import { describe, expect, it } from 'vitest';
import { finishRefunds } from '../../db/queries/refunds.ts';
import { finishReturns } from '../../db/queries/returns/finish-returns.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { deliverOrder } from '../../test/fixtures/delivered-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();
const pool = () => store.database.pool;

interface Given {
  readonly daysAgo?: number;
  readonly kind?: 'card' | 'cod';
}

/** Three mugs at 9.99 with a discount of 1.00 and tax of 5.51, and a pot of another merchant, delivered. */
async function scene(given: Given = {}) {
  const [ada, bob, shopper] = [await store.person('merchant'), await store.person('merchant'), await store.person()];
  const warehouse = await openWarehouse(pool());
  const mug = await stockGoods(pool(), { merchantId: ada.userId, shelves: { [warehouse]: 5 } });
  const pot = await stockGoods(pool(), { merchantId: bob.userId, shelves: { [warehouse]: 5 } });
  const id = await deliverOrder(pool(), {
    ...{ shopperId: shopper.userId, shippingMinor: 590, ...given },
    lines: [
      { ...mug, from: { [warehouse]: 3 }, unitPriceMinor: 999, discountMinor: 100, taxMinor: 551 },
      { ...pot, from: { [warehouse]: 1 }, unitPriceMinor: 5_000 },
    ],
  });
  return { ada, bob, shopper, warehouse, mug, pot, id, support: await store.person('support') };
}

type Somebody = { readonly token: string };
const post = (who: Somebody, path: string, body: unknown, headers = {}) =>
  store.call('POST', `/api/v1${path}`, { token: who.token, body, headers });
const get = (who: Somebody, path: string) => store.call('GET', `/api/v1${path}`, { token: who.token });
const ask = (who: Somebody, id: string, ...items: readonly (readonly [line: number, quantity: number])[]) =>
  post(who, `/orders/${id}/returns`, {
    items: items.map(([line, quantity]) => ({ line, quantity })),
    reason: 'It leaks.',
  });
const orderStatus = async (id: string) =>
  (await pool().query('select status from orders where id = $1', [id])).rows[0]?.status;
const onHand = async (sku: string, warehouse: string) =>
  (await pool().query('select on_hand from inventory where sku = $1 and warehouse_id = $2', [sku, warehouse])).rows[0]
    ?.on_hand;

/** What the payments worker does when the money has gone back. */
const refundsDone = (orderId: string) =>
  withTransaction(pool(), async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `select id from refunds where order_id = $1 and status = 'PENDING'`,
      [orderId],
    );
    const ids = rows.map(({ id }) => id);
    await finishRefunds(
      client,
      ids.map((id) => ({ id, orderId, ref: `re_${id}`, failure: null })),
    );
    return await finishReturns(client, ids, { nextId: newId, clock: { now: Date.now } });
  });

async function giveBack(by: Somebody, returnId: string, items: readonly unknown[] = []) {
  await post(by, `/returns/${returnId}/approve`, {});
  return await post(by, `/returns/${returnId}/receive`, { items });
}

describe('a return', () => {
  it('of a part goes its way: asked for, approved, received, refunded', async () => {
    const { ada, shopper, warehouse, mug, id } = await scene();
    const asked = await ask(shopper, id, [1, 2]);
    // 3 × 9.99 − 1.00 + 5.51 = 34.48 were paid for the three; two thirds, rounded down.
    expect(asked.body).toMatchObject({ status: 'REQUESTED', refund: 2_298, items: [{ line: 1, quantity: 2 }] });
    expect(await orderStatus(id)).toBe('RETURN_REQUESTED');
    const returnId = textAt(asked.body, 'id');
    expect(valueAt((await get(ada, '/seller/returns?status=REQUESTED')).body, 'items')).toMatchObject([
      { id: returnId },
    ]);
    expect(
      valueAt((await post(ada, `/returns/${returnId}/approve`, { note: 'Same box, please.' })).body, 'status'),
    ).toBe('APPROVED');
    expect(await orderStatus(id)).toBe('RETURN_APPROVED');
    const received = await post(ada, `/returns/${returnId}/receive`, { items: [{ line: 1, sellable: 1 }] });
    expect(received.body).toMatchObject({ status: 'RECEIVED', items: [{ restocked: 1, warehouseId: warehouse }] });
    expect(await orderStatus(id)).toBe('RETURN_RECEIVED');
    expect(await onHand(mug.sku, warehouse)).toBe(3);
    const { rows } = await pool().query('select id, amount_minor::int, reason from refunds where order_id = $1', [id]);
    expect(rows).toEqual([{ id: valueAt(received.body, 'refundId'), amount_minor: 2_298, reason: 'returned' }]);

    expect(await refundsDone(id)).toEqual(new Set([id]));
    expect(await refundsDone(id)).toEqual(new Set());
    expect((await get(shopper, `/returns/${returnId}`)).body).toMatchObject({ status: 'REFUNDED' });
    expect(await orderStatus(id)).toBe('REFUNDED');
    const history = await pool().query('select status from order_status_history where order_id = $1 order by step', [
      id,
    ]);
    expect(history.rows.map(({ status }) => status).slice(-4)).toEqual([
      ...['RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED', 'REFUNDED'],
    ]);
    const movements = await pool().query(
      `select quantity, reason, actor_id from inventory_movements where order_id = $1 and kind = 'in'`,
      [id],
    );
    expect(movements.rows).toEqual([{ quantity: 1, reason: 'returned', actor_id: ada.userId }]);
  });

  it('of everything in parts gives back what was paid for the goods, and no more', async () => {
    const { shopper, support, id } = await scene();
    for (const [line, quantity] of [
      [1, 1],
      [2, 1],
      [1, 2],
    ] as const) {
      const { body } = await ask(shopper, id, [line, quantity]);
      expect(valueAt((await giveBack(support, textAt(body, 'id'))).body, 'status')).toBe('RECEIVED');
      await refundsDone(id);
    }
    const { rows } = await pool().query('select sum(amount_minor)::int as back from refunds where order_id = $1', [id]);
    expect(rows).toEqual([{ back: 3 * 999 - 100 + 551 + 5_000 }]);
    expect((await ask(shopper, id, [1, 1])).body).toMatchObject({
      code: 'RETURN_TOO_MUCH',
      detail: 'Of line 1 at most 0.',
    });
    expect(await orderStatus(id)).toBe('REFUNDED');
  });

  it('that is declined leaves the order delivered, and can be asked for again', async () => {
    const { ada, shopper, id } = await scene();
    const { body } = await ask(shopper, id, [1, 3]);
    expect((await post(ada, `/returns/${textAt(body, 'id')}/decline`, {})).status).toBe(400);
    const declined = await post(ada, `/returns/${textAt(body, 'id')}/decline`, { note: 'They were used.' });
    expect(declined.body).toMatchObject({ status: 'DECLINED', note: 'They were used.' });
    expect(await orderStatus(id)).toBe('DELIVERED');
    expect((await ask(shopper, id, [1, 3])).status).toBe(201);
    const { rows } = await pool().query(`select payload from outbox where topic = 'notification.email' and key = $1`, [
      shopper.userId,
    ]);
    const told = rows.map(({ payload }) => JSON.parse(payload).data).filter((d) => d.template === 'return-decided');
    expect(told).toMatchObject([{ values: { decision: 'declined', note: 'They were used.' } }]);
  });

  it('is refused out of turn, too late, twice at once, and of more than there is', async () => {
    const { shopper, support, warehouse, mug, id } = await scene();
    const fresh = await confirmOrder(pool(), {
      shopperId: shopper.userId,
      lines: [{ ...mug, from: { [warehouse]: 1 } }],
    });
    expect((await ask(shopper, fresh, [1, 1])).body).toMatchObject({
      code: 'STEP_REFUSED',
      detail: expect.stringContaining('DELIVERED'),
    });
    expect(valueAt((await ask(shopper, id, [1, 4])).body, 'code')).toBe('RETURN_TOO_MUCH');
    expect(valueAt((await ask(shopper, id, [9, 1])).body, 'detail')).toContain('no line 9');
    expect(valueAt((await ask(shopper, id, [1, 1], [1, 1])).body, 'detail')).toContain('twice');
    const late = await scene({ daysAgo: 31 });
    expect(valueAt((await ask(late.shopper, late.id, [1, 1])).body, 'code')).toBe('RETURN_TOO_LATE');
    const atOnce = await Promise.all(Array.from({ length: 8 }, () => ask(shopper, id, [1, 1])));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    const returnId = textAt(atOnce.find(({ status }) => status === 201)?.body, 'id');
    const early = await post(support, `/returns/${returnId}/receive`, { items: [] });
    expect(early.body).toMatchObject({
      code: 'STEP_REFUSED',
      detail: 'The return is REQUESTED; this is for one that is APPROVED.',
    });
    await expect(
      pool().query(`update returns set status = 'REFUNDED' where id = $1`, [returnId]),
    ).rejects.toMatchObject({ code: 'ODS04' });
  });

  it('is received once, however often the call is repeated at once', async () => {
    const { shopper, support, warehouse, mug, id } = await scene();
    const { body } = await ask(shopper, id, [1, 2]);
    await post(support, `/returns/${textAt(body, 'id')}/approve`, {});
    const receive = { items: [{ line: 1, sellable: 2, warehouseId: warehouse }] };
    const all = await Promise.all(
      Array.from({ length: 10 }, () => post(support, `/returns/${textAt(body, 'id')}/receive`, receive)),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await onHand(mug.sku, warehouse)).toBe(4);
    const { rows } = await pool().query('select count(*)::int as n from refunds where order_id = $1', [id]);
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('never gives back more than is left after a refund by hand', async () => {
    const { shopper, support, id } = await scene();
    const { body } = await ask(shopper, id, [1, 3], [2, 1]);
    const total = 3 * 999 - 100 + 551 + 5_000;
    await pool().query(
      `insert into refunds (id, order_id, payment_id, amount_minor, reason) values ($1, $2, $2, $3, 'goodwill')`,
      [newId(), id, total + 590 - 1_000],
    );
    await giveBack(support, textAt(body, 'id'));
    const { rows } = await pool().query(
      `select amount_minor::int as amount from refunds where order_id = $1 and reason = 'returned'`,
      [id],
    );
    expect(rows).toEqual([{ amount: 1_000 }]);
  });

  it('of what was paid back already is done when it arrives', async () => {
    const { shopper, support, id } = await scene();
    const { body } = await ask(shopper, id, [2, 1]);
    await pool().query('update payments set refunded_minor = amount_minor where order_id = $1', [id]);
    expect((await giveBack(support, textAt(body, 'id'))).body).toMatchObject({ status: 'REFUNDED', refundId: null });
    expect(await orderStatus(id)).toBe('REFUNDED');
  });

  it('whose refund was refused is refunded once more, by support', async () => {
    const { ada, shopper, support, id } = await scene();
    const { body } = await ask(shopper, id, [2, 1]);
    const received = await giveBack(support, textAt(body, 'id'));
    expect(valueAt((await post(support, `/returns/${textAt(body, 'id')}/refund`, undefined)).body, 'code')).toBe(
      'STEP_REFUSED',
    );
    await withTransaction(pool(), (client) =>
      finishRefunds(client, [
        { id: textAt(received.body, 'refundId'), orderId: id, ref: null, failure: 'card_closed' },
      ]),
    );
    expect((await post(ada, `/returns/${textAt(body, 'id')}/refund`, undefined)).status).toBe(403);
    const again = await post(support, `/returns/${textAt(body, 'id')}/refund`, undefined);
    expect(again.body).toMatchObject({
      status: 'RECEIVED',
      refundId: expect.not.stringMatching(textAt(received.body, 'refundId')),
    });
    expect((await post(support, `/returns/${textAt(body, 'id')}/refund`, undefined)).status).toBe(409);
    await refundsDone(id);
    expect(valueAt((await get(shopper, `/returns/${textAt(body, 'id')}`)).body, 'status')).toBe('REFUNDED');
  });

  it('of an order paid in cash waits until the cash is written down', async () => {
    const { shopper, support, id } = await scene({ kind: 'cod' });
    const { rows } = await pool().query('select due_at from payments where order_id = $1', [id]);
    expect(rows[0].due_at).not.toBeNull();
    const { body } = await ask(shopper, id, [2, 1]);
    const early = await giveBack(support, textAt(body, 'id'));
    expect(early.body).toMatchObject({ code: 'STEP_REFUSED', detail: expect.stringContaining('cash') });
    await pool().query(`update payments set status = 'CAPTURED', captured_at = now() where order_id = $1`, [id]);
    expect(valueAt((await post(support, `/returns/${textAt(body, 'id')}/receive`, { items: [] })).body, 'status')).toBe(
      'RECEIVED',
    );
  });

  it('of what was paid in cash is received by its merchant, and given back by the support', async () => {
    const { ada, shopper, support, id } = await scene({ kind: 'cod' });
    await pool().query(`update payments set status = 'CAPTURED', captured_at = now() where order_id = $1`, [id]);
    const { body } = await ask(shopper, id, [1, 1]);
    expect((await giveBack(ada, textAt(body, 'id'))).body).toMatchObject({ status: 'RECEIVED', refundId: null });
    const refund = (who: { token: string }) => post(who, `/returns/${textAt(body, 'id')}/refund`, undefined);
    expect((await refund(ada)).status).toBe(403);
    const asked = await refund(support);
    expect([asked.status, valueAt(asked.body, 'refundId')], asked.text).toEqual([200, expect.any(String)]);
    expect(valueAt((await refund(support)).body, 'code')).toBe('STEP_REFUSED');
  });

  it('is nobody else’s business: not another merchant’s, nor that of one who sold only some of it', async () => {
    const { ada, bob, shopper, support, id } = await scene();
    const { body } = await ask(shopper, id, [1, 1], [2, 1]);
    for (const who of [ada, bob]) {
      expect((await post(who, `/returns/${textAt(body, 'id')}/approve`, {})).status).toBe(404);
      expect((await get(who, `/returns/${textAt(body, 'id')}`)).status).toBe(404);
    }
    expect((await ask(await store.person(), id, [1, 1])).status).toBe(404);
    const theirs = await openWarehouse(pool());
    await pool().query('update warehouses set merchant_id = $2 where id = $1', [theirs, support.userId]);
    await post(support, `/returns/${textAt(body, 'id')}/approve`, {});
    const items = [{ line: 1, sellable: 1, warehouseId: theirs }];
    expect(
      valueAt((await post(support, `/returns/${textAt(body, 'id')}/receive`, { items })).body, 'detail'),
    ).toContain('no warehouse');
    expect(valueAt((await get(shopper, `/orders/${id}/returns`)).body, 'items')).toMatchObject([
      { status: 'APPROVED' },
    ]);
    const acts = await pool().query('select action, actor_role from audit_log where subject_id = $1', [
      valueAt(body, 'id'),
    ]);
    expect(acts.rows).toEqual([{ action: 'return.approved', actor_role: 'support' }]);
  });

  it('is of somebody who may still ask on the last day', async () => {
    const { shopper, id } = await scene({ daysAgo: 29 });
    expect((await ask(shopper, id, [1, 1])).status).toBe(201);
  });
});
