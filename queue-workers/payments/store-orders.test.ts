import { describe, expect, it } from 'vitest';
import { type Charge, type ChargeState, ProviderError } from '../../commerce/payments/provider.ts';
import { decideReview } from '../../db/queries/decide-review.ts';
import { endPayments } from '../../db/queries/end-payments.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { moneyLedger } from '../../db/queries/money-ledger.ts';
import { endReservations } from '../../db/queries/stock/reserve-stock.ts';
import { askRefund } from '../../db/queries/store-payments/ask-refund.ts';
import { walletBalances } from '../../db/queries/store-payments/wallet.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useRunningPayments } from '../../test/fixtures/running-payments.ts';
import { scriptedProvider } from '../../test/fixtures/scripted-provider.ts';
import { useShards } from '../../test/fixtures/shards.ts';
import { placeStoreOrder, shelfFigures, stockShelf } from '../../test/fixtures/store-order.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import { useRedis } from '../../test/servers/redis.ts';

const redis = useRedis();
const database = useDatabase();
const core = useShards(redis);
const withinMs = 10_000;

const capture = async ({ paymentId }: Charge): Promise<ChargeState> => ({ state: 'captured', ref: `pi_${paymentId}` });

const startPayments = useRunningPayments({ database, core });

function start(charge: (charge: Charge) => Promise<ChargeState> = capture): void {
  const provider = {
    ...scriptedProvider('stripe'),
    charge,
    cancel: async ({ paymentId }: Charge) => ({ state: 'cancelled', ref: `pi_${paymentId}` }) as const,
    refund: async ({ refundId }: { refundId: string }) => ({ state: 'done', ref: `re_${refundId}` }) as const,
  };
  startPayments([provider]);
}

async function ended(orderId: string, status: string) {
  return await eventually(
    async () => {
      const order = await findOrder(database.pool, orderId);
      expect(order?.status).toBe(status);
      return order ?? false;
    },
    { withinMs },
  );
}

const settled = (paymentId: string) =>
  eventually(
    async () => {
      const { rows } = await database.pool.query('select due_at from payments where id = $1', [paymentId]);
      return rows[0]?.due_at === null;
    },
    { withinMs },
  );

describe('a paid order of the store', () => {
  it.each(['card', 'wallet', 'cod'] as const)(
    'by %s takes its units off the shelf and becomes a parcel',
    async (kind) => {
      const shelf = await stockShelf(database.pool, 10);
      const { orderId } = await placeStoreOrder(database.pool, shelf, { kind, quantity: 3, walletMinor: 5_000 });
      expect(await shelfFigures(database.pool, shelf)).toEqual({ onHand: 10, reserved: 3, moved: 10 });
      start();
      const order = await ended(orderId, 'CONFIRMED');
      expect(order.payments).toMatchObject([{ status: kind === 'cod' ? 'AUTHORIZED' : 'CAPTURED' }]);
      expect(await shelfFigures(database.pool, shelf)).toEqual({ onHand: 7, reserved: 0, moved: 7 });
      const { rows } = await database.pool.query(
        `select s.number, s.merchant_id as merchant, i.quantity from shipments s join shipment_items i on i.shipment_id = s.id
       where s.order_id = $1`,
        [orderId],
      );
      expect(rows).toEqual([{ number: 1, merchant: shelf.merchantId, quantity: 3 }]);
    },
  );

  it('that costs nothing asks nobody for money', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId } = await placeStoreOrder(database.pool, shelf, { priceMinor: 0 });
    start(async () => {
      throw new ProviderError('stripe', 'nobody should ask', { sent: true });
    });
    expect((await ended(orderId, 'CONFIRMED')).payments).toMatchObject([{ status: 'CAPTURED', provider: null }]);
  });

  it('whose units went back meanwhile is cancelled and refunded', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId, totalMinor } = await placeStoreOrder(database.pool, shelf);
    await withTransaction(database.pool, (client) => endReservations(client, [orderId], 'RELEASED'));
    start();
    const order = await ended(orderId, 'REFUNDED');
    expect(order.history.map(({ status, reason }) => `${status} ${reason}`)).toEqual([
      ...['PENDING ', 'CANCELLED expired', 'REFUND_PENDING the order was cancelled', 'REFUNDED refunded'],
    ]);
    expect(order.payments).toMatchObject([{ refundedMinor: totalMinor }]);
    expect(await shelfFigures(database.pool, shelf)).toMatchObject({ onHand: 100, reserved: 0 });
  });

  it('that is cancelled after all gets its money back', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId } = await placeStoreOrder(database.pool, shelf);
    start();
    await ended(orderId, 'CONFIRMED');
    await settled(orderId);
    await withTransaction(database.pool, async (client) => {
      await client.query(`update orders set status = 'CANCELLED' where id = $1`, [orderId]);
      await endPayments(client, [orderId]);
    });
    expect((await ended(orderId, 'REFUNDED')).payments).toMatchObject([{ status: 'CAPTURED', refundedMinor: 1_000 }]);
  });
});

