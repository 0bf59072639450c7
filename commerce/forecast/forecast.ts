/** What will be asked for on the days ahead, by what was asked for until yesterday. */
import { type CategoryRates, outlookOfNewcomer, WEEK } from './cold-start.ts';
import { fitSmoothing, outlookOfSmoothed, type Smoothed } from './holt-winters.ts';
import { fitIntermittent, isIntermittent, outlookOfIntermittent } from './intermittent.ts';
import { partOf, type Series, sumOf } from './numbers.ts';
import { neverLess, type Outlook, scaled } from './outlook.ts';
import { countQuantile } from './quantiles.ts';

export const MODELS = ['holt-winters', 'smoothing', 'croston', 'tsb', 'category', 'none'] as const;
export type ForecastModel = (typeof MODELS)[number];

export interface Forecast {
  readonly model: ForecastModel;
  /** What the model was fitted with; of one that goes by a category, what it took from there. */
  readonly parameters: Readonly<Record<string, number | string>>;
  /** Units of each day ahead, the first one today. */
  readonly mean: readonly number[];
  /** What each day lies between, as often as `coverage` says. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Of the sum of all days up to each one: what safety stock is made of. */
  readonly deviation: readonly number[];
  readonly daysSeen: number;
  readonly unitsSeen: number;
}

export interface ForecastOptions {
  readonly days: number;
  readonly coverage: number;
  /** What others like it sell. */
  readonly category?: CategoryRates | undefined;
}

/** An article with fewer days or units than this goes by its category; not one that was long there and nobody asked for. */
export const OWN_DAYS = 28;
const OWN_UNITS = 8;
/** A season has to be seen three times to be one, and to make the errors smaller by this part to be worth its figures. */
const SEASON_DAYS = 3 * WEEK;
const SEASON_WORTH = 0.03;

export interface Fitted {
  readonly model: ForecastModel;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly outlook: Outlook;
  readonly daysSeen: number;
  readonly unitsSeen: number;
}

export function forecastDemand(series: Series, options: ForecastOptions): Forecast {
  return withIntervals(fitDemand(series, options), options.coverage);
}

export function fitDemand(given: Series, { days, category }: ForecastOptions): Fitted {
  const series = sinceFirst(given);
  const seen = { daysSeen: series.length, unitsSeen: sumOf(series) };
  const isNew = series.length < OWN_DAYS;
  const isRare = seen.unitsSeen > 0 && seen.unitsSeen < OWN_UNITS;
  if (category !== undefined && category.mean > 0 && (isNew || isRare)) {
    const { rate, ...outlook } = outlookOfNewcomer(series, category, days);
    const parameters = { from: category.from, articles: category.articles, categoryRate: category.mean, rate };
    return { model: 'category', parameters, outlook, ...seen };
  }
  if (seen.unitsSeen === 0) return { model: 'none', parameters: {}, outlook: noneOf(days), ...seen };
  if (isIntermittent(series) && !isSteadyBesides(series)) {
    const fitted = fitIntermittent(series);
    const { model, parameters } = fitted;
    return { model, parameters, outlook: outlookOfIntermittent(fitted, days), ...seen };
  }
  const smoothed = fitWithOrWithoutSeason(series);
  const model = smoothed.period === 1 ? 'smoothing' : 'holt-winters';
  const parameters = { ...smoothed.parameters };
  return { model, parameters, outlook: outlookOfSmoothed(smoothed, days), ...seen };
}

/**
 * From the first demand on, if that is long enough to go by: before it the article may have been there and not on its shelf,
 * which is no lack of demand.
 */
function sinceFirst(series: Series): Series {
  let first = 0;
  while (first < series.length && (series[first] ?? 0) === 0) first += 1;
  return series.length - first >= OWN_DAYS ? partOf(series, first) : series;
}

