/** How well a search engine answers queries whose answers are known. */
import type { SearchEngine } from '../../store-api/search/engine.ts';
import { makeProduct, numberOf } from '../seed/catalog/product.ts';
import { CATALOG_SEED, type Query } from './queries.ts';

const FIRST_PAGE = 10;

export interface Quality {
  readonly queries: number;
  /** The mean of 1/place of the first right answer among ten; 0 where there is none. */
  readonly mrr: number;
  /** The share of queries with a right answer among ten. */
  readonly hit: number;
  /** The share of queries that find nothing at all. */
  readonly zero: number;
  readonly missed: readonly string[];
}

export async function measure(engine: SearchEngine, queries: readonly Query[], nowMs: number): Promise<Quality> {
  const missed: string[] = [];
  let [mrr, hit, zero] = [0, 0, 0];
  for (const query of queries) {
    const { items } = await engine.search({
      ...{ text: query.q, sort: 'relevance', offset: 0, limit: FIRST_PAGE, nowMs, withFacets: false },
      filters: { categoryIds: [], brandIds: [], attributes: [], tags: [] },
      liked: { categories: [], brands: [] },
    });
    const place = items.findIndex(({ id }) => isRight(id, query));
    if (items.length === 0) zero += 1;
    if (place < 0) {
      missed.push(query.q);
      continue;
    }
    hit += 1;
    mrr += 1 / (place + 1);
  }
  const share = (count: number) => count / Math.max(1, queries.length);
  return { queries: queries.length, mrr: share(mrr), hit: share(hit), zero: share(zero), missed };
}

function isRight(id: string, { want }: Query): boolean {
  const number = numberOf(id);
  if (number === undefined) return false;
  const traits: Readonly<Record<string, string>> = makeProduct(CATALOG_SEED, number).traits;
  return Object.entries(want).every(([trait, value]) => traits[trait] === value);
}
