/** What the threads compute: forecasts of a batch of articles. */
import type { CategoryRates } from '../../commerce/forecast/cold-start.ts';
import { type Forecast, forecastRegions } from '../../commerce/forecast/forecast.ts';
import type { ForecastRow } from '../../db/queries/forecast/write-forecasts.ts';

export interface ArticleTask {
  readonly sku: string;
  /** Days that it could be asked for on, the last one yesterday. */
  readonly days: number;
  /** By region, days with demand only; counted from the first of `days`. */
  readonly regions: readonly {
    readonly region: string;
    readonly days: readonly number[];
    readonly units: readonly number[];
  }[];
  /** What others of its category sell, by region, and under '' of all regions. */
  readonly category: Readonly<Record<string, CategoryRates>>;
}

export interface ForecastTask {
  readonly articles: readonly ArticleTask[];
  readonly regions: readonly string[];
  readonly days: number;
  readonly coverage: number;
}

export function computeForecasts({ articles, regions, days, coverage }: ForecastTask): ForecastRow[] {
  return articles.flatMap((article) => {
    const { all, byRegion } = forecastRegions(seriesOf(article, regions), {
      ...{ days, coverage, category: article.category[''] },
      categoryOf: (region) => article.category[region],
    });
    // Of what nobody asked for nothing is kept: it is expected not to be asked for.
    if (all.model === 'none') return [];
    return [rowOf(article.sku, null, all), ...[...byRegion].map(([region, one]) => rowOf(article.sku, region, one))];
  });
}

function rowOf(sku: string, region: string | null, forecast: Forecast): ForecastRow {
  const { model, parameters, daysSeen, unitsSeen } = forecast;
  const { mean, low, high, deviation } = forecast;
  const short = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(6)));
  return {
    ...{ sku, region, model, parameters: shortened(parameters), daysSeen, unitsSeen },
    ...{ mean: short(mean), low: short(low), high: short(high), deviation: short(deviation) },
  };
}

const FIGURES = 4;

function shortened(parameters: Forecast['parameters']): Forecast['parameters'] {
  const short = (value: number | string) => (typeof value === 'number' ? Number(value.toPrecision(FIGURES)) : value);
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, short(value)]));
}

/** Those of regions that were closed since count for the first one, as if their shoppers had come there. */
export function seriesOf({ regions: known, days }: ArticleTask, regions: readonly string[]): Map<string, Float64Array> {
  const series = new Map(regions.map((region) => [region, new Float64Array(days)]));
  const first = series.get(regions[0] ?? '');
  for (const { region, days: at, units } of known) {
    const own = series.get(region) ?? first;
    if (own === undefined) continue;
    for (const [index, day] of at.entries()) {
      if (day >= 0 && day < days) own[day] = (own[day] ?? 0) + (units[index] ?? 0);
    }
  }
  return series;
}
