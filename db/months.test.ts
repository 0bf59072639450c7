import { describe, expect, it } from 'vitest';
import { createIdSource } from '../contracts/ids.ts';
import { placeOrder } from '../test/db/place-order.ts';
import { useDatabase } from '../test/servers/database.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });

describe('the months', () => {
  const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7).replace('-', '_');
  const start = (year: number, month: number) => Date.UTC(year, month, 1);
  const now = new Date();
  const thisMonth = start(now.getUTCFullYear(), now.getUTCMonth());
  const nextMonth = start(now.getUTCFullYear(), now.getUTCMonth() + 1);
  const idAt = (ms: number) => createIdSource({ now: () => ms })();

  async function partitionOf(id: string): Promise<unknown> {
    const { rows } = await database.pool.query('select tableoid::regclass::text as name from orders where id = $1', [
      id,
    ]);
    return rows[0]?.name;
  }

  it.each([
    ['the first moment of this month', thisMonth],
    ['the last moment of this month', nextMonth - 1],
    ['the first moment of the next month', nextMonth],
    ['the last moment of the month before', thisMonth - 1],
    ['the same month a year ahead', start(now.getUTCFullYear() + 1, now.getUTCMonth())],
  ])('take in an order of %s where it belongs', async (_, ms) => {
    expect(await partitionOf(await placeOrder(database.pool, idAt(ms)))).toBe(`orders_${monthOf(ms)}`);
  });

  it('refuse an order of a time that is none, rather than keep it where nobody looks', async () => {
    await expect(placeOrder(database.pool, idAt(start(2100, 0)))).rejects.toMatchObject({ code: '23514' });
    await expect(placeOrder(database.pool, idAt(start(2001, 0)))).rejects.toMatchObject({ code: '23514' });
  });

  it('let an order, its items, its payments and its history be found in one partition each', async () => {
    const id = idAt(nextMonth);
    const sql = 'explain select from orders o join order_items i on i.order_id = o.id where o.id = $1';
    const { rows } = await database.pool.query<{ 'QUERY PLAN': string }>(sql, [id]);
    const touched = new Set(rows.flatMap((row) => row['QUERY PLAN'].match(/order(s|_items)_\d{4}_\d{2}/g) ?? []));
    expect([...touched].sort()).toEqual([`order_items_${monthOf(nextMonth)}`, `orders_${monthOf(nextMonth)}`]);
  });

  it('are made ahead once, also by two at the same time, while orders are written', async () => {
    const writing = await database.pool.connect();
    try {
      await writing.query('begin');
      await writing.query(
        `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at)
         values ($1, 'store', $1, 'USD', 1, 1, now())`,
        [newId()],
      );
      const make = `select make_month_partitions('2040-11-15', 3) as made`;
      const [one, other] = await Promise.all([database.pool.query(make), database.pool.query(make)]);
      expect([one.rows[0].made, other.rows[0].made].sort()).toEqual([0, 12]);
    } finally {
      await writing.query('rollback');
      writing.release();
    }
    expect(await partitionOf(await placeOrder(database.pool, idAt(start(2041, 0))))).toBe('orders_2041_01');
    await expect(placeOrder(database.pool, idAt(start(2041, 1)))).rejects.toMatchObject({ code: '23514' });
  });

  it('keep the rules of their parents', async () => {
    await database.pool.query(`select make_month_partitions('2050-01-01', 1)`);
    const id = await placeOrder(database.pool, idAt(start(2050, 0)));
    await expect(placeOrder(database.pool, id)).rejects.toMatchObject({ code: '23505' });
    await expect(database.pool.query(`update orders set status = 'SHIPPED' where id = $1`, [id])).rejects.toMatchObject(
      {
        code: 'ODS01',
      },
    );
    await expect(database.pool.query('update orders set total_minor = 1 where id = $1', [id])).rejects.toThrow(
      'total_adds_up',
    );
  });
});

describe('the months of orders', () => {
  it('leave room in each page for the steps that every order makes', async () => {
    await database.pool.query(`select make_month_partitions('2060-01-01', 1)`);
    const { rows } = await database.pool.query(
      `select count(*) filter (where reloptions = '{fillfactor=50}')::int as roomy, count(*)::int as months
       from pg_inherits join pg_class on oid = inhrelid where inhparent = 'orders'::regclass`,
    );
    expect(rows[0].roomy).toBe(rows[0].months);
  });
});
