import { describe, expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { LIFETIMES } from '../../contracts/limits.ts';
import { isNoticeTemplate } from '../../contracts/notices.ts';
import { writeCart } from '../../db/queries/carts.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { areValuesOf, renderNotice } from '../notify/render.ts';
import { deleteExpired, tellAbandoned } from './carts.ts';

const database = useDatabase();
let nowMs = Date.now();
const clock = { now: () => nowMs };
const options = () => ({ database: database.pool, clock, nextId: createIdSource(clock) });
const HOUR = 3_600_000;

async function leaveCart(given: {
  agoMs: number;
  items?: number;
  version?: number;
  userId?: string;
  email?: string | null;
}) {
  const userId = given.userId ?? newId();
  const { sku } = await sell(database.pool, { title: 'Red shoe' });
  const { items = 2, version = 1, email = `${userId}@people.example` } = given;
  await database.pool.query('insert into users (id, email) values ($1, $2) on conflict do nothing', [userId, email]);
  await writeCart(database.pool, {
    ...{ userId, expected: version - 1, version, body: '{}', lineCount: items, firstSku: items === 0 ? null : sku },
    updatedAtMs: nowMs - given.agoMs,
  });
  return userId;
}

async function told(userId: string) {
  const { rows } = await database.pool.query<{ payload: string }>('select payload from outbox where key = $1', [
    userId,
  ]);
  return rows.map(({ payload }) => JSON.parse(payload).data);
}

describe('a cart that was left', () => {
  it('is reminded of once, and again only after it was changed and left for long', async () => {
    const userId = await leaveCart({ agoMs: LIFETIMES.cartAbandonedMs + HOUR });
    await Promise.all([tellAbandoned(options()), tellAbandoned(options())]);
    await tellAbandoned(options());
    const [notice, ...more] = await told(userId);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ template: 'cart-abandoned', values: { title: 'Red shoe', items: 2 } });
    expect(isNoticeTemplate(notice.template) && areValuesOf('cart-abandoned', notice.values)).toBe(true);

    nowMs += 2 * LIFETIMES.cartAbandonedMs;
    await leaveCart({ userId, version: 2, agoMs: LIFETIMES.cartAbandonedMs + HOUR });
    await tellAbandoned(options());
    expect(await told(userId)).toHaveLength(1);
    nowMs += LIFETIMES.cartRemindAgainMs;
    await tellAbandoned(options());
    expect(await told(userId)).toHaveLength(2);
  });

  it('is no reason to write when it is fresh, empty, or of nobody who has an address', async () => {
    const people = [
      await leaveCart({ agoMs: LIFETIMES.cartAbandonedMs - HOUR }),
      await leaveCart({ agoMs: 2 * LIFETIMES.cartAbandonedMs, items: 0 }),
      await leaveCart({ agoMs: 2 * LIFETIMES.cartAbandonedMs, email: null }),
    ];
    await tellAbandoned(options());
    for (const userId of people) expect(await told(userId)).toEqual([]);
  });

  it.each([
    ['en', 'Still in your cart: Red shoe', 'And others: 2'],
    ['de-AT', 'Noch in Ihrem Warenkorb: Red shoe', 'Und weitere: 2'],
  ])('is told of in %s', (language, subject, others) => {
    const mail = renderNotice('cart-abandoned', { title: 'Red shoe', items: 3 }, { name: 'Ada', language });
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(others);
  });

  it('is deleted after its time, a bounded number at once', async () => {
    for (let count = 0; count < 3; count += 1) await leaveCart({ agoMs: LIFETIMES.cartMs + HOUR });
    const kept = await leaveCart({ agoMs: LIFETIMES.cartMs - HOUR });
    expect(await deleteExpired({ ...options(), limit: 2 })).toBe(2);
    await deleteExpired(options());
    const { rows } = await database.pool.query(
      `select user_id from carts where updated_at < to_timestamp($1::float8 / 1000)`,
      [nowMs - LIFETIMES.cartMs],
    );
    expect(rows).toEqual([]);
    expect((await database.pool.query('select from carts where user_id = $1', [kept])).rowCount).toBe(1);
  });
});
