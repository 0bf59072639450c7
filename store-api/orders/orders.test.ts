import { describe, expect, it } from 'vitest';
import { cartKeys } from '../../contracts/cart-keys.ts';
import { openShipments } from '../../db/queries/shipments/open-shipments.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { checkOut, figuresOf, fillCart, HOME, order, type Shopper, stock } from '../../test/fixtures/checkout.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useStore } from '../../test/fixtures/store.ts';
import { listAt, numberAt, textAt, valueAt } from '../../test/fixtures/told.ts';

const store = useStore();

/** An account that is no longer new: new ones are looked at more closely. */
async function shopper(): Promise<Shopper> {
  const person = await store.person();
  await store.database.pool.query(`update users set created_at = now() - interval '1 year' where id = $1`, [
    person.userId,
  ]);
  return person;
}

async function readyToOrder(given: { quantity?: number; onHand?: number; priceMinor?: number } = {}) {
  const { sku, merchantId, productId } = await stock(store, { onHand: 5, priceMinor: 2_000, ...given });
  const who = await shopper();
  await fillCart(store, who, sku, given.quantity ?? 2);
  const made = await checkOut(store, who);
  if (made.status !== 201) throw new Error(made.text);
  return { who, sku, merchantId, productId, checkout: made.body };
}

const rowsOf = async (text: string, ...values: unknown[]) => (await store.database.pool.query(text, values)).rows;

