import { describe, expect, it } from 'vitest';
import { formatUuidV7 } from '../../contracts/ids.ts';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findClaimFacts } from '../../db/queries/find-claim-facts.ts';
import { findBuyerFacts } from '../../db/queries/fraud/buyer-facts.ts';
import { placeOrder } from '../../test/db/place-order.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { endOldFlags, lookAtDevices, lookAtPayments } from './risk.ts';

const database = useDatabase();
const DAY_MS = 24 * 3_600_000;
const later = (afterMs: number) => ({ database: database.pool, clock: { now: () => Date.now() + afterMs } });
const now = () => later(0);

async function account(ageMs = 0): Promise<string> {
  const id = newId();
  const created = new Date(Date.now() - ageMs);
  await database.pool.query('insert into users (id, created_at) values ($1, $2)', [id, created]);
  return id;
}
async function signIn(userId: string, address: string, { client = 'Browser/1', agoMs = 0 } = {}): Promise<void> {
  const at = new Date(Date.now() - agoMs);
  const id = formatUuidV7(at.getTime(), crypto.getRandomValues(new Uint8Array(10)));
  await database.pool.query(
    `insert into sessions (id, user_id, client, address, created_at, expires_at) values ($1, $2, $3, $4, $5, now() + interval '1 day')`,
    [id, userId, client, address, at],
  );
}
async function crowd(address: string, given: { accounts?: number; ageMs?: number; agoMs?: number } = {}) {
  const { accounts = LIMITS.riskAccountsPerDevice, ageMs = 0, agoMs = 0 } = given;
  const ids = await Promise.all(Array.from({ length: accounts }, () => account(ageMs)));
  for (const id of ids) await signIn(id, address, { agoMs });
  return ids;
}
async function flagOf(userId: string | undefined) {
  const { rows } = await database.pool.query('select reason, expires_at from risk_flags where user_id = $1', [userId]);
  return rows[0];
}
/** An order of theirs and its payments that failed. */
async function failing(shopperId: string, tokens: readonly string[]): Promise<string> {
  const orderId = await placeOrder(database.pool);
  await database.pool.query('update orders set shopper_id = $2 where id = $1', [orderId, shopperId]);
  for (const token of tokens) {
    await database.pool.query(
      `insert into payments (order_id, id, status, currency, amount_minor, kind, method_token, failure)
       select id, $2, 'FAILED', currency, total_minor, 'card', $3, 'card_declined' from orders where id = $1`,
      [orderId, newId(), token],
    );
  }
  return orderId;
}

describe('a device', () => {
  it('of many new accounts is suspicious for all of them, with the reason, for a week', async () => {
    const ids = await crowd('198.51.100.1');
    await signIn(ids[0] ?? '', '198.51.100.1');
    expect(await lookAtDevices(now())).toBe(LIMITS.riskAccountsPerDevice);
    const flag = await flagOf(ids[0]);
    expect(flag.reason).toBe('5 new accounts on one device within a day');
    expect(Math.abs(flag.expires_at.getTime() - Date.now() - LIFETIMES.riskFlagMs)).toBeLessThan(60_000);
    // Looked at again, nobody is new, and who comes later is flagged like the others.
    expect(await lookAtDevices(now())).toBe(0);
    const sixth = await account();
    await signIn(sixth, '198.51.100.1');
    expect(await lookAtDevices(now())).toBe(1);
    expect((await flagOf(sixth)).reason).toContain('6 new accounts');
  });

  it.each([
    ['with one account less', () => crowd('198.51.100.2', { accounts: LIMITS.riskAccountsPerDevice - 1 })],
    ['whose accounts are old', () => crowd('198.51.100.3', { ageMs: 2 * DAY_MS })],
    ['that nobody signed in on lately', () => crowd('198.51.100.4', { agoMs: INTERVALS.riskLookMs * 10 })],
    ['at our own address, which is that of a proxy', () => crowd('127.0.0.1')],
    ['that cannot be told', () => crowd('')],
  ])('%s is not', async (_, make) => {
    await make();
    expect(await lookAtDevices(now())).toBe(0);
  });

  it('is address and browser together', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => account()));
    for (const [at, id] of ids.entries()) await signIn(id, '198.51.100.5', { client: `Browser/${at}` });
    expect(await lookAtDevices(now())).toBe(0);
  });
});

describe('a shopper', () => {
  it('for whom many cards fail is flagged, a guest too', async () => {
    const guest = newId();
    const first = await failing(guest, ['pm_1', 'pm_2', 'pm_3', 'pm_1']);
    expect(await lookAtPayments(now(), [first])).toBe(0);
    const second = await failing(guest, ['pm_2']);
    expect(await lookAtPayments(now(), [second])).toBe(1);
    expect((await flagOf(guest)).reason).toBe('5 failed payments with 3 cards within a day');
    expect(await lookAtPayments(now(), [second, second])).toBe(0);
    expect(await lookAtPayments(now(), [])).toBe(0);
  });

  it('who tries the same card again and again is not', async () => {
    const orderId = await failing(newId(), ['pm_1', 'pm_1', 'pm_1', 'pm_2', 'pm_2', 'pm_2']);
    expect(await lookAtPayments(now(), [orderId])).toBe(0);
  });
});

describe('a flag', () => {
  const factsOf = async (id: string) =>
    (await findClaimFacts(database.pool, { shopperIds: [id], fromId: newId(), toId: newId(), orders: 1 })).filter(
      ({ kind }) => kind === 'flag',
    );

  it('that a person wrote stays as it is, and has no end', async () => {
    const ids = await crowd('198.51.100.6');
    const [first = ''] = ids;
    await database.pool.query(`insert into risk_flags (user_id, flag) values ($1, 'suspicious-device')`, [first]);
    await lookAtDevices(now());
    expect(await flagOf(first)).toEqual({ reason: '', expires_at: null });
    expect(await endOldFlags(later(LIFETIMES.riskFlagMs * 2))).toBeGreaterThanOrEqual(4);
    expect(await factsOf(first)).toHaveLength(1);
    expect(await flagOf(ids[1])).toBeUndefined();
  });

  it('counts no more from its end on, also before it is taken away', async () => {
    const id = await account();
    await database.pool.query(
      `insert into risk_flags (user_id, flag, expires_at) values ($1, 'suspicious-device', now() - interval '1 second')`,
      [id],
    );
    expect(await factsOf(id)).toEqual([]);
    await database.pool.query(`update risk_flags set expires_at = now() + interval '1 hour' where user_id = $1`, [id]);
    expect(await factsOf(id)).toHaveLength(1);
  });
});

describe('what is known of who buys', () => {
  const idAgo = (ms: number) => formatUuidV7(Date.now() - ms, new Uint8Array(10));
  const asked = (shopperId: string) =>
    findBuyerFacts(database.pool, { shopperId, nowMs: Date.now(), yearId: idAgo(365 * DAY_MS), dayId: idAgo(DAY_MS) });

  it('is their own tries, orders and device', async () => {
    const [shopper, other] = await crowd('203.0.113.9', { accounts: 2 });
    if (shopper === undefined || other === undefined) throw new Error('nobody');
    expect(await asked(shopper)).toEqual({ earlierOrders: 0, failedPayments: 0, accountsOnDevice: 2 });
    await failing(shopper, ['pm_1', 'pm_2']);
    expect(await asked(shopper)).toMatchObject({ failedPayments: 2, earlierOrders: 0 });
    expect(await asked(other)).toMatchObject({ failedPayments: 0 });
    expect(await asked(newId())).toEqual({ earlierOrders: 0, failedPayments: 0, accountsOnDevice: null });
  });
});