function fitWithOrWithoutSeason(series: Series): Smoothed {
  const plain = fitSmoothing(series, 1);
  if (series.length < SEASON_DAYS) return plain;
  const seasonal = fitSmoothing(series, WEEK);
  return seasonal.meanSquare < plain.meanSquare * (1 - SEASON_WORTH) ? seasonal : plain;
}

/** Closed on some weekdays and steady on the others: a season, not a lack of demand. */
function isSteadyBesides(series: Series): boolean {
  if (series.length < SEASON_DAYS) return false;
  const hits = new Array<number>(WEEK).fill(0);
  for (let at = 0; at < series.length; at += 1) {
    if ((series[at] ?? 0) > 0) hits[at % WEEK] = (hits[at % WEEK] ?? 0) + 1;
  }
  const weeks = series.length / WEEK;
  return hits.every((count) => count / weeks < 0.1 || count / weeks > 0.9);
}

function noneOf(days: number): Outlook {
  const none = () => new Float64Array(days);
  return { mean: none(), variance: none(), sumVariance: none() };
}

export function withIntervals({ outlook, ...fitted }: Fitted, coverage: number): Forecast {
  const { mean, variance, sumVariance } = outlook;
  const bound = (chance: number) => Array.from(mean, (value, at) => countQuantile(value, variance[at] ?? 0, chance));
  return {
    ...fitted,
    mean: [...mean],
    low: bound((1 - coverage) / 2),
    high: bound(1 - (1 - coverage) / 2),
    deviation: Array.from(sumVariance, Math.sqrt),
  };
}

/**
 * All regions of one article and all of them together. Each region is fitted by itself and brought to the sum that is
 * expected of all: the sum is the better known figure, the regions say how it is divided.
 */
export function forecastRegions(
  regions: ReadonlyMap<string, Series>,
  options: ForecastOptions & { readonly categoryOf?: (region: string) => CategoryRates | undefined },
): { readonly all: Forecast; readonly byRegion: ReadonlyMap<string, Forecast> } {
  const length = Math.max(0, ...[...regions.values()].map((series) => series.length));
  const total = Float64Array.from({ length }, (_, at) => sumAt(regions, at, length));
  const all = fitDemand(total, options);
  const own = [...regions].map(([region, series]): [string, Fitted] => [
    region,
    fitDemand(series, { ...options, category: options.categoryOf?.(region) }),
  ]);
  const sums = all.outlook.mean.map((_, day) =>
    own.reduce((sum, [, { outlook }]) => sum + (outlook.mean[day] ?? 0), 0),
  );
  const byRegion = own.map(([region, fitted]): [string, Forecast] => {
    const share = all.unitsSeen === 0 ? 1 / own.length : fitted.unitsSeen / all.unitsSeen;
    const outlook = broughtTo(all.outlook, fitted.outlook, sums, share);
    return [region, withIntervals({ ...fitted, outlook }, options.coverage)];
  });
  return { all: withIntervals(all, options.coverage), byRegion: new Map(byRegion) };
}

/** Where no region expects anything by itself, each gets its share of what all together do. */
function broughtTo(all: Outlook, own: Outlook, sums: Float64Array, share: number): Outlook {
  const ofAll = scaled(all, new Float64Array(all.mean.length).fill(share));
  const factors = all.mean.map((expected, day) => ((sums[day] ?? 0) > 0 ? expected / (sums[day] ?? 1) : 1));
  const ofOwn = scaled(own, factors);
  const pick = (from: keyof Outlook) =>
    all.mean.map((_, day) => ((sums[day] ?? 0) > 0 ? ofOwn : ofAll)[from][day] ?? 0);
  return { mean: pick('mean'), variance: pick('variance'), sumVariance: neverLess(pick('sumVariance')) };
}

/** Series end on the same day and may begin on different ones. */
function sumAt(regions: ReadonlyMap<string, Series>, at: number, length: number): number {
  let sum = 0;
  for (const series of regions.values()) sum += series[at - (length - series.length)] ?? 0;
  return sum;
}
