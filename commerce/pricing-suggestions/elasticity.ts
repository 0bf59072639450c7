/**
 * By how much demand changes with the price: a line through the logarithms of prices and of what was asked for at them
 * (demand = a · price^e). Few articles have had enough prices for that, and those that had say it with doubt, so what is
 * seen is drawn towards what is usual, the more the less there is of it.
 */

export interface PricePeriod {
  readonly price: number;
  /** Days on which it was asked, and units that were then asked for. */
  readonly days: number;
  readonly units: number;
}

export interface Elasticity {
  readonly value: number;
  readonly deviation: number;
  /** `own`: its own prices had a say; otherwise only what is usual. */
  readonly from: 'own' | 'category' | 'usual';
  /** Different prices that were long enough to count. */
  readonly prices: number;
}

export interface Prior {
  readonly value: number;
  readonly deviation: number;
  readonly from: 'category' | 'usual';
}

/** What studies of retail find on the whole: 1 % more price, some 1.6 % less demand, and very different from good to good. */
export const USUAL_ELASTICITY: Prior = { value: -1.6, deviation: 0.7, from: 'usual' };

const LEAST_PRICES = 3;
const LEAST_DAYS = 7;
const LEAST_UNITS = 30;
/** The dearest next to the cheapest: prices that are closer say nothing. */
const LEAST_SPREAD = 1.05;
const BOUNDS = { from: -5, to: -0.2 };

export function estimateElasticity(periods: readonly PricePeriod[], prior: Prior = USUAL_ELASTICITY): Elasticity {
  const points = joined(periods).filter(({ days, price }) => days >= LEAST_DAYS && price > 0);
  const usual: Elasticity = { value: prior.value, deviation: prior.deviation, from: prior.from, prices: points.length };
  const prices = points.map(({ price }) => price);
  const units = points.reduce((sum, point) => sum + point.units, 0);
  if (points.length < LEAST_PRICES || units < LEAST_UNITS) return usual;
  if (Math.max(...prices) < LEAST_SPREAD * Math.min(...prices)) return usual;
  const line = fitLine(
    points.map(({ price, days, units: sold }) => ({
      x: Math.log(price),
      // Half a unit more, so that a price at which nothing was sold has a logarithm.
      y: Math.log((sold + 0.5) / days),
      weight: sold + 0.5,
    })),
  );
  const [seen, before] = [1 / line.deviation ** 2, 1 / prior.deviation ** 2];
  const value = (seen * line.slope + before * prior.value) / (seen + before);
  const deviation = Math.sqrt(1 / (seen + before));
  return { value: Math.min(BOUNDS.to, Math.max(BOUNDS.from, value)), deviation, from: 'own', prices: points.length };
}

/** The same price at different times is one point: what differs between them is not the price. */
function joined(periods: readonly PricePeriod[]): PricePeriod[] {
  const byPrice = Map.groupBy(periods, ({ price }) => price);
  return [...byPrice].map(([price, same]) => ({
    price,
    days: same.reduce((sum, { days }) => sum + days, 0),
    units: same.reduce((sum, { units }) => sum + units, 0),
  }));
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

/** Days differ by more than the chance of single units: weekdays, weather, what others ask. */
const LEAST_DISPERSION = 1.5;

function fitLine(points: readonly Point[]): { readonly slope: number; readonly deviation: number } {
  const sum = (part: (point: Point) => number) =>
    points.reduce((total, point) => total + point.weight * part(point), 0);
  const weights = sum(() => 1);
  const [meanX, meanY] = [sum(({ x }) => x) / weights, sum(({ y }) => y) / weights];
  const spread = sum(({ x }) => (x - meanX) ** 2);
  const slope = sum(({ x, y }) => (x - meanX) * (y - meanY)) / spread;
  const rest = sum(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2);
  const dispersion = Math.max(LEAST_DISPERSION, rest / Math.max(1, points.length - 2));
  return { slope, deviation: Math.sqrt(dispersion / spread) };
}

/** What the articles of a category have in common, of those whose own prices had a say. */
const LEAST_ARTICLES = 3;

export function categoryPrior(own: readonly Elasticity[]): Prior {
  const known = own.filter(({ from }) => from === 'own');
  if (known.length < LEAST_ARTICLES) return USUAL_ELASTICITY;
  const weight = ({ deviation }: Elasticity) => 1 / deviation ** 2;
  const weights = known.reduce((sum, one) => sum + weight(one), 0);
  const value = known.reduce((sum, one) => sum + weight(one) * one.value, 0) / weights;
  const spread = known.reduce((sum, one) => sum + weight(one) * (one.value - value) ** 2, 0) / weights;
  return { value, deviation: Math.sqrt(Math.max(0.3 ** 2, spread) + 1 / weights), from: 'category' };
}
