import { describe, expect, it } from 'vitest';
import { createIdSource } from '../contracts/ids.ts';
import { placeOrder } from '../test/db/place-order.ts';
import { useDatabase } from '../test/servers/database.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });

describe('the payments of an order', () => {
  const pay = (orderId: string, status: string, ref: string | null = null, id = newId()) =>
    database.pool.query(
      `insert into payments (order_id, id, status, provider, provider_ref, currency, amount_minor, captured_at)
       values ($1, $2, $3::payment_status, 'stripe', $4, 'USD', 100, case when $3::payment_status in ('CAPTURED', 'SURPLUS') then now() end)`,
      [orderId, id, status, ref],
    );

  it('are captured at most once; a second capture can be told as what it is', async () => {
    const id = await placeOrder(database.pool);
    await pay(id, 'FAILED');
    await pay(id, 'CAPTURED');
    await expect(pay(id, 'CAPTURED')).rejects.toMatchObject({ code: '23505' });
    await pay(id, 'PENDING');
    await expect(
      database.pool.query(
        `update payments set status = 'CAPTURED', captured_at = now() where order_id = $1 and status = 'PENDING'`,
        [id],
      ),
    ).rejects.toMatchObject({ code: '23505' });
    await pay(id, 'SURPLUS');
  });

  it('are captured at most once when two workers do it at the same time', async () => {
    const id = await placeOrder(database.pool);
    const ends = await Promise.allSettled([pay(id, 'CAPTURED'), pay(id, 'CAPTURED'), pay(id, 'CAPTURED')]);
    expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
  });

  it('never give back more than they took', async () => {
    const id = await placeOrder(database.pool);
    await pay(id, 'CAPTURED');
    const refund = (minor: number) =>
      database.pool.query('update payments set refunded_minor = refunded_minor + $2 where order_id = $1', [id, minor]);
    await refund(60);
    await expect(refund(41)).rejects.toThrow('refunds_stay_within');
    await refund(40);
    const other = await placeOrder(database.pool);
    await pay(other, 'PENDING');
    await expect(
      database.pool.query('update payments set refunded_minor = 1 where order_id = $1', [other]),
    ).rejects.toThrow('only_what_was_taken_is_refunded');
  });

  it('have each reference of a provider once, over all orders', async () => {
    const [one, other] = [await placeOrder(database.pool), await placeOrder(database.pool)];
    await pay(one, 'AUTHORIZED', 'pi_1');
    await expect(pay(other, 'AUTHORIZED', 'pi_1')).rejects.toThrow('provider_refs_pkey');
    await pay(other, 'AUTHORIZED');
    const name = (ref: string) =>
      database.pool.query('update payments set provider_ref = $2 where order_id = $1', [other, ref]);
    await expect(name('pi_1')).rejects.toThrow('provider_refs_pkey');
    await name('pi_2');
    await name('pi_2');
    const { rows } = await database.pool.query(`select order_id from provider_refs where provider_ref = 'pi_2'`);
    expect(rows).toEqual([{ order_id: other }]);
  });
});
