import { describe, expect, it } from 'vitest';
import { newId } from '../../../test/fixtures/drop.ts';
import { useReconciling } from '../../../test/fixtures/reconciling.ts';
import { reconcileAll } from '../reconciler.ts';

const reconciling = useReconciling();
const { reconcile, findsAndMends, findsNothing, payment, refundsOf } = reconciling;

describe('payment-stuck', () => {
  it('wakes a payment whose provider was asked, also when its order is over', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.query(`update payments set kind = 'card', provider = 'stripe' where id = $1`, [id]);
    await findsAndMends('payment-stuck', id);
    expect(await payment(id)).toMatchObject({ due: true });
    await findsNothing();
    await reconciling.sale.query('update payments set due_at = null where id = $1', [id]);
    await reconciling.sale.release(id);
    await reconciling.sale.step(id, 'CANCELLED');
    await findsAndMends('payment-stuck', id);
  });

  it('tells of payments that are due for hours', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.query(
      `update payments set kind = 'card', due_at = now() - interval '1 hour' where id = $1`,
      [id],
    );
    expect(await reconcile()).toMatchObject([{ kind: 'payment-stuck', id, mended: false, advice: expect.any(String) }]);
  });
});

describe('provider-only', () => {
  it('writes down where the money is, and wakes the payment', async () => {
    const id = await reconciling.sale.waiting();
    const ref = reconciling.provider.capture({ orderId: id, amountMinor: reconciling.sale.priceMinor });
    await findsAndMends('provider-only', id);
    expect(await payment(id)).toMatchObject({ due: true, provider: 'stripe', provider_ref: ref });
    await findsNothing();
  });

  it('tells of money for nothing', async () => {
    const declined = await reconciling.sale.declined();
    reconciling.provider.capture({ orderId: declined, amountMinor: reconciling.sale.priceMinor });
    const nobody = newId();
    reconciling.provider.capture({ orderId: nobody, amountMinor: reconciling.sale.priceMinor });
    const told = await reconcile();
    expect(told.filter(({ id }) => id === declined)).toMatchObject([{ kind: 'provider-only', mended: false }]);
    const everywhere = await reconcileAll({ ...reconciling.everywhere(), dryRun: true });
    expect(everywhere.told.filter(({ id }) => id === nobody)).toMatchObject([
      { kind: 'provider-only', advice: expect.stringContaining('refund') },
    ]);
  });

  it('tells of a payment that two charges were taken for', async () => {
    const id = await reconciling.sale.waiting();
    const ref = reconciling.provider.capture({ orderId: id, amountMinor: reconciling.sale.priceMinor });
    await reconciling.sale.captured(id, 'stripe', ref);
    await reconciling.sale.confirm(id);
    await reconciling.sale.step(id, 'CONFIRMED');
    await findsNothing();
    const second = reconciling.provider.capture({ orderId: id, amountMinor: reconciling.sale.priceMinor });
    expect(await reconcile()).toMatchObject([
      { kind: 'provider-only', id, mended: false, advice: expect.stringContaining(second) },
    ]);
  });
});

describe('refund-stuck', () => {
  it('wakes a refund that nobody makes', async () => {
    const id = await reconciling.sale.declined();
    const refundId = newId();
    await reconciling.sale.query(
      `insert into refunds (id, order_id, payment_id, amount_minor, reason, due_at) values ($1, $2, $2, 1, 'x', null)`,
      [refundId, id],
    );
    await findsAndMends('refund-stuck', refundId);
    await findsNothing();
  });

  it('opens the refund of a cancelled order that was paid, and tells when the provider refuses it', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.captured(id);
    await reconciling.sale.release(id);
    await reconciling.sale.step(id, 'CANCELLED');
    await findsAndMends('refund-stuck', id);
    expect(await refundsOf(id)).toMatchObject([{ amount_minor: String(reconciling.sale.priceMinor), due: true }]);
    await findsNothing();
    await reconciling.sale.query(`update refunds set status = 'REFUSED', due_at = null where order_id = $1`, [id]);
    expect(await reconcile()).toMatchObject([{ kind: 'refund-stuck', id, mended: false, advice: expect.any(String) }]);
  });
});
