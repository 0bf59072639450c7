import type { PoolClient } from 'pg';
import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { isRefusedData } from '../refused-data.ts';
import { findOrder } from './find-order.ts';
import { type DropOrder, insertDropOrders } from './insert-drop-orders.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });
const dropId = newId();

function claim(given: Partial<DropOrder> = {}): DropOrder {
  const claimId = given.claimId ?? newId();
  return {
    claimId,
    claimKey: `key-of-${claimId}`.slice(0, 64),
    dropId,
    region: 'us-east',
    shopperId: newId(),
    sku: 'TEE-1',
    productTitle: 'A tee with a {"quoted"} name, \\ and a comma',
    quantity: 2,
    unitPriceMinor: 4_900,
    currency: 'USD',
    claimedAtMs: 1_790_000_000_123,
    holdUntilMs: 1_790_000_900_123,
    event: JSON.stringify({ claimId, text: 'ünïcode "quoted" \\ NULL' }),
    ...given,
  };
}

async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const insert = (claims: readonly DropOrder[]) => inTransaction((client) => insertDropOrders(client, claims));

async function rowsOf(claims: readonly DropOrder[]): Promise<Record<string, number>> {
  const ids = claims.map((one) => one.claimId);
  const { rows } = await database.pool.query<Record<string, number>>(
    `select
      (select count(*)::int from orders where id = any ($1::uuid[])) as orders,
      (select count(*)::int from order_items where order_id = any ($1::uuid[])) as items,
      (select count(*)::int from payments where order_id = any ($1::uuid[])) as payments,
      (select count(*)::int from order_status_history where order_id = any ($1::uuid[])) as history,
      (select count(*)::int from outbox where key = any ($1::uuid[]::text[])) as events`,
    [ids],
  );
  return rows[0] ?? {};
}

const rowsEach = (count: number) => ({ orders: count, items: count, payments: count, history: count, events: count });

describe('insertDropOrders', () => {
  it('writes an order with its item, payment, first step and event', async () => {
    const won = claim();
    expect(await insert([won])).toEqual(new Set([won.claimId]));
    expect(await findOrder(database.pool, won.claimId)).toEqual({
      id: won.claimId,
      source: 'drop',
      dropId,
      region: 'us-east',
      shopperId: won.shopperId,
      status: 'PENDING',
      currency: 'USD',
      totalMinor: 9_800,
      placedAtMs: 1_790_000_000_123,
      holdUntilMs: 1_790_000_900_123,
      items: [{ sku: 'TEE-1', title: won.productTitle, quantity: 2, unitPriceMinor: 4_900 }],
      payments: [
        {
          id: won.claimId,
          status: 'PENDING',
          kind: null,
          provider: null,
          actionUrl: null,
          amountMinor: 9_800,
          refundedMinor: 0,
        },
      ],
      history: [{ status: 'PENDING', reason: 'claimed', actor: 'orders', atMs: 1_790_000_000_123 }],
    });
    const { rows } = await database.pool.query('select topic, payload from outbox where key = $1', [won.claimId]);
    expect(rows).toEqual([{ topic: 'order.created', payload: won.event }]);
    const { rows: keys } = await database.pool.query('select claim_key from orders where id = $1', [won.claimId]);
    expect(keys).toEqual([{ claim_key: won.claimKey }]);
  });

  it('writes nothing for a claim that is delivered again, and the new ones beside it', async () => {
    const first = [claim(), claim(), claim()];
    await insert(first);
    const more = [claim(), claim()];
    const again = first.map((one) => claim({ claimId: one.claimId, quantity: 1 }));
    expect(await insert([...more, ...again])).toEqual(new Set(more.map((one) => one.claimId)));
    expect(await rowsOf([...first, ...more])).toEqual(rowsEach(5));
    expect((await findOrder(database.pool, again[0]?.claimId ?? ''))?.items[0]?.quantity).toBe(2);
  });

  it('writes a claim once that stands twice in one batch', async () => {
    const won = claim();
    expect(await insert([won, claim(), won])).toHaveProperty('size', 2);
    expect(await rowsOf([won])).toEqual(rowsEach(1));
  });

  it('lets many workers write the same claims in any order: once each, without a deadlock', async () => {
    const claims = Array.from({ length: 200 }, () => claim());
    const orders = [claims, claims.toReversed(), claims.toSorted(() => Math.random() - 0.5), claims];
    const wrote = await Promise.all(orders.map((batch) => insert(batch)));
    expect(wrote.reduce((sum, ids) => sum + ids.size, 0)).toBe(claims.length);
    expect(await rowsOf(claims)).toEqual(rowsEach(claims.length));
  });

  it('leaves nothing behind when the transaction of the caller ends badly', async () => {
    const won = claim();
    const failure = inTransaction(async (client) => {
      await insertDropOrders(client, [won]);
      throw new Error('lost');
    });
    await expect(failure).rejects.toThrow('lost');
    expect(await rowsOf([won])).toEqual(rowsEach(0));
    expect(await insert([won])).toHaveProperty('size', 1);
  });

  it('takes an empty batch', async () => {
    expect(await insert([])).toEqual(new Set());
  });

  it.each([
    ['a time in no month that exists', { claimId: createIdSource({ now: () => 2 ** 47 })() }],
    ['a time before all months', { claimId: createIdSource({ now: () => 0 })() }],
    ['no units', { quantity: 0 }],
    ['a negative price', { unitPriceMinor: -1 }],
    ['an unknown form of currency', { currency: 'usd' }],
  ])('refuses %s, so that the claim can go to the dead letters', async (_, wrong) => {
    const good = claim();
    const error: unknown = await insert([good, claim(wrong)]).catch((reason: unknown) => reason);
    expect(isRefusedData(error)).toBe(true);
    expect(await rowsOf([good])).toEqual(rowsEach(0));
  });
});

describe('findOrder', () => {
  it('finds nothing under an id that no order has', async () => {
    expect(await findOrder(database.pool, newId())).toBeUndefined();
  });
});
