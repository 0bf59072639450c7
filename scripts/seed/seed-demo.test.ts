import { verify } from '@node-rs/argon2';
import type { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { isUuidV7 } from '../../contracts/ids.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { DEMO_DROP_ID, DEMO_DROP_UNITS, DEMO_PASSWORD, shareOut } from './demo.ts';
import { seedDemo } from './seed-demo.ts';

const REGIONS = ['us-east', 'eu', 'asia'];
const nowMs = Date.UTC(2026, 0, 2);
const seed = (database: Pool, options = { regions: REGIONS, nowMs }) =>
  withTransaction(database, (client) => seedDemo(client, options));
const total = (made: Readonly<Record<string, number>>) => Object.values(made).reduce((sum, rows) => sum + rows, 0);

describe('the demo data', () => {
  const database = useDatabase();

  it('is written once, whoever seeds and how often, and stays as it is', async () => {
    const results = await Promise.all([seed(database.pool), seed(database.pool)]);
    expect(results.map(({ made }) => total(made)).sort((a, b) => a - b)).toEqual([0, expect.any(Number)]);
    const later = await seed(database.pool, { regions: ['mars'], nowMs: nowMs + 1_000 });
    expect(total(later.made)).toBe(0);
    expect(later.drop).toEqual(results[0].drop);
  });

  it('has a live drop of 1,000 units over the regions, for a year', async () => {
    const { drop } = await seed(database.pool);
    expect(isUuidV7(drop.id)).toBe(true);
    expect(drop).toMatchObject({
      id: DEMO_DROP_ID,
      mode: 'fifo',
      state: 'scheduled',
      currency: 'USD',
      startsAt: nowMs,
      endsAt: Date.UTC(2027, 0, 2),
      perShopperLimit: 2,
      holdSeconds: 900,
      passSeconds: 300,
      admission: { perSecond: 200, maxActive: 1_000 },
      skus: [{ price: 4_900, allocation: { 'us-east': 334, eu: 333, asia: 333 } }],
    });
  });

  it('has accounts that can sign in with the password of the demo', async () => {
    await seed(database.pool);
    const { rows } = await database.pool.query<{ email: string; role: string; hash: string }>(
      'select email, role, password_hash as hash from users order by email',
    );
    expect(rows.map(({ email, role }) => `${role} ${email}`)).toEqual([
      'admin admin@example.test',
      'merchant merchant@example.test',
      'shopper shopper@example.test',
    ]);
    for (const { hash } of rows) {
      expect(hash).toMatch(/^\$argon2id\$/);
      expect(await verify(hash, DEMO_PASSWORD)).toBe(true);
    }
  });

  it('has a stock that its journal explains, and promises the drop what it gives away', async () => {
    await seed(database.pool);
    const { rows } = await database.pool.query(`
      select sum(on_hand)::int as there, sum(reserved)::int as promised,
        (select sum(quantity)::int from inventory_movements) as journal,
        (select sum(units)::int from drop_allocations) as given
      from inventory`);
    expect(rows[0].there).toBe(rows[0].journal);
    expect(rows[0]).toMatchObject({ promised: DEMO_DROP_UNITS, given: DEMO_DROP_UNITS });
    expect(DEMO_DROP_UNITS).toBe(1_000);
  });
});

describe('the demo data beside what somebody made by hand', () => {
  const database = useDatabase();

  it('gives the drop to the merchant who has the address already', async () => {
    const id = '019a3cb6-bc00-7abc-8000-00000000abcd';
    await database.pool.query(`insert into users (id, email, role) values ($1, 'Merchant@Example.test', 'merchant')`, [
      id,
    ]);
    const { made, drop } = await seed(database.pool);
    expect(made).toMatchObject({ users: 2 });
    expect(drop.merchantId).toBe(id);
  });
});

describe('shareOut', () => {
  it.each([1, 2, 3, 7, 64])('gives every unit to %i regions, as evenly as can be', (count) => {
    const regions = Array.from({ length: count }, (_, index) => `region-${index}`);
    const shares = Object.values(shareOut(1_000, regions));
    expect(shares.reduce((sum, units) => sum + units, 0)).toBe(1_000);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
  });
});

describe('the demo’s merchant', () => {
  const database = useDatabase();

  it('is let in, and one article of theirs is low', async () => {
    await seed(database.pool);
    const merchants = await database.pool.query(
      `select m.status, u.email from merchants m join users u on u.id = m.user_id`,
    );
    expect(merchants.rows).toEqual([{ status: 'active', email: 'merchant@example.test' }]);
    const told = await database.pool.query(`select key from outbox where topic = 'inventory.updated'`);
    expect(new Set(told.rows.map(({ key }) => key)).size).toBe(1);
  });
});