describe('an order', () => {
  it('has the id of its checkout, a copy of what was bought, an address and one payment that is due', async () => {
    const { who, sku, merchantId, productId, checkout } = await readyToOrder();
    const placed = await order(store, who, textAt(checkout, 'id'));
    expect(placed.status, placed.text).toBe(201);
    expect(placed.body).toMatchObject({
      id: valueAt(checkout, 'id'),
      source: 'store',
      dropId: null,
      status: 'PENDING',
      total: valueAt(checkout, 'total'),
      subtotal: valueAt(checkout, 'subtotal'),
      tax: valueAt(checkout, 'tax'),
      shipping: valueAt(checkout, 'shipping'),
      discount: 0,
      items: [
        { line: 1, sku, title: 'Sneaker, Black', quantity: 2, unitPrice: 2_000, tax: null, merchantId, productId },
      ],
      payments: [
        {
          id: valueAt(checkout, 'id'),
          status: 'PENDING',
          kind: 'card',
          amount: valueAt(checkout, 'total'),
          refunded: 0,
        },
      ],
      address: { ...HOME, email: null },
      holdUntil: valueAt(checkout, 'expiresAt'),
    });
    const [payment] = await rowsOf(
      'select method_token, due_at <= now() as due from payments where order_id = $1',
      valueAt(checkout, 'id'),
    );
    expect(payment).toEqual({ method_token: 'pm_card_visa', due: true });
    const events = await rowsOf(
      `select payload from outbox where topic = 'order.created' and key = $1`,
      valueAt(checkout, 'id'),
    );
    expect(events.map(({ payload }) => JSON.parse(payload).data)).toMatchObject([
      { claimId: null, total: valueAt(checkout, 'total') },
    ]);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 2, held: 2 });
    // What was bought is in the cart no longer.
    const cart = await store.call('GET', '/api/v1/cart', { token: who.token });
    expect(valueAt(cart.body, 'items')).toEqual([]);
    const read = await store.call('GET', `/api/v1/orders/${textAt(checkout, 'id')}`, { token: who.token });
    expect(read.body).toEqual(placed.body);
    const stranger = await store.person();
    for (const path of ['', '/history']) {
      const theirs = await store.call('GET', `/api/v1/orders/${textAt(checkout, 'id')}${path}`, {
        token: stranger.token,
      });
      expect(theirs.status).toBe(404);
    }
    const support = await store.person('support');
    const seen = await store.call('GET', `/api/v1/orders/${textAt(checkout, 'id')}/history`, { token: support.token });
    expect(valueAt(seen.body, 'items')).toMatchObject([{ status: 'PENDING', reason: 'placed' }]);
  });

  it('is made once of a checkout: the same key gives the first answer, another key is told', async () => {
    const { who, checkout } = await readyToOrder();
    const key = newId();
    const many = await Promise.all(
      Array.from({ length: 30 }, () => order(store, who, textAt(checkout, 'id'), { key })),
    );
    for (const { status, body } of many) if (status !== 201) expect(valueAt(body, 'code')).toBe('KEY_IN_USE');
    const again = await order(store, who, textAt(checkout, 'id'), { key });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
    const other = await order(store, who, textAt(checkout, 'id'));
    expect([other.status, valueAt(other.body, 'code')]).toEqual([409, 'CHECKOUT_ENDED']);
    const content = await order(store, who, textAt(checkout, 'id'), { key, paymentMethod: { kind: 'cod' } });
    expect(valueAt(content.body, 'code')).toBe('KEY_REUSED');
    const [{ count }] = await rowsOf(
      'select count(*)::integer from payments where order_id = $1',
      valueAt(checkout, 'id'),
    );
    expect(count).toBe(1);
    const body = { checkoutId: textAt(checkout, 'id') };
    const without = await store.call('POST', '/api/v1/orders', { token: who.token, body });
    expect(valueAt(without.body, 'code')).toBe('KEY_REQUIRED');
  });

  it('is made of nobody else’s checkout, nor of one whose time is over', async () => {
    const { who, checkout } = await readyToOrder();
    expect((await order(store, await shopper(), textAt(checkout, 'id'))).status).toBe(404);
    await store.database.pool.query(`update checkouts set expires_at = now() - interval '1 second' where id = $1`, [
      valueAt(checkout, 'id'),
    ]);
    const late = await order(store, who, textAt(checkout, 'id'));
    expect([late.status, valueAt(late.body, 'code')]).toEqual([410, 'CHECKOUT_EXPIRED']);
  });

  it('takes what was bought out of the cart of an account in its own commit', async () => {
    const { who, checkout } = await readyToOrder();
    await order(store, who, textAt(checkout, 'id'));
    const rows = await rowsOf(
      `select c.xmin = o.xmin as together, c.line_count from carts c, orders o where c.user_id = $1 and o.shopper_id = $1`,
      who.userId,
    );
    expect(rows).toEqual([{ together: true, line_count: 0 }]);
    const { cart, writing } = cartKeys(store.redisPrefix, who.userId);
    expect([await store.redis.exists(cart), await store.redis.exists(writing)]).toEqual([1, 0]);
  });

  it('takes it out afterwards where the cart was written by somebody else meanwhile', async () => {
    const { who, sku, checkout } = await readyToOrder();
    const other = await stock(store, { onHand: 5 });
    await fillCart(store, who, other.sku, 1);
    // The copy is that of before: as if another process wrote between the look at it and the commit of the order.
    await store.database.pool.query('update carts set version = version + 1 where user_id = $1', [who.userId]);
    expect((await order(store, who, textAt(checkout, 'id'))).status).toBe(201);
    const cart = await store.call('GET', '/api/v1/cart', { token: who.token });
    expect(valueAt(cart.body, 'items')).toMatchObject([{ sku: other.sku, quantity: 1 }]);
    expect(other.sku).not.toBe(sku);
  });

  it('keeps in the cart what was changed since', async () => {
    const { who, sku, checkout } = await readyToOrder({ quantity: 1 });
    await fillCart(store, who, sku, 3);
    expect((await order(store, who, textAt(checkout, 'id'))).status).toBe(201);
    const cart = await store.call('GET', '/api/v1/cart', { token: who.token });
    expect(valueAt(cart.body, 'items')).toMatchObject([{ sku, quantity: 4 }]);
  });

  it('adds up on its lines, and uses up what its codes promised', async () => {
    const admin = await store.person('admin');
    const code = newId().slice(-12);
    const promotion = { title: 'A third', benefit: { kind: 'percentage', ppm: 333_333 }, codeKind: 'shared', code };
    const made = await store.call('POST', '/api/v1/promotions', {
      ...{ token: admin.token, body: { ...promotion, totalLimit: 1 } },
    });
    expect(made.status, made.text).toBe(201);
    const who = await shopper();
    for (const priceMinor of [1_001, 333, 77]) {
      await fillCart(store, who, (await stock(store, { priceMinor })).sku, 3);
    }
    await store.call('POST', '/api/v1/cart/coupons', { token: who.token, body: { code } });
    const inAmerica = { address: { ...HOME, country: 'US', area: 'NY' } };
    const eur = await checkOut(store, who, inAmerica);
    expect(eur.status, eur.text).toBe(201);
    const { body, text } = await order(store, who, textAt(eur.body, 'id'));
    const sum = (of: (item: unknown) => number) =>
      listAt(body, 'items').reduce<number>((total, item) => total + of(item), 0);
    expect(
      sum((item) => numberAt(item, 'discount')),
      text,
    ).toBe(valueAt(body, 'discount'));
    expect(sum((item) => numberAt(item, 'unitPrice') * numberAt(item, 'quantity'))).toBe(valueAt(body, 'subtotal'));
    expect(sum((item) => numberAt(item, 'tax'))).toBeLessThanOrEqual(numberAt(body, 'tax'));
    expect(
      numberAt(body, 'subtotal') - numberAt(body, 'discount') + numberAt(body, 'tax') + numberAt(body, 'shipping'),
    ).toBe(valueAt(body, 'total'));
    const uses = await rowsOf('select state from promotion_redemptions where reference = $1', valueAt(body, 'id'));
    expect(uses).toEqual([{ state: 'committed' }]);
    // Cancelled, the only use of the code is free again.
    const cancelled = await store.call('PUT', `/api/v1/orders/${textAt(body, 'id')}/cancel`, { token: who.token });
    expect(cancelled.status, cancelled.text).toBe(200);
    const [{ used }] = await rowsOf('select used from promotions where id = $1', valueAt(made.body, 'id'));
    expect(used).toBe(0);
  });

  it('waits for its shopper to say how to pay, where neither it nor its checkout says so', async () => {
    const { who, checkout } = await readyToOrder();
    const body = { checkoutId: textAt(checkout, 'id') };
    const headers = { 'idempotency-key': newId() };
    const placed = await store.call('POST', '/api/v1/orders', { token: who.token, headers, body });
    expect(valueAt(placed.body, 'payments'), placed.text).toMatchObject([{ kind: null, status: 'PENDING' }]);
    expect(await rowsOf('select due_at from payments where order_id = $1', valueAt(checkout, 'id'))).toEqual([
      { due_at: null },
    ]);
  });
});

