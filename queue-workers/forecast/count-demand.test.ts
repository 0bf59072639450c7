import { describe, expect, it } from 'vitest';
import { createRegionOf } from '../../commerce/forecast/region-of.ts';
import { dayOf } from '../../db/queries/forecast/count-day.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { placePastOrders } from '../../test/fixtures/past-demand.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { countDemand, dayBefore } from './count-demand.ts';

const database = useDatabase();
const REGIONS = ['us-east', 'us-west', 'eu', 'asia'];
const nowMs = Date.parse('2026-03-20T08:00:00Z');
const today = dayOf(nowMs);
const refused = new Map<string, number>();

const options = (atMs = nowMs) => ({
  database: database.pool,
  clock: { now: () => atMs },
  regionOf: createRegionOf(REGIONS),
  readRefused: async (dropId: string, region: string) => {
    const units = refused.get(`${dropId} ${region}`);
    return new Map(units === undefined ? [] : [['drop-sku', units]]);
  },
});
const never = new AbortController().signal;

async function rowsOf(sku: string) {
  const { rows } = await database.pool.query(
    `select day::text, region, units, drop_units as "dropUnits", unmet_units as "unmetUnits" from demand_days
     where sku = $1 order by day, region`,
    [sku],
  );
  return rows;
}

async function dropOf(sku: string, startsAt: string, units: number): Promise<string> {
  const [dropId, merchantId] = [newId(), newId()];
  await database.pool.query(`insert into users (id, role) values ($1, 'merchant')`, [merchantId]);
  await database.pool.query(
    `insert into drops (id, merchant_id, title, currency, mode, state, lobby_opens_at, starts_at, ends_at, per_shopper_limit,
       hold_seconds, pass_seconds, admissions_per_second, max_active_passes, lanes)
     values ($1, $2, 'D', 'EUR', 'fifo', 'ended', $3::timestamptz - interval '1 hour', $3, $3::timestamptz + interval '1 hour',
       2, 900, 300, 10, 10, '[{}]')`,
    [dropId, merchantId, startsAt],
  );
  await database.pool.query(
    `insert into drop_skus (drop_id, sku, title, price_minor, position) values ($1, $2, 'D', 1, 0)`,
    [dropId, sku],
  );
  await database.pool.query(
    `insert into drop_allocations (drop_id, sku, region, units) values ($1, $2, 'eu', $3), ($1, $2, 'asia', 0)`,
    [dropId, sku, units],
  );
  return dropId;
}

describe('demand', () => {
  it('is counted by the day and the region of the address, once, and only of orders that were confirmed', async () => {
    const { sku } = await sell(database.pool);
    const day = dayBefore(today, 2);
    await placePastOrders(database.pool, [
      { sku, day, units: 2, country: 'AT' },
      { sku, day, units: 1, country: 'FR' },
      { sku, day, units: 4, country: 'US', postalCode: '94103' },
      { sku, day, units: 3, country: 'US', postalCode: '10001' },
      { sku, day, units: 9, country: 'AT', isConfirmed: false },
      { sku, day: dayBefore(today, 30), units: 5, country: 'JP' },
    ]);
    // By two at once, which take turns, and again.
    await Promise.all([countDemand(options(), never), countDemand(options(), never)]);
    await countDemand(options(), never);
    const none = { dropUnits: 0, unmetUnits: 0 };
    const expected = [
      { day: dayBefore(today, 30), region: 'asia', units: 5, ...none },
      { day, region: 'eu', units: 3, ...none },
      { day, region: 'us-east', units: 3, ...none },
      { day, region: 'us-west', units: 4, ...none },
    ];
    expect(await rowsOf(sku)).toEqual(expected);

    // What is confirmed later is found while the day is open, and not after.
    await placePastOrders(database.pool, [{ sku, day, units: 7, country: 'AT' }]);
    await countDemand(options(), never);
    expect((await rowsOf(sku))[1]).toMatchObject({ region: 'eu', units: 10 });
    await placePastOrders(database.pool, [{ sku, day: dayBefore(today, 30), units: 7, country: 'AT' }]);
    expect(await countDemand(options(), never)).toEqual([3, 2, 1, 0].map((back) => dayBefore(today, back)));
    expect((await rowsOf(sku))[0]).toMatchObject({ units: 5 });
  });

  it('of drops is that of their regions, with what they refused, which is kept when Redis forgets it', async () => {
    await database.pool.query(`insert into categories (id, slug, name) values ($1, 'any', 'Any')`, [newId()]);
    const { productId } = await sell(database.pool);
    await database.pool.query(
      `insert into variants (id, product_id, sku, price_minor, currency) values ($1, $2, 'drop-sku', 1, 'EUR')`,
      [newId(), productId],
    );
    const day = dayBefore(today, 1);
    const dropId = await dropOf('drop-sku', `${day}T10:00:00Z`, 10);
    await placePastOrders(database.pool, [{ sku: 'drop-sku', day, units: 6, dropId, region: 'eu' }]);
    refused.set(`${dropId} eu`, 12);
    // Everybody asks again and again: no more than three times what there was counts.
    refused.set(`${dropId} asia`, 5_000);
    await countDemand(options(), never);
    refused.clear();
    await countDemand(options(), never);
    expect(await rowsOf('drop-sku')).toEqual([
      { day, region: 'asia', units: 0, dropUnits: 0, unmetUnits: 30 },
      { day, region: 'eu', units: 0, dropUnits: 6, unmetUnits: 12 },
    ]);
  });

  it('is gone on with where a count was cut short', async () => {
    const { sku } = await sell(database.pool);
    const later = nowMs + 10 * 24 * 3_600_000;
    const stop = new AbortController();
    const regionOf = createRegionOf(REGIONS);
    await placePastOrders(database.pool, [{ sku, day: dayBefore(dayOf(later), 8), units: 1 }]);
    const cut = {
      ...options(later),
      regionOf: (to: Parameters<typeof regionOf>[0]) => {
        stop.abort();
        return regionOf(to);
      },
    };
    const first = await countDemand(cut, stop.signal);
    const rest = await countDemand(options(later), never);
    expect(first.length).toBeGreaterThan(0);
    expect(rest.at(-1)).toBe(dayOf(later));
    // The day that was counted last may be counted again, none is left out.
    expect([...new Set([...first, ...rest])]).toHaveLength(14);
    expect(await rowsOf(sku)).toHaveLength(1);
  });
});
