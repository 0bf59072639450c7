import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../contracts/events/codec.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { addReminder, removeReminder } from '../../db/queries/drop-reminders.ts';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import { makeMerchant } from '../../test/db/make-merchant.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { pruneNotices, tellReminders } from './reminders.ts';

const database = useDatabase();
const NOW = Date.UTC(2026, 4, 3, 12);
const HOUR = 3_600_000;

async function makeDrop(lobbyInMs: number, state: 'scheduled' | 'paused' = 'scheduled'): Promise<string> {
  const { merchantId, skus } = await makeMerchant(database.pool);
  const drop = liveDrop(NOW, {
    skus: [{ sku: skus[0], title: 'One', price: 100, allocation: { eu: 1 } }],
    currency: 'USD',
    state,
    lobbyOpensAt: NOW + lobbyInMs,
    startsAt: NOW + lobbyInMs + HOUR,
    endsAt: NOW + lobbyInMs + 2 * HOUR,
  });
  await insertDrop(database.pool, { ...drop, merchantId });
  return drop.id;
}

async function makeUser(): Promise<string> {
  const userId = newId();
  await database.pool.query('insert into users (id, email) values ($1, $2)', [userId, `${userId}@example.test`]);
  return userId;
}

async function told(dropId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ payload: string }>('select payload from outbox order by position');
  return rows.flatMap(({ payload }) => {
    const decoded = decodeEvent('notification.email', payload);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { template, values, userId } = decoded.event.data;
    return template === 'drop-reminder' && values['dropId'] === dropId ? [userId] : [];
  });
}

describe('reminders', () => {
  it('are told once, however many schedulers look at the same time', async () => {
    const dropId = await makeDrop(LIMITS.reminderAheadMs - 1);
    const users = await Promise.all(Array.from({ length: 40 }, makeUser));
    for (const userId of users) await addReminder(database.pool, dropId, userId);
    for (const userId of users) await addReminder(database.pool, dropId, userId);
    const tell = () => tellReminders(database.pool, { nowMs: NOW, nextId: newId, limit: 7 });
    const scheduler = async () => {
      let count = 0;
      for (let turn = 0; turn < 20; turn += 1) count += await tell();
      return count;
    };
    const counts = await Promise.all([scheduler(), scheduler(), scheduler()]);
    expect(counts.reduce((a, b) => a + b)).toBe(users.length);
    expect((await told(dropId)).toSorted()).toEqual(users.toSorted());
    const [row] = (await database.pool.query('select count(*)::int as open from drop_reminders where told_at is null'))
      .rows;
    expect(row).toEqual({ open: 0 });
  });

  it('are told of drops that are near and not over, to who still wants it', async () => {
    const [far, near, open, over, paused] = await Promise.all([
      makeDrop(LIMITS.reminderAheadMs + 1),
      makeDrop(LIMITS.reminderAheadMs),
      makeDrop(-HOUR / 2),
      makeDrop(-2 * HOUR),
      makeDrop(1, 'paused'),
    ]);
    const [userId, another] = await Promise.all([makeUser(), makeUser()]);
    for (const dropId of [far, near, open, over, paused]) await addReminder(database.pool, dropId, userId);
    await addReminder(database.pool, near, another);
    await removeReminder(database.pool, near, another);
    expect(await tellReminders(database.pool, { nowMs: NOW, nextId: newId })).toBe(2);
    expect(await Promise.all([far, near, open, over, paused].map(told))).toEqual([[], [userId], [userId], [], []]);
  });
});

describe('what is too old', () => {
  it('is deleted, and nothing younger', async () => {
    const limit = NOW - LIFETIMES.noticesKeptMs;
    const at = (ms: number) => new Date(ms).toISOString();
    await database.pool.query(
      `insert into notices (event_id, user_id, template, sent_at)
       select uuidv7(), uuidv7(), 'order-confirmed', $1::timestamptz from generate_series(1, 2500)`,
      [at(limit - 1)],
    );
    await database.pool.query(
      `insert into notices (event_id, user_id, template, sent_at) values (uuidv7(), uuidv7(), 'x', $1)`,
      [at(limit)],
    );
    for (const [id, ms] of [
      ['old', limit - 1],
      ['young', limit],
    ] as const) {
      await database.pool.query(
        `insert into webhook_events (provider, event_id, type, received_at) values ('stripe', $1, 'x', $2)`,
        [id, at(ms)],
      );
    }
    expect(await pruneNotices(database.pool, NOW)).toBe(2_501);
    const { rows } = await database.pool.query(
      `select (select count(*)::int from notices) as notices, (select string_agg(event_id, ',') from webhook_events) as webhooks`,
    );
    expect(rows).toEqual([{ notices: 1, webhooks: 'young' }]);
  });
});
