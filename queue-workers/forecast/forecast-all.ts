/** Forecasts of everything that is on sale, a batch after the other, computed in threads. */
import { addSums, type CategoryRates, type CategorySums, ratesOf, WEEK } from '../../commerce/forecast/cold-start.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { DAY_MS, dayOf } from '../../db/queries/forecast/count-day.ts';
import {
  type ArticleDemand,
  type CategoryDemand,
  readArticles,
  readCategoryDemand,
} from '../../db/queries/forecast/read-demand.ts';
import { writeDemandSums } from '../../db/queries/forecast/region-demand.ts';
import { type ForecastRow, forgetOldForecasts, writeForecasts } from '../../db/queries/forecast/write-forecasts.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { ForecastComputation } from './computation.ts';
import type { ArticleTask } from './compute.ts';
import { dayBefore } from './count-demand.ts';

export interface ForecastAllOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly regions: readonly string[];
  readonly computation: Pick<ForecastComputation, 'run' | 'atOnce'>;
}

/** How often what comes lies within the interval. */
export const COVERAGE = 0.9;
/** What a category is judged by: long enough for each weekday to come eight times, short enough to be of now. */
const CATEGORY_DAYS = 8 * WEEK;
/** What shows how regions are apart: a quarter of a year, since promotions and drops come and go. */
const SHARES_DAYS = 13 * WEEK;
/** A category that knows less than this goes by the whole shop. */
const CATEGORY_ARTICLES = 5;
const CATEGORY_UNITS = 20;

export interface ForecastRunResult {
  readonly articles: number;
  readonly forecasts: number;
}

export async function forecastAll(options: ForecastAllOptions, until: AbortSignal): Promise<ForecastRunResult> {
  const { database, clock, computation } = options;
  const startedMs = clock.now();
  const today = dayOf(startedMs);
  const run = { fromDay: today, coverage: COVERAGE, madeAtMs: startedMs };
  const categories = await readRates(database, today);
  const [from, to] = [dayBefore(today, LIMITS.forecastPastDays), today];
  let after: string | null = null;
  let [articles, forecasts] = [0, 0];
  do {
    const page: ArticleDemand[] = await readArticles(database, {
      ...{ after, from, to },
      limit: LIMITS.forecastBatch * computation.atOnce,
    });
    after = page.length < LIMITS.forecastBatch * computation.atOnce ? null : (page.at(-1)?.sku ?? null);
    const rows = await compute(
      options,
      page.map((article) => taskOf(article, { from, to, categories })),
    );
    for (const part of inBatches(rows)) await writeForecasts(database, part, run);
    articles += page.length;
    forecasts += rows.length;
  } while (after !== null && !until.aborted);
  if (!until.aborted) await forgetOldForecasts(database, startedMs);
  const lately = { from: dayBefore(today, SHARES_DAYS), to: today };
  await withTransaction(database, (client) => writeDemandSums(client, lately));
  return { articles, forecasts };
}

async function compute(
  { computation, regions }: ForecastAllOptions,
  articles: readonly ArticleTask[],
): Promise<ForecastRow[]> {
  const shared = { regions, days: LIMITS.forecastDays, coverage: COVERAGE };
  const parts = inBatches(articles).map((part) => computation.run({ ...shared, articles: part }));
  return (await Promise.all(parts)).flat();
}

function inBatches<T>(all: readonly T[]): T[][] {
  const size = LIMITS.forecastBatch;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

type Categories = ReadonlyMap<string, Readonly<Record<string, CategoryRates>>>;
/** Stands for the whole shop, among the ids of categories. */
const SHOP = '';

export function taskOf(
  { sku, since, categoryId, regions }: ArticleDemand,
  given: { readonly from: string; readonly to: string; readonly categories: Categories },
): ArticleTask {
  // What came later has fewer days: days before it were no days without demand.
  const skipped = Math.max(0, Math.round((Date.parse(since) - Date.parse(given.from)) / DAY_MS));
  const whole = Math.round((Date.parse(given.to) - Date.parse(given.from)) / DAY_MS);
  // Demand from before, of an article that was imported with its past, shows that it was there.
  const earliest = Math.min(whole, skipped, ...regions.flatMap(({ days }) => days));
  return {
    ...{ sku, days: whole - earliest },
    regions: regions.map((one) => ({ ...one, days: one.days.map((day) => day - earliest) })),
    category: given.categories.get(categoryId) ?? given.categories.get(SHOP) ?? {},
  };
}

/** By category and region; those that know too little, and all that have no row, go by the shop. */
export async function readRates(database: Database, today: string): Promise<Categories> {
  const demand = await readCategoryDemand(database, { from: dayBefore(today, CATEGORY_DAYS), to: today });
  const regionOf = ({ region }: CategoryDemand) => region ?? '';
  const ofShop = ratesByRegion(
    'shop',
    [...Map.groupBy(demand, regionOf)].map(([region, rows]) => [region, addSums(rows)]),
  );
  const categories = [...Map.groupBy(demand, ({ categoryId }) => categoryId)].map(
    ([categoryId, rows]): [string, Readonly<Record<string, CategoryRates>>] => {
      const all = rows.find(({ region }) => region === null);
      const isKnown = all !== undefined && all.articles >= CATEGORY_ARTICLES && all.units >= CATEGORY_UNITS;
      const own = ratesByRegion(
        'category',
        rows.map((row) => [regionOf(row), row]),
      );
      return [categoryId, isKnown ? own : ofShop];
    },
  );
  return new Map([...categories, [SHOP, ofShop]]);
}

function ratesByRegion(from: CategoryRates['from'], sums: readonly (readonly [string, CategorySums])[]) {
  return Object.fromEntries(sums.map(([region, one]) => [region, ratesOf(from, one, CATEGORY_DAYS)]));
}
