/**
 * A price for what is on the shelf: where there is too little of it, the one at which it lasts; otherwise the one that earns
 * most above what a unit is worth to keep, which is less the longer the stock lasts. Both fall with the stock, so the
 * suggestion does. It never leaves floor and ceiling, and moves in small steps. Nobody is made to take it.
 */
import type { Elasticity } from './elasticity.ts';

export interface PriceQuestion {
  /** Minor units, as all prices. */
  readonly price: number;
  readonly floor: number;
  readonly ceiling: number;
  /** Of a unit; null where it is not known. */
  readonly cost: number | null;
  /** Free to be sold. */
  readonly stock: number;
  /** At the price of now, over `days`. */
  readonly demand: { readonly mean: number; readonly deviation: number };
  readonly days: number;
  readonly elasticity: Pick<Elasticity, 'value' | 'deviation'>;
}

export interface Outcome {
  readonly units: number;
  readonly revenue: number;
  readonly revenueLow: number;
  readonly revenueHigh: number;
}

export interface PriceSuggestion {
  readonly price: number;
  readonly reason: 'scarce' | 'plenty' | 'margin' | 'bounds';
  /** For how many days the stock would last at the price of now. */
  readonly lastsDays: number;
  /** If the price stays, and if it is changed. */
  readonly kept: Outcome;
  readonly changed: Outcome;
}

/** From one suggestion to the next: shoppers who come back do not find another shop. */
const MOST_STEP = 0.15;
/** What is nearer to the price of now is not worth a change. */
const LEAST_STEP = 0.02;
/** Stock for so many times the days looked at is no surplus; from the second figure on a unit is worth half. */
const PLENTY = { from: 2, to: 8, worth: 0.5 };
/** Demand that hardly minds the price would ask for any: a line through logarithms is not to be believed so far. */
const LEAST_ELASTIC = -1.1;
const COVERAGE_FACTOR = 1.645;

/** Undefined where there is nothing to suggest. */
export function suggestPrice(question: PriceQuestion): PriceSuggestion | undefined {
  const { price, floor, ceiling, stock, demand, days } = question;
  if (stock <= 0 || demand.mean <= 0 || price <= 0 || floor > ceiling) return undefined;
  const suggested = priceFor(question);
  const isOutside = price < floor || price > ceiling;
  if (suggested === price || (!isOutside && Math.abs(suggested - price) < LEAST_STEP * price)) return undefined;
  return {
    ...{ price: suggested, reason: isOutside ? 'bounds' : reasonOf(question, suggested) },
    ...{
      lastsDays: (days * stock) / demand.mean,
      kept: outcomeAt(question, price),
      changed: outcomeAt(question, suggested),
    },
  };
}

/** What all is about; falls, or stays, as the stock grows. */
export function priceFor(question: PriceQuestion): number {
  const { price, floor, ceiling } = question;
  const wanted = Math.max(scarcePrice(question), marginPrice(question));
  const near = clamp(wanted, price * (1 - MOST_STEP), price * (1 + MOST_STEP));
  return clamp(rounded(near), floor, ceiling);
}

/** At which demand is what is there. */
function scarcePrice({ price, stock, demand, elasticity }: PriceQuestion): number {
  return price * (stock / demand.mean) ** (1 / elasticity.value);
}

/** Without a cost nobody can say what earns most: then the price of now is right, but for a surplus. */
function marginPrice({ price, cost, stock, demand, elasticity }: PriceQuestion): number {
  const { from, to, worth } = PLENTY;
  const surplus = clamp((stock / demand.mean - from) / (to - from), 0, 1);
  const elastic = Math.min(LEAST_ELASTIC, elasticity.value);
  return (cost === null ? price : cost * (elastic / (1 + elastic))) * (1 - (1 - worth) * surplus);
}

function reasonOf(question: PriceQuestion, suggested: number): PriceSuggestion['reason'] {
  if (question.stock < question.demand.mean && scarcePrice(question) > marginPrice(question)) return 'scarce';
  return suggested < question.price && question.stock > PLENTY.from * question.demand.mean ? 'plenty' : 'margin';
}

function outcomeAt({ price, stock, demand, elasticity }: PriceQuestion, asked: number): Outcome {
  const units = (mean: number, elastic: number) => Math.min(stock, mean * (asked / price) ** elastic);
  const spread = COVERAGE_FACTOR * demand.deviation;
  const doubt = COVERAGE_FACTOR * elasticity.deviation;
  // Whichever way demand minds the price more, one end of the interval has it.
  const ends = [elasticity.value - doubt, Math.min(0, elasticity.value + doubt)];
  const lows = ends.map((elastic) => units(Math.max(0, demand.mean - spread), elastic));
  const highs = ends.map((elastic) => units(demand.mean + spread, elastic));
  const expected = units(demand.mean, elasticity.value);
  const revenue = (count: number) => Math.round(asked * count);
  return {
    units: Math.round(expected * 10) / 10,
    revenue: revenue(expected),
    ...{ revenueLow: revenue(Math.min(...lows)), revenueHigh: revenue(Math.max(...highs)) },
  };
}

/** To three figures: a price of 1,237 says more than is known. */
function rounded(price: number): number {
  const step = Math.max(1, 10 ** (Math.floor(Math.log10(Math.max(1, price))) - 2));
  return Math.round(price / step) * step;
}

function clamp(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value));
}
