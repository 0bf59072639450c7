/** Counts what was asked for, day by day: days that may still change are counted anew each time. */
import type { RegionOf } from '../../commerce/forecast/region-of.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import {
  DAY_MS,
  type DayRow,
  dayOf,
  lockDemand,
  noteProgress,
  readDaysDemand,
  readProgress,
  writeDay,
} from '../../db/queries/forecast/count-day.ts';
import { findDaysRefusals, findRecentDrops, keepRefusals } from '../../db/queries/forecast/drop-refusals.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';

export interface CountOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly regionOf: RegionOf;
  /** Units that shoppers of a drop were refused in a region since it began; by sku. */
  readRefused(dropId: string, region: string): Promise<ReadonlyMap<string, number>>;
}

/** Everybody who is refused asks again; more than so many times what there was is taken for the same ones. */
const MOST_UNMET = 3;
const MOST_UNITS = 2 ** 31 - 1;

/** The days that were counted. */
export async function countDemand(options: CountOptions, until: AbortSignal): Promise<string[]> {
  const { database, clock } = options;
  await rememberRefusals(options);
  const today = dayOf(clock.now());
  const { countedUntil } = await readProgress(database, dayBefore(today, LIMITS.forecastPastDays));
  const counted: string[] = [];
  for (let day = countedUntil; day <= today && !until.aborted; day = dayBefore(day, -1)) {
    await withTransaction(database, (client) => countDay(client, day, options.regionOf));
    const settled = dayBefore(today, LIMITS.demandOpenDays);
    await noteProgress(database, { countedUntil: day < settled ? dayBefore(day, -1) : settled });
    counted.push(day);
  }
  return counted;
}

export function dayBefore(day: string, days: number): string {
  return dayOf(Date.parse(day) - days * DAY_MS);
}

export async function countDay(client: DatabaseClient, day: string, regionOf: RegionOf): Promise<void> {
  const rows = new Map<string, { sku: string; region: string; units: number; dropUnits: number; unmetUnits: number }>();
  const rowOf = (sku: string, region: string) => {
    const name = `${region} ${sku}`;
    const row = rows.get(name) ?? { sku, region, units: 0, dropUnits: 0, unmetUnits: 0 };
    rows.set(name, row);
    return row;
  };
  await lockDemand(client);
  for (const { sku, region, country, zone, units } of await readDaysDemand(client, day)) {
    if (region !== null) rowOf(sku, region).dropUnits += units;
    else rowOf(sku, regionOf({ country: country ?? '', zone })).units += units;
  }
  for (const { sku, region, units, given } of await findDaysRefusals(client, day)) {
    rowOf(sku, region).unmetUnits += Math.min(units, MOST_UNMET * given);
  }
  await writeDay(client, day, [...rows.values()].map(bounded));
}

function bounded({ sku, region, units, dropUnits, unmetUnits }: DayRow): DayRow {
  const most = (count: number) => Math.min(MOST_UNITS, count);
  return { sku, region, units: most(units), dropUnits: most(dropUnits), unmetUnits: most(unmetUnits) };
}

/** Redis forgets a drop some days after its end. */
async function rememberRefusals({ database, clock, readRefused }: CountOptions): Promise<void> {
  const nowMs = clock.now();
  const fromMs = nowMs - LIFETIMES.dropKeysAfterEndMs;
  const drops = await findRecentDrops(database, { fromMs, nowMs, limit: LIMITS.refusedDrops });
  for (const { dropId, regions } of drops) {
    for (const region of regions) {
      const units = await readRefused(dropId, region);
      await keepRefusals(
        database,
        [...units].map(([sku, count]) => ({ dropId, region, sku, units: Math.min(MOST_UNITS, count) })),
      );
    }
  }
}
