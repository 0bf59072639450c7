import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { allTopicNames } from '../../contracts/topics.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { heldForNobody } from '../../db/queries/reservations/held-for-nobody.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka, type Kafka, type Publisher } from '../../platform/connections/kafka.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { placeStoreOrder, type StoreOrderOptions, shelfFigures, stockShelf } from '../../test/fixtures/store-order.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useRedis } from '../../test/servers/redis.ts';
import type { Told } from './core.ts';
import { reconcileAll } from './reconciler.ts';

const redis = useRedis();
const core = useShards(redis);
const kafkaServer = useKafka();
const database = useDatabase();
/** The grace is a minute; what a test makes is looked at from an hour later. */
const clock = { now: () => Date.now() + 3_000_000 };
let kafka: Kafka;
let publisher: Publisher;

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  publisher = await kafka.createPublisher();
  const names = allTopicNames(kafkaServer.topicPrefix).filter(({ name }) => name.includes('claims.'));
  await kafka.ensureTopics(names.map(({ name }) => ({ topic: name, partitions: 1, replication: 1 })));
});
afterAll(() => kafka.close());

async function reconcile(dryRun = false): Promise<readonly Told[]> {
  const { shards, keys } = core;
  const { told } = await reconcileAll({
    ...{ database: database.pool, shards, keys, kafka, publisher, topicPrefix: kafkaServer.topicPrefix },
    ...{ providers: [], clock, nextId: createIdSource(systemClock), dryRun },
    ...{ graceMs: 60_000, windowMs: 48 * 3_600_000, booksMs: 0 },
  });
  return told;
}

const sql = (text: string, ...values: unknown[]) => database.pool.query(text, values);
const HOUR_MS = 3_600_000;

async function place(options: StoreOrderOptions = {}) {
  const shelf = await stockShelf(database.pool);
  const order = await placeStoreOrder(database.pool, shelf, { holdMs: 2 * HOUR_MS, ...options });
  await sql('update payments set due_at = null where order_id = $1', order.orderId);
  return { ...order, shelf };
}

const CAPTURED = `update payments set status = 'CAPTURED', captured_at = now() where order_id = $1`;
const mine = (told: readonly Told[], orderId: string) =>
  told.filter((one) => one.orderId === orderId).map(({ kind, mended }) => ({ kind, mended }));

describe('reconciliation of the store', () => {
  it('finds nothing in an order that waits, also after a declined card', async () => {
    const { orderId } = await place();
    const declined = await place();
    await sql(`update payments set status = 'FAILED' where order_id = $1`, declined.orderId);
    await sql('update payments set kind = null where order_id = $1', orderId);
    const told = await reconcile();
    expect([...mine(told, orderId), ...mine(told, declined.orderId)]).toEqual([]);
  });

  it('gives a captured payment back to the payments worker, which confirms the order', async () => {
    const { orderId } = await place();
    await sql(CAPTURED, orderId);
    expect(mine(await reconcile(true), orderId)).toEqual([{ kind: 'captured-unconfirmed', mended: false }]);
    expect(mine(await reconcile(), orderId)).toEqual([{ kind: 'captured-unconfirmed', mended: true }]);
    const { rows } = await sql('select due_at <= now() as due from payments where order_id = $1', orderId);
    expect(rows).toEqual([{ due: true }]);
  });

  it('sells what is only held for a confirmed order', async () => {
    const { orderId, shelf } = await place();
    await sql(CAPTURED, orderId);
    await sql(`update orders set status = 'CONFIRMED' where id = $1`, orderId);
    expect(mine(await reconcile(), orderId)).toEqual([{ kind: 'confirmed-not-sold', mended: true }]);
    expect(await shelfFigures(database.pool, shelf)).toEqual({ onHand: 99, reserved: 0, moved: 99 });
    const { rowCount } = await sql('select from shipments where order_id = $1', orderId);
    expect(rowCount).toBe(1);
  });

  it('tells of units that are sold without a payment, and of a sale whose units were released', async () => {
    const [unpaid, lost] = [await place(), await place()];
    await withTransaction(database.pool, (client) => endReservations(client, [unpaid.orderId], 'SOLD'));
    await sql('update payments set kind = null where order_id = $1', unpaid.orderId);
    await withTransaction(database.pool, (client) => endReservations(client, [lost.orderId], 'RELEASED'));
    await sql(`update orders set status = 'CONFIRMED' where id = $1`, lost.orderId);
    const told = await reconcile();
    expect(mine(told, unpaid.orderId)).toEqual([{ kind: 'sold-not-confirmed', mended: false }]);
    expect(mine(told, lost.orderId)).toEqual([{ kind: 'confirmed-not-sold', mended: false }]);
    expect(told.filter(({ orderId }) => orderId === unpaid.orderId).every(({ advice }) => advice !== undefined)).toBe(
      true,
    );
  });

  it('cancels an order whose time is long over, and gives its units back', async () => {
    const { orderId, shelf } = await place({ holdMs: 1, kind: null });
    expect(mine(await reconcile(), orderId)).toEqual([{ kind: 'order-overdue', mended: true }]);
    const order = await findOrder(database.pool, orderId);
    expect(order?.history.at(-1)).toMatchObject({ status: 'CANCELLED', reason: 'expired', actor: 'reconcile' });
    expect(await shelfFigures(database.pool, shelf)).toMatchObject({ onHand: 100, reserved: 0 });
  });

  it('puts units back that are held for nobody, and leaves those of an open checkout', async () => {
    const [open, gone] = [await place({ checkoutOnly: true }), await place({ checkoutOnly: true })];
    await sql('delete from checkouts where id = $1', gone.orderId);
    const told = await reconcile();
    expect(mine(told, gone.orderId)).toEqual([{ kind: 'held-for-nobody', mended: true }]);
    expect(mine(told, open.orderId)).toEqual([]);
    expect(await shelfFigures(database.pool, gone.shelf)).toMatchObject({ reserved: 0 });
    expect(await shelfFigures(database.pool, open.shelf)).toMatchObject({ reserved: 1 });
    expect(await heldForNobody(database.pool, clock.now(), 10)).toEqual([]);
  });
});
