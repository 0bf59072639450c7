import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../contracts/events/codec.ts';
import { newId } from '../../../test/fixtures/drop.ts';
import { useReconciling } from '../../../test/fixtures/reconciling.ts';

const reconciling = useReconciling();
const { core, reconcile, findsAndMends, findsNothing, statusOf, reasonOf, refundsOf } = reconciling;

describe('hold-without-order', () => {
  it('publishes the claim again, under its own key', async () => {
    const shopperId = newId();
    const first = await reconciling.sale.claim({ shopperId, key: 'first-key' });
    const second = await reconciling.sale.claim({ shopperId, key: 'second-key' });
    await reconciling.sale.order(first);
    await findsAndMends('hold-without-order', second.claimId);
    const message = await reconciling.won.withKey(second.claimId);
    const decoded = decodeEvent('claims.won', message.value);
    expect(decoded).toMatchObject({
      ok: true,
      event: {
        v: 2,
        data: {
          claimId: second.claimId,
          shopperId,
          key: 'second-key',
          dropId: reconciling.sale.drop.id,
          unitPrice: reconciling.sale.priceMinor,
        },
      },
    });
    // As the orders worker does, once it has read it.
    await reconciling.sale.order(second);
    await findsNothing();
  });

  it('knows the first key of a shopper, and names one whose key is lost', async () => {
    const first = await reconciling.sale.claim({ key: 'a-first-key' });
    const keyless = await reconciling.sale.claim();
    await core.shards.home.redis.hdel(core.keys.stock(reconciling.sale.drop.id, 'eu').taken, keyless.shopperId);
    expect(await reconcile()).toHaveLength(2);
    const keys = await Promise.all(
      [first, keyless].map(async ({ claimId }) => {
        const decoded = decodeEvent('claims.won', (await reconciling.won.withKey(claimId)).value);
        return decoded.ok ? decoded.event.data.key : undefined;
      }),
    );
    expect(keys).toEqual(['a-first-key', `recovered:${keyless.claimId}`]);
  });

  it('leaves alone what is in an outbox that is not relayed', async () => {
    const { claimId } = await reconciling.sale.claim();
    const { outbox } = core.keys.stock(reconciling.sale.drop.id, 'eu');
    const id = await core.shards.home.redis.xadd(outbox, '*', 'won', claimId);
    await findsNothing();
    await core.shards.home.redis.xdel(outbox, id ?? '');
    expect(await reconcile({ dryRun: true })).toHaveLength(1);
  });

  it('makes an order of a claim whose hold has ended, and then cancels it', async () => {
    const made = await reconciling.sale.claim({ holdMs: 1 });
    await reconciling.sale.release(made.claimId);
    await findsAndMends('hold-without-order', made.claimId);
    await reconciling.sale.order(made, { holdMs: 1 });
    await findsAndMends('order-without-hold', made.claimId);
    expect([await statusOf(made.claimId), await reasonOf(made.claimId)]).toEqual(['CANCELLED', 'declined']);
    await findsNothing();
  });
});

describe('order-without-hold', () => {
  it('cancels an order whose hold nobody knows, and wakes what could still be paid', async () => {
    const made = { claimId: newId(), shopperId: newId() };
    await reconciling.sale.order(made, { kind: 'card', holdMs: 1 });
    // Looked at before a payment counts as forgotten: the order is what is wrong.
    await reconciling.sale.query(`update payments set kind = null where id = $1`, [made.claimId]);
    await findsAndMends('order-without-hold', made.claimId);
    expect([await statusOf(made.claimId), await reasonOf(made.claimId)]).toEqual(['CANCELLED', 'expired']);
    await findsNothing();
  });

  it('says nothing of a region that has lost its data', async () => {
    const id = await reconciling.sale.waiting();
    await reconciling.sale.query(`update orders set hold_until = now() where id = $1`, [id]);
    await core.shards.home.redis.del(Object.values(core.keys.stock(reconciling.sale.drop.id, 'eu')));
    await findsNothing();
  });
});

it('gives the money of an order back whose hold nobody knows, though its payment is tried again and again', async () => {
  const id = newId();
  await reconciling.sale.order({ claimId: id, shopperId: newId() }, { kind: 'card', holdMs: 1 });
  await reconciling.sale.captured(id, 'stripe', `pi_${id}`);
  const { rows } = await reconciling.sale.query(
    `update payments set due_at = now() + interval '2 hours', updated_at = now() + interval '2 hours' where order_id = $1 returning 1`,
    [id],
  );
  expect(rows).toHaveLength(1);
  expect(await reconcile()).toMatchObject([{ kind: 'order-without-hold', id, mended: true }]);
  expect(await statusOf(id)).toBe('CANCELLED');
  expect(await refundsOf(id)).toMatchObject([{ amount_minor: String(reconciling.sale.priceMinor), due: true }]);
});
