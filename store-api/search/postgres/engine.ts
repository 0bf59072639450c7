/** The search that PostgreSQL does by itself. docs/SEARCH.md has how it ranks and what it costs. */
import { LIMITS } from '../../../contracts/limits.ts';
import { type Candidates, findCandidates, type SortName } from '../../../db/queries/search/find-candidates.ts';
import { findShown } from '../../../db/queries/search/find-shown.ts';
import { findTotals } from '../../../db/queries/search/find-totals.ts';
import { readTerms } from '../../../db/queries/search/read-words.ts';
import { suggest } from '../../../db/queries/search/suggest.ts';
import { walkSorted } from '../../../db/queries/search/walk-sorted.ts';
import { wordsLike } from '../../../db/queries/search/words-like.ts';
import type { Database } from '../../../platform/connections/postgres.ts';
import type { SearchAnswer, SearchEngine, SearchRequest } from '../engine.ts';
import { idsOf, showFacets } from '../facets.ts';
import { createGate, createSharing } from '../gate.ts';
import { stemsOf } from '../highlight.ts';
import { showProduct } from '../show-product.ts';
import { runsOf, wordsOf } from '../typed-words.ts';
import { and, type Demand, demand, LONGEST_TERM, partsOf } from './compose.ts';
import { correct } from './corrections.ts';
import { EVERYTHING, filterQuery } from './filter-terms.ts';

/** With fewer hits than this, it is looked whether a word was mistyped. */
const LITTLE = 3;

interface Found extends Candidates {
  readonly match: string;
  readonly words: string;
  readonly matched: Demand;
}

export function createPostgresEngine(database: Database, options: { candidates?: number } = {}): SearchEngine {
  const most = options.candidates ?? LIMITS.searchCandidates;
  const gate = createGate();
  const share = createSharing<SearchAnswer>();
  async function ask(request: SearchRequest, words: string, matched: Demand): Promise<Found> {
    const { filters, liked } = request;
    const match = and(words, filterQuery(filters)) || EVERYTHING;
    const candidates = await findCandidates(database, {
      // Another order has no use for the rank, which is a good part of the work.
      ...{ match, words: request.sort === 'relevance' ? words : '', sort: request.sort, nowMs: request.nowMs },
      ...{ offset: request.offset, limit: request.limit + 1 },
      most: most + 1,
      priceMinMinor: filters.priceMinMinor ?? null,
      priceMaxMinor: filters.priceMaxMinor ?? null,
      likedCategories: liked.categories,
      likedBrands: liked.brands,
      withFacets: request.withFacets,
      allWords: matched === 'all',
    });
    return { ...candidates, match, words, matched };
  }

  async function findAs(request: SearchRequest, words: readonly string[], demands: readonly Demand[]): Promise<Found> {
    const terms = runsOf(words, LONGEST_TERM).map(({ term }) => term);
    const parts = words.length === 0 ? [] : partsOf(words, await readTerms(database, terms));
    // Nothing but words that every text has: what was asked for is everything.
    let found = await ask(request, demand(parts, 'all'), 'all');
    for (const how of demands) {
      if (found.found > 0 || parts.length < 2) break;
      found = await ask(request, demand(parts, how), how);
    }
    return found;
  }

  async function walk(request: SearchRequest, sort: Exclude<SortName, 'relevance'>, match: string) {
    const { filters, offset, limit } = request;
    return await walkSorted(database, {
      ...{ match, sort, offset, limit: limit + 1 },
      priceMinMinor: filters.priceMinMinor ?? null,
      priceMaxMinor: filters.priceMaxMinor ?? null,
    });
  }

  async function search(request: SearchRequest): Promise<SearchAnswer> {
    const words = wordsOf(request.text, LIMITS.searchWords);
    let found = await findAs(request, words, []);
    let corrected: string[] | undefined;
    let searchedFor: string | null = null;
    if (found.found < LITTLE && words.length > 0) {
      corrected = correct(words, await wordsLike(database, words));
      if (found.found === 0) {
        found = await findAs(request, corrected ?? words, ['most', 'any']);
        if (corrected !== undefined && found.found > 0) searchedFor = corrected.join(' ');
      }
    }
    return await answer(request, found, corrected?.join(' ') ?? null, searchedFor);
  }

  return {
    name: 'postgres',

    search(request) {
      const { nowMs: _, ...asked } = request;
      return share(JSON.stringify(asked), () => gate.run(() => search(request)));
    },

    async suggest(text, limit) {
      const words = wordsOf(text, LIMITS.searchWords);
      const isWhole = /\s$/.test(text);
      const last = isWhole ? '' : (words.at(-1) ?? '');
      const before = isWhole ? words : words.slice(0, -1);
      if (words.length === 0) return { queries: [], categories: [], brands: [], products: [] };
      const typed = words.join(' ');
      const found = await gate.run(() => suggest(database, { typed, last, before, limit }));
      return { ...found, queries: found.words.map((word) => [...before, word].join(' ')) };
    },
  };

  async function answer(
    request: SearchRequest,
    found: Found,
    didYouMean: string | null,
    searchedFor: string | null,
  ): Promise<SearchAnswer> {
    const approximate = found.found > most;
    const [page, totals] = await Promise.all([
      approximate && request.sort !== 'relevance' ? walk(request, request.sort, found.match) : found.ids,
      approximate && found.match === EVERYTHING && request.withFacets ? findTotals(database) : undefined,
    ]);
    const facets = totals?.facets ?? found.facets;
    const { products, names } = await findShown(database, {
      ids: page.slice(0, request.limit),
      namesOf: idsOf(facets),
      nowMs: request.nowMs,
    });
    const stems = stemsOf(found.words);
    return {
      items: products.map((row) => showProduct(row, stems)),
      hasMore: page.length > request.limit && request.offset + request.limit < most,
      total: totals?.products ?? Math.min(found.found, most),
      approximate: approximate && totals === undefined,
      facets: showFacets(facets, names),
      didYouMean,
      searchedFor,
      matched: found.matched,
    };
  }
}
