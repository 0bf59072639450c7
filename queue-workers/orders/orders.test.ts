import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatUuidV7 } from '../../contracts/ids.ts';
import { findOrder } from '../../db/queries/find-order.ts';
import type { Publisher, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { received, wonEvent } from '../../test/fixtures/events.ts';
import { useOrdersIntake } from '../../test/fixtures/orders-intake.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';

const database = useDatabase();
const intake = useOrdersIntake(database, useKafka(), 'claims.won');
const { write, counts } = intake;

const DAY_MS = 24 * 3_600_000;
const oldGuest = () => formatUuidV7(Date.now() - 30 * DAY_MS, crypto.getRandomValues(new Uint8Array(10)));
const fixture = (name: string) =>
  readFileSync(new URL(`../../contracts/events/fixtures/${name}`, import.meta.url), 'utf8');

function won(changes: Parameters<typeof wonEvent>[0] = {}): { claimId: string; message: ReceivedMessage } {
  const { claimId, text } = wonEvent({ shopperId: oldGuest(), ...changes });
  return { claimId, message: received(claimId, text) };
}

async function one(query: string, id: string): Promise<Record<string, unknown>> {
  const { rows } = await database.pool.query<Record<string, unknown>>(query, [id]);
  return rows[0] ?? {};
}
const paymentOf = (id: string) =>
  one('select status, kind, method_token, due_at <= now() as due from payments where order_id = $1', id);
const reviewOf = (id: string) =>
  one('select score, signals, decision, decided_by from order_reviews where order_id = $1', id);

async function eventsOf(orderId: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ topic: string }>(
    'select topic from outbox where key = $1 order by position',
    [orderId],
  );
  return rows.map(({ topic }) => topic);
}

async function rowsOf(orderId: string): Promise<number[]> {
  const tables = ['orders where id', 'order_items where order_id', 'payments where order_id', 'outbox where key'];
  return await Promise.all(
    tables.map(async (table) => {
      const cast = table.startsWith('outbox') ? '$1' : '$1::uuid';
      const { rows } = await database.pool.query(`select count(*)::int as count from ${table} = ${cast}`, [orderId]);
      return Number(rows[0].count);
    }),
  );
}

async function makeAccount(given: { ageMs?: number; status?: string; flag?: string } = {}): Promise<string> {
  const id = newId();
  const { ageMs = 30 * DAY_MS, status = 'active', flag } = given;
  await database.pool.query(
    `insert into users (id, status, created_at) values ($1, $2::user_status, now() - $3 * interval '1 ms')`,
    [id, status, ageMs],
  );
  if (flag !== undefined)
    await database.pool.query('insert into risk_flags (user_id, flag) values ($1, $2)', [id, flag]);
  return id;
}

async function makeMethod(userId: string, kind: string, token: string | null = null): Promise<string> {
  const id = newId();
  await database.pool.query(
    'insert into payment_methods (id, user_id, kind, provider_token) values ($1, $2, $3::payment_kind, $4)',
    [id, userId, kind, token],
  );
  return id;
}

