import { describe, expect, it } from 'vitest';
import { armLabel } from '../../commerce/experiments/arms.ts';
import { reportOn } from '../../commerce/experiments/report.ts';
import { type FigureName, type FigureValues, figureEvent } from '../../contracts/figures.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { servingKeys } from '../../contracts/recommendations-serving.ts';
import { findArmRevenue, findArmSums, findOutcomeDays } from '../../db/queries/experiments/find-outcomes.ts';
import { pruneOutcomes } from '../../db/queries/experiments/prune-outcomes.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useRedisConnection } from '../../test/servers/redis-connection.ts';
import { attributeOrders } from './attribute.ts';
import { followFigures } from './follow.ts';
import { createTrends } from './trends.ts';

const database = useDatabase();
const home = useRedisConnection();
const MINUTE = 60_000;
const nowMs = Date.now();
let laterMs = 0;
const clock = { now: () => nowMs + laterMs };

const follow = (messages: readonly ReceivedMessage[]) =>
  followFigures(messages, {
    ...{ database: database.pool, trends: createTrends(home), clock, log: silentLog },
    metrics: { counted: () => undefined, failed: () => undefined },
  });

interface Told<N extends FigureName> {
  readonly subjectId: string;
  readonly values: FigureValues<N>;
  readonly atMs?: number;
}

const text = <N extends FigureName>(name: N, { subjectId, values, atMs = nowMs - MINUTE }: Told<N>): string =>
  figureEvent({ id: newId(), at: atMs }, { name, values, dropId: null, subjectId });

function partitionOf(texts: readonly string[]): ReceivedMessage[] {
  const topic = `t-${newId()}`;
  return texts.map((value, at) => ({
    ...{ topic, partition: 0, offset: String(at), key: '', value, headers: {}, timestampMs: 0 },
  }));
}

async function experiment(): Promise<string> {
  const name = `e-${newId().replaceAll('-', '').slice(-20)}`;
  await database.pool.query(
    `insert into recommendation_experiments (name, arms, state, started_at, stopped_at)
     values ($1, '[{"name":"control","share":50},{"name":"new","share":50}]', 'stopped', now() - interval '2 days', now() + interval '1 hour')`,
    [name],
  );
  return name;
}

const place = (name: string, arm: string) => ({ place: 'home', arm: armLabel(name, arm), model: 'm' });
const shown = (name: string, subjectId: string, arm = 'new', atMs?: number) =>
  text('recommendation.shown', {
    ...{ subjectId, values: { ...place(name, arm), products: 12 } },
    ...(atMs === undefined ? {} : { atMs }),
  });
const clicked = (name: string, subjectId: string, productId: string, arm = 'new') =>
  text('recommendation.clicked', { subjectId, values: { ...place(name, arm), productId } });

async function sumsOf(name: string) {
  const sums = await findArmSums(database.pool, name);
  return Object.fromEntries(
    sums.map(({ arm, shoppers, x, y, clickers, buyers }) => [arm, [shoppers, x, y, clickers, buyers]]),
  );
}

async function paidOrder(given: {
  shopperId: string;
  sku: string;
  agoMs?: number;
  quantity?: number;
  discount?: number;
}) {
  const { shopperId, sku, agoMs = 0, quantity = 1, discount = 0 } = given;
  const orderId = newId();
  const total = quantity * 1_000 - discount;
  await database.pool.query(
    `insert into orders (id, source, shopper_id, currency, items_minor, discount_minor, total_minor, placed_at)
     values ($1, 'store', $2, 'EUR', $3, $4, $5, to_timestamp($6::float8 / 1000))`,
    [orderId, shopperId, quantity * 1_000, discount, total, nowMs - agoMs],
  );
  await database.pool.query(
    `insert into order_items (order_id, line, sku, title, quantity, unit_price_minor, discount_minor)
     values ($1, 1, $2, 'Thing', $3, 1000, $4)`,
    [orderId, sku, quantity, discount],
  );
  const values = { sku, quantity, amount: total, currency: 'EUR', payment: 'card' };
  return text('order.confirmed', { subjectId: orderId, values });
}

/** When the orders of before are due. */
async function attribute(): Promise<number> {
  laterMs = 2 * INTERVALS.attributionDelayMs;
  try {
    const options = { database: database.pool, ...home, redis: home.redis, redisPrefix: home.redisPrefix, clock };
    // Several processes look at once: each order is one's.
    const [one = 0, other = 0] = await Promise.all([attributeOrders(options), attributeOrders(options)]);
    return one + other;
  } finally {
    laterMs = 0;
  }
}

const show = (name: string, shopperId: string, productId: string, atMs = nowMs - MINUTE) =>
  home.redis.zadd(servingKeys(home.redisPrefix).shown(name, shopperId), atMs, productId);

