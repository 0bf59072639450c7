import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeEvent } from '../../contracts/events/codec.ts';
import { createIdSource, formatUuidV7 } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { allTopicNames, topicName } from '../../contracts/topics.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka, type Kafka, type Publisher } from '../../platform/connections/kafka.ts';
import { createHoldStates } from '../../reservation-core/hold-states.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { type LedgerSale, openLedgerSale } from '../../test/fixtures/ledger-sale.ts';
import { type ScriptedProvider, scriptedProvider } from '../../test/fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { type CollectedTopic, collectTopic } from '../../test/servers/collect-topic.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useRedis } from '../../test/servers/redis.ts';
import type { KindName, ReconcileCore, Told } from './core.ts';
import { createReconciler, reconcileAll } from './reconciler.ts';

const redis = useRedis();
const core = useShards(redis);
const kafkaServer = useKafka();
const database = useDatabase();
/** The grace is a minute; what a test makes is looked at from an hour later. */
const LATER_MS = 3_000_000;
const clock = { now: () => Date.now() + LATER_MS };
let kafka: Kafka;
let publisher: Publisher;
let won: CollectedTopic;
let sale: LedgerSale;
let provider: ScriptedProvider;

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  publisher = await kafka.createPublisher();
  const names = allTopicNames(kafkaServer.topicPrefix).filter(({ name }) => name.includes('claims.'));
  await kafka.ensureTopics(names.map(({ name }) => ({ topic: name, partitions: 2, replication: 1 })));
  won = await collectTopic(kafka, topicName(kafkaServer.topicPrefix, 'claims.won'));
});
afterAll(() => kafka.close());
beforeEach(async () => {
  const { shards, keys } = core;
  sale = await openLedgerSale({ shards, keys, database: database.pool });
  provider = scriptedProvider('stripe');
});

async function reconcile(changes: Partial<ReconcileCore> = {}): Promise<readonly Told[]> {
  const { shards, keys } = core;
  const { told } = await reconcileAll({
    ...{ database: database.pool, shards, keys, kafka, publisher, topicPrefix: kafkaServer.topicPrefix },
    ...{ providers: [provider], clock, nextId: createIdSource(systemClock), dropId: sale.drop.id, dryRun: false },
    ...{ graceMs: 60_000, windowMs: 48 * 3_600_000, booksMs: 48 * 3_600_000 },
    ...changes,
  });
  return told;
}

/** All that is kept of a sale, to see that a dry run changes nothing. */
async function everything(): Promise<string> {
  const rows = await Promise.all(
    ['orders', 'payments', 'refunds', 'order_status_history', 'outbox'].map(async (table) => {
      return (await sale.query(`select * from ${table} order by 1, 2`, [])).rows;
    }),
  );
  const { shards, keys } = core;
  const at = keys.stock(sale.drop.id, 'eu');
  return JSON.stringify([rows, await shards.home.redis.hgetall(at.stock), await shards.home.redis.hgetall(at.holds)]);
}

const statusOf = async (orderId: string) => (await findOrder(database.pool, orderId))?.status;
const reasonOf = async (orderId: string) => (await findOrder(database.pool, orderId))?.history.at(-1)?.reason;
async function payment(id: string) {
  const { rows } = await sale.query('select *, due_at is not null as due from payments where id = $1', [id]);
  return rows[0];
}
async function refundsOf(orderId: string) {
  const { rows } = await sale.query('select *, due_at is not null as due from refunds where order_id = $1', [orderId]);
  return rows;
}
async function holdOf(claimId: string) {
  const { shards, keys } = core;
  return (await createHoldStates({ shards, keys }).find(sale.drop.id, 'eu', [claimId])).get(claimId);
}

/** Found by the dry run, which changes nothing; mended; not found any more. */
async function findsAndMends(kind: KindName, id: string): Promise<void> {
  const before = await everything();
  expect(await reconcile({ dryRun: true })).toEqual([expect.objectContaining({ kind, id, mended: false })]);
  expect(await everything()).toBe(before);
  expect(await reconcile()).toEqual([expect.objectContaining({ kind, id, mended: true })]);
}

const findsNothing = async () => expect(await reconcile()).toEqual([]);

it('finds nothing in a sale that is well, nor in what is under way', async () => {
  await sale.sold();
  await sale.waiting();
  await sale.declined();
  await findsNothing();
  const paid = await sale.waiting();
  await sale.captured(paid);
  await sale.claim();
  expect(await reconcile({ clock: systemClock })).toEqual([]);
});

