/** Back-tests of made-up demand, and of what the orders of the database say. */
import { type Backtest, backtest } from '../../commerce/forecast/backtest.ts';
import type { Series } from '../../commerce/forecast/numbers.ts';
import { DAY_MS, dayOf } from '../../db/queries/forecast/count-day.ts';
import { readArticles } from '../../db/queries/forecast/read-demand.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { seriesOf } from '../../queue-workers/forecast/compute.ts';
import { COVERAGE, taskOf } from '../../queue-workers/forecast/forecast-all.ts';
import { createDice } from '../seed/catalog/dice.ts';
import { DEMAND_KINDS, makeDemand } from './demand.ts';

export interface BacktestSettings {
  readonly days: number;
  readonly origins: number;
}

const MADE_DAYS = 365;

export function backtestMade(seed: number, perKind: number, settings: BacktestSettings): [string, Backtest][] {
  const dice = createDice(seed, 0);
  const made = DEMAND_KINDS.map((kind): [string, Series[]] => [
    kind.name,
    Array.from({ length: perKind }, () => makeDemand(kind, MADE_DAYS, dice.roll).units),
  ]);
  const all: [string, Series[]] = ['all together', made.flatMap(([, series]) => series)];
  return [...made, all].map(([name, series]) => [name, backtest(series, { ...settings, coverage: COVERAGE })]);
}

/** What is too little to judge by. */
export const LEAST_DAYS = 42;
const LEAST_UNITS = 20;
const MOST_ARTICLES = 2_000;
const PAGE = 500;

/** Articles with enough days and units; undefined where there are none. */
export async function backtestOrders(database: Database, settings: BacktestSettings): Promise<Backtest | undefined> {
  const series: Series[] = [];
  const today = dayOf(Date.now());
  const from = dayOf(Date.now() - MADE_DAYS * DAY_MS);
  let after: string | null = null;
  for (let looked = 0; looked < MOST_ARTICLES; looked += PAGE) {
    const page = await readArticles(database, { after, from, to: today, limit: PAGE });
    for (const article of page) {
      const task = taskOf(article, { from, to: today, categories: new Map() });
      const [all = new Float64Array()] = seriesOf(task, ['all']).values();
      if (all.length >= LEAST_DAYS && all.reduce((sum, units) => sum + units, 0) >= LEAST_UNITS) series.push(all);
    }
    after = page.at(-1)?.sku ?? null;
    if (page.length < PAGE) break;
  }
  return series.length === 0 ? undefined : backtest(series, { ...settings, coverage: COVERAGE });
}
