import { describe, expect, it } from 'vitest';
import { encodeEvent } from '../../contracts/events/codec.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { received, wonEvent } from '../../test/fixtures/events.ts';
import { useOrdersIntake } from '../../test/fixtures/orders-intake.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';

const database = useDatabase();
const intake = useOrdersIntake(database, useKafka(), 'claims.released');
const { write, counts } = intake;

type Reason = 'expired' | 'declined' | 'cancelled';

function release(claimId: string, reason: Reason = 'expired', shopperId = newId()) {
  const text = encodeEvent({
    type: 'claims.released',
    v: 1,
    id: claimId,
    at: Date.now(),
    data: { claimId, dropId: newId(), region: 'eu', shopperId, sku: 'SNEAKER-42', quantity: 2, reason },
  });
  return received(claimId, text, 'claims.released');
}

async function placed(shopperId = newId(), payment: string | null = null): Promise<string> {
  const { claimId, text } = wonEvent({ shopperId, payment });
  await write([received(claimId, text)]);
  return claimId;
}

async function account(given: { email?: string; flag?: string } = {}): Promise<string> {
  const id = newId();
  await database.pool.query('insert into users (id, email) values ($1, $2)', [id, given.email ?? null]);
  if (given.flag !== undefined)
    await database.pool.query('insert into risk_flags (user_id, flag) values ($1, $2)', [id, given.flag]);
  return id;
}

async function wallet(userId: string): Promise<string> {
  const id = newId();
  await database.pool.query(`insert into payment_methods (id, user_id, kind) values ($1, $2, 'wallet')`, [id, userId]);
  return id;
}

async function paymentOf(orderId: string) {
  const { rows } = await database.pool.query(
    'select status, due_at <= now() as due from payments where order_id = $1',
    [orderId],
  );
  return rows[0];
}

async function noticesOf(userId: string) {
  const { rows } = await database.pool.query<{ payload: string }>(
    `select payload from outbox where topic = 'notification.email' and key = $1`,
    [userId],
  );
  return rows.map(({ payload }) => JSON.parse(payload).data);
}

const statusOf = async (id: string) => (await findOrder(database.pool, id))?.status;

describe('a hold that ends without a sale', () => {
  it.each<Reason>(['expired', 'declined', 'cancelled'])('ends its order: %s', async (reason) => {
    const id = await placed();
    const message = release(id, reason);
    await intake.release([message, message]);
    await intake.release([message]);
    const order = await findOrder(database.pool, id);
    expect(order?.history.map((step) => [step.status, step.reason])).toEqual([
      ['PENDING', 'claimed'],
      ['CANCELLED', reason],
    ]);
    // Nobody had begun it.
    expect(await paymentOf(id)).toEqual({ status: 'CANCELLED', due: null });
    const { rows } = await database.pool.query(`select payload from outbox where topic = 'order.status' and key = $1`, [
      id,
    ]);
    expect(rows).toHaveLength(1);
    expect(JSON.parse(rows[0].payload).data).toMatchObject({ from: 'PENDING', to: 'CANCELLED', reason });
    expect(counts).toMatchObject({ cancelled: 1, early: 0 });
  });

  it('has its payment looked at where the shopper has said how to pay', async () => {
    const shopperId = await account();
    const [open, paid] = await Promise.all([placed(shopperId, await wallet(shopperId)), placed(shopperId)]);
    await database.pool.query('update payments set due_at = null where order_id = $1', [open]);
    await database.pool.query(
      `update payments set status = 'CAPTURED', kind = 'wallet', captured_at = now() where order_id = $1`,
      [paid],
    );
    await intake.release([release(open), release(paid)]);
    expect(await paymentOf(open)).toEqual({ status: 'PENDING', due: true });
    // What was taken is to be refunded.
    expect(await paymentOf(paid)).toEqual({ status: 'CAPTURED', due: true });
  });

  it('ends an order in review, and leaves one that was sold', async () => {
    const suspicious = await account({ flag: 'suspicious-device' });
    const [inReview, sold] = await Promise.all([placed(suspicious), placed()]);
    expect(await statusOf(inReview)).toBe('REVIEW');
    await database.pool.query(`update orders set status = 'CONFIRMED' where id = $1`, [sold]);
    await intake.release([release(inReview), release(sold)]);
    expect(await statusOf(inReview)).toBe('CANCELLED');
    expect(await statusOf(sold)).toBe('CONFIRMED');
    expect(counts).toMatchObject({ cancelled: 1, early: 0 });
  });

  it('is counted when its order is not there yet, which is then written as it was claimed', async () => {
    const { claimId, text } = wonEvent();
    await intake.release([release(claimId)]);
    expect(counts).toMatchObject({ cancelled: 0, early: 1 });
    await write([received(claimId, text)]);
    expect(await statusOf(claimId)).toBe('PENDING');
  });

  it('is told to who did not pay in time and has an address, once', async () => {
    const [known, nameless] = [await account({ email: `${newId()}@example.test` }), await account()];
    const [late, declined, silent] = await Promise.all([placed(known), placed(known), placed(nameless)]);
    const messages = [
      release(late, 'expired', known),
      release(declined, 'declined', known),
      release(silent, 'expired', nameless),
    ];
    await intake.release(messages);
    await intake.release(messages);
    const values = { orderId: late, title: 'Sneaker 42', quantity: 2 };
    expect(await noticesOf(known)).toEqual([{ userId: known, template: 'hold-expired', values }]);
    expect(await noticesOf(nameless)).toEqual([]);
  });

  it('is set aside when it cannot be read, and the rest goes on', async () => {
    const [junk, id] = [newId(), await placed()];
    await intake.release([received(junk, '{"type":"claims.released","v":9}', 'claims.released'), release(id)]);
    expect((await intake.dead.withKey(junk)).headers).toMatchObject({ problem: 'UNKNOWN_VERSION' });
    expect(await statusOf(id)).toBe('CANCELLED');
    expect(counts).toMatchObject({ cancelled: 1, dead: 1 });
  });
});
