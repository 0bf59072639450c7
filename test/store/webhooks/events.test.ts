import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../../contracts/ids.ts';
import { WEBHOOK_EVENT_NAMES, type WebhookEvent } from '../../../contracts/webhooks.ts';
import { systemClock } from '../../../platform/clock.ts';
import { followChanges } from '../../../queue-workers/stock-alerts/stock-alerts.ts';
import { followOrders } from '../../../queue-workers/webhooks/order-news.ts';
import { openWarehouse, stockGoods } from '../../fixtures/confirmed-order.ts';
import { deliverOrder } from '../../fixtures/delivered-order.ts';
import { newId } from '../../fixtures/drop.ts';
import { sell } from '../../fixtures/goods.ts';
import { silentLog } from '../../fixtures/shards.ts';
import { useStore } from '../../fixtures/store.ts';
import { foundAt, textAt, valueAt } from '../../fixtures/told.ts';
import { openWebhook } from '../../fixtures/webhooks.ts';

const store = useStore();

async function listener(events: readonly WebhookEvent[] = WEBHOOK_EVENT_NAMES) {
  const merchant = await store.person('merchant');
  const { id } = await openWebhook(store, merchant, `https://erp.test/${newId()}`, events);
  return { ...merchant, webhookId: id };
}

async function told(webhookId: string): Promise<{ type: string; data: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await store.database.pool.query<{ body: string }>(
    `select m.body from webhook_deliveries d join merchant_events m on m.id = d.event_id
     where d.endpoint_id = $1 order by d.id`,
    [webhookId],
  );
  return rows.map(({ body }) => JSON.parse(body));
}
const typesOf = async (webhookId: string) => (await told(webhookId)).map(({ type }) => type);

/** What the outbox would bring to Kafka; the same messages come twice. */
async function publishOrders(orderId: string): Promise<void> {
  const { rows } = await store.database.pool.query<{ topic: string; payload: string }>(
    `select topic, payload from outbox where key = $1 and topic in ('order.created', 'order.status') order by position`,
    [orderId],
  );
  const messages = rows.map(({ topic, payload }, at) => ({
    ...{ topic: `t.${topic}`, partition: 0, offset: String(at), key: orderId, value: payload, headers: {} },
    timestampMs: 0,
  }));
  const bad = { topic: 't.order.status', partition: 0, offset: '9', key: 'x', value: '{', headers: {}, timestampMs: 0 };
  const options = { database: store.database.pool, log: silentLog };
  await Promise.all([followOrders(options, [...messages, bad]), followOrders(options, messages)]);
}