describe('captured-unconfirmed', () => {
  it('wakes the payment of a paid order that waits', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await findsAndMends('captured-unconfirmed', id);
    expect(await payment(id)).toMatchObject({ due: true, status: 'CAPTURED' });
    await findsNothing();
  });

  it('knows cash on delivery, and leaves an open review alone', async () => {
    const id = await sale.waiting();
    await sale.query(`update payments set status = 'AUTHORIZED', kind = 'cod' where id = $1`, [id]);
    await sale.step(id, 'REVIEW');
    await sale.query(`insert into order_reviews (order_id, score, signals) values ($1, 50, '[]')`, [id]);
    await findsNothing();
    await sale.query(
      `update order_reviews set decision = 'approved', decided_by = 'x', decided_at = now() where order_id = $1`,
      [id],
    );
    await findsAndMends('captured-unconfirmed', id);
    await findsNothing();
  });
});

describe('confirmed-not-sold', () => {
  it('sells what is only held', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await sale.step(id, 'CONFIRMED');
    await findsAndMends('confirmed-not-sold', id);
    expect(await holdOf(id)).toMatchObject({ state: 'sold' });
    await findsNothing();
  });

  it('cancels and refunds what was released, once', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await sale.release(id);
    await sale.step(id, 'CONFIRMED');
    await findsAndMends('confirmed-not-sold', id);
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(await refundsOf(id)).toMatchObject([
      { amount_minor: String(sale.priceMinor), status: 'PENDING', due: true },
    ]);
    expect(await payment(id)).toMatchObject({ due: true });
    const { rows } = await sale.query(`select payload from outbox where topic = 'order.status' and key = $1`, [id]);
    expect(rows.map(({ payload }) => decodeEvent('order.status', payload).ok)).toEqual([true]);
    await findsNothing();
    expect(await refundsOf(id)).toHaveLength(1);
  });

  it('tells of goods that are on their way', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await sale.release(id);
    await sale.step(id, 'CONFIRMED');
    await sale.step(id, 'PROCESSING');
    expect(await reconcile()).toMatchObject([
      { kind: 'confirmed-not-sold', id, mended: false, advice: expect.any(String) },
    ]);
    expect(await statusOf(id)).toBe('PROCESSING');
  });
});

describe('sold-not-confirmed', () => {
  it('wakes the payment of an order whose units are sold', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await sale.confirm(id);
    await findsAndMends('sold-not-confirmed', id);
    expect(await payment(id)).toMatchObject({ due: true });
    await findsNothing();
  });

  it('tells of units that are sold to nobody, but not of a sale that was called off later', async () => {
    const calledOff = await sale.sold();
    await sale.step(calledOff, 'CANCELLED');
    await sale.query('update payments set refunded_minor = amount_minor where id = $1', [calledOff]);
    const id = await sale.waiting();
    await sale.confirm(id);
    await sale.step(id, 'CANCELLED');
    expect(await reconcile()).toMatchObject([
      { kind: 'sold-not-confirmed', id, mended: false, advice: expect.any(String) },
    ]);
  });
});

describe('hold-without-order', () => {
  it('publishes the claim again, under its own key', async () => {
    const shopperId = newId();
    const first = await sale.claim({ shopperId, key: 'first-key' });
    const second = await sale.claim({ shopperId, key: 'second-key' });
    await sale.order(first);
    await findsAndMends('hold-without-order', second.claimId);
    const message = await won.withKey(second.claimId);
    const decoded = decodeEvent('claims.won', message.value);
    expect(decoded).toMatchObject({
      ok: true,
      event: {
        v: 2,
        data: {
          claimId: second.claimId,
          shopperId,
          key: 'second-key',
          dropId: sale.drop.id,
          unitPrice: sale.priceMinor,
        },
      },
    });
    // As the orders worker does, once it has read it.
    await sale.order(second);
    await findsNothing();
  });

  it('knows the first key of a shopper, and names one whose key is lost', async () => {
    const first = await sale.claim({ key: 'a-first-key' });
    const keyless = await sale.claim();
    await core.shards.home.redis.hdel(core.keys.stock(sale.drop.id, 'eu').taken, keyless.shopperId);
    expect(await reconcile()).toHaveLength(2);
    const keys = await Promise.all(
      [first, keyless].map(async ({ claimId }) => {
        const decoded = decodeEvent('claims.won', (await won.withKey(claimId)).value);
        return decoded.ok ? decoded.event.data.key : undefined;
      }),
    );
    expect(keys).toEqual(['a-first-key', `recovered:${keyless.claimId}`]);
  });

  it('leaves alone what is in an outbox that is not relayed', async () => {
    const { claimId } = await sale.claim();
    const { outbox } = core.keys.stock(sale.drop.id, 'eu');
    const id = await core.shards.home.redis.xadd(outbox, '*', 'won', claimId);
    await findsNothing();
    await core.shards.home.redis.xdel(outbox, id ?? '');
    expect(await reconcile({ dryRun: true })).toHaveLength(1);
  });

  it('makes an order of a claim whose hold has ended, and then cancels it', async () => {
    const made = await sale.claim({ holdMs: 1 });
    await sale.release(made.claimId);
    await findsAndMends('hold-without-order', made.claimId);
    await sale.order(made, { holdMs: 1 });
    await findsAndMends('order-without-hold', made.claimId);
    expect([await statusOf(made.claimId), await reasonOf(made.claimId)]).toEqual(['CANCELLED', 'declined']);
    await findsNothing();
  });
});