describe('an order that is paid in cash', () => {
  it('is booked when it is delivered, and given back into a wallet', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId, shopperId } = await placeStoreOrder(database.pool, shelf, { kind: 'cod' });
    start();
    await ended(orderId, 'CONFIRMED');
    await settled(orderId);
    expect(await moneyLedger(database.pool, orderId)).toEqual([]);
    for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED']) {
      await database.pool.query('update orders set status = $2 where id = $1', [orderId, status]);
    }
    await eventually(async () => (await findOrder(database.pool, orderId))?.payments[0]?.status === 'CAPTURED', {
      withinMs,
    });
    const refund = { id: newId(), orderId, paymentId: orderId, amountMinor: 400, reason: 'a scratch' };
    expect(await withTransaction(database.pool, (client) => askRefund(client, refund, 10))).toMatchObject({ ok: true });
    await eventually(async () => (await findOrder(database.pool, orderId))?.payments[0]?.refundedMinor === 400, {
      withinMs,
    });
    const lines = await moneyLedger(database.pool, orderId);
    expect(lines.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
      ['cash', -1_000],
      ['sales', 1_000],
      ['sales', -400],
      ['wallet', 400],
    ]);
    expect(await walletBalances(database.pool, shopperId)).toEqual([{ currency: 'EUR', balanceMinor: 400 }]);
  });
});

describe('a declined order of the store', () => {
  it('waits for another card, with its units', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId } = await placeStoreOrder(database.pool, shelf, { token: 'pm_bad' });
    const again = newId();
    start(async (charge) =>
      charge.methodToken === 'pm_bad'
        ? { state: 'declined', ref: `pi_${charge.paymentId}`, reason: 'card_declined' }
        : await capture(charge),
    );
    await settled(orderId);
    const declined = await findOrder(database.pool, orderId);
    expect(declined).toMatchObject({ status: 'PENDING', payments: [{ status: 'FAILED' }] });
    expect(await shelfFigures(database.pool, shelf)).toMatchObject({ reserved: 1 });
    await database.pool.query(
      `insert into payments (order_id, id, currency, amount_minor, kind, method_token, due_at)
       values ($1, $2, 'EUR', 1000, 'card', 'pm_good', now())`,
      [orderId, again],
    );
    expect((await ended(orderId, 'CONFIRMED')).payments).toMatchObject([{ status: 'FAILED' }, { status: 'CAPTURED' }]);
  });

  it('that a webhook opens again after another way to pay was taken is a surplus, and refunded', async () => {
    const shelf = await stockShelf(database.pool);
    const { orderId } = await placeStoreOrder(database.pool, shelf, { kind: 'cod' });
    start();
    await ended(orderId, 'CONFIRMED');
    await settled(orderId);
    const late = newId();
    await database.pool.query(
      `insert into payments (order_id, id, currency, amount_minor, kind, method_token, provider, provider_ref)
       values ($1, $2, 'EUR', 1000, 'card', 'pm_late', 'stripe', $3)`,
      [orderId, late, `pi_${late}`],
    );
    // A second worker asked while the first one wrote; it comes to know that the money was taken.
    await database.pool.query(
      `update payments set status = 'SURPLUS', captured_at = now(), due_at = now() where id = $1`,
      [late],
    );
    await eventually(
      async () => {
        const order = await findOrder(database.pool, orderId);
        return order?.payments.find(({ id }) => id === late)?.refundedMinor === 1_000;
      },
      { withinMs },
    );
    expect((await findOrder(database.pool, orderId))?.status).toBe('CONFIRMED');
  });
});

describe('an order of the store in review', () => {
  it('keeps its units until it is decided', async () => {
    const shelf = await stockShelf(database.pool);
    const [good, bad] = [await placeStoreOrder(database.pool, shelf), await placeStoreOrder(database.pool, shelf)];
    for (const { orderId } of [good, bad]) {
      await database.pool.query(`update orders set status = 'REVIEW' where id = $1`, [orderId]);
      await database.pool.query(`insert into order_reviews (order_id, score, signals) values ($1, 55, '[]')`, [
        orderId,
      ]);
    }
    start();
    for (const { orderId } of [good, bad]) await settled(orderId);
    expect(await shelfFigures(database.pool, shelf)).toMatchObject({ onHand: 100, reserved: 2 });
    await decideReview(database.pool, { orderId: good.orderId, decision: 'approved', by: 'support test' });
    await decideReview(database.pool, { orderId: bad.orderId, decision: 'rejected', by: 'support test' });
    await ended(good.orderId, 'CONFIRMED');
    const rejected = await ended(bad.orderId, 'CANCELLED');
    expect(rejected.history.at(-1)).toMatchObject({ reason: 'rejected' });
    expect(await shelfFigures(database.pool, shelf)).toMatchObject({ onHand: 99, reserved: 0 });
  });
});