describe('a merchant is told', () => {
  it('of their part of an order, of their parcels, and of what comes back, each once', async () => {
    const [one, two, deaf] = [await listener(), await listener(), await listener(['drop.ended'])];
    const { pool } = store.database;
    const shelf = await openWarehouse(pool);
    const goods = (merchantId: string) => stockGoods(pool, { merchantId, shelves: { [shelf]: 9 } });
    const lines = [
      { ...(await goods(one.userId)), from: { [shelf]: 2 } },
      { ...(await goods(two.userId)), from: { [shelf]: 1 } },
    ];
    const shopper = await store.person();
    const orderId = await deliverOrder(pool, { shopperId: shopper.userId, lines });
    await publishOrders(orderId);
    for (const [merchant, line, quantity] of [
      [one, lines[0], 2],
      [two, lines[1], 1],
    ] as const) {
      const events = await told(merchant.webhookId);
      expect(events.map(({ type }) => type).toSorted()).toEqual([
        ...['order.confirmed', 'parcel.delivered', 'parcel.shipped'],
      ]);
      const items = [{ sku: line?.sku, quantity }];
      expect(events.find(({ type }) => type === 'parcel.shipped')?.data).toMatchObject({ orderId, items });
      expect(events.find(({ type }) => type === 'order.confirmed')?.data).toEqual({
        ...{ orderId, source: 'store', dropId: null, currency: 'EUR', reason: 'paid' },
        items: [{ ...items[0], unitPrice: 1_000 }],
      });
      // Nothing of who bought it, where they live, or what else they bought.
      const said = JSON.stringify(events);
      for (const word of [shopper.userId, 'Lovelace', 'Herrengasse', 'Graz']) expect(said).not.toContain(word);
      expect(said).not.toContain(lines.find((other) => other !== line)?.sku);
    }
    expect(await told(deaf.webhookId)).toEqual([]);

    const asked = await store.call('POST', `/api/v1/orders/${orderId}/returns`, {
      token: shopper.token,
      body: { reason: 'Too small', items: [{ line: 1, quantity: 1 }] },
    });
    expect(asked.status, asked.text).toBe(201);
    expect((await told(one.webhookId)).at(-1)).toMatchObject({
      ...{ type: 'return.requested', data: { returnId: valueAt(asked.body, 'id'), orderId } },
    });
    expect(await typesOf(two.webhookId)).not.toContain('return.requested');
    const url = `/api/v1/returns/${textAt(asked.body, 'id')}/approve`;
    await store.call('POST', url, { token: one.token, body: {} });
    expect((await typesOf(one.webhookId)).at(-1)).toBe('return.approved');
  });

  it('of stock that is low and gone, of a drop and of a payout', async () => {
    const merchant = await listener();
    const { pool } = store.database;
    const { sku } = await sell(pool, { onHand: 2, merchantId: merchant.userId });
    await pool.query('update variants set low_stock_at = 2 where sku = $1', [sku]);
    const options = { database: pool, clock: systemClock, nextId: createIdSource(systemClock) };
    await followChanges(options, [sku]);
    await pool.query('update inventory set on_hand = 0 where sku = $1', [sku]);
    await followChanges(options, [sku]);
    await pool.query(
      `insert into payouts (id, merchant_id, currency, number, from_at, until_at, sales_minor, refunds_minor, fees_minor,
         net_minor, lines, closed_by)
       values ($1, $2, 'EUR', 1, now() - interval '7 days', now(), 1000, 100, 90, 810, 3, $2)`,
      [newId(), merchant.userId],
    );
    const events = await told(merchant.webhookId);
    expect(events.map(({ type, data }) => [type, data['available'] ?? data['net']])).toEqual([
      ...[
        ['stock.low', 2],
        ['stock.sold-out', 0],
        ['payout.closed', 810],
      ],
    ]);
  });

  it('nothing that happened before, nor while it is switched off', async () => {
    const merchant = await listener();
    const url = `/api/v1/seller/webhooks/${merchant.webhookId}`;
    const tell = (atMs: number) =>
      store.database.pool.query(
        `select tell_merchant($1, 'stock.low', uuidv7(), to_timestamp($2::float8 / 1000), '{}')`,
        [merchant.userId, atMs],
      );
    await tell(Date.now() - 60_000);
    const off = await store.call('PATCH', url, { token: merchant.token, body: { isEnabled: false } });
    expect(off.body).toMatchObject({ isEnabled: false, disabledWhy: 'merchant' });
    await tell(Date.now() + 1_000);
    expect(await told(merchant.webhookId)).toEqual([]);
    await store.call('PATCH', url, { token: merchant.token, body: { isEnabled: true } });
    await tell(Date.now() + 1_000);
    expect(await typesOf(merchant.webhookId)).toEqual(['stock.low']);
  });
});

describe('the webhooks of a merchant', () => {
  const base = '/api/v1/seller/webhooks';

  it('are made, shown, changed and deleted; the secret is shown once', async () => {
    const { token } = await store.person('merchant');
    const body = { url: 'https://erp.test/hook', events: ['order.placed'] };
    const made = await store.call('POST', base, { token, body });
    expect([made.status, valueAt(made.body, 'secret')]).toEqual([
      201,
      expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    ]);
    expect(valueAt((await store.call('POST', base, { token, body })).body, 'code')).toBe('NAME_TAKEN');
    const url = `${base}/${textAt(made.body, 'id')}`;
    const shown = await store.call('GET', url, { token });
    expect(shown.body).toMatchObject({ ...body, isEnabled: true, failures: 0 });
    expect(shown.text + (await store.call('GET', base, { token })).text).not.toContain('whsec_');
    const events = ['order.placed', 'drop.ended'];
    const changed = await store.call('PATCH', url, { token, body: { events, description: 'ERP' } });
    expect(changed.body).toMatchObject({ url: body.url, events, description: 'ERP' });
    expect((await store.call('DELETE', url, { token })).status).toBe(204);
    expect((await store.call('GET', url, { token })).status).toBe(404);
  });

  it('have addresses and events that there can be, and are twenty at most', async () => {
    const { token } = await store.person('merchant');
    const post = async (url: string, events: readonly string[] = ['order.placed']) =>
      foundAt((await store.call('POST', base, { token, body: { url, events } })).body, 'code');
    expect(await post('ftp://erp.test/')).toBe('URL_REFUSED');
    expect(await post('https://user:word@erp.test/')).toBe('URL_REFUSED');
    expect(await post('not an address')).toBe('URL_REFUSED');
    expect(await post('https://erp.test/', ['order.everything'])).toBe('INVALID');
    expect(await post('https://erp.test/', [])).toBe('INVALID');
    for (let count = 0; count < 20; count += 1) expect(await post(`https://erp.test/${count}`)).toBeUndefined();
    expect(await post('https://erp.test/20')).toBe('TOO_MANY');
  });

  it('are no business of whoever works for the shop, or buys in it', async () => {
    for (const role of ['shopper', 'support', 'admin'] as const) {
      const { token } = await store.person(role);
      expect(valueAt((await store.call('GET', base, { token })).body, 'code')).toBe('FORBIDDEN');
    }
  });
});
