import { expect, it } from 'vitest';
import { createIdSource, formatUuidV7 } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useReconciling } from '../../test/fixtures/reconciling.ts';
import { createReconciler } from './reconciler.ts';

const reconciling = useReconciling();
const { reconcile, findsNothing } = reconciling;

it('finds nothing in a sale that is well, nor in what is under way', async () => {
  await reconciling.sale.sold();
  await reconciling.sale.waiting();
  await reconciling.sale.declined();
  await findsNothing();
  const paid = await reconciling.sale.waiting();
  await reconciling.sale.captured(paid);
  await reconciling.sale.claim();
  expect(await reconcile({ clock: systemClock })).toEqual([]);
});

it('goes through more orders than fit one page, and only those of its window', async () => {
  const old = formatUuidV7(Date.now() - 3 * 24 * 3_600_000, crypto.getRandomValues(new Uint8Array(10)));
  const made = { claimId: old, shopperId: newId() };
  await reconciling.sale.order(made, { holdMs: 1 });
  await reconciling.sale.query(
    `with made as (
       insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at, hold_until)
       select uuidv7(), 'drop', $1, 'eu', uuidv7(), 'EUR', 1, 1, now(), now() from generate_series(1, 2100) returning id
     )
     insert into payments (order_id, id, currency, amount_minor) select id, id, 'EUR', 1 from made`,
    [reconciling.sale.drop.id],
  );
  const told = await reconcile();
  expect(told).toHaveLength(2_100);
  expect(told.every(({ kind, mended }) => kind === 'order-without-hold' && mended)).toBe(true);
  await findsNothing();
  expect(await reconcile({ windowMs: 7 * 24 * 3_600_000, dryRun: true })).toMatchObject([{ id: old }]);
});

it('goes on behind a page that cannot be mended', async () => {
  await reconciling.sale.query(
    `with made as (
       insert into orders (id, source, drop_id, region, shopper_id, currency, items_minor, total_minor, placed_at, hold_until)
       select uuidv7(), 'drop', $1, 'eu', uuidv7(), 'EUR', 1, 1, now(), now() from generate_series(1, $2) returning id
     )
     insert into payments (order_id, id, currency, amount_minor) select id, id, 'EUR', 1 from made`,
    [reconciling.sale.drop.id, LIMITS.ordersBatch + 10],
  );
  const reconciler = createReconciler();
  const broken = () => {
    throw new Error('not this page');
  };
  const all = { ...reconciling.everywhere(), dropId: reconciling.sale.drop.id };
  await expect(reconciler.orders({ ...all, nextId: broken })).rejects.toThrow('not this page');
  const { told } = await reconciler.orders({ ...all, nextId: createIdSource(systemClock) });
  expect(told).toHaveLength(10);
});
