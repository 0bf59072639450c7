import { afterEach, describe, expect, it } from 'vitest';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { insertPrivacyRequest, type PrivacyKind, takePrivacyRequests } from '../../db/queries/privacy/requests.ts';
import { systemClock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import type { LiveThings } from './live-things.ts';
import { startPrivacy } from './privacy.ts';
import { startPrivacyPruning } from './pruning.ts';

const database = useDatabase();
const pool = () => database.pool;
let offsetMs = 0;
const clock = { ...systemClock, now: () => systemClock.now() + offsetMs };
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await pool().query(
    `update privacy_requests set state = 'withdrawn', due_at = null, done_at = now() where done_at is null`,
  );
});

function work(live?: LiveThings): void {
  const metrics = { ended: () => undefined, failed: () => undefined };
  running.push(startPrivacy({ database: pool(), live, clock, log: silentLog, everyMs: 10, metrics }));
}

async function person(): Promise<string> {
  const id = newId();
  await pool().query(`insert into users (id, email, name) values ($1::uuid, $1::text || '@people.example', 'Ada')`, [
    id,
  ]);
  return id;
}

async function ask(userId: string, kind: PrivacyKind, waitMs = 0) {
  const [askedAt, dueAt] = [new Date(clock.now()), new Date(clock.now() + waitMs)];
  const asked = { id: newId(), userId, kind, askedBy: userId, askedAt, dueAt };
  return await withTransaction(pool(), (client) => insertPrivacyRequest(client, asked));
}

async function rowOf(id: string) {
  const { rows } = await pool().query('select state, tries, refusal, receipt from privacy_requests where id = $1', [
    id,
  ]);
  return rows[0];
}

const statusOf = async (userId: string) =>
  (await pool().query('select status, email, name from users where id = $1', [userId])).rows[0];

async function order(client: Database | DatabaseClient, id: string, shopperId: string): Promise<void> {
  await client.query(
    `insert into orders (id, source, shopper_id, currency, items_minor, total_minor, placed_at, risk_score)
     values ($1, 'store', $2, 'EUR', 1000, 1000, now(), 5)`,
    [id, shopperId],
  );
}

async function cancel(orderId: string): Promise<void> {
  await pool().query(`update orders set status = 'CANCELLED', step = step + 1 where id = $1`, [orderId]);
}

