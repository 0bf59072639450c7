import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../contracts/events/codec.ts';
import { useReconciling } from '../../../test/fixtures/reconciling.ts';

const reconciling = useReconciling();
const { reconcile, findsAndMends, findsNothing, statusOf, payment, refundsOf, holdOf } = reconciling;

describe('captured-unconfirmed', () => {
  it('wakes the payment of a paid order that waits', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await findsAndMends('captured-unconfirmed', id);
    expect(await payment(id)).toMatchObject({ due: true, status: 'CAPTURED' });
    await findsNothing();
  });

  it('knows cash on delivery, and leaves an open review alone', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.query(`update payments set status = 'AUTHORIZED', kind = 'cod' where id = $1`, [id]);
    await reconciling.sale.step(id, 'REVIEW');
    await reconciling.sale.query(`insert into order_reviews (order_id, score, signals) values ($1, 50, '[]')`, [id]);
    await findsNothing();
    await reconciling.sale.query(
      `update order_reviews set decision = 'approved', decided_by = 'x', decided_at = now() where order_id = $1`,
      [id],
    );
    await findsAndMends('captured-unconfirmed', id);
    await findsNothing();
  });
});

describe('confirmed-not-sold', () => {
  it('sells what is only held', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await reconciling.sale.step(id, 'CONFIRMED');
    await findsAndMends('confirmed-not-sold', id);
    expect(await holdOf(id)).toMatchObject({ state: 'sold' });
    await findsNothing();
  });

  it('cancels and refunds what was released, once', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await reconciling.sale.release(id);
    await reconciling.sale.step(id, 'CONFIRMED');
    await findsAndMends('confirmed-not-sold', id);
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(await refundsOf(id)).toMatchObject([
      { amount_minor: String(reconciling.sale.priceMinor), status: 'PENDING', due: true },
    ]);
    expect(await payment(id)).toMatchObject({ due: true });
    const { rows } = await reconciling.sale.query(
      `select payload from outbox where topic = 'order.status' and key = $1`,
      [id],
    );
    expect(rows.map(({ payload }) => decodeEvent('order.status', payload).ok)).toEqual([true]);
    await findsNothing();
    expect(await refundsOf(id)).toHaveLength(1);
  });

  it('tells of goods that are on their way', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await reconciling.sale.release(id);
    await reconciling.sale.step(id, 'CONFIRMED');
    await reconciling.sale.step(id, 'PROCESSING');
    expect(await reconcile()).toMatchObject([
      { kind: 'confirmed-not-sold', id, mended: false, advice: expect.any(String) },
    ]);
    expect(await statusOf(id)).toBe('PROCESSING');
  });
});

describe('sold-not-confirmed', () => {
  it('wakes the payment of an order whose units are sold', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await reconciling.sale.confirm(id);
    await findsAndMends('sold-not-confirmed', id);
    expect(await payment(id)).toMatchObject({ due: true });
    await findsNothing();
  });

  it('tells of units that are sold to nobody, but not of a sale that was called off later', async () => {
    const calledOff = await reconciling.sale.sold();
    await reconciling.sale.step(calledOff, 'CANCELLED');
    await reconciling.sale.query('update payments set refunded_minor = amount_minor where id = $1', [calledOff]);
    const id = await reconciling.sale.waiting();
    await reconciling.sale.confirm(id);
    await reconciling.sale.step(id, 'CANCELLED');
    expect(await reconcile()).toMatchObject([
      { kind: 'sold-not-confirmed', id, mended: false, advice: expect.any(String) },
    ]);
  });
});