describe('a suspicious order', () => {
  it('is looked at by a person before any money is taken', async () => {
    const { who, checkout } = await readyToOrder({ priceMinor: 90_000 });
    await rowsOf(`insert into risk_flags (user_id, flag) values ($1, 'suspicious-device')`, who.userId);
    const placed = await order(store, who, textAt(checkout, 'id'));
    expect(valueAt(placed.body, 'status'), placed.text).toBe('REVIEW');
    expect(
      await rowsOf('select score, decision from order_reviews where order_id = $1', valueAt(checkout, 'id')),
    ).toEqual([{ score: 45, decision: null }]);
    expect(await rowsOf('select due_at from payments where order_id = $1', valueAt(checkout, 'id'))).toEqual([
      { due_at: null },
    ]);
  });

  it('is refused for a blocked account: its units are for others, and a repeat is refused alike', async () => {
    const { who, sku, checkout } = await readyToOrder();
    await rowsOf(`update users set status = 'blocked' where id = $1`, who.userId);
    const key = newId();
    const refused = await order(store, who, textAt(checkout, 'id'), { key });
    expect([refused.status, valueAt(refused.body, 'code')]).toEqual([403, 'ORDER_REFUSED']);
    expect((await order(store, who, textAt(checkout, 'id'), { key })).body).toEqual(refused.body);
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 0, held: 0 });
    const [row] = await rowsOf(
      `select o.status, p.status as payment, p.due_at from orders o join payments p on p.order_id = o.id where o.id = $1`,
      valueAt(checkout, 'id'),
    );
    expect(row).toEqual({ status: 'CANCELLED', payment: 'CANCELLED', due_at: null });
  });
});

describe('a list of orders', () => {
  it('has one’s own, the newest first, page by page and by status; support sees those of others', async () => {
    const who = await shopper();
    const { sku } = await stock(store, { onHand: 100 });
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      await fillCart(store, who, sku);
      const id = textAt((await checkOut(store, who)).body, 'id');
      await order(store, who, id);
      ids.unshift(id);
    }
    const list = async (query: string, token = who.token) =>
      (await store.call('GET', `/api/v1${query}`, { token })).body;
    const first = await list('/orders?limit=2');
    expect(valueAt(first, 'items')).toMatchObject([
      { id: ids[0], units: 1, lines: 1, title: 'Sneaker, Black' },
      { id: ids[1] },
    ]);
    const second = await list(`/orders?limit=3&cursor=${textAt(first, 'nextCursor')}`);
    expect(listAt(second, 'items').map((one) => textAt(one, 'id'))).toEqual(ids.slice(2));
    expect(valueAt(second, 'nextCursor')).toBeNull();
    await store.call('PUT', `/api/v1/orders/${ids[0]}/cancel`, { token: who.token });
    expect(valueAt(await list('/orders?status=CANCELLED'), 'items')).toHaveLength(1);
    const support = await store.person('support');
    expect(valueAt(await list(`/users/${who.userId}/orders`, support.token), 'items')).toHaveLength(5);
    expect(valueAt(await list(`/users/${who.userId}/orders`, (await shopper()).token), 'code')).toBe('FORBIDDEN');
  });
});

