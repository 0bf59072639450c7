/**
 * The heart of a search: which products match, the best of them first, and how they spread over the facets.
 * Bounded: it stops at the first `most` matches, taken tier by tier from the best products down.
 */
import type { Pool } from 'pg';
import { FACETS_OF_FOUND } from './facets-sql.ts';

export interface CandidateQuestion {
  /** What has to match, words and filters, as a tsquery. */
  readonly match: string;
  /** The words alone, as a tsquery: what the rank is made of. Empty where nothing was typed. */
  readonly words: string;
  readonly priceMinMinor: number | null;
  readonly priceMaxMinor: number | null;
  readonly sort: SortName;
  readonly offset: number;
  readonly limit: number;
  readonly most: number;
  readonly nowMs: number;
  /** What this shopper is known to like. */
  readonly likedCategories: readonly string[];
  readonly likedBrands: readonly string[];
  readonly withFacets: boolean;
  /** Whether every word has to match. Where not, more words come before being in stock. */
  readonly allWords: boolean;
}

export const SORTS = ['relevance', 'price_asc', 'price_desc', 'rating', 'newest', 'popularity'] as const;
export type SortName = (typeof SORTS)[number];

export interface StoredFacets {
  readonly category: readonly { value: string; count: number }[];
  readonly brand: readonly { value: string; count: number }[];
  readonly price: readonly { value: number; count: number }[];
  readonly rating: readonly { value: number; count: number }[];
  readonly availability: { inStock: number; outOfStock: number };
  readonly attributes: readonly { value: string; count: number }[];
}

export interface Candidates {
  readonly found: number;
  /** Of the page that was asked for, in its order. */
  readonly ids: readonly string[];
  readonly facets: StoredFacets | null;
}

const ORDERS: Readonly<Record<SortName, string>> = {
  relevance: 'in_stock desc, score desc',
  price_asc: 'price_minor',
  price_desc: 'price_minor desc',
  rating: 'rating_hundredths desc, reviews desc',
  newest: 'created_at desc',
  popularity: 'sold desc',
};

/** D, C, B, A: description, attributes, brand and category, title. */
const WEIGHTS = "'{0.05,0.25,0.4,1}'";
const COLUMNS = `product_id, quality, in_stock, price_minor, rating_hundredths, reviews, sold, promoted_until, created_at,
      category_id, brand_id, attributes`;

/**
 * A tier is a materialized CTE although it is read once: so each is planned as if all of it were wanted, by its index,
 * and yet is read only as far as the one above it asks. In a plain subquery the LIMIT makes the planner walk the table.
 * The prices are compared as sums, which no index has: what matches has the right steps already, and the planner would
 * look up the whole range beside them (400,000 rows of 5,000 or less took 37 ms).
 */
const tier = (number: number) => `t${number} as materialized (
      select ${COLUMNS}, case when $2 = '' then 0 else ts_rank(${WEIGHTS}, document, $2::tsquery) end as text
      from search_products
      where tier = ${number} and document @@ $1::tsquery
        and ($3::bigint is null or price_minor + 0 >= $3) and ($4::bigint is null or price_minor + 0 <= $4)
    )`;

const SCORE = `
  (case when $2 = '' then 0.5 else text end) * (0.55 + 0.45 * quality)
  + 0.04::float8 * exp(-greatest(0, $6::float8 - date_part('epoch', created_at)) / 7776000)
  + case when promoted_until > to_timestamp($6::float8) then 0.15::float8 else 0 end
  + case when category_id = any ($7::uuid[]) then 0.03::float8 else 0 end
  + case when brand_id = any ($8::uuid[]) then 0.05::float8 else 0 end`;

function textOf({ sort, withFacets, allWords }: CandidateQuestion): string {
  const order = sort === 'relevance' && !allWords ? 'score desc' : ORDERS[sort];
  return `with ${[0, 1, 2, 3].map(tier).join(', ')},
    found as materialized (
      select * from (select * from t0 union all select * from t1 union all select * from t2 union all select * from t3) as tiers
      limit $5
    ), scored as (
      select product_id as id, in_stock, price_minor, rating_hundredths, reviews, sold, created_at, ${SCORE} as score from found
    )
    select (select count(*) from found)::int as found,
      array(select id from scored order by ${order}, id offset $9 limit $10) as ids,
      ${withFacets ? FACETS_OF_FOUND : 'null::jsonb'} as facets`;
}

export async function findCandidates(database: Pool, question: CandidateQuestion): Promise<Candidates> {
  const { sort, withFacets, allWords } = question;
  const { rows } = await database.query<Candidates>({
    // Planned once in each connection: that takes as long as counting the facets.
    name: `search-candidates-${sort}-${withFacets ? 'facets' : 'bare'}-${allWords ? 'all' : 'some'}`,
    text: textOf(question),
    values: candidateValues(question),
  });
  return rows[0] ?? { found: 0, ids: [], facets: null };
}

function candidateValues(question: CandidateQuestion): unknown[] {
  return [
    ...[question.match, question.words, question.priceMinMinor, question.priceMaxMinor, question.most],
    ...[question.nowMs / 1_000, [...question.likedCategories], [...question.likedBrands]],
    ...[question.offset, question.limit],
  ];
}

/** The plan with its true times, for docs/SEARCH.md. */
export async function explainCandidates(database: Pool, question: CandidateQuestion): Promise<string> {
  const { rows } = await database.query<{ 'QUERY PLAN': string }>({
    text: `explain (analyze, buffers, costs off) ${textOf(question)}`,
    values: candidateValues(question),
  });
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}
