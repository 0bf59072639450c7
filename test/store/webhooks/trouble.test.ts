import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../contracts/limits.ts';
import { takeDeliveries } from '../../../db/queries/webhooks/take-deliveries.ts';
import { tellMerchant } from '../../../db/queries/webhooks/tell-merchant.ts';
import { withTransaction } from '../../../platform/connections/postgres.ts';
import { newId } from '../../fixtures/drop.ts';
import { openReceiver } from '../../fixtures/receiver.ts';
import { useStore } from '../../fixtures/store.ts';
import { valueAt } from '../../fixtures/told.ts';
import { openWebhook, useWebhooks } from '../../fixtures/webhooks.ts';
import { eventually } from '../../servers/eventually.ts';

const WITHIN = { withinMs: 20_000 };

const quiet = useStore();
describe('deliveries that are shared', () => {
  const take = (isFailing = false, leaseMs = 60_000) =>
    takeDeliveries(quiet.database.pool, { limit: 50, isFailing, perEndpoint: 4, perMerchant: 6, leaseMs });
  async function waiting(count: number, by?: Awaited<ReturnType<typeof quiet.person>>) {
    const merchant = by ?? (await quiet.person('merchant'));
    const { id } = await openWebhook(quiet, merchant, `https://erp.test/${newId()}`);
    for (let at = 0; at < count; at += 1) {
      await tellMerchant(quiet.database.pool, {
        ...{
          merchantId: merchant.userId,
          kind: 'stock.low',
          sourceId: newId(),
          atMs: Date.now() + 1_000,
          data: { at },
        },
      });
    }
    return id;
  }

  it('are each those of one worker, and of one receiver never more than its places', async () => {
    const ids = await Promise.all([waiting(10), waiting(1), waiting(3)]);
    const taken = (await Promise.all(Array.from({ length: 8 }, () => take()))).flat();
    expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
    const rest = await take();
    const counts = ids.map((id) => [...taken, ...rest].filter(({ endpointId }) => endpointId === id).length);
    expect(counts).toEqual([4, 1, 3]);
    expect(await take(true)).toEqual([]);
  });

  it('are no more of one merchant than there are for one, however many webhooks they have', async () => {
    const greedy = await quiet.person('merchant');
    // The events of a merchant go to all of their webhooks.
    const many = await Promise.all(Array.from({ length: 5 }, () => waiting(4, greedy)));
    const other = await waiting(3);
    const first = await take();
    const count = (of: typeof first, ids: readonly string[]) =>
      of.filter(({ endpointId }) => ids.includes(endpointId)).length;
    expect([count(first, many), count(first, [other])]).toEqual([6, 3]);
    expect(count(await take(), many)).toBe(0);
    await quiet.database.pool.query(`delete from webhook_deliveries where endpoint_id = any ($1)`, [many]);
  });

  it('of a worker that died are those of the next when the lease is over', async () => {
    const id = await waiting(1);
    const first = await take(false, 1);
    expect(first.filter(({ endpointId }) => endpointId === id)).toMatchObject([{ tries: 1 }]);
    const again = await eventually(async () => {
      const found = (await take()).filter(({ endpointId }) => endpointId === id);
      return found.length > 0 && found;
    }, WITHIN);
    expect(again).toMatchObject([{ id: first.find(({ endpointId }) => endpointId === id)?.id, tries: 2 }]);
  });
});

describe('a webhook that is deleted', () => {
  it('while something happens neither stops that nor holds it up', async () => {
    const merchant = await quiet.person('merchant');
    const { id } = await openWebhook(quiet, merchant, `https://erp.test/${newId()}`);
    const happened = { kind: 'stock.low', sourceId: newId(), atMs: Date.now() + 1_000 } as const;
    const told = { ...happened, merchantId: merchant.userId, data: {} };
    await withTransaction(quiet.database.pool, async (client) => {
      await client.query('delete from webhook_endpoints where id = $1', [id]);
      // From another connection, as it is with orders.
      await tellMerchant(quiet.database.pool, told);
    });
    const { rows } = await quiet.database.pool.query('select from merchant_events where source_id = $1', [
      told.sourceId,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('a receiver that fails for long', () => {
  const store = useStore();
  useWebhooks(store, { retriesMs: Array.from({ length: 50 }, () => 1), failingMs: 0 });

  it('is switched off, its merchant is mailed, and what it missed can be had again', async () => {
    const merchant = await store.person('merchant');
    const receiver = await openReceiver(503);
    const { id } = await openWebhook(store, merchant, receiver.url);
    const { pool } = store.database;
    for (let at = 0; at < 3; at += 1) {
      await tellMerchant(pool, {
        ...{
          merchantId: merchant.userId,
          kind: 'stock.low',
          sourceId: newId(),
          atMs: Date.now() + 1_000,
          data: { at },
        },
      });
    }
    const url = `/api/v1/seller/webhooks/${id}`;
    const hook = async () => (await store.call('GET', url, { token: merchant.token })).body;
    await eventually(async () => {
      await pool.query('update webhook_endpoints set rest_until = null where id = $1', [id]);
      return valueAt(await hook(), 'isEnabled') === false;
    }, WITHIN);
    expect(await hook()).toMatchObject({ disabledWhy: 'failing', failures: LIMITS.webhookFailures });
    expect(receiver.received.length).toBeGreaterThanOrEqual(LIMITS.webhookFailures);
    const { rows } = await pool.query(
      `select payload::jsonb #> '{data,values,host}' as host from outbox where topic = 'notification.email' and key = $1`,
      [merchant.userId],
    );
    expect(rows).toEqual([{ host: new URL(receiver.url).host }]);
    const dead = await store.call('GET', `${url}/deliveries?state=dead`, { token: merchant.token });
    expect(valueAt(dead.body, 'items')).toHaveLength(3);

    const replay = () => store.call('POST', `${url}/replay`, { token: merchant.token, body: {} });
    expect(valueAt((await replay()).body, 'code')).toBe('STEP_REFUSED');
    receiver.status = 200;
    const on = await store.call('PATCH', url, { token: merchant.token, body: { isEnabled: true } });
    expect(on.body).toMatchObject({ isEnabled: true, disabledWhy: null, failures: 0 });
    receiver.received.length = 0;
    expect((await replay()).body).toEqual({ replayed: 3 });
    await eventually(() => receiver.received.length === 3, WITHIN);
  });
});
