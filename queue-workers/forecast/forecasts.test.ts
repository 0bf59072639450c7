import { describe, expect, it } from 'vitest';
import { createRegionOf } from '../../commerce/forecast/region-of.ts';
import { createIdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { dayOf } from '../../db/queries/forecast/count-day.ts';
import { findForecasts } from '../../db/queries/forecast/find-forecasts.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { sell } from '../../test/fixtures/goods.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { createForecastComputation } from './computation.ts';
import { dayBefore } from './count-demand.ts';
import { type ForecastsOptions, makeDue } from './forecasts.ts';

const database = useDatabase();
const nowMs = Date.parse('2026-03-20T03:00:00Z');
const today = dayOf(nowMs);
const REGIONS = ['us-east', 'eu'];
const never = new AbortController().signal;

function options(atMs = nowMs): ForecastsOptions & { readonly made: number[] } {
  const clock = { now: () => atMs };
  const made: number[] = [];
  return {
    ...{ database: database.pool, clock, regions: REGIONS, regionOf: createRegionOf(REGIONS), log: silentLog, made },
    ...{ nextId: createIdSource(clock), computation: createForecastComputation() },
    readRefused: async () => new Map(),
    leadership: { lead: async () => never, resign: async () => undefined },
    metrics: {
      ...{ leads: () => undefined, counted: () => undefined, failed: () => undefined },
      forecast: ({ forecasts }) => made.push(forecasts),
      suggested: () => undefined,
    },
  };
}

/** As the count would have written it: so many units a day over the last weeks, more of them at the weekend. */
async function demandOf(sku: string, region: string, days: number, units: (day: number) => number): Promise<void> {
  await database.pool.query(
    `insert into demand_days (sku, region, day, units) select $1, $2, $3::date - n, units
     from unnest($4::int[], $5::int[]) as row (n, units) where units > 0`,
    [
      ...[sku, region, today],
      Array.from({ length: days }, (_, at) => at + 1),
      Array.from({ length: days }, (_, at) => units(new Date(Date.parse(dayBefore(today, at + 1))).getUTCDay())),
    ],
  );
  await database.pool.query(
    `insert into demand_progress (counted_until) values ($1) on conflict (id) do update set forecast_on = null`,
    [dayBefore(today, 3)],
  );
}

async function since(sku: string, days: number): Promise<void> {
  await database.pool.query('update variants set created_at = $2 where sku = $1', [sku, dayBefore(today, days)]);
}

const forecastsOf = async (sku: string) =>
  (await findForecasts(database.pool, [sku], { withRegions: true })).get(sku) ?? [];
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

describe('the forecast of an article', () => {
  it('goes on as its weeks went, for all regions together and each of them, and adds up', async () => {
    const { sku } = await sell(database.pool);
    await since(sku, 200);
    const weekend = (day: number) => (day === 0 || day === 6 ? 20 : 6);
    await demandOf(sku, 'eu', 90, weekend);
    await demandOf(sku, 'us-east', 90, (day) => weekend(day) / 2);
    const first = options();
    await makeDue(first, never);
    const [all, eu, east] = await forecastsOf(sku);
    expect([all?.region, eu?.region, east?.region]).toEqual([null, 'eu', 'us-east']);
    expect(all).toMatchObject({ model: 'holt-winters', fromDay: today, daysSeen: 90 });
    expect(all?.mean).toHaveLength(LIMITS.forecastDays);
    // 20 March 2026 is a Friday.
    const [friday = 0, saturday = 0] = all?.mean ?? [];
    expect(friday).toBeGreaterThan(7);
    expect(friday).toBeLessThan(12);
    expect(saturday).toBeGreaterThan(24);
    expect(sum(eu?.mean ?? []) + sum(east?.mean ?? [])).toBeCloseTo(sum(all?.mean ?? []), 1);
    expect(sum(eu?.mean ?? []) / sum(east?.mean ?? [])).toBeCloseTo(2, 0);
    expect(all?.low[0]).toBeLessThanOrEqual(friday);
    expect(all?.high[0]).toBeGreaterThanOrEqual(friday);
    // Once a day.
    await makeDue(first, never);
    expect(first.made).toHaveLength(1);
    const tomorrow = options(nowMs + 24 * 3_600_000);
    await makeDue(tomorrow, never);
    expect(tomorrow.made).toHaveLength(1);
    expect((await forecastsOf(sku))[0]?.fromDay).toBe(dayOf(nowMs + 24 * 3_600_000));
  });

  it('that is new is that of its category, and is gone when nobody asks for it any more', async () => {
    const known = await Promise.all(Array.from({ length: 6 }, () => sell(database.pool)));
    const categoryId = known[0]?.categoryId;
    const newcomer = await sell(database.pool);
    await database.pool.query('update products set category_id = $2 where id = any ($1)', [
      [...known, newcomer].map(({ productId }) => productId),
      categoryId,
    ]);
    for (const { sku } of known) {
      await since(sku, 200);
      await demandOf(sku, 'eu', 60, () => 4);
    }
    await since(newcomer.sku, 2);
    await makeDue(options(), never);
    const [all, ...regions] = await forecastsOf(newcomer.sku);
    expect(all).toMatchObject({ model: 'category', parameters: { from: 'category', articles: 6 }, daysSeen: 2 });
    // Two days without demand speak a little against it.
    expect(all?.mean[0]).toBeGreaterThan(1);
    expect(all?.mean[0]).toBeLessThanOrEqual(4.001);
    expect(sum(regions.find(({ region }) => region === 'eu')?.mean ?? [])).toBeCloseTo(sum(all?.mean ?? []), 1);

    await database.pool.query(`update products set status = 'archived' where id = $1`, [newcomer.productId]);
    await demandOf(newId(), 'eu', 1, () => 1);
    await makeDue(options(nowMs + 1_000), never);
    expect(await forecastsOf(newcomer.sku)).toEqual([]);
  });
});