describe('what was shown and clicked', () => {
  it('is counted once by shopper, arm and day, in whichever pieces it comes again', async () => {
    const name = await experiment();
    const [one, other] = [newId(), newId()];
    const [red, blue] = [await sell(database.pool), await sell(database.pool)];
    const twice = shown(name, one);
    const messages = partitionOf([
      ...[twice, shown(name, one), clicked(name, one, red.productId), clicked(name, one, red.productId)],
      ...[clicked(name, one, blue.productId), shown(name, other, 'control'), twice],
      ...['no event', shown('unknown-experiment', one), shown(name, one, 'new', nowMs - LIFETIMES.countedMs)],
    ]);
    for (const [from, to] of [
      [0, 4],
      [0, 4],
      [2, 9],
      [0, 10],
    ] as const)
      await follow(messages.slice(from, to));
    await Promise.all([follow(messages), follow(messages)]);
    expect(await sumsOf(name)).toEqual({ new: [1, 2, 2, 1, 0], control: [1, 1, 0, 0, 0] });
    const days = await findOutcomeDays(database.pool, name, 10);
    expect(days.map(({ arm, shown, clicked, ordered }) => [arm, shown, clicked, ordered])).toEqual([
      ['control', 1, 0, 0],
      ['new', 2, 2, 0],
    ]);
  });

  it('counts for so much and no more of one shopper, in the sums and in the days', async () => {
    const name = await experiment();
    const bot = newId();
    const many = LIMITS.listsPerShopper + 100;
    await follow(partitionOf(Array.from({ length: many }, () => shown(name, bot))));
    await follow(partitionOf(Array.from({ length: 300 }, () => clicked(name, bot, newId()))));
    expect(await sumsOf(name)).toEqual({ new: [1, LIMITS.listsPerShopper, LIMITS.clicksPerShopper, 1, 0] });
    const [day] = await findOutcomeDays(database.pool, name, 10);
    expect(day).toMatchObject({ shown: LIMITS.listsPerShopper, clicked: LIMITS.clicksPerShopper });
  });
});

describe('who was erased', () => {
  it('is not written down again by what comes late', async () => {
    const name = await experiment();
    const [member, guest, stays] = [newId(), newId(), newId()];
    const { productId } = await sell(database.pool);
    await database.pool.query(`insert into users (id, status) values ($1, 'erased')`, [member]);
    await database.pool.query(
      `insert into privacy_requests (id, user_id, kind, state, asked_at, done_at, receipt)
       values ($1, $2, 'erasure', 'done', now(), now(), '{"rows": {}}')`,
      [newId(), guest],
    );
    const people = [member, guest, stays];
    await follow(
      partitionOf([...people.map((id) => shown(name, id)), ...people.map((id) => clicked(name, id, productId))]),
    );
    const { rows } = await database.pool.query(
      `select shopper_id as id from recommendation_exposures where experiment = $1
       union select shopper_id from recommendation_clicks where experiment = $1`,
      [name],
    );
    expect(rows).toEqual([{ id: stays }]);
  });
});

describe('an order', () => {
  it('comes of what was clicked or shown in the day before it, and is counted once', async () => {
    const name = await experiment();
    const [clicker, viewer, neither, late, early] = [newId(), newId(), newId(), newId(), newId()];
    const [red, blue] = [await sell(database.pool), await sell(database.pool)];
    const people = [clicker, viewer, neither, late, early];
    await follow(partitionOf([...people.map((id) => shown(name, id)), clicked(name, clicker, red.productId)]));
    await show(name, viewer, red.productId);
    await show(name, neither, blue.productId);
    await show(name, late, red.productId, nowMs - LIFETIMES.attributionMs - MINUTE);
    await show(name, early, red.productId, nowMs - MINUTE);
    const orders = partitionOf([
      await paidOrder({ shopperId: clicker, sku: red.sku, quantity: 3, discount: 500 }),
      await paidOrder({ shopperId: viewer, sku: red.sku }),
      await paidOrder({ shopperId: viewer, sku: red.sku }),
      await paidOrder({ shopperId: neither, sku: red.sku }),
      await paidOrder({ shopperId: late, sku: red.sku }),
      // Ordered before it was shown.
      await paidOrder({ shopperId: early, sku: red.sku, agoMs: 2 * MINUTE }),
      await paidOrder({ shopperId: newId(), sku: red.sku }),
    ]);
    await follow(orders);
    await follow(orders.slice(2));
    expect(await attribute()).toBe(7);
    await follow(orders);
    expect(await attribute()).toBe(0);
    expect(await sumsOf(name)).toEqual({ new: [5, 5, 1, 1, 2] });
    expect(await findArmRevenue(database.pool, name)).toEqual([{ arm: 'new', currency: 'EUR', revenueMinor: 4_500 }]);
    const [, fresh] = reportOn([{ name: 'control' }, { name: 'new' }], await findArmSums(database.pool, name)).arms;
    expect(fresh?.buyers).toMatchObject({ rate: 0.4, isSignificant: false });
  });

  it('that is not due yet waits, and what was counted is forgotten after its time', async () => {
    const { sku } = await sell(database.pool);
    await follow(partitionOf([await paidOrder({ shopperId: newId(), sku })]));
    const options = { database: database.pool, redis: home.redis, redisPrefix: home.redisPrefix, clock };
    expect(await attributeOrders(options)).toBe(0);
    expect(await attribute()).toBe(1);
    const before = { firstKeptEventId: newId(), clickedBeforeMs: nowMs + MINUTE, doneBeforeMs: nowMs + 10 * MINUTE };
    while ((await pruneOutcomes(database.pool, before, 500)) !== 0);
    const { rows } = await database.pool.query(
      `select (select count(*)::int from recommendation_events) + (select count(*)::int from recommendation_clicks)
         + (select count(*)::int from recommendation_orders) as left`,
    );
    expect(rows).toEqual([{ left: 0 }]);
  });
});