describe('the orders worker', () => {
  it('makes one order of a claim, however often it comes', async () => {
    const shopperId = oldGuest();
    const { claimId, message } = won({ shopperId });
    await write([message, message]);
    await write([message]);
    expect(await findOrder(database.pool, claimId)).toMatchObject({
      ...{
        id: claimId,
        source: 'drop',
        region: 'eu',
        shopperId,
        status: 'PENDING',
        totalMinor: 9_800,
        currency: 'EUR',
      },
      items: [{ sku: 'SNEAKER-42', quantity: 2, unitPriceMinor: 4_900 }],
      payments: [{ status: 'PENDING', amountMinor: 9_800 }],
      history: [{ status: 'PENDING' }],
    });
    const amounts = 'select items_minor, tax_minor, shipping_minor, risk_score from orders where id = $1';
    expect(await one(amounts, claimId)).toEqual({
      ...{ items_minor: '8235', tax_minor: '1565', shipping_minor: '0', risk_score: 0 },
    });
    expect(await rowsOf(claimId)).toEqual([1, 1, 1, 1]);
    expect(counts).toMatchObject({ written: 1, repeated: 2 });
  });

  it('sets aside what the database refuses, and writes the rest of the batch', async () => {
    const farAway = formatUuidV7(Date.UTC(2190, 0), crypto.getRandomValues(new Uint8Array(10)));
    const refused = won({ claimId: farAway });
    const good = Array.from({ length: 5 }, () => won());
    await write([good[0], refused, ...good.slice(1)].flatMap((claim) => claim?.message ?? []));
    for (const { claimId } of good) expect(await rowsOf(claimId)).toEqual([1, 1, 1, 1]);
    expect((await intake.dead.withKey(farAway)).headers).toMatchObject({ problem: 'REFUSED_BY_DATABASE' });
    expect((await intake.dead.withKey(farAway)).value).toBe(refused.message.value);
    expect(counts).toMatchObject({ written: 5, repeated: 0, dead: 1 });
  });

  it.each([
    ['a poison message', 'junk', 'NOT_JSON'],
    ['an event of another kind', fixture('order.created.v1.json'), 'WRONG_TYPE'],
    ['an unknown version', fixture('claims.won.v2.json').replace('"v": 2', '"v": 3'), 'UNKNOWN_VERSION'],
    ['another shape', fixture('claims.won.v1.json').replace('"quantity": 2', '"quantity": "2"'), 'WRONG_SHAPE'],
    [
      'an amount that no number holds',
      wonEvent({ unitPrice: Number.MAX_SAFE_INTEGER, quantity: 2 }).text,
      'AMOUNT_TOO_LARGE',
    ],
  ])('sets aside %s with its reason, and the rest goes on', async (_, text, problem) => {
    const [key, { claimId, message }] = [newId(), won()];
    await write([received(key, text), message]);
    const letter = await intake.dead.withKey(key);
    expect(letter.value).toBe(text);
    expect(letter.headers).toMatchObject({ problem, source: expect.stringMatching(/^claims\.won\/0@\d+$/) });
    expect(letter.headers['reason']).not.toBe('');
    expect(await rowsOf(claimId)).toEqual([1, 1, 1, 1]);
    expect(counts).toMatchObject({ written: 1, dead: 1 });
  });

  it.each(['claims.won.v1.json', 'claims.won.v2.json'])('still makes an order of %s', async (name) => {
    const text = fixture(name);
    const id = newId();
    const claimId = String(JSON.parse(text).data.claimId);
    await write([received(id, text.replaceAll(claimId, id))]);
    // The payment method of the fixture is nobody's: it counts as none.
    expect(await paymentOf(id)).toEqual({ status: 'PENDING', kind: null, method_token: null, due: null });
    expect(counts).toMatchObject({ written: 1, dead: 0 });
  });

  it('rejects while the dead letters cannot be kept, so that the batch comes again', async () => {
    const gone: Publisher = { publish: () => Promise.reject(new Error('no broker')), close: async () => undefined };
    await expect(write([received('k', 'junk')], { publisher: gone })).rejects.toThrow('no broker');
    expect(counts.dead).toBe(0);
  });
});

describe('how an order is paid', () => {
  it('is the saved method of the shopper, due at once', async () => {
    const shopperId = await makeAccount();
    const [card, wallet, cod] = await Promise.all([
      makeMethod(shopperId, 'card', 'pm_card_visa'),
      makeMethod(shopperId, 'wallet'),
      makeMethod(shopperId, 'cod'),
    ]);
    const claims = [card, wallet, cod].map((payment) => won({ shopperId, payment }));
    await write(claims.map(({ message }) => message));
    const payments = await Promise.all(claims.map(({ claimId }) => paymentOf(claimId)));
    const due = { status: 'PENDING', due: true };
    expect(payments).toEqual([
      { ...due, kind: 'card', method_token: 'pm_card_visa' },
      { ...due, kind: 'wallet', method_token: null },
      { ...due, kind: 'cod', method_token: null },
    ]);
  });

  it('is open when no method is named, or one of somebody else', async () => {
    const [shopperId, other] = [await makeAccount(), await makeAccount()];
    const foreign = won({ shopperId, payment: await makeMethod(other, 'card', 'pm_of_other') });
    const none = won({ shopperId });
    await write([foreign.message, none.message]);
    for (const { claimId } of [foreign, none])
      expect(await paymentOf(claimId)).toEqual({ status: 'PENDING', kind: null, method_token: null, due: null });
  });
});