describe('order-without-hold', () => {
  it('cancels an order whose hold nobody knows, and wakes what could still be paid', async () => {
    const made = { claimId: newId(), shopperId: newId() };
    await sale.order(made, { kind: 'card', holdMs: 1 });
    // Looked at before a payment counts as forgotten: the order is what is wrong.
    await sale.query(`update payments set kind = null where id = $1`, [made.claimId]);
    await findsAndMends('order-without-hold', made.claimId);
    expect([await statusOf(made.claimId), await reasonOf(made.claimId)]).toEqual(['CANCELLED', 'expired']);
    await findsNothing();
  });

  it('says nothing of a region that has lost its data', async () => {
    const id = await sale.waiting();
    await sale.query(`update orders set hold_until = now() where id = $1`, [id]);
    await core.shards.home.redis.del(Object.values(core.keys.stock(sale.drop.id, 'eu')));
    await findsNothing();
  });
});

it('gives the money of an order back whose hold nobody knows, though its payment is tried again and again', async () => {
  const id = newId();
  await sale.order({ claimId: id, shopperId: newId() }, { kind: 'card', holdMs: 1 });
  await sale.captured(id, 'stripe', `pi_${id}`);
  const { rows } = await sale.query(
    `update payments set due_at = now() + interval '2 hours', updated_at = now() + interval '2 hours' where order_id = $1 returning 1`,
    [id],
  );
  expect(rows).toHaveLength(1);
  expect(await reconcile()).toMatchObject([{ kind: 'order-without-hold', id, mended: true }]);
  expect(await statusOf(id)).toBe('CANCELLED');
  expect(await refundsOf(id)).toMatchObject([{ amount_minor: String(sale.priceMinor), due: true }]);
});

describe('payment-stuck', () => {
  it('wakes a payment whose provider was asked, also when its order is over', async () => {
    const id = await sale.waiting();
    await sale.query(`update payments set kind = 'card', provider = 'stripe' where id = $1`, [id]);
    await findsAndMends('payment-stuck', id);
    expect(await payment(id)).toMatchObject({ due: true });
    await findsNothing();
    await sale.query('update payments set due_at = null where id = $1', [id]);
    await sale.release(id);
    await sale.step(id, 'CANCELLED');
    await findsAndMends('payment-stuck', id);
  });

  it('tells of payments that are due for hours', async () => {
    const id = await sale.waiting();
    await sale.query(`update payments set kind = 'card', due_at = now() - interval '1 hour' where id = $1`, [id]);
    expect(await reconcile()).toMatchObject([{ kind: 'payment-stuck', id, mended: false, advice: expect.any(String) }]);
  });
});

