import { describe, expect, it } from 'vitest';
import { postCaptures, postRefunds } from '../../db/queries/money-ledger.ts';
import { finishRefunds } from '../../db/queries/refunds.ts';
import { askRefund } from '../../db/queries/store-payments/ask-refund.ts';
import { systemClock } from '../../platform/clock.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { confirmOrder, openWarehouse, stockGoods } from '../../test/fixtures/confirmed-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { settle } from './settle.ts';

const database = useDatabase();
const settling = () => settle({ database: database.pool, clock: systemClock, log: silentLog });

/** Paid with a card, by the ledger too. */
async function sold(prices: readonly number[], merchants: readonly string[], shippingMinor = 0) {
  const warehouse = await openWarehouse(database.pool);
  const lines = await Promise.all(
    prices.map(async (unitPriceMinor, at) => {
      const merchantId = merchants[at] ?? newId();
      const goods = await stockGoods(database.pool, { merchantId, shelves: { [warehouse]: 5 } });
      return { ...goods, unitPriceMinor, from: { [warehouse]: 1 } };
    }),
  );
  const orderId = await confirmOrder(database.pool, { shopperId: newId(), lines, shippingMinor });
  await withTransaction(database.pool, (client) => postCaptures(client, [{ orderId, id: orderId }]));
  return orderId;
}

async function refund(orderId: string, amountMinor: number): Promise<string> {
  const id = newId();
  await withTransaction(database.pool, async (client) => {
    await askRefund(client, { id, orderId, paymentId: orderId, amountMinor, reason: 'test' }, 10);
    await finishRefunds(client, [{ id, orderId, ref: 're_1', failure: null }]);
    await postRefunds(client, [{ refundId: id, orderId }]);
  });
  return id;
}

async function linesOf(merchantId: string) {
  const { rows } = await database.pool.query(
    `select kind, amount_minor::int as amount, fee_minor::int as fee from settlements where merchant_id = $1 order by at, amount_minor desc`,
    [merchantId],
  );
  return rows;
}

