/** Prices for the articles whose merchants gave a floor and a ceiling. Nothing is changed by it but a list. */
import {
  categoryPrior,
  type Elasticity,
  estimateElasticity,
  type Prior,
  USUAL_ELASTICITY,
} from '../../commerce/pricing-suggestions/elasticity.ts';
import { pricePeriods } from '../../commerce/pricing-suggestions/price-periods.ts';
import { suggestPrice } from '../../commerce/pricing-suggestions/suggest.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { dayOf } from '../../db/queries/forecast/count-day.ts';
import { type NewSuggestion, replaceSuggestions } from '../../db/queries/forecast/price-suggestions.ts';
import { type PricedArticle, readPriced } from '../../db/queries/forecast/read-priced.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import { dayBefore } from './count-demand.ts';

export interface SuggestPricesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: () => string;
}

/** A price is judged by what it brings in so many days. */
export const PRICE_DAYS = 28;

/** How many were suggested. */
export async function suggestPrices(options: SuggestPricesOptions, until: AbortSignal): Promise<number> {
  const priors = await learnPriors(options, until);
  let count = 0;
  for await (const page of pagesOf(options, until)) {
    const nowMs = options.clock.now();
    const made = page.flatMap((article) => {
      const suggestion = suggestionOf(article, priors.get(article.categoryId) ?? USUAL_ELASTICITY, nowMs);
      return suggestion === undefined ? [] : [{ id: options.nextId(), ...suggestion }];
    });
    const times = { nowMs, untilMs: nowMs + LIFETIMES.priceSuggestionMs };
    const looked = page.map(({ sku }) => sku);
    await withTransaction(options.database, (client) => replaceSuggestions(client, looked, made, times));
    count += made.length;
  }
  return count;
}

async function* pagesOf(
  { database, clock }: SuggestPricesOptions,
  until: AbortSignal,
): AsyncGenerator<PricedArticle[]> {
  const today = dayOf(clock.now());
  const asked = { from: dayBefore(today, LIMITS.forecastPastDays), to: today, limit: LIMITS.priceBatch };
  let after: string | null = null;
  do {
    const page: PricedArticle[] = await readPriced(database, { ...asked, after, prices: LIMITS.pricesSeen });
    if (page.length > 0) yield page;
    after = page.length < LIMITS.priceBatch ? null : (page.at(-1)?.sku ?? null);
  } while (after !== null && !until.aborted);
}

/** What articles of a category have in common, for those among them that say nothing by themselves. */
async function learnPriors(options: SuggestPricesOptions, until: AbortSignal): Promise<ReadonlyMap<string, Prior>> {
  const byCategory = new Map<string, Elasticity[]>();
  for await (const page of pagesOf(options, until)) {
    for (const article of page) {
      const own = byCategory.get(article.categoryId) ?? [];
      own.push(elasticityOf(article, USUAL_ELASTICITY, options.clock.now()));
      byCategory.set(article.categoryId, own);
    }
  }
  return new Map([...byCategory].map(([categoryId, own]) => [categoryId, categoryPrior(own)]));
}

function elasticityOf({ history, demand }: PricedArticle, prior: Prior, nowMs: number): Elasticity {
  const fromMs = Date.parse(dayBefore(dayOf(nowMs), LIMITS.forecastPastDays));
  return estimateElasticity(pricePeriods(history, demand, { fromMs, days: LIMITS.forecastPastDays }), prior);
}

function suggestionOf(article: PricedArticle, prior: Prior, nowMs: number): Omit<NewSuggestion, 'id'> | undefined {
  const { sku, price, currency, bounds, available: stock, expected } = article;
  if (expected === null) return undefined;
  const { floor, ceiling, cost } = bounds;
  const elasticity = elasticityOf(article, prior, nowMs);
  const mean = expected.mean.slice(0, PRICE_DAYS).reduce((sum, units) => sum + units, 0);
  const demand = { mean, deviation: expected.deviation[PRICE_DAYS - 1] ?? 0 };
  const suggestion = suggestPrice({ price, floor, ceiling, cost, stock, demand, days: PRICE_DAYS, elasticity });
  if (suggestion === undefined) return undefined;
  const { price: suggested, ...outcome } = suggestion;
  const why = { ...outcome, days: PRICE_DAYS, stock, cost, demand, elasticity };
  return { sku, price, suggested, floor, ceiling, currency, why };
}
