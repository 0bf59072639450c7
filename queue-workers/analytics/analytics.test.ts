import { describe, expect, it } from 'vitest';
import { estimate } from '../../commerce/figures/sketch.ts';
import { NO_ID } from '../../contracts/figure-rows.ts';
import { type FigureName, type FigureValues, figureEvent } from '../../contracts/figures.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { createPostgresAnalytics } from '../../db/analytics/postgres.ts';
import { findSketches } from '../../db/queries/figures/sketches.ts';
import { systemClock } from '../../platform/clock.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { countBatch } from './count-batch.ts';

const database = useDatabase();
const MINUTE = 60_000;
/** In the middle of an hour, so that a minute earlier is the same day. */
const nowMs = Date.now() - (Date.now() % (60 * MINUTE)) - 30 * MINUTE;

function counterOf(passed: Record<string, number> = {}) {
  return {
    ...{ database: database.pool, store: createPostgresAnalytics(database.pool), clock: systemClock },
    ...{ nextId: createIdSource(systemClock), merchants: new Map<string, string>() },
    metrics: {
      counted: () => undefined,
      passedOver: (why: string, count: number) => {
        passed[why] = (passed[why] ?? 0) + count;
      },
    },
  };
}

interface Told<N extends FigureName> {
  readonly atMs?: number;
  readonly id?: string;
  readonly subjectId?: string;
  readonly values: FigureValues<N>;
}

const text = <N extends FigureName>(name: N, { atMs = nowMs, id = newId(), subjectId, values }: Told<N>): string =>
  figureEvent({ id, at: atMs }, { name, values, dropId: null, subjectId: subjectId ?? null });

/** A partition of its own, with these in it. */
function partitionOf(texts: readonly string[]): ReceivedMessage[] {
  const topic = `t-${newId()}`;
  return texts.map((value, at) => ({
    ...{ topic, partition: 0, offset: String(at), key: '', value, headers: {}, timestampMs: 0 },
  }));
}

async function sums(merchantId: string, name: FigureName) {
  const store = createPostgresAnalytics(database.pool);
  const edgesMs = [nowMs - 60 * MINUTE, nowMs, nowMs + MINUTE, nowMs + 120 * MINUTE];
  const rows = await store.series({ merchantId, names: [name], edgesMs });
  return rows.map(({ bucket, events, units, amountMinor }) => ({ bucket, events, units, amountMinor }));
}

describe('what is counted', () => {
  it('adds up by minute and merchant, and nothing twice when it is delivered again in other pieces', async () => {
    const { productId, merchantId } = await sell(database.pool, { onHand: 1 });
    const shopper = newId();
    const views = Array.from({ length: 20 }, (_, at) =>
      text('product.viewed', {
        values: { productId, from: 'search' },
        ...{ subjectId: at < 10 ? shopper : newId(), atMs: at < 15 ? nowMs : nowMs - MINUTE },
      }),
    );
    const messages = partitionOf(views);
    const passed = {};
    const counter = counterOf(passed);
    for (const [from, until] of [
      [0, 5],
      [0, 5],
      [3, 12],
      [0, 20],
      [19, 20],
    ] as const) {
      await countBatch(counter, messages.slice(from, until));
    }
    expect(await sums(merchantId, 'product.viewed')).toEqual([
      { bucket: 0, events: 5, units: 5, amountMinor: 0 },
      { bucket: 1, events: 15, units: 15, amountMinor: 0 },
    ]);
    expect(passed).toMatchObject({ repeated: 5 + 2 + 12 + 1 });
    const day = new Date(nowMs).toISOString().slice(0, 10);
    const sketches = await findSketches(database.pool, merchantId, { fromDay: '2000-01-01', untilDay: day });
    expect(sketches.map(({ stage, sketch }) => [stage, estimate(sketch)])).toEqual([['viewed', 11]]);
  });

  it('is the same when two processes count the same batch at once', async () => {
    const { productId, merchantId } = await sell(database.pool, { onHand: 1 });
    const messages = partitionOf([text('product.viewed', { values: { productId, from: 'link' } })]);
    await Promise.all(Array.from({ length: 4 }, () => countBatch(counterOf(), messages)));
    expect(await sums(merchantId, 'product.viewed')).toMatchObject([{ events: 1 }]);
  });

  it('is money once, also when its event was published twice', async () => {
    const warehouse = await openWarehouse(database.pool);
    const goods = await Promise.all(
      [newId(), newId()].map((merchantId) => stockGoods(database.pool, { merchantId, shelves: { [warehouse]: 9 } })),
    );
    const [one, other] = goods;
    if (one === undefined || other === undefined) throw new Error('no goods');
    const orderId = await confirmOrder(database.pool, {
      shopperId: newId(),
      lines: [
        { ...one, unitPriceMinor: 300, from: { [warehouse]: 1 } },
        { ...other, unitPriceMinor: 350, from: { [warehouse]: 2 } },
      ],
      shippingMinor: 100,
    });
    await database.pool.query(`update payments set captured_at = to_timestamp($2::float8 / 1000) where order_id = $1`, [
      ...[orderId, nowMs + 5],
    ]);
    const values = { sku: one.sku, quantity: 1, amount: 1_100, currency: 'EUR', payment: 'card' };
    const captured = text('payment.captured', { subjectId: orderId, values: { ...values, paymentId: orderId } });
    const id = newId();
    const confirmed = text('order.confirmed', { subjectId: orderId, id, values });
    await countBatch(counterOf(), partitionOf([captured, confirmed, captured, confirmed]));
    await countBatch(counterOf(), partitionOf([confirmed, captured]));
    expect(await sums(one.merchantId, 'payment.captured')).toEqual([
      { bucket: 1, events: 1, units: 1, amountMinor: 330 },
    ]);
    expect(await sums(other.merchantId, 'payment.captured')).toEqual([
      { bucket: 1, events: 1, units: 2, amountMinor: 770 },
    ]);
    expect(await sums(other.merchantId, 'order.confirmed')).toMatchObject([{ events: 1 }]);
    const all = await sums(NO_ID, 'payment.captured');
    expect(all).toEqual([{ bucket: 1, events: 1, units: 3, amountMinor: 1_100 }]);
  });

  it('is passed over where it cannot be read, is unknown, or is of another time, and the rest goes on', async () => {
    const passed: Record<string, number> = {};
    const { productId, merchantId } = await sell(database.pool, { onHand: 1 });
    const viewed = (atMs: number) => text('product.viewed', { atMs, values: { productId, from: 'link' } });
    const unknown = viewed(nowMs).replaceAll('product.viewed', 'product.smelled');
    const wrong = viewed(nowMs).replaceAll('"from":"link"', '"from":"the moon"');
    const endless = text('cart.added', { values: { productId, sku: 'endless', quantity: 1 } }).replace(
      '"quantity":1',
      '"quantity":1e300',
    );
    const strange = [endless, unknown, wrong, 'nonsense', viewed(0), viewed(Date.now() + 400 * 86_400_000)];
    await countBatch(counterOf(passed), partitionOf([...strange, viewed(nowMs)]));
    expect(passed).toMatchObject({ unknown: 1, unreadable: 3, 'out-of-time': 2 });
    expect(await sums(merchantId, 'product.viewed')).toMatchObject([{ events: 1 }]);
  });

  it('of a product that there is not is only counted for all', async () => {
    const productId = newId();
    const counter = counterOf();
    await countBatch(counter, partitionOf([text('product.viewed', { values: { productId, from: 'list' } })]));
    const { rows } = await database.pool.query('select grain from figures where product_id = $1', [productId]);
    expect(rows).toEqual([]);
  });
});