describe('provider-only', () => {
  it('writes down where the money is, and wakes the payment', async () => {
    const id = await sale.waiting();
    const ref = provider.capture({ orderId: id, amountMinor: sale.priceMinor });
    await findsAndMends('provider-only', id);
    expect(await payment(id)).toMatchObject({ due: true, provider: 'stripe', provider_ref: ref });
    await findsNothing();
  });

  it('tells of money for nothing', async () => {
    const declined = await sale.declined();
    provider.capture({ orderId: declined, amountMinor: sale.priceMinor });
    const nobody = newId();
    provider.capture({ orderId: nobody, amountMinor: sale.priceMinor });
    const { dropId: _, ...all } = { dropId: undefined };
    const told = await reconcile(all);
    expect(told.filter(({ id }) => id === declined)).toMatchObject([{ kind: 'provider-only', mended: false }]);
    const { shards, keys } = core;
    const everywhere = await reconcileAll({
      ...{ database: database.pool, shards, keys, kafka, publisher, topicPrefix: kafkaServer.topicPrefix },
      ...{ providers: [provider], clock, nextId: createIdSource(systemClock), dryRun: true },
      ...{ graceMs: 60_000, windowMs: 48 * 3_600_000, booksMs: 48 * 3_600_000 },
    });
    expect(everywhere.told.filter(({ id }) => id === nobody)).toMatchObject([
      { kind: 'provider-only', advice: expect.stringContaining('refund') },
    ]);
  });

  it('tells of a payment that two charges were taken for', async () => {
    const id = await sale.waiting();
    const ref = provider.capture({ orderId: id, amountMinor: sale.priceMinor });
    await sale.captured(id, 'stripe', ref);
    await sale.confirm(id);
    await sale.step(id, 'CONFIRMED');
    await findsNothing();
    const second = provider.capture({ orderId: id, amountMinor: sale.priceMinor });
    expect(await reconcile()).toMatchObject([
      { kind: 'provider-only', id, mended: false, advice: expect.stringContaining(second) },
    ]);
  });
});

describe('refund-stuck', () => {
  it('wakes a refund that nobody makes', async () => {
    const id = await sale.declined();
    const refundId = newId();
    await sale.query(
      `insert into refunds (id, order_id, payment_id, amount_minor, reason, due_at) values ($1, $2, $2, 1, 'x', null)`,
      [refundId, id],
    );
    await findsAndMends('refund-stuck', refundId);
    await findsNothing();
  });

  it('opens the refund of a cancelled order that was paid, and tells when the provider refuses it', async () => {
    const id = await sale.waiting();
    await sale.captured(id);
    await sale.release(id);
    await sale.step(id, 'CANCELLED');
    await findsAndMends('refund-stuck', id);
    expect(await refundsOf(id)).toMatchObject([{ amount_minor: String(sale.priceMinor), due: true }]);
    await findsNothing();
    await sale.query(`update refunds set status = 'REFUSED', due_at = null where order_id = $1`, [id]);
    expect(await reconcile()).toMatchObject([{ kind: 'refund-stuck', id, mended: false, advice: expect.any(String) }]);
  });
});

it('goes through more orders than fit one page, and only those of its window', async () => {
  const old = formatUuidV7(Date.now() - 3 * 24 * 3_600_000, crypto.getRandomValues(new Uint8Array(10)));
  const made = { claimId: old, shopperId: newId() };
  await sale.order(made, { holdMs: 1 });
  await sale.query(
    `with made as (
       insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at, hold_until)
       select uuidv7(), 'drop', $1, 'eu', uuidv7(), 'EUR', 1, 1, now(), now() from generate_series(1, 2100) returning id
     )
     insert into payments (order_id, id, currency, amount_minor) select id, id, 'EUR', 1 from made`,
    [sale.drop.id],
  );
  const told = await reconcile();
  expect(told).toHaveLength(2_100);
  expect(told.every(({ kind, mended }) => kind === 'order-without-hold' && mended)).toBe(true);
  await findsNothing();
  expect(await reconcile({ windowMs: 7 * 24 * 3_600_000, dryRun: true })).toMatchObject([{ id: old }]);
});

it('goes on behind a page that cannot be mended', async () => {
  await sale.query(
    `with made as (
       insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at, hold_until)
       select uuidv7(), 'drop', $1, 'eu', uuidv7(), 'EUR', 1, 1, now(), now() from generate_series(1, $2) returning id
     )
     insert into payments (order_id, id, currency, amount_minor) select id, id, 'EUR', 1 from made`,
    [sale.drop.id, LIMITS.ordersBatch + 10],
  );
  const { shards, keys } = core;
  const reconciler = createReconciler();
  const broken = () => {
    throw new Error('not this page');
  };
  const all = {
    ...{ database: database.pool, shards, keys, kafka, publisher, topicPrefix: kafkaServer.topicPrefix },
    ...{ providers: [provider], clock, dropId: sale.drop.id, dryRun: false },
    ...{ graceMs: 60_000, windowMs: 48 * 3_600_000, booksMs: 48 * 3_600_000 },
  };
  await expect(reconciler.orders({ ...all, nextId: broken })).rejects.toThrow('not this page');
  const { told } = await reconciler.orders({ ...all, nextId: createIdSource(systemClock) });
  expect(told).toHaveLength(10);
});