describe('the privacy worker', () => {
  it('has one open request of a kind for a person, whoever asks how often', async () => {
    const userId = await person();
    const asked = await Promise.all([ask(userId, 'export', 60_000), ask(userId, 'export', 60_000)]);
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  });

  it('finishes an erasure whose worker died in the middle, and counts each row once', async () => {
    const userId = await person();
    await pool().query(`insert into preferences (user_id) values ($1)`, [userId]);
    const { id } = await ask(userId, 'erasure');
    let calls = 0;
    const live: LiveThings = {
      of: async () => [],
      async erase() {
        calls += 1;
        if (calls === 1) throw new Error('Redis is away');
        return { redisKeys: 1 };
      },
    };
    work(live);
    await eventually(async () => calls === 1, { withinMs: 5_000 });
    // The rows are gone already; only what comes after the fault is done again, and the account cannot come back.
    await eventually(async () => (await statusOf(userId)).status === 'erased', { withinMs: 5_000 });
    offsetMs += INTERVALS.privacyRetryMs;
    await eventually(async () => (await rowOf(id)).receipt.erasedAt !== undefined, { withinMs: 5_000 });
    expect((await rowOf(id)).state).toBe('working');
    offsetMs += LIFETIMES.erasureAfterMs;
    await eventually(async () => (await rowOf(id)).state === 'done', { withinMs: 5_000 });
    expect(calls).toBe(3);
    expect(await statusOf(userId)).toEqual({ status: 'erased', email: null, name: '' });
  });

  it('takes guests out of what is learned for recommendations as well', async () => {
    const [guestId, orderId] = [newId(), newId()];
    await order(pool(), orderId, guestId);
    await cancel(orderId);
    const { id } = await ask(guestId, 'erasure');
    work();
    await eventually(async () => (await rowOf(id)).receipt.erasedAt !== undefined, { withinMs: 5_000 });
    const { rows } = await pool().query('select user_id as id from recommendation_forgotten where user_id = $1', [
      guestId,
    ]);
    expect(rows).toEqual([{ id: guestId }]);
  });

  it('refuses an erasure when something has come up in the meantime, and erases nothing then', async () => {
    const userId = await person();
    const { id } = await ask(userId, 'erasure');
    await pool().query(`update users set role = 'support' where id = $1`, [userId]);
    work();
    await eventually(async () => (await rowOf(id)).state === 'refused', { withinMs: 5_000 });
    expect((await rowOf(id)).refusal).toContain('the role support');
    expect(await statusOf(userId)).toMatchObject({ status: 'active', name: 'Ada' });
  });

  it('refuses an erasure of somebody who is let in as a merchant in the same moment', async () => {
    const userId = await person();
    const { id } = await ask(userId, 'erasure');
    const admin = await pool().connect();
    try {
      await admin.query('begin');
      await admin.query(`update users set role = 'merchant' where id = $1`, [userId]);
      work();
      await eventually(async () => (await rowOf(id)).receipt.rows !== undefined, { withinMs: 5_000 });
      await admin.query('commit');
    } finally {
      admin.release();
    }
    await eventually(async () => (await rowOf(id)).state === 'refused', { withinMs: 5_000 });
    expect(await statusOf(userId)).toMatchObject({ status: 'active', name: 'Ada' });
  });

  it('writes nothing any more once somebody else has taken over', async () => {
    const userId = await person();
    const { id } = await ask(userId, 'export');
    let isTaken = false;
    const live: LiveThings = {
      async of() {
        if (isTaken) return [];
        isTaken = true;
        // As if this worker had been away for longer than its lease.
        const now = new Date(clock.now() + 2 * INTERVALS.privacyLeaseMs);
        const taken = await takePrivacyRequests(pool(), {
          now,
          leaseUntil: new Date(now.getTime() + 600_000),
          limit: 1,
        });
        expect(taken.map((one) => one.id)).toEqual([id]);
        return [];
      },
      erase: async () => ({}),
    };
    work(live);
    await eventually(async () => (await rowOf(id)).tries === 2, { withinMs: 5_000 });
    const other = await ask(await person(), 'export');
    await eventually(async () => (await rowOf(other.id)).state === 'done', { withinMs: 5_000 });
    expect(await rowOf(id)).toMatchObject({ state: 'working', tries: 2 });
    const pieces = await pool().query('select from privacy_files where request_id = $1', [id]);
    expect(pieces.rowCount).toBe(0);
  });

  it('makes files of many rows in pieces that are one JSON text', async () => {
    const userId = await person();
    await pool().query(
      `insert into notices (event_id, user_id, template) select uuidv7(), $1, 'notice-' || n from generate_series(1, 6000) n`,
      [userId],
    );
    const { id } = await ask(userId, 'export');
    work();
    await eventually(async () => (await rowOf(id)).state === 'done', { withinMs: 10_000 });
    const { rows } = await pool().query<{ data: Buffer }>(
      'select data from privacy_files where request_id = $1 order by piece',
      [id],
    );
    expect(rows.length).toBeGreaterThan(1);
    const file = JSON.parse(Buffer.concat(rows.map(({ data }) => data)).toString());
    expect(file.notices).toHaveLength(6_000);
    expect(file.account).toMatchObject([{ id: userId, name: 'Ada' }]);
  });

  it('keeps nothing of a file that could not be made', async () => {
    const userId = await person();
    await pool().query(
      `insert into notices (event_id, user_id, template) select uuidv7(), $1, 'notice-' || n from generate_series(1, 6000) n`,
      [userId],
    );
    const { id } = await ask(userId, 'export');
    await pool().query('update privacy_requests set tries = $2 where id = $1', [id, LIMITS.privacyTries - 1]);
    const live: LiveThings = { of: () => Promise.reject(new Error('Redis is away')), erase: async () => ({}) };
    work(live);
    await eventually(async () => (await rowOf(id)).state === 'failed', { withinMs: 10_000 });
    const pieces = async () => (await pool().query('select from privacy_files where request_id = $1', [id])).rowCount;
    expect(await pieces()).toBeGreaterThan(0);
    running.push(
      startPrivacyPruning({ database: pool(), clock, log: silentLog, everyMs: 10, pruned: () => undefined }),
    );
    await eventually(async () => (await pieces()) === 0, { withinMs: 5_000 });
  });

  it('leaves an order that is placed while its shopper is erased what it needs to arrive, until it has', async () => {
    const userId = await person();
    await pool().query(`insert into preferences (user_id) values ($1)`, [userId]);
    const { id } = await ask(userId, 'erasure');
    const orderId = newId();
    let calls = 0;
    const live: LiveThings = {
      of: async () => [],
      async erase() {
        calls += 1;
        return {};
      },
    };
    // Seen by no obstacle, as its transaction ends after they were looked for; and by the steps, which come later.
    const placed = await pool().connect();
    try {
      await placed.query('begin');
      await order(placed, orderId, userId);
      await placed.query(
        `insert into order_addresses (order_id, recipient, line1, city, country) values ($1, 'Ada', '1 Lane', 'Wien', 'AT')`,
        [orderId],
      );
      // One of the steps waits for this row.
      await placed.query('select from preferences where user_id = $1 for update', [userId]);
      work(live);
      await eventually(async () => (await statusOf(userId)).status === 'erased', { withinMs: 5_000 });
      await placed.query('commit');
    } finally {
      placed.release();
    }
    await eventually(async () => (await rowOf(id)).receipt.erasedAt !== undefined, { withinMs: 5_000 });
    const address = async () =>
      (await pool().query('select from order_addresses where order_id = $1', [orderId])).rowCount;
    expect(await address()).toBe(1);
    const before = calls;
    const { tries } = await rowOf(id);
    offsetMs += LIFETIMES.erasureAfterMs;
    await eventually(async () => (await rowOf(id)).tries > tries, { withinMs: 5_000 });
    expect([calls, await address(), (await rowOf(id)).state]).toEqual([before, 1, 'working']);
    await cancel(orderId);
    offsetMs += LIFETIMES.erasureAfterMs;
    await eventually(async () => (await rowOf(id)).state === 'done', { withinMs: 5_000 });
    expect(await address()).toBe(0);
  });

  it('removes files after a week, and addresses of orders after the years of the law', async () => {
    const { id } = await ask(await person(), 'export');
    work();
    await eventually(async () => (await rowOf(id)).state === 'done', { withinMs: 5_000 });
    const longAgo = '00f00000-0000-7000-8000-000000000001';
    await pool().query(
      `insert into order_addresses (order_id, recipient, line1, city, country)
       select id, 'Ada', '1 Lane', 'Wien', 'AT' from unnest($1::uuid[]) id`,
      [[longAgo, newId()]],
    );
    const left = async () => ({
      files: (await pool().query('select from privacy_files')).rowCount,
      addresses: (await pool().query('select from order_addresses')).rowCount,
    });
    const pruning = { database: pool(), clock, log: silentLog, everyMs: 10, pruned: () => undefined };
    running.push(startPrivacyPruning(pruning));
    await eventually(async () => (await left()).addresses === 1, { withinMs: 5_000 });
    expect((await left()).files).toBeGreaterThan(0);
    offsetMs += LIFETIMES.exportFileMs + 1_000;
    await eventually(async () => (await left()).files === 0, { withinMs: 5_000 });
    expect((await left()).addresses).toBe(1);
    offsetMs -= LIFETIMES.exportFileMs + 1_000;
  });
});
