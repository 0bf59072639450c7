/** A search as OpenSearch is asked it. */
import { PRICE_STEPS_MINOR } from '../../../db/queries/search/facets-sql.ts';
import type { ReadTerm } from '../../../db/queries/search/read-words.ts';
import type { SearchFilters, SearchRequest } from '../engine.ts';
import { LONGEST_TERM } from '../postgres/compose.ts';
import { runsOf } from '../typed-words.ts';

export type Matched = 'all' | 'most' | 'any';

const FIELDS = ['title^4', 'brand^2', 'categories^2', 'attributes.text', 'tags.text', 'description^0.3'];
const DAY_90_MS = 90 * 24 * 3_600_000;

/** One clause for each word, or run of words with synonyms; any of the group will do. */
export function clausesOf(words: readonly string[], read: ReadonlyMap<string, ReadTerm>): object[] {
  const runs = runsOf(words, LONGEST_TERM).sort((a, b) => b.length - a.length);
  const clauses: object[] = [];
  for (let at = 0; at < words.length; ) {
    const run = runs.find(({ from, term }) => from === at && (read.get(term)?.others.length ?? 0) > 0);
    const length = run?.length ?? 1;
    const typed = words.slice(at, at + length);
    at += length;
    if (run === undefined && (read.get(typed[0] ?? '')?.query ?? '') === '') continue;
    const others = run === undefined ? [] : (read.get(run.term)?.others ?? []);
    const own = { bool: { must: typed.map((word) => match(word)) } };
    clauses.push({ bool: { should: [own, ...others.map((other) => match(other))], minimum_should_match: 1 } });
  }
  return clauses;
}

export function questionOf(request: SearchRequest, clauses: readonly object[], matched: Matched, text: string): object {
  const least = matched === 'all' ? clauses.length : matched === 'most' ? Math.max(1, clauses.length - 1) : 1;
  const words = clauses.length === 0 ? {} : { should: clauses, minimum_should_match: least };
  return {
    ...{
      from: request.offset,
      size: request.limit,
      _source: false,
      track_total_hits: true,
      sort: sortOf(request, matched),
    },
    query: {
      function_score: { query: { bool: { filter: filtersOf(request.filters), ...words } }, ...rankOf(request) },
    },
    ...(request.withFacets ? { aggs: FACETS } : {}),
    ...(text === '' ? {} : { suggest: { text, ...TYPOS } }),
  };
}

const match = (query: string) => ({
  multi_match: { query, fields: FIELDS, type: query.includes(' ') ? 'phrase' : 'best_fields' },
});

const TYPOS = {
  words: {
    term: { field: 'words', suggest_mode: 'missing', min_word_length: 3, prefix_length: 0, max_edits: 2, size: 3 },
  },
};

function sortOf({ sort }: SearchRequest, matched: Matched): object[] {
  const orders = {
    relevance: [...(matched === 'all' ? [{ inStock: 'desc' }] : []), { _score: 'desc' }],
    price_asc: [{ priceMinor: 'asc' }],
    price_desc: [{ priceMinor: 'desc' }],
    rating: [{ ratingHundredths: 'desc' }, { reviews: 'desc' }],
    newest: [{ createdAtMs: 'desc' }],
    popularity: [{ sold: 'desc' }],
  } as const;
  return [...orders[sort], { id: 'asc' }];
}

/** The same ingredients as PostgreSQL ranks by. */
function rankOf({ nowMs, liked }: SearchRequest): object {
  return {
    ...{ score_mode: 'sum', boost_mode: 'multiply' },
    functions: [
      { weight: 0.55 },
      { weight: 0.45, field_value_factor: { field: 'quality', missing: 0 } },
      { weight: 0.05, exp: { createdAtMs: { origin: nowMs, scale: `${DAY_90_MS}ms`, decay: 0.37 } } },
      { weight: 0.2, filter: { range: { promotedUntilMs: { gt: nowMs } } } },
      { weight: 0.05, filter: { terms: { categoryId: liked.categories } } },
      { weight: 0.08, filter: { terms: { brandId: liked.brands } } },
    ],
  };
}

function filtersOf(filters: SearchFilters): object[] {
  const { categoryIds, brandIds, attributes, tags, priceMinMinor, priceMaxMinor, ratingMin, inStock } = filters;
  const groups = Map.groupBy(attributes, (attribute) => attribute.slice(0, attribute.indexOf('=')));
  const range = {
    ...(priceMinMinor === undefined ? {} : { gte: priceMinMinor }),
    ...(priceMaxMinor === undefined ? {} : { lte: priceMaxMinor }),
  };
  return [
    ...(categoryIds.length === 0 ? [] : [{ terms: { categoryIds } }]),
    ...(brandIds.length === 0 ? [] : [{ terms: { brandId: brandIds } }]),
    ...[...groups.values()].map((group) => ({ terms: { attributes: group } })),
    ...tags.map((tag) => ({ term: { tags: tag } })),
    ...(Object.keys(range).length === 0 ? [] : [{ range: { priceMinor: range } }]),
    ...(ratingMin === undefined ? [] : [{ range: { ratingHundredths: { gte: ratingMin * 100 } } }]),
    ...(inStock === undefined ? [] : [{ term: { inStock } }]),
  ];
}

const FACETS = {
  category: { terms: { field: 'categoryId', size: 30 } },
  brand: { terms: { field: 'brandId', size: 30 } },
  attributes: { terms: { field: 'attributes', size: 60 } },
  price: {
    range: {
      field: 'priceMinor',
      ranges: PRICE_STEPS_MINOR.map((from, index) => ({ key: String(index), from, ...upTo(index + 1) })),
    },
  },
  rating: {
    filters: {
      filters: Object.fromEntries(
        [4, 3, 2, 1].map((stars) => [stars, { range: { ratingHundredths: { gte: stars * 100 } } }]),
      ),
    },
  },
  inStock: { filter: { term: { inStock: true } } },
};

function upTo(index: number): { to?: number } {
  const to = PRICE_STEPS_MINOR[index];
  return to === undefined ? {} : { to };
}