describe('settling', () => {
  it('divides what was paid and what went back, and takes and gives back the fee', async () => {
    const [one, other] = [newId(), newId()];
    const orderId = await sold([300, 700], [one, other], 100);
    await settling();
    await refund(orderId, 550);
    await refund(orderId, 550);
    await settling();
    expect(await linesOf(one)).toEqual([
      { kind: 'payment', amount: 330, fee: 33 },
      { kind: 'refund', amount: -165, fee: -16 },
      { kind: 'refund', amount: -165, fee: -17 },
    ]);
    expect(await linesOf(other)).toMatchObject([{ amount: 770, fee: 77 }, { amount: -385 }, { amount: -385 }]);
  });

  it('takes the commission of the merchant at that time, and gives back that one', async () => {
    const merchantId = newId();
    await database.pool.query(`insert into users (id, role) values ($1, 'merchant')`, [merchantId]);
    await database.pool.query(
      `insert into commissions (merchant_id, basis_points, valid_from) values ($1, 250, now() - interval '1 day')`,
      [merchantId],
    );
    const orderId = await sold([10_000], [merchantId]);
    await settling();
    await database.pool.query(`insert into commissions (merchant_id, basis_points, valid_from) values ($1, 0, now())`, [
      merchantId,
    ]);
    await refund(orderId, 10_000);
    await settling();
    expect(await linesOf(merchantId)).toEqual([
      { kind: 'payment', amount: 10_000, fee: 250 },
      { kind: 'refund', amount: -10_000, fee: -250 },
    ]);
  });

  it('is done once, whoever does it how often, and finds what was committed late', async () => {
    const merchantId = newId();
    await sold([1_000], [merchantId]);
    const late = await database.pool.connect();
    try {
      await late.query('begin');
      await late.query('select now()');
      const orderId = await sold([2_000], [merchantId]);
      await Promise.all([settling(), settling(), settling()]);
      expect(await linesOf(merchantId)).toHaveLength(2);
      const refundId = newId();
      await askRefund(late, { id: refundId, orderId, paymentId: orderId, amountMinor: 500, reason: 'late' }, 10);
      await finishRefunds(late, [{ id: refundId, orderId, ref: 're_2', failure: null }]);
      await postRefunds(late, [{ refundId, orderId }]);
      await settling();
      await late.query('commit');
    } finally {
      late.release();
    }
    await settling();
    await settling();
    expect((await linesOf(merchantId)).map(({ amount }) => amount).toSorted((a, b) => a - b)).toEqual([
      -500, 1_000, 2_000,
    ]);
  });

  it('takes from nobody what another refund took, whichever transaction began first', async () => {
    const [one, other] = [newId(), newId()];
    const orderId = await sold([500, 500], [one, other]);
    await settling();
    const ask = async (amountMinor: number) => {
      const id = newId();
      const asked = { id, orderId, paymentId: orderId, amountMinor, reason: 'test' };
      await withTransaction(database.pool, (client) => askRefund(client, asked, 10));
      return id;
    };
    const [back, rest] = [await ask(500), await ask(500)];
    // What came back is the first line's.
    const { rows } = await database.pool.query<{ id: string }>(
      `insert into returns (id, order_id, merchant_id, reason, refund_id, refund_minor) values ($1, $2, $3, 'test', $4, 500) returning id`,
      [newId(), orderId, one, back],
    );
    await database.pool.query(
      `insert into return_items (return_id, line, sku, quantity, amount_minor)
       select $1, line, sku, 1, 500 from order_items where order_id = $2 and line = 1`,
      [rows[0]?.id, orderId],
    );
    const early = await database.pool.connect();
    const finish = async (client: DatabaseClient, id: string) => {
      await finishRefunds(client, [{ id, orderId, ref: 're', failure: null }]);
      await postRefunds(client, [{ refundId: id, orderId }]);
    };
    try {
      await early.query('begin');
      await early.query('select now()');
      await withTransaction(database.pool, (client) => finish(client, rest));
      await settling();
      await finish(early, back);
      await early.query('commit');
    } finally {
      early.release();
    }
    await settling();
    const left = async (merchantId: string) => (await linesOf(merchantId)).reduce((sum, { amount }) => sum + amount, 0);
    expect([await left(one), await left(other)]).toEqual([0, 0]);
  });

  it('owes an order to its merchants once, however often it was paid', async () => {
    const merchantId = newId();
    const orderId = await sold([1_000], [merchantId]);
    const again = newId();
    await database.pool.query(
      `insert into payments (order_id, id, kind, status, currency, amount_minor, captured_at, provider)
       select order_id, $2, kind, 'SURPLUS', currency, amount_minor, now(), provider from payments where order_id = $1`,
      [orderId, again],
    );
    await withTransaction(database.pool, (client) => postCaptures(client, [{ orderId, id: again }]));
    await settling();
    expect(await linesOf(merchantId)).toEqual([{ kind: 'payment', amount: 1_000, fee: 100 }]);
    const id = newId();
    await withTransaction(database.pool, async (client) => {
      await askRefund(client, { id, orderId, paymentId: again, amountMinor: 1_000, reason: 'paid twice' }, 10);
      await finishRefunds(client, [{ id, orderId, ref: 're', failure: null }]);
      await postRefunds(client, [{ refundId: id, orderId }]);
    });
    await settling();
    expect(await linesOf(merchantId)).toHaveLength(1);
  });

  it('misses nothing because a clock was ahead', async () => {
    const ahead = { now: () => systemClock.now() + 365 * 24 * 3_600_000 };
    await settle({ database: database.pool, clock: ahead, log: silentLog });
    const merchantId = newId();
    await sold([1_000], [merchantId]);
    await settling();
    expect(await linesOf(merchantId)).toHaveLength(1);
  });

  it('leaves nothing of the ledger out', async () => {
    await settling();
    const { rows } = await database.pool.query(
      `select t.id from ledger_transfers t
       join ledger_entries e on e.transfer_id = t.id join ledger_accounts a on a.id = e.account_id and a.kind = 'sales'
       left join lateral (select sum(amount_minor) as amount from settlements s where s.transfer_id = t.id) s on true
       where t.kind in ('payment', 'refund') and s.amount is distinct from e.amount_minor`,
    );
    expect(rows).toEqual([]);
  });

  it('never changes what it wrote', async () => {
    await sold([1_000], []);
    await settling();
    for (const change of ['update settlements set fee_minor = 0 where fee_minor > 0', 'delete from settlements']) {
      await expect(database.pool.query(change)).rejects.toMatchObject({ code: 'ODJ01' });
    }
    await expect(database.pool.query('delete from commissions')).rejects.toMatchObject({ code: 'ODJ01' });
  });
});