describe('a suspicious order', () => {
  it('waits for a decision with its payment, and keeps its hold', async () => {
    const shopperId = await makeAccount({ ageMs: DAY_MS, flag: 'suspicious-device' });
    const { claimId, message } = won({ shopperId, payment: await makeMethod(shopperId, 'card', 'pm_x') });
    await write([message, won().message]);
    const order = await findOrder(database.pool, claimId);
    expect(order?.status).toBe('REVIEW');
    expect(order?.history).toMatchObject([
      { status: 'PENDING', reason: 'claimed' },
      { status: 'REVIEW', reason: 'a person looks at it', actor: 'orders' },
    ]);
    expect(await reviewOf(claimId)).toEqual({
      score: 50,
      signals: [
        { signal: 'new-account', points: 20 },
        { signal: 'suspicious-device', points: 30 },
      ],
      ...{ decision: null, decided_by: null },
    });
    expect(await paymentOf(claimId)).toEqual({ status: 'PENDING', kind: 'card', method_token: 'pm_x', due: null });
    expect(await eventsOf(claimId)).toEqual(['order.created', 'order.status']);
    expect(intake.released).toEqual([]);
    await write([message]);
    expect(await eventsOf(claimId)).toEqual(['order.created', 'order.status']);
    expect(counts).toMatchObject({ written: 2, repeated: 1, review: 1, blocked: 0 });
  });

  it('is cancelled when it is blocked, and its hold released, again when it comes again', async () => {
    const shopperId = await makeAccount({ status: 'blocked' });
    const dropId = newId();
    const { claimId, message } = won({ shopperId, dropId, payment: await makeMethod(shopperId, 'card', 'pm_x') });
    await write([message, won().message]);
    const order = await findOrder(database.pool, claimId);
    expect(order?.history).toMatchObject([{ status: 'PENDING' }, { status: 'CANCELLED', reason: 'blocked' }]);
    expect(await paymentOf(claimId)).toMatchObject({ status: 'CANCELLED', due: null });
    expect(await reviewOf(claimId)).toMatchObject({ score: 100, decision: 'rejected', decided_by: 'orders' });
    const release = { dropId, region: 'eu', claimIds: [claimId], reason: 'cancelled' };
    expect(intake.released).toEqual([release]);
    await write([message]);
    expect(intake.released).toEqual([release, release]);
    expect(counts).toMatchObject({ written: 2, repeated: 1, review: 0, blocked: 1 });
  });

  it('is written also while Redis is gone: the hold ends by itself', async () => {
    const { claimId, message } = won({ shopperId: await makeAccount({ status: 'blocked' }) });
    const holds = { release: () => Promise.reject(new Error('no Redis')) };
    await write([message], { holds });
    expect((await findOrder(database.pool, claimId))?.status).toBe('CANCELLED');
    expect(counts).toMatchObject({ written: 1, blocked: 1, unreleased: 1 });
  });

  it('is one of more than five in an hour, of the same batch or written before', async () => {
    const shopperId = await makeAccount({ flag: 'suspicious-device' });
    const before = Date.now() - 2 * 3_600_000;
    const old = won({ shopperId, claimId: formatUuidV7(before, new Uint8Array(10)), claimedAt: before });
    await write([old, ...Array.from({ length: 3 }, () => won({ shopperId }))].map(({ message }) => message));
    const later = Array.from({ length: 3 }, (_, at) => won({ shopperId, claimedAt: Date.now() + at }));
    await write(later.map(({ message }) => message));
    const orders = await Promise.all(later.map(({ claimId }) => findOrder(database.pool, claimId)));
    expect(orders.map((order) => order?.status)).toEqual(['PENDING', 'PENDING', 'REVIEW']);
    expect(await reviewOf(later[2]?.claimId ?? '')).toMatchObject({ score: 55 });
  });
});