describe('a cancellation', () => {
  const cancel = (who: Shopper, id: string) => store.call('PUT', `/api/v1/orders/${id}/cancel`, { token: who.token });

  it('gives the units back and has the payment called off; a second one finds it done', async () => {
    const { who, sku, checkout } = await readyToOrder();
    await order(store, who, textAt(checkout, 'id'));
    expect((await cancel(await shopper(), textAt(checkout, 'id'))).status).toBe(404);
    const [one, two] = await Promise.all([cancel(who, textAt(checkout, 'id')), cancel(who, textAt(checkout, 'id'))]);
    expect([one.status, two.status], one.text + two.text).toEqual([200, 200]);
    expect(one.body).toMatchObject({ status: 'CANCELLED' });
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 0, held: 0 });
    const steps = await rowsOf(
      'select status from order_status_history where order_id = $1 order by step',
      valueAt(checkout, 'id'),
    );
    expect(steps).toEqual([{ status: 'PENDING' }, { status: 'CANCELLED' }]);
    const mails = await rowsOf(
      `select payload from outbox where topic = 'notification.email' and payload like $1`,
      `%${textAt(checkout, 'id')}%`,
    );
    expect(mails).toHaveLength(1);
  });

  it('of a paid order by support puts the goods back on their shelf, and is in the journal', async () => {
    const { who, sku, checkout } = await readyToOrder();
    await order(store, who, textAt(checkout, 'id'));
    await asIfPaid(textAt(checkout, 'id'));
    expect(await figuresOf(store, sku)).toEqual({ onHand: 3, reserved: 0, held: 0 });
    const support = await store.person('support');
    const done = await cancel(support, textAt(checkout, 'id'));
    expect(done.body, done.text).toMatchObject({ status: 'CANCELLED', parcels: [{ status: 'CANCELLED' }] });
    expect(await figuresOf(store, sku)).toEqual({ onHand: 5, reserved: 0, held: 0 });
    expect(await rowsOf('select sum(quantity)::integer as moved from inventory_movements where sku = $1', sku)).toEqual(
      [{ moved: 5 }],
    );
    expect(
      await rowsOf('select due_at <= now() as due from payments where order_id = $1', valueAt(checkout, 'id')),
    ).toEqual([{ due: true }]);
    const acts = await rowsOf(
      'select action, actor_role from audit_log where subject_id = $1',
      valueAt(checkout, 'id'),
    );
    expect(acts).toEqual([{ action: 'order.cancel', actor_role: 'support' }]);
  });

  it('comes too late for an order that is being packed', async () => {
    const { who, checkout } = await readyToOrder();
    await order(store, who, textAt(checkout, 'id'));
    await asIfPaid(textAt(checkout, 'id'));
    await rowsOf(`update orders set status = 'PROCESSING' where id = $1`, valueAt(checkout, 'id'));
    const late = await cancel(who, textAt(checkout, 'id'));
    expect([late.status, valueAt(late.body, 'code')]).toEqual([409, 'NOT_CANCELLABLE']);
  });

  it('of an order of a drop is asked of the payments worker, until it is paid', async () => {
    const who = await shopper();
    const id = await wonInDrop(who);
    const asked = await cancel(who, id);
    expect([asked.status, valueAt(asked.body, 'status')], asked.text).toEqual([202, 'PENDING']);
    expect(await rowsOf('select status, due_at <= now() as due from payments where order_id = $1', id)).toEqual([
      { status: 'CANCELLED', due: true },
    ]);
    const beingPaid = await wonInDrop(who);
    await rowsOf(`update payments set kind = 'card', provider = 'stripe', tries = 1 where order_id = $1`, beingPaid);
    expect(valueAt((await cancel(who, beingPaid)).body, 'code')).toBe('NOT_CANCELLABLE');
    const paid = await wonInDrop(who);
    await rowsOf(`update orders set status = 'CONFIRMED' where id = $1`, paid);
    const late = await cancel(who, paid);
    expect([late.status, valueAt(late.body, 'code')]).toEqual([409, 'NOT_CANCELLABLE']);
    expect(valueAt(late.body, 'detail')).toContain('returned');
  });
});

/** As queue-workers/orders writes it. */
async function wonInDrop({ userId }: Shopper): Promise<string> {
  const id = newId();
  await rowsOf(
    `insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at)
     values ($1, 'drop', $1, 'eu', $2, 'EUR', 100, 100, now())`,
    ...[id, userId],
  );
  await rowsOf(
    `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor) values ($1, 1, 'S', 'S', 1, 100)`,
    id,
  );
  await rowsOf(`insert into payments (order_id, id, currency, amount_minor) values ($1, $1, 'EUR', 100)`, id);
  return id;
}

/** What the payments worker does with the money (queue-workers/payments has tests of its own). */
async function asIfPaid(id: string): Promise<void> {
  await withTransaction(store.database.pool, async (client) => {
    await client.query(`update orders set status = 'CONFIRMED' where id = $1`, [id]);
    await client.query(
      `insert into order_status_history (order_id, step, status, reason, actor, at) values ($1, 1, 'CONFIRMED', 'paid', 'test', now())`,
      [id],
    );
    await endReservations(client, [id], 'SOLD');
    await client.query(
      `update payments set status = 'CAPTURED', captured_at = now(), due_at = null, provider = 'test' where order_id = $1`,
      [id],
    );
    await openShipments(client, [id]);
  });
}
